"""Texts from outside, made fit to be told: sanitize, and no longer than people care to read."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_DETAIL_CHARS: Final = 2000
"""How long the detail of a step and the note of an outcome are at most."""

MAX_QUOTE_CHARS: Final = 200
"""How much is quoted of what another server said."""

CUT: Final = "…"

_COLOURS: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""What tells a terminal to change colours or to move (ECMA-48 §5.4)."""
UNSHOWN: Final = "\N{REPLACEMENT CHARACTER}"


def sanitize(text: str, limit: int = MAX_DETAIL_CHARS) -> str:
    """The text without what cannot be shown or sent, cut to the limit."""
    plain = _COLOURS.sub("", text)
    shown = "".join(UNSHOWN if c not in "\n\r\t" and _is_odd(c) else c for c in plain)
    return shown if len(shown) <= limit else shown[: limit - len(CUT)] + CUT


def quoted(text: str) -> str:
    """The text in one line, short enough to stand within a sentence."""
    return sanitize(" ".join(text.split()), MAX_QUOTE_CHARS)


def times(count: int, thing: str) -> str:
    """`1 attempt`, `3 attempts`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _is_odd(character: str) -> bool:
    """Whether it is a control character, or half of one that UTF-8 has no bytes for."""
    return unicodedata.category(character) in {"Cc", "Cs"}
