"""The base class and helpers for reads through repositories."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias, TypeVar

from advanced_alchemy.filters import LimitOffset
from sqlalchemy.ext.asyncio import AsyncSession

from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import PageRequest

T = TypeVar("T")
SessionFactory: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class RepositoryReads:
    """The base of classes that read through repositories; each read has its own session."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions


def limit_plus_one(page_request: PageRequest) -> LimitOffset:
    """Return a limit one above the page size, which shows whether there is a next page."""
    return LimitOffset(limit=page_request.limit + 1, offset=0)


def require_row(row: T | None, kind: str, name: str) -> T:
    """Return the row unless it is None.

    Raises:
        NotFound: the row is None.
    """
    if row is None:
        raise NotFound(kind, name)
    return row
