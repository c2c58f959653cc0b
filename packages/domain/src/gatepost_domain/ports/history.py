"""Reading the event log inside a transaction."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from gatepost_domain.event import LedgerEntry


class EventLog(Protocol):
    """The ledger, to be read inside a transaction."""

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """All events of a deployment, oldest first; of an imported one, first its import's."""
        ...

    def last_entry(self) -> LedgerEntry | None:
        """The latest event of all; none before there is any."""
        ...
