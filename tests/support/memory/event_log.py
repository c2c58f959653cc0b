"""The ledger's events in memory."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import LedgerEntry


class StoredState(Protocol):
    """What of a ledger's state is read here."""

    deployments: dict[int, Deployment]
    entries: list[LedgerEntry]


class MemoryHistory:
    """See `evidence.EventLog`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """See `evidence.EventLog`."""
        kept = self._state.deployments.values()
        brought_by = {each.import_seq for each in kept if each.id == deployment}
        return tuple(
            entry
            for entry in self._state.entries
            if entry.event.deployment_id == deployment or entry.seq in brought_by
        )

    def last_entry(self) -> LedgerEntry | None:
        """See `evidence.EventLog`."""
        return self._state.entries[-1] if self._state.entries else None
