"""Every ledger gives its lists in parts alike: none skipped, none twice, whatever is added."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Action
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
MORE_THAN_THERE_ARE = 1000


async def add_service(ledger: AnyLedger, name: str) -> None:
    await ledger.perform(lambda uow: uow.services.add(a_service(name), EVENT))


async def add_version(ledger: AnyLedger, version: str, service: str = "shop") -> None:
    made = a_version(version, service=service)
    await ledger.perform(lambda uow: uow.services.add_version(made, EVENT))


async def add_environment(ledger: AnyLedger, name: str, rank: int) -> None:
    made = an_environment(name, rank=rank)
    await ledger.perform(lambda uow: uow.environments.add(made, Policy(), EVENT))


async def filled(ledger: AnyLedger) -> Deployment:
    """Five of everything that can be listed; the deployment has five events."""
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
    """Every list, and what to know its items by."""
    reads = ledger.reads
    return {
        "newest": (partial(reads.deployments, NEWEST), lambda each: each.number),
        "oldest": (partial(reads.deployments, OLDEST), lambda each: each.number),
        "events of one": (partial(reads.entries_of, deployment.id), lambda each: each.event.kind),
        "services": (reads.services, lambda each: each.name),
        "versions": (partial(reads.versions, "shop"), lambda each: each.version),
        "environments": (reads.environments, lambda each: each.name),
    }


FIVE = {
    "newest": [5, 4, 3, 2, 1],
    "oldest": [1, 2, 3, 4, 5],
    "events of one": ["requested", "approved", "approved", "started", "failed"],
    "services": ["a", "b", "c", "d", "shop"],
    "versions": ["5", "4", "3", "2", "1"],
    "environments": ["early", "alike", "development", "production", "late"],
}
"""What each list holds, in its order: environments by rank, and by name where they rank alike."""


async def test_versions_of_an_unknown_service_are_unknown(ledger: AnyLedger) -> None:
    """An empty list would say that the service is there."""
    with pytest.raises(NotFound, match="There is no service nowhere"):
        await ledger.reads.versions("nowhere", PageRequest(limit=1))


async def test_where_there_is_nothing_the_list_is_empty(ledger: AnyLedger) -> None:
    """An empty list has no next part."""
    await add_service(ledger, "shop")
    missing: Page[Any] = Page(items=(), next_key=None)

    assert await ledger.reads.deployments(NEWEST, PageRequest(limit=5)) == missing
    assert await ledger.reads.entries_of(an_id(), PageRequest(limit=5)) == missing
    assert await ledger.reads.versions("shop", PageRequest(limit=5)) == missing
    assert await ledger.reads.environments(PageRequest(limit=5)) == missing


@pytest.mark.parametrize("name", FIVE)
@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6, MORE_THAN_THERE_ARE])
async def test_the_parts_of_a_list_make_up_the_whole(
    ledger: AnyLedger, name: str, limit: int
) -> None:
    """In its order, each part full but the last, whatever the limit."""
    read, known_by = lists_of(ledger, await filled(ledger))[name]

    parts = await all_pages(read, limit=limit)

    assert [known_by(item) for part in parts for item in part] == FIVE[name]
    assert [len(part) for part in parts] == [min(limit, 5 - begin) for begin in range(0, 5, limit)]


@pytest.mark.parametrize("limit", [1, 7, MORE_THAN_THERE_ARE])
async def test_the_parts_of_the_history_make_up_the_whole(ledger: AnyLedger, limit: int) -> None:
    """All events, oldest first, without a gap."""
    await filled(ledger)

    parts = await all_pages(ledger.reads.entries, limit=limit)

    seqs = [entry.seq for part in parts for entry in part]
    assert seqs == list(range(1, len(seqs) + 1))
    assert all(len(part) == limit for part in parts[:-1])


async def test_a_list_read_on_while_deployments_are_added_repeats_and_skips_none(
    ledger: AnyLedger,
) -> None:
    """Newest first, what came later is not in the way; oldest first, it follows at the end."""
    await filled(ledger)
    newest = await ledger.reads.deployments(NEWEST, PageRequest(limit=2))
    oldest = await ledger.reads.deployments(OLDEST, PageRequest(limit=2))
    for _ in range(3):
        await request_deployment(ledger, version="1")

    behind_newest = await all_pages(
        partial(ledger.reads.deployments, NEWEST), limit=2, after=newest.next_key
    )
    behind_oldest = await all_pages(
        partial(ledger.reads.deployments, OLDEST), limit=2, after=oldest.next_key
    )

    assert [each.number for part in (newest.items, *behind_newest) for each in part] == [
        *(5, 4, 3, 2, 1)
    ]
    assert [each.number for part in (oldest.items, *behind_oldest) for each in part] == [
        *(1, 2, 3, 4, 5, 6, 7, 8)
    ]


async def test_a_history_read_on_while_it_grows_is_complete(ledger: AnyLedger) -> None:
    """Whoever follows the events sees each once, in order."""
    await filled(ledger)
    first = await ledger.reads.entries(PageRequest(limit=10))
    await request_deployment(ledger, version="1")

    parts = await all_pages(ledger.reads.entries, limit=3, after=first.next_key)

    seqs = [entry.seq for part in (first.items, *parts) for entry in part]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_catalog_read_on_while_it_grows_repeats_none(ledger: AnyLedger) -> None:
    """What is added behind the place comes, what is added before it does not, none comes twice."""
    await filled(ledger)
    services = await ledger.reads.services(PageRequest(limit=2))
    versions = await ledger.reads.versions("shop", PageRequest(limit=2))
    environments = await ledger.reads.environments(PageRequest(limit=2))
    for name in ("aa", "cc"):
        await add_service(ledger, name)
    await add_version(ledger, "6")
    for name, rank in (("before", 9), ("behind", 10)):
        await add_environment(ledger, name, rank)

    more = await ledger.reads.services(PageRequest(limit=9, after=services.next_key))
    older = await ledger.reads.versions("shop", PageRequest(limit=9, after=versions.next_key))
    behind = await ledger.reads.environments(PageRequest(limit=9, after=environments.next_key))

    assert [each.name for each in more.items] == ["c", "cc", "d", "shop"]
    assert [each.version for each in older.items] == ["3", "2", "1"]
    assert [each.name for each in behind.items] == ["behind", "development", "production", "late"]


async def test_a_page_that_ends_with_the_list_has_no_next(ledger: AnyLedger) -> None:
    """Nobody is sent for an empty part."""
    await filled(ledger)

    page = await ledger.reads.services(PageRequest(limit=5))

    assert (len(page.items), page.next_key) == (5, None)
