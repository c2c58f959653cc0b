"""Verification of the event log: its order, its chain and its tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.event_chain import EventChain
from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.merkle_tree import TreeHead, leaf_hash
from gatepost_domain.verification.proof_hash_ranges import LEVEL_STEP
from gatepost_persistence.reads.deployments import EVENTS_AFTER
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.statements.table_batches import ROWS_PER_BATCH
from gatepost_persistence.tables.event_tree import EventTreeRow
from gatepost_persistence.tables.events import EventRow

_TABLE: Final = EventRow.table_name()
_BEFORE_ALL_EVENTS: Final = -(2**63)
_tree = EventTreeRow.table()

EVENT_COLUMNS: Final = tuple(column.name for column in EventRow.table().columns)

UNNAMED_EVENTS_AFTER = PreparedStatement(EVENTS_AFTER.statement, named=False)


class EventLogVerifier:
    """Reads the whole log once, oldest event first, and compares it with earlier checkpoints."""

    def __init__(self, connection: Connection, checkpoints: Sequence[Checkpoint] = ()) -> None:
        self._connection = connection
        self._checkpoints = sorted(checkpoints, key=lambda checkpoint: checkpoint.size)
        self._chain = EventChain()
        self.tree = TreeHead()
        self.faults: list[Fault] = []
        self._nodes: dict[tuple[int, int], str] = {}

    def read(self) -> Iterator[Mapping[str, Any]]:
        """Yield the columns of every event, after verifying it.

        The tree ends before the first broken event. Later events are still verified, each against
        the event stored before it.
        """
        after = _BEFORE_ALL_EVENTS
        while rows := UNNAMED_EVENTS_AFTER.all(
            self._connection, {"after": after, "row_limit": ROWS_PER_BATCH}
        ):
            for row in rows:
                event = dict(zip(EVENT_COLUMNS, row, strict=True))
                self._verify(event)
                yield event
                after = event["seq"]
        self._check_missing_end()

    def _verify(self, event: Mapping[str, Any]) -> None:
        self.faults += self._chain.find_faults(event)
        if self._chain.is_intact:
            self._append_to_tree(leaf_hash(bytes.fromhex(event["hash"])))
            if self._checkpoints:
                self._compare_with_checkpoints()

    def _append_to_tree(self, leaf: bytes) -> None:
        completed = self.tree.append(leaf)
        for level in range(LEVEL_STEP, len(completed), LEVEL_STEP):
            subtree = level, (self.tree.size >> level) - 1
            self._nodes[subtree] = completed[level].hex()

    def find_tree_faults(self) -> Iterator[Fault]:
        """Compare the stored tree with the one computed from the events, if the chain is intact."""
        if not self._chain.is_intact:
            return
        stored = read_stored_tree(self._connection)
        for level, position in sorted(stored.keys() | self._nodes.keys()):
            found, expected = (nodes.get((level, position)) for nodes in (stored, self._nodes))
            if found != expected:
                first = (position << level) + 1
                subject = f"events {first} to {first + (1 << level) - 1}"
                detail = f"The stored hash of the subtree is {found}, but should be {expected}."
                code = "row_missing" if found is None else "row_differs"
                yield Fault(code, EventTreeRow.table_name(), subject, "hash", detail)

    def _compare_with_checkpoints(self) -> None:
        while self._checkpoints and self._checkpoints[0].size <= self.tree.size:
            checkpoint = self._checkpoints.pop(0)
            if checkpoint.size == self.tree.size and checkpoint.root != self.tree.root:
                detail = (
                    f"The first {checkpoint.size} events are not those of the checkpoint: the log "
                    "has been rewritten since."
                )
                fault = Fault(
                    "log_rewritten", _TABLE, f"events 1 to {checkpoint.size}", "hash", detail
                )
                self.faults.append(fault)

    def _check_missing_end(self) -> None:
        size = self._checkpoints[-1].size if self._checkpoints else 0
        if size >= self._chain.expected_seq:
            detail = (
                f"The log ends with event {self._chain.expected_seq - 1}, but a checkpoint "
                f"proves that it had {size} events: the end was cut off."
            )
            subject = f"event {self._chain.expected_seq}"
            self.faults.append(Fault("log_shortened", _TABLE, subject, None, detail))


def read_stored_tree(connection: Connection) -> dict[tuple[int, int], str]:
    """Return the stored hashes of subtrees by level and position."""
    return {(row.level, row.position): row.hash for row in connection.execute(select(_tree))}
