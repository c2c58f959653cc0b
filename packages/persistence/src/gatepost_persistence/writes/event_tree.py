"""The Merkle tree of the event log: extending it, and computing roots and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from gatepost_domain.verification.merkle_tree import (
    Subtree,
    consistency_proof,
    edge_subtrees,
    inclusion_proof,
    leaf_hash,
    root_hash,
    root_of,
)
from gatepost_domain.verification.proof_hash_ranges import (
    LEVEL_STEP,
    HashRange,
    consistency_subtrees,
    hash_ranges,
    hashes_from,
    inclusion_subtrees,
)
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.event_tree import EventTreeRow
from gatepost_persistence.tables.events import EventRow

_events = EventRow.table()
_tree = EventTreeRow.table()

EVENTS_PER_NODE: Final = 1 << LEVEL_STEP
"""The number of hashes on one stored level that a node on the next stored level covers."""

EVENT_HASHES = PreparedStatement(
    select(_events.c.hash)
    .where(_events.c.seq > bindparam("start"))
    .where(_events.c.seq <= bindparam("stop"))
    .order_by(_events.c.seq)
)
NODE_HASHES = PreparedStatement(
    select(_tree.c.hash)
    .where(_tree.c.level == bindparam("of_level"))
    .where(_tree.c.position >= bindparam("start"))
    .where(_tree.c.position < bindparam("stop"))
    .order_by(_tree.c.position)
)
INSERT_NODE = PreparedStatement(insert(_tree))


def extend_tree(connection: Connection, size: int) -> None:
    """Store the subtrees that the last of `size` events has completed."""
    level, position = 0, size
    while position % EVENTS_PER_NODE == 0:
        hashes = _load_hashes(connection, HashRange(level, position - EVENTS_PER_NODE, position))
        level, position = level + LEVEL_STEP, position // EVENTS_PER_NODE
        row = {"level": level, "position": position - 1, "hash": root_of(hashes).hex()}
        INSERT_NODE.insert(connection, row)


def root_at(connection: Connection, size: int) -> bytes:
    """Return the root hash of the tree of the first `size` events."""
    return root_hash(size, hashes_from(_load_stored_hashes(connection, edge_subtrees(size))))


def inclusion_proof_of(connection: Connection, seq: int, size: int) -> list[bytes]:
    """Return the inclusion proof of an event in the tree of the first `size` events.

    Raises:
        ImpossibleTreeSize: the event is not in the tree.
    """
    stored = _load_stored_hashes(connection, inclusion_subtrees(seq - 1, size))
    return inclusion_proof(seq - 1, size, hashes_from(stored))


def inclusion_proofs_of(
    connection: Connection, seqs: Sequence[int], size: int
) -> list[list[bytes]]:
    """Return the inclusion proofs of several events in the tree of the first `size` events.

    Proofs of nearby events share most of the hashes that are read and computed.

    Raises:
        ImpossibleTreeSize: one of the events is not in the tree.
    """
    subtrees = {subtree for seq in seqs for subtree in inclusion_subtrees(seq - 1, size)}
    subtree_hash = cache(hashes_from(_load_stored_hashes(connection, subtrees)))
    return [inclusion_proof(seq - 1, size, subtree_hash) for seq in seqs]


def consistency_proof_between(connection: Connection, old_size: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `size` events extends the tree of `old_size` events.

    Raises:
        ImpossibleTreeSize: the old tree is larger than the new one.
    """
    stored = _load_stored_hashes(connection, consistency_subtrees(old_size, size))
    return consistency_proof(old_size, size, hashes_from(stored))


def _load_stored_hashes(
    connection: Connection, subtrees: Iterable[Subtree]
) -> dict[Subtree, bytes]:
    """Return the stored hashes from which the hashes of these subtrees are computed."""
    return {
        Subtree(each.level, position): value
        for each in hash_ranges(subtrees)
        for position, value in enumerate(_load_hashes(connection, each), each.start)
    }


def _load_hashes(connection: Connection, hash_range: HashRange) -> list[bytes]:
    level, start, stop = hash_range
    if level == 0:
        hashes = EVENT_HASHES.scalars(connection, {"start": start, "stop": stop})
        return [leaf_hash(bytes.fromhex(value)) for value in hashes]
    parameters = {"of_level": level, "start": start, "stop": stop}
    return [bytes.fromhex(value) for value in NODE_HASHES.scalars(connection, parameters)]
