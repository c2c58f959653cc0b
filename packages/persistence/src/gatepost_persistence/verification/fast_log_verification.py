"""Fast verification of a section of the event log: whether all its events are intact.

It only decides whether there is any fault; `event_log` then names the faults. Sections can be
verified in different processes, and are joined afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from types import NoneType
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.merkle_tree import edge_subtrees, fold_edge
from gatepost_domain.verification.proof_hash_ranges import LEVEL_STEP
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.statements.table_batches import ROWS_PER_BATCH
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.verification.expected_rows import (
    EVENT_BY_SEQ,
    LogContents,
    is_only_about_a_deployment,
)

_BEFORE_ALL_EVENTS: Final = -(2**63)
_BLOCK: Final = 1 << LEVEL_STEP
"""The number of events in the smallest subtree whose hash is stored."""

_events = EventRow.table()
LAST_SEQ = PreparedStatement(select(func.max(_events.c.seq)))


class _HashedEvent(msgspec.Struct):
    """The contents of an event in the order of its canonical JSON; `data` is already JSON."""

    actor: str
    at: str
    data: msgspec.Raw
    deployment_id: str | None
    deployment_prev_hash: str | None
    from_status: str | None
    kind: str
    note: str | None
    on_behalf_of: str | None
    prev_hash: str
    seq: int
    stage: str | None
    to_status: str | None


HASHED_EVENTS_AFTER = PreparedStatement(
    select(*(_events.c[name] for name in (*_HashedEvent.__struct_fields__, "hash")))
    .where(_events.c.seq > bindparam("after"))
    .order_by(_events.c.seq)
    .limit(bindparam("row_limit")),
    named=False,
)

_encode: Final = msgspec.json.Encoder().encode
_TEXT: Final = frozenset({str})
_TEXT_OR_NONE: Final = frozenset({str, NoneType})
_TYPES: Final = {
    **dict.fromkeys(("actor", "at", "data", "kind", "prev_hash"), _TEXT),
    "seq": frozenset({int}),
}
"""Maps columns to the types of their values; all others are text or null."""

_seen_types: Final = set[tuple[type, ...]]()
"""The combinations of types found so far in events whose values have the right types."""


class LogSection(NamedTuple):
    """The events with a `seq` after `after`, up to `last` or, if it is None, to the log's end."""

    after: int
    last: int | None


@dataclass(slots=True)
class IntactSection:
    """An intact section's part of the hash chain, of the tree and of the log's contents."""

    prev_hash: str
    """The hash of the event before the section."""
    last_hash: str
    """The hash of its last event."""
    contents: LogContents
    size: int = 0
    """The number of events."""
    blocks: list[bytes] = field(default_factory=list)
    """The hashes of the complete subtrees of 256 events."""
    rest: list[bytes] = field(default_factory=list)
    """The leaf hashes of the events after the last complete subtree."""
    leaves_before: dict[int, list[bytes]] = field(default_factory=dict)
    """The leaf hashes since the last complete subtree, by the size of each checkpoint."""


def divide_log(connection: Connection, parts: int) -> list[LogSection]:
    """Divide the log into this many sections, or fewer if it is short."""
    last = LAST_SEQ.scalar(connection) or 0
    length = max(1, -(-last // (parts * _BLOCK))) * _BLOCK
    starts = list(range(0, max(1, last), length))
    return [LogSection(after, after + length if after != starts[-1] else None) for after in starts]


def verify_section(
    connection: Connection, section: LogSection, checkpoint_sizes: Sequence[int]
) -> IntactSection | None:
    """Return the section's part of the log, or None if the section may have a fault."""
    before = GENESIS_HASH
    if section.after:
        row = EVENT_BY_SEQ.one_or_none(connection, {"seq": section.after})
        if row is None:
            return None
        before = row.hash
    intact = IntactSection(before, before, LogContents.empty(connection))
    sizes = iter(sorted({size for size in checkpoint_sizes if size > section.after}))
    leaves: list[bytes] = []
    next_size = next(sizes, None)
    for digests in _read_intact_digests(connection, section, intact):
        if digests is None:
            return None
        leaves += [sha256(b"\0" + digest).digest() for digest in digests]
        start = section.after + len(intact.blocks) * _BLOCK
        while next_size is not None and next_size <= start + len(leaves):
            inside = leaves[(next_size - 1 - start) // _BLOCK * _BLOCK : next_size - start]
            intact.leaves_before[next_size] = inside
            next_size = next(sizes, None)
        complete = len(leaves) // _BLOCK * _BLOCK
        for first in range(0, complete, _BLOCK):
            intact.blocks.append(_subtree_hash(leaves[first : first + _BLOCK]))
        del leaves[:complete]
    intact.rest = leaves
    if section.last is not None and section.after + intact.size != section.last:
        return None
    return None if intact.contents.faults else intact


def _read_intact_digests(
    connection: Connection, section: LogSection, intact: IntactSection
) -> Iterator[list[bytes] | None]:
    """Yield batches of digests of intact events, and None at the first event that is not intact."""
    after = section.after or _BEFORE_ALL_EVENTS
    seq, previous, contents = section.after, intact.prev_hash, intact.contents
    while True:
        left = ROWS_PER_BATCH if section.last is None else section.last - seq
        if not left:
            return
        parameters = {"after": after, "row_limit": min(left, ROWS_PER_BATCH)}
        rows = HASHED_EVENTS_AFTER.all(connection, parameters)
        if not rows:
            return
        digests: list[bytes] = []
        for row in rows:
            seq += 1
            digest = _digest_of_intact(row, seq, previous)
            if digest is None:
                yield None
                return
            digests.append(digest)
            previous = row[13]
            if not is_only_about_a_deployment(row[3], row[6], row[2]):
                event = {"seq": seq, "kind": row[6], "at": row[1], "data": row[2]}
                contents.add({**event, "deployment_id": row[3]})
        after, intact.last_hash = seq, previous
        intact.size += len(rows)
        yield digests


def _digest_of_intact(row: Sequence[Any], expected_seq: int, previous: str) -> bytes | None:
    """Return the digest of an event if it is stored with its `seq`, its link and its hash."""
    actor, at, data, deployment, link, before, kind, note, other, prev, seq, stage, after, own = row
    if (
        seq != expected_seq
        or prev != previous
        or (tuple(map(type, row)) not in _seen_types and not _has_right_types(row))
    ):
        return None
    try:
        event = _HashedEvent(
            actor,
            at,
            msgspec.Raw(data),
            deployment,
            link,
            before,
            kind,
            note,
            other,
            prev,
            seq,
            stage,
            after,
        )
        digest = sha256(_encode(event))
    except UnicodeEncodeError:
        return None
    return digest.digest() if digest.hexdigest() == own else None


def _has_right_types(row: Sequence[Any]) -> bool:
    """Return whether the values of an event have the right types, and remember these types."""
    types = tuple(map(type, row))
    pairs = zip(_HashedEvent.__struct_fields__, types, strict=False)
    is_right = all(each in _TYPES.get(name, _TEXT_OR_NONE) for name, each in pairs)
    if is_right:
        _seen_types.add(types)
    return is_right


def _subtree_hash(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of the subtree over these hashes, whose number is a power of two."""
    level = hashes
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    return level[0]


class IntactLog:
    """The results for a log's intact sections, joined into those for the whole log."""

    def __init__(self, sections: Sequence[IntactSection]) -> None:
        self.size = sum(section.size for section in sections)
        self.contents = sections[0].contents
        for section in sections[1:]:
            self.contents.extend(section.contents)
        self._blocks = [block for section in sections for block in section.blocks]
        self._rest = sections[-1].rest
        self._leaves_before = {
            size: leaves for section in sections for size, leaves in section.leaves_before.items()
        }

    @classmethod
    def join(cls, sections: Sequence[IntactSection | None]) -> IntactLog | None:
        """Join the sections, or return None if one is not intact or they do not fit together."""
        intact = [section for section in sections if section is not None]
        fit = all(
            one.last_hash == next_one.prev_hash and not one.rest
            for one, next_one in pairwise(intact)
        )
        return cls(intact) if fit and len(intact) == len(sections) else None

    @property
    def root(self) -> bytes:
        """The root hash of the tree over all events."""
        return self._root(self._blocks, self._rest)

    def root_at(self, size: int) -> bytes | None:
        """Return the root hash at the size of a checkpoint; None if the log is shorter."""
        leaves = self._leaves_before.get(size)
        if size == 0:
            return self._root([], [])
        return None if leaves is None else self._root(self._blocks[: (size - 1) // _BLOCK], leaves)

    def expected_nodes(self) -> dict[tuple[int, int], str]:
        """Return the hashes that the table of the tree must have, by level and position."""
        nodes: dict[tuple[int, int], str] = {}
        level, hashes = LEVEL_STEP, self._blocks
        while hashes:
            nodes.update(((level, at), each.hex()) for at, each in enumerate(hashes))
            level += LEVEL_STEP
            complete = range(0, len(hashes) - _BLOCK + 1, _BLOCK)
            hashes = [_subtree_hash(hashes[first : first + _BLOCK]) for first in complete]
        return nodes

    @staticmethod
    def _root(blocks: Sequence[bytes], leaves: Sequence[bytes]) -> bytes:
        edge: list[bytes] = []
        for hashes in (blocks, leaves):
            for subtree in edge_subtrees(len(hashes)):
                first = subtree.position << subtree.level
                edge.append(_subtree_hash(hashes[first : first + (1 << subtree.level)]))
        return fold_edge(edge)
