"""The repository of freezes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event
from gatepost_domain.freezes.freeze import Freeze


class FreezeRepository(Protocol):
    """Freezes and allow windows."""

    def get(self, freeze: UUID) -> Freeze:
        """Return a freeze; raises `NotFound` if there is none."""
        ...

    def list_current_and_future(self, at: datetime) -> tuple[Freeze, ...]:
        """Return the freezes that were not lifted and had not ended before an instant."""
        ...

    def add(self, freeze: Freeze, event: Event) -> None:
        """Store a new freeze, together with the event that records it."""
        ...

    def save_lifted(self, freeze: Freeze, event: Event) -> None:
        """Store when, by whom and why a freeze was lifted, together with the event."""
        ...

    def save_series(self, added: Sequence[Freeze], lifted: Sequence[Freeze], event: Event) -> None:
        """Store new and lifted freezes, together with one event."""
        ...
