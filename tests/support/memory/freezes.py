"""Freezes in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryFreezes:
    """Freezes and allow windows in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, freeze: UUID) -> Freeze:
        """Return a freeze.

        Raises:
            NotFound: no freeze has this id.
        """
        if freeze not in self._state.freezes:
            raise NotFound("freeze", str(freeze))
        return self._state.freezes[freeze]

    def list_current_and_future(self, at: datetime) -> tuple[Freeze, ...]:
        """Return the freezes that were not lifted and have not ended, oldest first."""
        return tuple(
            freeze
            for freeze in self._state.freezes.values()
            if freeze.lifted_at is None and (freeze.ends_at is None or freeze.ends_at > at)
        )

    def add(self, freeze: Freeze, event: Event) -> None:
        """Store a new freeze."""
        self.save_lifted(freeze, event)

    def save_lifted(self, freeze: Freeze, event: Event) -> None:
        """Store that a freeze was lifted; its other fields never change."""
        self._state.freezes[freeze.id] = freeze
        self._state.append(event)

    def save_series(self, added: Sequence[Freeze], lifted: Sequence[Freeze], event: Event) -> None:
        """Store new and lifted freezes, together with one event."""
        self._state.freezes.update({freeze.id: freeze for freeze in (*lifted, *added)})
        self._state.append(event)


class MemoryFreezeReads:
    """Reads of freezes in memory."""

    _state: MemoryState

    async def freeze(self, freeze: UUID) -> Freeze:
        """Return a freeze.

        Raises:
            NotFound: no freeze has this id.
        """
        return MemoryFreezes(self._state).get(freeze)

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """Return all freezes, newest first; the page key is the id."""
        freezes = list(self._state.freezes.values())[::-1]
        ids = [str(freeze.id) for freeze in freezes]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            freezes[begin:],
            PageRequest(limit=page_request.limit),
            key=lambda freeze: str(freeze.id),
        )
