"""Iteration over all items of a list, fetching further pages as needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class Page(Protocol[Item_co]):
    """One page of a list, with the cursor for the next page."""

    @property
    def items(self) -> Sequence[Item_co]:
        """The items on this page."""
        ...

    @property
    def next_cursor(self) -> str | None:
        """The cursor for the next page; None on the last page."""
        ...


def every(list_page: Callable[P, Page[Item]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Item]:
    """Iterate over all items that a `list_…` method of `Gatepost` returns for the arguments."""
    page = list_page(*args, **kwargs)
    yield from page.items
    while page.next_cursor is not None:
        kwargs["cursor"] = page.next_cursor
        page = list_page(*args, **kwargs)
        yield from page.items


async def every_async(
    list_page: Callable[P, Awaitable[Page[Item]]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[Item]:
    """Iterate over all items that a `list_…` method of `AsyncGatepost` returns."""
    page = await list_page(*args, **kwargs)
    for item in page.items:
        yield item
    while page.next_cursor is not None:
        kwargs["cursor"] = page.next_cursor
        page = await list_page(*args, **kwargs)
        for item in page.items:
            yield item
