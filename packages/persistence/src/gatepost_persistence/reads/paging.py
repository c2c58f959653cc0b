"""Keyset pagination of query results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gatepost_domain.ports.paging import Page, PageRequest

T = TypeVar("T")


def build_page(
    rows: Sequence[Any],
    page_request: PageRequest,
    from_row: Callable[[Any], T],
    *,
    key: Callable[[T], str],
) -> Page[T]:
    """Return a page built from rows; more rows than the limit mean that there is a next page."""
    items = tuple(from_row(row) for row in rows[: page_request.limit])
    return Page(items=items, next_key=key(items[-1]) if len(rows) > page_request.limit else None)
