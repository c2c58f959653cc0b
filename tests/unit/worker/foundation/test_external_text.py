"""Sanitizing external text before it is displayed or stored."""

from __future__ import annotations

import pytest

from gatepost_worker.foundation.external_text import (
    MAX_DETAIL_CHARS,
    MAX_EXCERPT_CHARS,
    format_count,
    one_line_excerpt,
    sanitize,
)


@pytest.mark.parametrize(
    ("text", "sanitized"),
    [
        ("plain, née Über\n\tand 🚀", "plain, née Über\n\tand 🚀"),
        ("\x1b[31mred\x1b[0m, \x1b[2Kgone", "red, gone"),
        ("a\x00b\x07c", "a�b�c"),
        ("half a character: \ud800", "half a character: �"),
    ],
)
def test_control_characters_are_removed_or_replaced(text: str, sanitized: str) -> None:
    """Sanitized text cannot control a terminal or break a page."""
    assert sanitize(text) == sanitized


def test_long_text_is_truncated() -> None:
    """Text is truncated to the maximum length that the server accepts."""
    assert sanitize("x" * MAX_DETAIL_CHARS) == "x" * MAX_DETAIL_CHARS
    assert sanitize("x" * (MAX_DETAIL_CHARS + 1)) == "x" * (MAX_DETAIL_CHARS - 1) + "…"
    assert len(one_line_excerpt("x" * 9999)) == MAX_EXCERPT_CHARS


def test_a_quotation_is_one_line() -> None:
    """Line breaks are removed, so the quotation fits within a sentence."""
    assert one_line_excerpt("<html>\n  <b>No</b>\r\n</html>\n") == "<html> <b>No</b> </html>"


def test_the_noun_matches_the_count() -> None:
    """The noun is singular for a count of one and plural otherwise."""
    assert [format_count(count, "attempt") for count in (1, 3)] == ["1 attempt", "3 attempts"]
