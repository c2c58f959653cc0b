"""Every ledger pages its lists in the same way: no item is skipped or repeated."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Action
from tests.support.builders import (
    a_service,
    a_version,
    an_environment,
    an_event,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.storage.ledgers import AnyLedger, all_pages

EVENT = an_event()
NEWEST, OLDEST = DeploymentFilter(), DeploymentFilter(oldest_first=True)
ABOVE_THE_NUMBER_OF_ITEMS = 1000


async def add_service(ledger: AnyLedger, name: str) -> None:
    await ledger.perform(lambda uow: uow.services.add(a_service(name), EVENT))


async def add_version(ledger: AnyLedger, version: str, service: str = "shop") -> None:
    new_version = a_version(version, service=service)
    await ledger.perform(lambda uow: uow.services.add_version(new_version, EVENT))


async def add_environment(ledger: AnyLedger, name: str, rank: int) -> None:
    environment = an_environment(name, rank=rank)
    await ledger.perform(lambda uow: uow.environments.add(environment, Policy(), EVENT))


async def populate(ledger: AnyLedger) -> Deployment:
    """Add five items to every list and return a deployment with five events."""
    await create_catalog(ledger, services=["shop"], versions=["1", "2", "3", "4", "5"])
    for name in ("d", "b", "a", "c"):
        await add_service(ledger, name)
    await add_version(ledger, "1", "a")
    for name, rank in (("late", 99), ("early", 1), ("alike", 10)):
        await add_environment(ledger, name, rank)
    deployment = await request_deployment(ledger, version="1")
    for _ in range(4):
        await request_deployment(ledger, version="2")
    for action in (Action.APPROVE, Action.APPROVE, Action.START, Action.FAIL):
        deployment = await perform_action(ledger, action, 1, f"person-{deployment.revision}")
    return deployment


Read = Callable[[PageRequest], Awaitable[Page[Any]]]


def lists_of(
    ledger: AnyLedger, deployment: Deployment
) -> dict[str, tuple[Read, Callable[[Any], Any]]]:
    """Return every list with the field that identifies its items."""
    reads = ledger.reads
    return {
        "newest": (partial(reads.deployments, NEWEST), lambda item: item.number),
        "oldest": (partial(reads.deployments, OLDEST), lambda item: item.number),
        "events of a deployment": (
            partial(reads.entries_of, deployment.id),
            lambda item: item.event.kind,
        ),
        "services": (reads.services, lambda item: item.name),
        "versions": (partial(reads.versions, "shop"), lambda item: item.version),
        "environments": (reads.environments, lambda item: item.name),
    }


ITEMS = {
    "newest": [5, 4, 3, 2, 1],
    "oldest": [1, 2, 3, 4, 5],
    "events of a deployment": ["requested", "approved", "approved", "started", "failed"],
    "services": ["a", "b", "c", "d", "shop"],
    "versions": ["5", "4", "3", "2", "1"],
    "environments": ["early", "alike", "development", "production", "late"],
}
"""The items of each list in order: environments are ordered by rank and name."""


async def test_versions_of_an_unknown_service_are_not_found(ledger: AnyLedger) -> None:
    """An error is raised, because an empty list would suggest that the service exists."""
    with pytest.raises(NotFound, match="There is no service nowhere"):
        await ledger.reads.versions("nowhere", PageRequest(limit=1))


async def test_empty_list_has_no_next_page(ledger: AnyLedger) -> None:
    """Empty lists of deployments, events, versions and environments have no next page."""
    await add_service(ledger, "shop")
    missing: Page[Any] = Page(items=(), next_key=None)

    assert await ledger.reads.deployments(NEWEST, PageRequest(limit=5)) == missing
    assert await ledger.reads.entries_of(an_id(), PageRequest(limit=5)) == missing
    assert await ledger.reads.versions("shop", PageRequest(limit=5)) == missing
    assert await ledger.reads.environments(PageRequest(limit=5)) == missing


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6, ABOVE_THE_NUMBER_OF_ITEMS])
async def test_pages_contain_every_item_in_order(ledger: AnyLedger, name: str, limit: int) -> None:
    """Every page but the last is full, for any limit."""
    read, identify = lists_of(ledger, await populate(ledger))[name]

    pages = await all_pages(read, limit=limit)

    assert [identify(item) for page in pages for item in page] == ITEMS[name]
    assert [len(page) for page in pages] == [min(limit, 5 - begin) for begin in range(0, 5, limit)]


@pytest.mark.parametrize("limit", [1, 7, ABOVE_THE_NUMBER_OF_ITEMS])
async def test_pages_of_the_event_log_contain_every_event(ledger: AnyLedger, limit: int) -> None:
    """Events are returned oldest first and without gaps."""
    await populate(ledger)

    pages = await all_pages(ledger.reads.entries, limit=limit)

    seqs = [entry.seq for page in pages for entry in page]
    assert seqs == list(range(1, len(seqs) + 1))
    assert all(len(page) == limit for page in pages[:-1])


async def test_paging_is_stable_while_deployments_are_added(
    ledger: AnyLedger,
) -> None:
    """New deployments are omitted from newest-first pages and appended to oldest-first pages."""
    await populate(ledger)
    newest = await ledger.reads.deployments(NEWEST, PageRequest(limit=2))
    oldest = await ledger.reads.deployments(OLDEST, PageRequest(limit=2))
    for _ in range(3):
        await request_deployment(ledger, version="1")

    rest_of_newest = await all_pages(
        partial(ledger.reads.deployments, NEWEST), limit=2, after=newest.next_key
    )
    rest_of_oldest = await all_pages(
        partial(ledger.reads.deployments, OLDEST), limit=2, after=oldest.next_key
    )

    assert [
        deployment.number for page in (newest.items, *rest_of_newest) for deployment in page
    ] == [*(5, 4, 3, 2, 1)]
    assert [
        deployment.number for page in (oldest.items, *rest_of_oldest) for deployment in page
    ] == [*(1, 2, 3, 4, 5, 6, 7, 8)]


async def test_paging_of_the_event_log_is_complete_while_it_grows(ledger: AnyLedger) -> None:
    """Every event is returned once and in order."""
    await populate(ledger)
    first = await ledger.reads.entries(PageRequest(limit=10))
    await request_deployment(ledger, version="1")

    pages = await all_pages(ledger.reads.entries, limit=3, after=first.next_key)

    seqs = [entry.seq for page in (first.items, *pages) for entry in page]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_paging_is_stable_while_the_catalog_grows(ledger: AnyLedger) -> None:
    """Items added after the cursor are returned; items added before it are not."""
    await populate(ledger)
    services = await ledger.reads.services(PageRequest(limit=2))
    versions = await ledger.reads.versions("shop", PageRequest(limit=2))
    environments = await ledger.reads.environments(PageRequest(limit=2))
    for name in ("aa", "cc"):
        await add_service(ledger, name)
    await add_version(ledger, "6")
    for name, rank in (("before", 9), ("between", 10)):
        await add_environment(ledger, name, rank)

    more_services = await ledger.reads.services(PageRequest(limit=9, after=services.next_key))
    more_versions = await ledger.reads.versions(
        "shop", PageRequest(limit=9, after=versions.next_key)
    )
    more_environments = await ledger.reads.environments(
        PageRequest(limit=9, after=environments.next_key)
    )

    assert [item.name for item in more_services.items] == ["c", "cc", "d", "shop"]
    assert [item.version for item in more_versions.items] == ["3", "2", "1"]
    assert [item.name for item in more_environments.items] == [
        "between",
        "development",
        "production",
        "late",
    ]


async def test_full_last_page_has_no_next_page(ledger: AnyLedger) -> None:
    """No cursor to an empty page is returned."""
    await populate(ledger)

    page = await ledger.reads.services(PageRequest(limit=5))

    assert (len(page.items), page.next_key) == (5, None)
