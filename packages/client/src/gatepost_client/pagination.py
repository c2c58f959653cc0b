"""Lists as a whole: part after part is asked for as the loop goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class Page(Protocol[Item_co]):
    """Part of a list, and where the next part begins."""

    @property
    def items(self) -> Sequence[Item_co]:
        """What is in this part."""
        ...

    @property
    def next_cursor(self) -> str | None:
        """Where the next part begins; none if this is the last."""
        ...


def every(list_page: Callable[P, Page[Item]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Item]:
    """Every item of a list: call it with a method that lists, and with what that method takes."""
    page = list_page(*args, **kwargs)
    yield from page.items
    while page.next_cursor is not None:
        kwargs["cursor"] = page.next_cursor
        page = list_page(*args, **kwargs)
        yield from page.items


async def every_async(
    list_page: Callable[P, Awaitable[Page[Item]]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[Item]:
    """Every item of a list, as `every`, for a method of `AsyncGatepost`."""
    page = await list_page(*args, **kwargs)
    for item in page.items:
        yield item
    while page.next_cursor is not None:
        kwargs["cursor"] = page.next_cursor
        page = await list_page(*args, **kwargs)
        for item in page.items:
            yield item
