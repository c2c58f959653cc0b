"""The event log inside a transaction."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event, LedgerEntry


class EventLog(Protocol):
    """The entries of the ledger."""

    def append(self, event: Event) -> None:
        """Append an event that records no change; changes append their events themselves."""
        ...

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """Return the entries of a deployment, oldest first, including the entry of its import."""
        ...

    def last_entry(self) -> LedgerEntry | None:
        """Return the last entry, or None if there is none yet."""
        ...
