"""Settings changes in memory."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemorySettingsChanges:
    """Settings changes in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, change: UUID) -> SettingsChange:
        """Return a settings change.

        Raises:
            NotFound: no settings change has this id.
        """
        if change not in self._state.settings_changes:
            raise NotFound("settings_change", str(change))
        return self._state.settings_changes[change]

    def list_pending(self) -> tuple[SettingsChange, ...]:
        """Return the pending settings changes, oldest first."""
        return tuple(
            change
            for change in self._state.settings_changes.values()
            if change.state is SettingsChangeState.PENDING
        )

    def add(self, change: SettingsChange, event: Event) -> None:
        """Store a new settings change."""
        self.save_decision(change, event)

    def save_decision(self, change: SettingsChange, event: Event) -> None:
        """Store the decision on a settings change, whose other fields never change."""
        self._state.settings_changes[change.id] = change
        self._state.append(event)


class MemorySettingsChangeReads:
    """Reads of settings changes in memory."""

    _state: MemoryState

    async def settings_change(self, change: UUID) -> SettingsChange:
        """Return a settings change.

        Raises:
            NotFound: no settings change has this id.
        """
        return MemorySettingsChanges(self._state).get(change)

    async def settings_changes(
        self, state: SettingsChangeState | None, page_request: PageRequest
    ) -> Page[SettingsChange]:
        """Return settings changes in a state, or all, newest first; the page key is the id."""
        changes = list(self._state.settings_changes.values())[::-1]
        ids = [str(change.id) for change in changes]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            [change for change in changes[begin:] if state in {None, change.state}],
            PageRequest(limit=page_request.limit),
            key=lambda change: str(change.id),
        )
