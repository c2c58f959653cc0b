"""Pages of lists in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gatepost_domain.ports.paging import Page, PageRequest

T = TypeVar("T")


def build_page(items: list[T], page_request: PageRequest, *, key: Callable[[T], str]) -> Page[T]:
    """Return one page of a complete list."""
    keys = [key(item) for item in items]
    begin = 0 if page_request.after is None else keys.index(page_request.after) + 1
    end = begin + page_request.limit
    return Page(
        items=tuple(items[begin:end]),
        next_key=keys[end - 1] if end < len(items) else None,
    )
