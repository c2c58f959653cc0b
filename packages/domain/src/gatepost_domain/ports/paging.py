"""Pages of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which part of a list is wanted: at most `limit` items, behind the one with key `after`."""

    limit: int
    after: str | None = None
    """A `Page.next_key` of the same list; none begins at the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list."""

    items: tuple[T, ...]
    next_key: str | None
    """Where the next part begins; none where this is the last."""
