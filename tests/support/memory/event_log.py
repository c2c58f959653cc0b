"""The ledger's events in memory."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.event import Event, LedgerEntry
from tests.support.memory.state import MemoryState


class MemoryEventLog:
    """The event log in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def append(self, event: Event) -> None:
        """Append an event that records no change."""
        self._state.append(event)

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """Return the events of a deployment, oldest first, including the event of its import."""
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
