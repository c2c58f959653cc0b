"""Requests for pages of lists, and the pages returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """A request for one page of a list, with at most `limit` items after the key `after`."""

    limit: int
    after: str | None = None
    """The `next_key` of a previous `Page` of the same list; None for the first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    next_key: str | None
    """The key for the next page; None on the last page."""
