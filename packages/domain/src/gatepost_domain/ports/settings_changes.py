"""The repository of settings changes, and the reads of settings changes."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState


class SettingsChangeRepository(Protocol):
    """Proposed settings changes."""

    def get(self, change: UUID) -> SettingsChange:
        """Return a settings change; raises `NotFound` if there is none with this id."""
        ...

    def list_pending(self) -> tuple[SettingsChange, ...]:
        """Return the pending settings changes, oldest first."""
        ...

    def add(self, change: SettingsChange, event: Event) -> None:
        """Store a new settings change, together with the event that records it."""
        ...

    def save_decision(self, change: SettingsChange, event: Event) -> None:
        """Store the decision on a settings change, whose other fields never change."""
        ...


class SettingsChangeReads(Protocol):
    """Reads of settings changes, as of the latest durable write."""

    async def settings_change(self, change: UUID) -> SettingsChange:
        """Return a settings change; raises `NotFound` if there is none with this id."""
        ...

    async def settings_changes(
        self, state: SettingsChangeState | None, page_request: PageRequest
    ) -> Page[SettingsChange]:
        """Return settings changes in a state, or all, newest first; the page key is the id."""
        ...
