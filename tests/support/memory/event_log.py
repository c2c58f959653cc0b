"""The ledger's events in memory."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.event import Event, LedgerEntry
from gatepost_domain.ports.event_log import LogHead
from gatepost_domain.verification.merkle_tree import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtree_hashes,
)
from gatepost_domain.verification.policy_lookup import find_recorded_policy
from tests.support.memory.state import MemoryState


class MemoryEventLog:
    """The event log in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def attribute_to(self, request_id: str | None) -> None:
        """Add `request_id`, if not None, to the data of all events that this action appends."""
        self._state.request_id = request_id

    def append(self, event: Event) -> None:
        """Append an event that records no change."""
        self._state.append(event)

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """Return a deployment's entries, oldest first, including its import's entry."""
        import_seqs = {
            stored.import_seq
            for stored in self._state.deployments.values()
            if stored.id == deployment
        }
        return tuple(
            entry
            for entry in self._state.entries
            if entry.event.deployment_id == deployment or entry.seq in import_seqs
        )

    def last_entry(self) -> LedgerEntry | None:
        """Return the latest event, or None if there are no events."""
        return self._state.entries[-1] if self._state.entries else None

    def entry(self, seq: int) -> LedgerEntry:
        """Return the entry at a position."""
        return self._state.entries[seq - 1]

    def entries_after(self, seq: int, *, limit: int) -> tuple[LedgerEntry, ...]:
        """Return the entries after a position, oldest first, up to `limit`."""
        return tuple(self._state.entries[seq : seq + limit])

    def last_seq(self) -> int:
        """Return the position of the last entry; 0 if there is none."""
        return len(self._state.entries)

    def policy_entry(self, policy: PolicyVersion) -> LedgerEntry | None:
        """Return the entry that set a version of a policy; None if there is no such entry."""
        key = policy.environment, policy.version
        return next(
            (
                entry
                for entry in self._state.entries
                if find_recorded_policy(entry.event.data, *key) is not None
            ),
            None,
        )

    def hash_of(self, seq: int) -> str:
        """Return the hash of an event."""
        return self._state.entries[seq - 1].hash

    def head(self, *, size: int | None = None) -> LogHead:
        """Return the log's current tree head, or the one it had with `size` events."""
        leaves = self._leaf_hashes()[:size]
        return LogHead(len(leaves), root_of(leaves))

    def inclusion_proof(self, seq: int, *, size: int) -> Sequence[bytes]:
        """Return the proof that an event is one of the first `size` events."""
        return inclusion_proof(seq - 1, size, subtree_hashes(self._leaf_hashes()[:size]))

    def consistency_proof(self, old_size: int, *, size: int) -> Sequence[bytes]:
        """Return the proof that the first `old_size` events begin the first `size`."""
        return consistency_proof(old_size, size, subtree_hashes(self._leaf_hashes()[:size]))

    def _leaf_hashes(self) -> list[bytes]:
        return [leaf_hash(bytes.fromhex(entry.hash)) for entry in self._state.entries]
