"""Every ledger stores catalog changes, archival and targets in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.executors import (
    CommandExecutor,
    Executor,
    SimulatedExecutor,
    SimulatedOutcome,
    WebhookExecutor,
)
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Check, HttpMethod, ReadinessProbe, Target, TargetSettings
from gatepost_domain.errors import ConcurrentUpdate, NotFound
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON, a_service, a_version, an_environment, an_event
from tests.support.domain.actions import all_entries, all_events
from tests.support.storage.ledgers import AnyLedger, all_pages

EVENT = an_event()
LATER = NOON + timedelta(hours=1)
CHECK = Check(
    name="Köse",
    method=HttpMethod.POST,
    path="/cart",
    body='{"n":1.50}',
    expect_status=201,
    expect_json={"/a~1b": "null", "": "1e3"},
    max_latency_ms=250,
    timeout_s=10,
    attempts=3,
    required=False,
)
RICH: dict[str, Any] = {
    "base_url": "https://shop.example",
    "ready": ReadinessProbe(path="/ready", timeout_s=60, interval_s=2),
    "checks": (CHECK, replace(CHECK, name="other", body=None, max_latency_ms=None)),
    "deadline_s": 86_400,
}


def a_target(revision: int = 1, **changes: Any) -> Target:
    defaults: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "settings": TargetSettings(
            base_url=None, executor=SimulatedExecutor(), ready=None, checks=()
        ),
        "revision": revision,
        "changed_at": NOON,
        "changed_by": "olga",
    }
    return Target(**(defaults | changes))


def save(uow: UnitOfWork, entry: Service | Environment | Target) -> None:
    """Save the next revision of a catalog entry."""
    match entry:
        case Service():
            uow.services.save(entry, EVENT)
        case Environment():
            uow.environments.save(entry, EVENT)
        case Target():
            uow.target_settings.put(entry, EVENT)


async def save_all(ledger: AnyLedger, *revisions: Service | Environment | Target) -> None:
    """Save revisions, each in its own transaction."""
    for revision in revisions:
        await ledger.perform(partial(save, entry=revision))


def add_version(uow: UnitOfWork, version: Version) -> None:
    """Add a version."""
    uow.services.add_version(version, EVENT)


def add_catalog(uow: UnitOfWork) -> None:
    """Add three services and three environments, with one event each."""
    for name in ("shop", "cart", "till"):
        uow.services.add(a_service(name), EVENT)
    for name in ("production", "canary", "staging"):
        uow.environments.add(an_environment(name), Policy(), EVENT)


@pytest.mark.parametrize(("name", "revision"), [("shop", 1), ("shop", 3), ("nowhere", 2)])
async def test_service_is_saved_only_as_the_next_revision(
    ledger: AnyLedger, name: str, revision: int
) -> None:
    """Changing an older revision or an unknown service is refused."""
    await ledger.perform(add_catalog)
    changed = a_service(name, team="others", revision=revision)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.services.save(changed, EVENT))

    assert await ledger.reads.service("shop") == a_service()
    assert len(await all_entries(ledger.reads)) == 6


@pytest.mark.parametrize(("name", "revision"), [("canary", 1), ("canary", 3), ("moon", 2)])
async def test_environment_is_saved_only_as_the_next_revision(
    ledger: AnyLedger, name: str, revision: int
) -> None:
    """Changing an older revision or an unknown environment is refused."""
    await ledger.perform(add_catalog)
    changed = an_environment(name, rank=1, revision=revision)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.environments.save(changed, EVENT))

    assert await ledger.reads.environment("canary") == an_environment("canary")
    assert len(await all_entries(ledger.reads)) == 6


@pytest.mark.parametrize(("stored", "revision"), [(0, 2), (0, 0), (1, 1), (1, 3)])
async def test_target_is_saved_only_as_the_next_revision(
    ledger: AnyLedger, stored: int, revision: int
) -> None:
    """Targets start at revision 1, and any revision but the next one is refused."""
    await ledger.perform(add_catalog)
    await save_all(ledger, *(a_target(number) for number in range(1, stored + 1)))

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.target_settings.put(a_target(revision), EVENT))

    assert (refused.value.kind, refused.value.name) == ("target", "shop in production")
    assert len(await all_entries(ledger.reads)) == 6 + stored


async def test_unknown_version_or_target_is_not_found(ledger: AnyLedger) -> None:
    """The error names the missing entry, or the unknown service or environment it belongs to."""
    await ledger.perform(add_catalog)
    reads = ledger.reads

    for reading, message in (
        (reads.version("shop", "1"), "no version 1 of shop"),
        (reads.version("nowhere", "1"), "no service nowhere"),
        (reads.target("shop", "canary"), "no target shop in canary"),
        (reads.target("shop", "moon"), "no environment moon"),
        (reads.target("nowhere", "canary"), "no service nowhere"),
        (reads.targets("nowhere", PageRequest(limit=1)), "no service nowhere"),
    ):
        with pytest.raises(NotFound, match=message):
            await reading
    key = "shop", "canary"
    assert await ledger.perform(lambda uow: uow.target_settings.find(*key)) is None


async def test_changed_service_is_stored_with_every_field(ledger: AnyLedger) -> None:
    """A service can be changed, archived and restored, and each change adds an event."""
    await ledger.perform(add_catalog)
    event = an_event(note="Gone.")
    archived = a_service(
        team="others", repo_url="git@git:x", display_name="X", description="Y", revision=2
    )
    archived = replace(archived, archived_at=LATER)

    await ledger.perform(lambda uow: uow.services.save(archived, event))

    assert await ledger.reads.service("shop") == archived
    assert (await all_events(ledger.reads))[-1] == event
    revived = replace(archived, archived_at=None, revision=3)
    await ledger.perform(lambda uow: uow.services.save(revived, EVENT))
    assert await ledger.perform(lambda uow: uow.services.get("shop")) == revived


ARCHIVED_LISTS: list[tuple[bool | None, list[str], list[str]]] = [
    (False, ["cart", "till"], ["canary", "staging"]),
    (True, ["shop"], ["production"]),
    (None, ["cart", "shop", "till"], ["canary", "production", "staging"]),
]


async def test_archived_entries_are_listed_separately(ledger: AnyLedger) -> None:
    """Each list contains the active, the archived or all entries, as requested."""
    await ledger.perform(add_catalog)
    service = a_service("shop", archived_at=LATER, revision=2)
    environment = an_environment("production", archived_at=LATER, revision=2)
    await save_all(ledger, service, environment)
    reads = ledger.reads

    for archived, service_names, environment_names in ARCHIVED_LISTS:
        services = await all_pages(partial(reads.services, archived=archived), limit=1)
        environments = await all_pages(partial(reads.environments, archived=archived), limit=1)
        assert [service.name for page in services for service in page] == service_names
        assert [item.name for page in environments for item in page] == environment_names
    page_request = PageRequest(limit=5, after="production")
    assert [item.name for item in (await reads.environments(page_request)).items] == ["staging"]


async def test_environments_are_ordered_by_rank_and_name(ledger: AnyLedger) -> None:
    """Active environments are listed by rank, then by name; archived ones are omitted."""
    await ledger.perform(add_catalog)
    staging = an_environment("staging", rank=7, display_name="Stage", revision=2)
    await save_all(ledger, staging, an_environment("canary", archived_at=LATER, revision=2))

    environments = await ledger.perform(lambda uow: uow.environments.list_active())

    assert environments == (staging, an_environment("production"))


@pytest.mark.parametrize(
    "executor",
    [
        SimulatedExecutor(
            duration_s=0, outcome=SimulatedOutcome.FAIL, failure_percent=100, seed=2**53 - 1
        ),
        WebhookExecutor(url="https://ci.example/hooks"),
        CommandExecutor(arguments=("/bin/deploy", "", "ü")),
    ],
)
async def test_target_is_stored_with_every_field(ledger: AnyLedger, executor: Executor) -> None:
    """The settings of every executor are read back unchanged, with the checks in order."""
    await ledger.perform(add_catalog)
    settings = TargetSettings(executor=executor, **RICH)
    target = a_target(settings=settings)

    await ledger.perform(lambda uow: uow.target_settings.put(target, EVENT))

    key = "shop", "production"
    assert await ledger.perform(lambda uow: uow.target_settings.find(*key)) == target
    assert await ledger.reads.target(*key) == target


async def test_new_target_settings_replace_the_old(ledger: AnyLedger) -> None:
    """Only the latest settings of a target are listed; other targets do not change."""
    await ledger.perform(add_catalog)
    second = a_target(2, changed_at=LATER, changed_by="eve")
    canary = a_target(environment="canary")
    other_service = a_target(service="cart")
    await save_all(ledger, a_target(), canary, other_service, second)

    pages = await all_pages(
        lambda page_request: ledger.reads.targets("shop", page_request), limit=1
    )
    assert pages == [(canary,), (second,)]


async def test_version_is_found_by_its_name(ledger: AnyLedger) -> None:
    """A version of another service with the same name is not returned."""
    await ledger.perform(add_catalog)
    versions = [a_version("a/b", service=service) for service in ("shop", "cart")]
    for version in versions:
        await ledger.perform(partial(add_version, version=version))

    assert await ledger.reads.version("cart", "a/b") == a_version("a/b", service="cart")
