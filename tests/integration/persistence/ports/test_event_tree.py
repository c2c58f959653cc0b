"""The Merkle tree of the event log, on every ledger."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.event_log import LogHead
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.verification.merkle_tree import (
    ImpossibleTreeSize,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)
from tests.support.builders import NOON
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger

SIZES = (1, 255, 256, 257, 511, 512, 700)


def append_events(count: int, uow: UnitOfWork) -> None:
    for number in range(count):
        data = {"number": number}
        uow.event_log.append(Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON, data=data))


async def append(ledger: AnyLedger, count: int) -> None:
    await ledger.perform(lambda uow: append_events(count, uow))


async def head(ledger: AnyLedger, size: int | None = None) -> LogHead:
    return await ledger.reads.read_snapshot(lambda uow: uow.event_log.head(size=size))


async def inclusion_proof(ledger: AnyLedger, seq: int, size: int) -> Sequence[bytes]:
    return await ledger.reads.read_snapshot(
        lambda uow: uow.event_log.inclusion_proof(seq, size=size)
    )


async def consistency_proof(ledger: AnyLedger, old_size: int, size: int) -> Sequence[bytes]:
    return await ledger.reads.read_snapshot(
        lambda uow: uow.event_log.consistency_proof(old_size, size=size)
    )


async def test_head_of_an_empty_log(ledger: AnyLedger) -> None:
    """The head of an empty log is that of the empty tree."""
    assert await head(ledger) == LogHead(0, root_of([]))


async def test_every_event_is_included_in_every_later_head(ledger: AnyLedger) -> None:
    """Heads, inclusion proofs and consistency proofs are those of the hashes of all events."""
    for before, after in pairwise((0, *SIZES)):
        await append(ledger, after - before)

    leaves = [leaf_hash(bytes.fromhex(entry.hash)) for entry in await all_entries(ledger.reads)]
    heads = [await head(ledger, size) for size in SIZES]
    assert await head(ledger) == heads[-1]
    for size, root in heads:
        assert root == root_of(leaves[:size])
        for seq in {1, size // 2 + 1, size}:
            proof = await inclusion_proof(ledger, seq, size)
            assert is_included(leaves[seq - 1], seq - 1, size, proof, root)
    for older, newer in pairwise(heads):
        proof = await consistency_proof(ledger, older.size, newer.size)
        assert is_consistent(older.size, older.root, newer.size, newer.root, proof)


async def test_event_beyond_the_head_has_no_proof(ledger: AnyLedger) -> None:
    """There is no proof for an event that the log does not contain."""
    await append(ledger, 3)

    with pytest.raises(ImpossibleTreeSize):
        await ledger.reads.read_snapshot(lambda uow: uow.event_log.inclusion_proof(4, size=3))
