"""Freezes in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.catalog import build_page


class _StoredState(Protocol):
    freezes: dict[UUID, Freeze]

    def append(self, event: Event) -> None: ...


S = TypeVar("S", bound=_StoredState)


class MemoryFreezes:
    """See `ports.FreezeRepository`."""

    def __init__(self, state: _StoredState) -> None:
        self._state = state

    def get(self, freeze: UUID) -> Freeze:
        """See `ports.FreezeRepository`."""
        if freeze not in self._state.freezes:
            raise NotFound("freeze", str(freeze))
        return self._state.freezes[freeze]

    def list_unexpired(self, at: datetime) -> tuple[Freeze, ...]:
        """See `ports.FreezeRepository`."""
        return tuple(
            each
            for each in self._state.freezes.values()
            if each.lifted_at is None and (each.ends_at is None or each.ends_at > at)
        )

    def add(self, freeze: Freeze, event: Event) -> None:
        """See `ports.FreezeRepository`."""
        self.save(freeze, event)

    def save(self, freeze: Freeze, event: Event) -> None:
        """See `ports.FreezeRepository`."""
        self._state.freezes[freeze.id] = freeze
        self._state.append(event)


class MemoryFreezeReads(Generic[S]):
    """See `ports.ReadModel`."""

    _state: S

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """See `ports.ReadModel`."""
        found = list(self._state.freezes.values())[::-1]
        ids = [str(each.id) for each in found]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            found[begin:], PageRequest(limit=page_request.limit), key=lambda each: str(each.id)
        )
