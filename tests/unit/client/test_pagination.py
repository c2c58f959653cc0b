"""Lists are gone through as a whole, part by part."""

from __future__ import annotations

from itertools import islice

from gatepost_client import every, every_async


class Letters:
    """A list of letters, two at a time; a cursor is the index at which a part begins."""

    def __init__(self, letters: str) -> None:
        self.letters = letters
        self.asked = list[tuple[str, str | None]]()

    def part(self, team: str, *, cursor: str | None = None) -> LetterPage:
        self.asked.append((team, cursor))
        begin = int(cursor or 0)
        end = begin + 2
        return LetterPage([*self.letters[begin:end]], f"{end}" if end < len(self.letters) else None)

    async def part_async(self, team: str, *, cursor: str | None = None) -> LetterPage:
        return self.part(team, cursor=cursor)


class LetterPage:
    def __init__(self, items: list[str], next_cursor: str | None) -> None:
        self.items = items
        self.next_cursor = next_cursor


def test_every_item_comes_once_and_in_order() -> None:
    """Each part is asked for with the same filters and the cursor of the part before."""
    letters = Letters("abcde")

    assert list(every(letters.part, "shop")) == [*"abcde"]
    assert letters.asked == [("shop", None), ("shop", "2"), ("shop", "4")]


async def test_every_item_comes_once_and_in_order_async() -> None:
    """The async loop goes through the same parts."""
    letters = Letters("abcde")

    assert [letter async for letter in every_async(letters.part_async, "shop")] == [*"abcde"]
    assert letters.asked == [("shop", None), ("shop", "2"), ("shop", "4")]


def test_a_list_can_begin_in_its_midst() -> None:
    """A cursor that was kept continues where it was taken."""
    assert list(every(Letters("abcde").part, "shop", cursor="2")) == [*"cde"]


def test_no_part_is_asked_for_before_it_is_reached() -> None:
    """Whoever stops early has not read the rest."""
    letters = Letters("abcdef")

    assert list(islice(every(letters.part, "shop"), 3)) == [*"abc"]
    assert len(letters.asked) == 2


async def test_an_empty_list_has_no_items() -> None:
    """No items, no error, one request."""
    assert list(every(Letters("").part, "shop")) == []
    assert [letter async for letter in every_async(Letters("").part_async, "shop")] == []
