"""Verification, and events with their proofs in batches, on every ledger."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.audit import ExportContext, ExportFilter, ProvenEvent
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.verification.merkle_tree import is_included, leaf_hash
from tests.support.builders import NOON
from tests.support.storage.ledgers import AnyLedger


async def append(ledger: AnyLedger, count: int) -> None:
    def append_events(uow: UnitOfWork) -> None:
        for number in range(count):
            data = {"number": number}
            event = Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON, data=data)
            uow.event_log.append(event)

    await ledger.perform(append_events)


async def export_all(ledger: AnyLedger, size: int) -> list[Sequence[ProvenEvent]]:
    batches: list[Sequence[ProvenEvent]] = []
    after = 0
    while batch := await ledger.reads.export_events(after=after, tree_size=size):
        batches.append(batch)
        after = batch[-1].event["seq"]
    return batches


async def test_every_event_is_exported_once_with_its_proof(ledger: AnyLedger) -> None:
    """The proofs are those of one tree, even if the log grows meanwhile."""
    await append(ledger, 700)
    head = await ledger.reads.read_snapshot(lambda uow: uow.event_log.head())
    await append(ledger, 10)

    batches = await export_all(ledger, head.size)

    proven = list(chain.from_iterable(batches))
    assert max(map(len, batches)) < 200
    assert [each.event["seq"] for each in proven] == list(range(1, head.size + 1))
    assert proven[-1].event["data"] == {"number": 699}
    for event, proof in proven:
        leaf = leaf_hash(bytes.fromhex(event["hash"]))
        assert is_included(leaf, event["seq"] - 1, head.size, proof, head.root)


async def test_events_are_exported_by_seq(ledger: AnyLedger) -> None:
    """The events of imports are found by their position in the log."""
    await append(ledger, 300)

    proven = await ledger.reads.export_events_by_seq([7, 290], tree_size=300)

    assert [each.event["seq"] for each in proven] == [7, 290]
    assert await ledger.reads.export_events_of([], tree_size=300) in ([], ())


async def test_empty_ledger_has_nothing_to_export(ledger: AnyLedger) -> None:
    """There are no deployments and no retirements."""
    context = await ledger.reads.export_context()
    found, after = await ledger.reads.export_deployments(ExportFilter(), after=0, last=0)

    assert context == ExportContext(last_number=0)
    assert (list(found), after) == ([], 0)


async def test_verification_counts_the_events(ledger: AnyLedger) -> None:
    """An intact log has no faults, and the root of all its events."""
    await append(ledger, 3)

    result = await ledger.reads.verify()

    head = await ledger.reads.read_snapshot(lambda uow: uow.event_log.head())
    assert (result.events, result.root, result.faults) == (*head, ())
