"""Every ledger keeps changes of the catalog, what is archived, and targets alike."""

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
from tests.support.domain.actions import all_entries
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
    whole: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "settings": TargetSettings(
            base_url=None, executor=SimulatedExecutor(), ready=None, checks=()
        ),
        "revision": revision,
        "changed_at": NOON,
        "changed_by": "olga",
    }
    return Target(**(whole | changes))


def save(uow: UnitOfWork, each: Service | Environment | Target) -> None:
    """Keep the next revision of something."""
    match each:
        case Service():
            uow.services.save(each, EVENT)
        case Environment():
            uow.environments.save(each, EVENT)
        case Target():
            uow.target_settings.put(each, EVENT)


async def keep(ledger: AnyLedger, *revisions: Service | Environment | Target) -> None:
    """Keep revisions, each in a transaction of its own."""
    for each in revisions:
        await ledger.perform(partial(save, each=each))


def add_version(uow: UnitOfWork, version: Version) -> None:
    """Keep a version."""
    uow.services.add_version(version, EVENT)


def add_catalog(uow: UnitOfWork) -> None:
    """Three services and three environments, an event each."""
    for name in ("shop", "cart", "till"):
        uow.services.add(a_service(name), EVENT)
    for name in ("production", "canary", "staging"):
        uow.environments.add(an_environment(name), Policy(), EVENT)


@pytest.mark.parametrize(("name", "revision"), [("shop", 1), ("shop", 3), ("nowhere", 2)])
async def test_a_service_that_is_not_the_next_revision_is_overtaken(
    ledger: AnyLedger, name: str, revision: int
) -> None:
    """Whoever decided on an older one, or on none, changes nothing."""
    await ledger.perform(add_catalog)
    changed = a_service(name, team="others", revision=revision)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.services.save(changed, EVENT))

    assert await ledger.reads.service("shop") == a_service()
    assert len(await all_entries(ledger.reads)) == 6


@pytest.mark.parametrize(("name", "revision"), [("canary", 1), ("canary", 3), ("moon", 2)])
async def test_an_environment_that_is_not_the_next_revision_is_overtaken(
    ledger: AnyLedger, name: str, revision: int
) -> None:
    """As with services."""
    await ledger.perform(add_catalog)
    changed = an_environment(name, rank=1, revision=revision)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.environments.save(changed, EVENT))

    assert await ledger.reads.environment("canary") == an_environment("canary")
    assert len(await all_entries(ledger.reads)) == 6


@pytest.mark.parametrize(("stands", "revision"), [(0, 2), (0, 0), (1, 1), (1, 3)])
async def test_a_target_that_is_not_the_next_revision_is_overtaken(
    ledger: AnyLedger, stands: int, revision: int
) -> None:
    """The first is revision 1, and each follows the one that stands."""
    await ledger.perform(add_catalog)
    await keep(ledger, *(a_target(each) for each in range(1, stands + 1)))

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.target_settings.put(a_target(revision), EVENT))

    assert (refused.value.kind, refused.value.name) == ("target", "shop in production")
    assert len(await all_entries(ledger.reads)) == 6 + stands


async def test_a_version_or_target_that_is_not_there_is_unknown(ledger: AnyLedger) -> None:
    """The refusal names what was looked for, and what it would be of if that is not there."""
    await ledger.perform(add_catalog)
    reads = ledger.reads

    for looking, message in (
        (reads.version("shop", "1"), "no version 1 of shop"),
        (reads.version("nowhere", "1"), "no service nowhere"),
        (reads.target("shop", "canary"), "no target shop in canary"),
        (reads.target("shop", "moon"), "no environment moon"),
        (reads.target("nowhere", "canary"), "no service nowhere"),
        (reads.targets("nowhere", PageRequest(limit=1)), "no service nowhere"),
    ):
        with pytest.raises(NotFound, match=message):
            await looking
    find = "shop", "canary"
    assert await ledger.perform(lambda uow: uow.target_settings.find(*find)) is None


async def test_a_changed_service_reads_back_as_it_was(ledger: AnyLedger) -> None:
    """Archived and revived, with the event that says so."""
    await ledger.perform(add_catalog)
    event = an_event(note="Gone.")
    archived = a_service(
        team="others", repo_url="git@git:x", display_name="X", description="Y", revision=2
    )
    archived = replace(archived, archived_at=LATER)

    await ledger.perform(lambda uow: uow.services.save(archived, event))

    assert await ledger.reads.service("shop") == archived
    assert (await all_entries(ledger.reads))[-1].event == event
    revived = replace(archived, archived_at=None, revision=3)
    await ledger.perform(lambda uow: uow.services.save(revived, EVENT))
    assert await ledger.perform(lambda uow: uow.services.get("shop")) == revived


WANTED: list[tuple[bool | None, list[str], list[str]]] = [
    (False, ["cart", "till"], ["canary", "staging"]),
    (True, ["shop"], ["production"]),
    (None, ["cart", "shop", "till"], ["canary", "production", "staging"]),
]


async def test_what_is_archived_is_read_apart(ledger: AnyLedger) -> None:
    """In every part of a list, and whatever was archived while it was read."""
    await ledger.perform(add_catalog)
    service = a_service("shop", archived_at=LATER, revision=2)
    environment = an_environment("production", archived_at=LATER, revision=2)
    await keep(ledger, service, environment)
    reads = ledger.reads

    for archived, names, places in WANTED:
        services = await all_pages(partial(reads.services, archived=archived), limit=1)
        environments = await all_pages(partial(reads.environments, archived=archived), limit=1)
        assert [each.name for part in services for each in part] == names
        assert [each.name for part in environments for each in part] == places
    behind = PageRequest(limit=5, after="production")
    assert [each.name for each in (await reads.environments(behind)).items] == ["staging"]


async def test_environments_stand_in_the_order_of_promotion(ledger: AnyLedger) -> None:
    """By rank, then by name, without those that are archived."""
    await ledger.perform(add_catalog)
    staging = an_environment("staging", rank=7, display_name="Stage", revision=2)
    await keep(ledger, staging, an_environment("canary", archived_at=LATER, revision=2))

    standing = await ledger.perform(lambda uow: uow.environments.list_active())

    assert standing == (staging, an_environment("production"))


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
async def test_a_target_reads_back_as_it_was(ledger: AnyLedger, executor: Executor) -> None:
    """Whatever carries it out, every check in its order."""
    await ledger.perform(add_catalog)
    settings = TargetSettings(executor=executor, **RICH)
    target = a_target(settings=settings)

    await ledger.perform(lambda uow: uow.target_settings.put(target, EVENT))

    find = "shop", "production"
    assert await ledger.perform(lambda uow: uow.target_settings.find(*find)) == target
    assert await ledger.reads.target(*find) == target


async def test_the_next_settings_replace_the_last(ledger: AnyLedger) -> None:
    """There is one target for a service in an environment; lists are by environment."""
    await ledger.perform(add_catalog)
    second = a_target(2, changed_at=LATER, changed_by="eve")
    other = a_target(environment="canary")
    foreign = a_target(service="cart")
    await keep(ledger, a_target(), other, foreign, second)

    parts = await all_pages(
        lambda page_request: ledger.reads.targets("shop", page_request), limit=1
    )
    assert parts == [(other,), (second,)]


async def test_a_version_reads_back_by_its_name(ledger: AnyLedger) -> None:
    """That of the service alone."""
    await ledger.perform(add_catalog)
    versions = [a_version("a/b", service=service) for service in ("shop", "cart")]
    for each in versions:
        await ledger.perform(partial(add_version, version=each))

    assert await ledger.reads.version("cart", "a/b") == a_version("a/b", service="cart")
