"""Every ledger stores sources and deliveries, finds them, and lists them, in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.errors import NotFound
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState
from gatepost_domain.ingest.source import IngestMapping, IngestSourceKind, UnknownActor
from gatepost_domain.ports.ingest import DeliveryFilter
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, an_id, create_catalog
from tests.support.domain.ingest import (
    COMMIT,
    KEEP,
    deliver,
    github_status,
    remove,
    replay,
    set_up,
)
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.storage.ledgers import AnyLedger

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


async def stored(ledger: AnyLedger, delivery: UUID) -> IngestDelivery:
    """Return a delivery as it is read, which is the same inside a transaction."""
    read = await ledger.reads.ingest_delivery(delivery)
    assert await ledger.perform(lambda uow: uow.ingest.get_delivery(delivery)) == read
    return read


async def test_sources_are_stored_changed_and_removed(ledger: AnyLedger) -> None:
    """With all their settings."""
    mapping = IngestMapping(service="/s", environment="test", version="/v")
    generic = await set_up(
        ledger,
        "generic",
        mapping=mapping,
        environment_map={"pr-*": None, "live": "production"},
        unknown_actor=UnknownActor.REFUSE,
    )
    first = await set_up(ledger)
    assert await ledger.reads.ingest_sources() == (generic, first)
    changed = await set_up(ledger, secret=None, create_missing=True)
    assert await ledger.reads.ingest_sources() == (generic, changed)

    await remove(ledger, "generic")

    assert await ledger.perform(lambda uow: uow.ingest.list_sources()) == (changed,)
    assert (
        await ledger.perform(lambda uow: uow.ingest.find_source(IngestSourceKind.GENERIC)) is None
    )


async def test_every_state_of_a_delivery_is_stored(ledger: AnyLedger) -> None:
    """What an action returns is what is read afterwards."""
    await set_up(ledger)
    failed = await deliver(ledger, github_status(environment="test"))
    assert failed.state is IngestState.FAILED
    assert await stored(ledger, failed.id) == failed
    await set_up(ledger, create_missing=True, service_map={"example/shop": "shop"})
    applied = await replay(ledger, failed.id, at=NOON + MINUTE)
    assert applied.state is IngestState.APPLIED
    assert await stored(ledger, failed.id) == applied
    assert await deliver(ledger, github_status(environment="test"), at=NOON + MINUTE) == applied


async def test_version_is_found_by_its_commit(ledger: AnyLedger) -> None:
    """Also by the beginning of it, and not that of another service."""
    await set_up(ledger, create_missing=True, service_map={"example/shop": "shop"})
    await deliver(ledger, github_status(environment="test"))

    async def names(service: str, commit: str | None) -> list[str]:
        versions = await ledger.perform(
            lambda uow: uow.ingest.find_versions_of_build(
                service, commit_sha=commit, artifact_digest=None
            )
        )
        return [version.version for version in versions]

    assert await names("shop", COMMIT) == ["v1.4.2"]
    assert await names("shop", COMMIT[:8]) == ["v1.4.2"]
    assert await names("shop", COMMIT[:8].replace("0b", "0c")) == []
    assert await names("cart", COMMIT) == []
    assert await names("shop", None) == []


async def test_unknown_delivery_is_not_found(ledger: AnyLedger) -> None:
    """Both ways of reading refuse it."""
    unknown = an_id()

    with pytest.raises(NotFound):
        await ledger.reads.ingest_delivery(unknown)
    with pytest.raises(NotFound):
        await ledger.perform(lambda uow: uow.ingest.get_delivery(unknown))


async def test_payloads_are_removed_after_their_time(ledger: AnyLedger) -> None:
    """The deliveries stay, and no event is recorded."""
    await set_up(ledger)
    delivery = await deliver(ledger, github_status())
    later = NOON + KEEP
    assert await ledger.perform(lambda uow: has_due_work(uow, at=later))
    before = len((await ledger.reads.entries(PageRequest(limit=200))).items)

    await ledger.perform(lambda uow: perform_due_work(uow, at=later, new_id=an_id))

    assert await stored(ledger, delivery.id) == replace(delivery, payload=None)
    assert not await ledger.perform(lambda uow: uow.ingest.has_expired_payloads(later))
    assert len((await ledger.reads.entries(PageRequest(limit=200))).items) == before


async def test_deliveries_are_listed_in_pages(ledger: AnyLedger) -> None:
    """The newest first, and only those that match."""
    await set_up(ledger)
    await set_up(ledger, "gitlab")
    pings = [
        await deliver(ledger, {"zen": number}, event="ping", delivery_id=f"d-{number}")
        for number in range(3)
    ]
    failed = await deliver(ledger, github_status(), delivery_id="d-4")
    push = await deliver(ledger, {"object_kind": "push"}, "gitlab", event="Push Hook")

    async def ids(criteria: DeliveryFilter) -> list[UUID]:
        found: list[UUID] = []
        after = None
        while True:
            page = await ledger.reads.ingest_deliveries(criteria, PageRequest(limit=2, after=after))
            found += [delivery.id for delivery in page.items]
            assert all(delivery.payload is None for delivery in page.items)
            after = page.next_key
            if after is None:
                return found

    newest_pings = [ping.id for ping in pings[::-1]]
    assert await ids(DeliveryFilter()) == [push.id, failed.id, *newest_pings]
    assert await ids(DeliveryFilter(sources=(IngestSourceKind.GITLAB,))) == [push.id]
    assert await ids(DeliveryFilter(states=(IngestState.FAILED,))) == [failed.id]
    both = DeliveryFilter(
        sources=(IngestSourceKind.GITHUB,), states=(IngestState.IGNORED, IngestState.APPLIED)
    )
    assert await ids(both) == newest_pings
