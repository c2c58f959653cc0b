"""Which characters text may contain, and how those are shown that it may not."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from gatepost_domain.allowed_characters import (
    LINE_PATTERN,
    RULES,
    TEXT_PATTERN,
    VERSION_PATTERN,
    is_blank,
    replace_invisible_characters,
    replace_refused_characters,
    visible_length,
)

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]
LINE_BREAKS_AND_TAB = "\n\r\t"
REFUSED_CATEGORIES = {"Cc", "Cf", "Co", "Cs"}
LOOKS_EMPTY = "\u3164\u115f\u2800\ufe0f"


def is_refused(character: str) -> bool:
    code = ord(character)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return is_noncharacter or unicodedata.category(character) in REFUSED_CATEGORIES


def test_text_refuses_what_is_not_shown() -> None:
    """Of each category, exactly the characters that the rule names are refused.

    An unassigned character may be refused, because it may become a format character.
    """
    pattern = re.compile(TEXT_PATTERN)

    for character in EVERY_CHARACTER:
        if unicodedata.category(character) == "Cn" and not is_refused(character):
            continue
        expected = character in LINE_BREAKS_AND_TAB or not is_refused(character)
        assert (pattern.fullmatch(f"a{character}") is not None) is expected, ascii(character)


def test_line_also_refuses_line_breaks() -> None:
    """A line refuses what text refuses, and whatever ends a line."""
    line, text = re.compile(LINE_PATTERN), re.compile(TEXT_PATTERN)

    differing = [
        character
        for character in EVERY_CHARACTER
        if bool(line.fullmatch(f"a{character}")) != bool(text.fullmatch(f"a{character}"))
    ]

    assert differing == ["\t", "\n", "\r", "\u2028", "\u2029"]


def test_version_also_refuses_blanks() -> None:
    """A version refuses white space and what looks like nothing."""
    version = re.compile(VERSION_PATTERN)

    for character in EVERY_CHARACTER:
        if character.isspace() or is_refused(character) or character in LOOKS_EMPTY:
            assert version.fullmatch(f"1.0{character}") is None, ascii(character)
    for allowed in ("1.4.2", "feat/x@{}", "1.0-\u0430", "\u05d0", "v\u00e9", "\U0001f680"):
        assert version.fullmatch(allowed)


@pytest.mark.parametrize("pattern", [LINE_PATTERN, TEXT_PATTERN])
@pytest.mark.parametrize(
    "nothing", ["", " ", "\u00a0\u3000", "\u200b", "\u2060", LOOKS_EMPTY, "\ufeff", "\u00ad"]
)
def test_text_that_shows_nothing_is_missing(pattern: str, nothing: str) -> None:
    """Blanks, fillers and invisible characters are not content."""
    assert is_blank(nothing)
    assert re.fullmatch(pattern, nothing) is None
    assert visible_length(nothing) == 0
    if not any(map(is_refused, nothing)):
        assert re.fullmatch(pattern, f"{nothing}a{nothing}")


def test_length_counts_what_is_shown() -> None:
    """Invisible characters do not make a reason longer."""
    assert visible_length(" a b\u3164\u200b ") == 3
    assert visible_length(None) == 0
    assert is_blank(None)


def test_hidden_characters_are_replaced() -> None:
    """Line breaks and tabs stay, and so does text in any script."""
    plain = "a\tb\r\n\u05e9\u05dc\u05d5\u05dd \u2764\ufe0f"

    assert replace_refused_characters(plain) == replace_invisible_characters(plain) == plain
    assert replace_refused_characters("1\u202e0\x00\ud800") == replace_invisible_characters(
        "1\u202e0\x00\ud800"
    )
    assert replace_invisible_characters("1\u202e0\x1b\u3164") == "1\ufffd0\ufffd\ufffd"
    assert replace_invisible_characters("1.4.2") == "1.4.2"


@pytest.mark.parametrize("pattern", RULES)
def test_patterns_take_linear_time(pattern: str) -> None:
    """Long text of blanks does not backtrack."""
    compiled = re.compile(rf"^{pattern}\Z")

    assert compiled.match(" " * 100_000 + "\x00") is None
    assert compiled.match("\u3164" * 100_000) is None
