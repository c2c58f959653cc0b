"""Colours for statuses on a terminal; the text alone has the same meaning."""

from __future__ import annotations

import os
import re
from typing import Final, TextIO

_GREEN, _RED, _YELLOW, _BLUE = "32", "31", "33", "34"

_COLORS: Final = {
    "succeeded": _GREEN,
    "passed": _GREEN,
    "open": _GREEN,
    "failed": _RED,
    "rejected": _RED,
    "rolled_back": _RED,
    "denied": _RED,
    "cancelled": _YELLOW,
    "pending_approval": _YELLOW,
    "waiting": _YELLOW,
    "approved": _BLUE,
    "queued": _BLUE,
    "started": _BLUE,
}
"""The colour of each status and state, as a parameter of SGR (ECMA-48)."""

_STATUS: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(_COLORS)})(?![\w-])")


def has_colors(stream: TextIO) -> bool:
    """Return whether to use colours: on a terminal, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def color_statuses(text: str) -> str:
    """Return the text with its statuses in their colours."""
    return _STATUS.sub(lambda found: f"\x1b[{_COLORS[found[0]]}m{found[0]}\x1b[0m", text)
