"""Iteration over a list, fetching its pages one after another."""

from __future__ import annotations

from itertools import islice

from gatepost_client import every, every_async


class Letters:
    """A list of letters with two letters per page. A cursor is the index at which a page begins."""

    def __init__(self, letters: str) -> None:
        self.letters = letters
        self.requests = list[tuple[str, str | None]]()

    def list_page(self, team: str, *, cursor: str | None = None) -> LetterPage:
        self.requests.append((team, cursor))
        begin = int(cursor or 0)
        end = begin + 2
        return LetterPage([*self.letters[begin:end]], f"{end}" if end < len(self.letters) else None)

    async def list_page_async(self, team: str, *, cursor: str | None = None) -> LetterPage:
        return self.list_page(team, cursor=cursor)


class LetterPage:
    def __init__(self, items: list[str], next_cursor: str | None) -> None:
        self.items = items
        self.next_cursor = next_cursor


def test_every_returns_all_items_in_order() -> None:
    """Each page is requested with the same filters and the cursor of the previous page."""
    letters = Letters("abcde")

    assert list(every(letters.list_page, "shop")) == [*"abcde"]
    assert letters.requests == [("shop", None), ("shop", "2"), ("shop", "4")]


async def test_every_async_returns_all_items_in_order() -> None:
    """Asynchronous iteration requests the same pages as synchronous iteration."""
    letters = Letters("abcde")

    assert [letter async for letter in every_async(letters.list_page_async, "shop")] == [*"abcde"]
    assert letters.requests == [("shop", None), ("shop", "2"), ("shop", "4")]


def test_iteration_starts_at_a_given_cursor() -> None:
    """Iteration from a stored cursor continues at the position of that cursor."""
    assert list(every(Letters("abcde").list_page, "shop", cursor="2")) == [*"cde"]


def test_pages_are_requested_only_when_needed() -> None:
    """The remaining pages are not fetched if the caller stops early."""
    letters = Letters("abcdef")

    assert list(islice(every(letters.list_page, "shop"), 3)) == [*"abc"]
    assert len(letters.requests) == 2


async def test_empty_list_has_no_items() -> None:
    """Synchronous and asynchronous iteration over an empty page end without an error."""
    assert list(every(Letters("").list_page, "shop")) == []
    assert [letter async for letter in every_async(Letters("").list_page_async, "shop")] == []
