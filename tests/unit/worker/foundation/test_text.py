"""What is told of texts from outside."""

from __future__ import annotations

import pytest

from gatepost_worker.foundation.text import (
    MAX_DETAIL_CHARS,
    MAX_QUOTE_CHARS,
    quoted,
    sanitize,
    times,
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain, née Über\n\tand 🚀", "plain, née Über\n\tand 🚀"),
        ("\x1b[31mred\x1b[0m, \x1b[2Kgone", "red, gone"),
        ("a\x00b\x07c", "a�b�c"),
        ("half a character: \ud800", "half a character: �"),
    ],
)
def test_what_cannot_be_shown_is_not_told(text: str, told: str) -> None:
    """Neither a terminal nor a page is made to do anything by it."""
    assert sanitize(text) == told


def test_what_is_told_has_a_length_that_is_known() -> None:
    """The server takes no more."""
    assert sanitize("x" * MAX_DETAIL_CHARS) == "x" * MAX_DETAIL_CHARS
    assert sanitize("x" * (MAX_DETAIL_CHARS + 1)) == "x" * (MAX_DETAIL_CHARS - 1) + "…"
    assert len(quoted("x" * 9999)) == MAX_QUOTE_CHARS


def test_a_quotation_stands_in_one_line() -> None:
    """It is part of a sentence."""
    assert quoted("<html>\n  <b>No</b>\r\n</html>\n") == "<html> <b>No</b> </html>"


def test_one_thing_is_not_many() -> None:
    """The sentence reads well."""
    assert [times(count, "attempt") for count in (1, 3)] == ["1 attempt", "3 attempts"]
