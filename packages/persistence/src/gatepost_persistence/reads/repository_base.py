"""What all reads through repositories share."""

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
    """The base of the classes that read through repositories. Each read has its own session."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions


def limit_plus_one(page_request: PageRequest) -> LimitOffset:
    """Return a limit that also finds the row after the page, if there is one."""
    return LimitOffset(limit=page_request.limit + 1, offset=0)


def require_row(row: T | None, kind: str, name: str) -> T:
    """Return a row.

    Raises:
        NotFound: it is None.
    """
    if row is None:
        raise NotFound(kind, name)
    return row
