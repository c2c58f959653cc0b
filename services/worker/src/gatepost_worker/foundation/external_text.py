"""Text from outside, made safe to show and short enough to store."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_DETAIL_CHARS: Final = 2000
"""The maximum length of a step's detail and of an outcome's note."""

MAX_EXCERPT_CHARS: Final = 200
"""The maximum length of a quotation from a response or from a program's output."""

ELLIPSIS: Final = "…"

_ESCAPE_SEQUENCES: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""Terminal control sequences such as colors (ECMA-48 §5.4)."""

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def sanitize(text: str, limit: int = MAX_DETAIL_CHARS) -> str:
    """Return the text without control and format characters, truncated to the limit."""
    plain = _ESCAPE_SEQUENCES.sub("", text)
    printable = "".join(_REPLACEMENT if _is_unprintable(c) else c for c in plain)
    if len(printable) <= limit:
        return printable
    return printable[: limit - len(ELLIPSIS)] + ELLIPSIS


def one_line_excerpt(text: str) -> str:
    """Return the beginning of the text on one line, for use within a sentence."""
    return sanitize(" ".join(text.split()), MAX_EXCERPT_CHARS)


def format_count(count: int, noun: str) -> str:
    """Return the count and the noun in the right number: `1 attempt`, `3 attempts`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _is_unprintable(character: str) -> bool:
    return character not in "\n\r\t" and unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}
