"""What actions require of storage for freezes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event
from gatepost_domain.freezes.freeze import Freeze


class FreezeRepository(Protocol):
    """Freezes and allow windows."""

    def get(self, freeze: UUID) -> Freeze:
        """Raises `NotFound` if there is none."""
        ...

    def list_unexpired(self, at: datetime) -> tuple[Freeze, ...]:
        """All that were not lifted and did not end before this instant."""
        ...

    def add(self, freeze: Freeze, event: Event) -> None:
        """Keep a new freeze."""
        ...

    def save(self, freeze: Freeze, event: Event) -> None:
        """Keep a freeze as it is now, lifted."""
        ...
