"""Freezes in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from gatepost_domain.errors import Unknown
from gatepost_domain.event import Event
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, Window
from tests.support.memory.catalog import build_page


class _StoredState(Protocol):
    freezes: dict[UUID, Freeze]

    def append(self, event: Event) -> None: ...


S = TypeVar("S", bound=_StoredState)


class MemoryFreezes:
    """See `ports.Freezes`."""

    def __init__(self, state: _StoredState) -> None:
        self._state = state

    def get(self, freeze: UUID) -> Freeze:
        """See `ports.Freezes`."""
        if freeze not in self._state.freezes:
            raise Unknown("freeze", str(freeze))
        return self._state.freezes[freeze]

    def standing(self, at: datetime) -> tuple[Freeze, ...]:
        """See `ports.Freezes`."""
        return tuple(
            each
            for each in self._state.freezes.values()
            if each.lifted_at is None and (each.ends_at is None or each.ends_at > at)
        )

    def add(self, freeze: Freeze, event: Event) -> None:
        """See `ports.Freezes`."""
        self.save(freeze, event)

    def save(self, freeze: Freeze, event: Event) -> None:
        """See `ports.Freezes`."""
        self._state.freezes[freeze.id] = freeze
        self._state.append(event)


class MemoryFreezeReads(Generic[S]):
    """See `ports.Reads`."""

    _state: S

    async def freezes(self, window: Window) -> Page[Freeze]:
        """See `ports.Reads`."""
        found = list(self._state.freezes.values())[::-1]
        ids = [str(each.id) for each in found]
        begin = 0 if window.after is None else ids.index(window.after) + 1
        return build_page(found[begin:], Window(limit=window.limit), key=lambda each: str(each.id))
