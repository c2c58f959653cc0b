"""The characters that names, versions and free text may contain.

Characters that are invisible or change how the surrounding text is displayed are refused: control
and format characters, and private and undefined ones (Unicode categories Cc, Cf, Co, Cs and
noncharacters). Text without any visible character counts as missing.

The character classes are written for regular expressions in Python and in ECMA-262 with the flag
`u`, which OpenAPI patterns use. No escape for characters beyond U+FFFF is understood by both, so
these are written literally.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

END_OF_TEXT: Final = r"\Z"
"""The end of a string. Python's `$` would also match before a final line feed; the OpenAPI document
shows `$`."""
SURROGATES: Final = r"\ud800-\udfff"
"""The surrogates (Cs). The OpenAPI document leaves them out, because JSON text contains none and
some regular expression engines refuse them."""
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""The replacement for a refused character in text that was stored before the character was
refused."""

_CONTROLS_BUT_LINE_BREAKS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_FORMATS = (
    r"\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff"
)
"""Format characters (Cf), including the unassigned characters between them."""
PRIVATE_USE: Final = "\\ue000-\\uf8ff\U000e01f0-\U0010ffff"
"""Private use characters (Co), including the noncharacters and unassigned characters between them.
The OpenAPI document lists them separately, because tools enumerate the characters in each class."""
_PRIVATE_AND_UNDEFINED = (
    SURROGATES
    + PRIVATE_USE
    + r"\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0x1FFFF, 0xE0000, 0x10000))
)
"""Surrogates (Cs), private use (Co) and noncharacters."""
_SPACES = r" \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_LINE_SEPARATORS = r"\u2028\u2029"
_INVISIBLE = (
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef"
)
"""Characters that are allowed in text but invisible on their own: fillers, which look like a space
or like nothing, and variation selectors."""
_FILLERS = r"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

_HIDDEN = f"{_CONTROLS_BUT_LINE_BREAKS}{_FORMATS}{_PRIVATE_AND_UNDEFINED}"
_HIDDEN_IN_LINE = rf"\t\n\r{_LINE_SEPARATORS}{_HIDDEN}"

VISIBLE_CHARACTER: Final = rf"[^{_SPACES}{_INVISIBLE}{_HIDDEN_IN_LINE}]"
"""One character that is visible on its own; versions consist only of such characters."""
LINE_CHARACTER: Final = f"[^{_HIDDEN_IN_LINE}]"
"""One character in single-line text."""
TEXT_CHARACTER: Final = f"[^{_HIDDEN}]"
"""One character in multi-line text."""

# Each pattern can match in one way only, which avoids quadratic backtracking.
LINE_PATTERN: Final = f"[{_SPACES}{_INVISIBLE}]*{VISIBLE_CHARACTER}{LINE_CHARACTER}*"
TEXT_PATTERN: Final = (
    rf"[\t\n\r{_SPACES}{_LINE_SEPARATORS}{_INVISIBLE}]*{VISIBLE_CHARACTER}{TEXT_CHARACTER}*"
)
VERSION_PATTERN: Final = f"{VISIBLE_CHARACTER}+"

LINE_RULE: Final = (
    "one line of text with at least one visible character, and without control or format characters"
)
TEXT_RULE: Final = (
    "text with at least one visible character, and without control or format characters except "
    "line breaks and tabs"
)
VERSION_RULE: Final = (
    "text without white space, and without control, format or invisible characters"
)

RULES: Final[Mapping[str, str]] = {
    LINE_PATTERN: LINE_RULE,
    TEXT_PATTERN: TEXT_RULE,
    VERSION_PATTERN: VERSION_RULE,
}
"""Maps each pattern to a description that can follow "must be"."""

_NOT_SHOWN: Final = re.compile(f"[{_HIDDEN}{_FILLERS}]")
_REFUSED: Final = re.compile(f"[{_HIDDEN}]")
_VISIBLE: Final = re.compile(VISIBLE_CHARACTER)
_FILLER: Final = re.compile(f"[{_INVISIBLE}{_HIDDEN}]")


def is_blank(text: str | None) -> bool:
    """Return whether a text contains nothing visible, and so counts as missing."""
    return text is None or _VISIBLE.search(text) is None


def visible_length(text: str | None) -> int:
    """Return the number of visible characters in a text, without surrounding whitespace."""
    return len(_FILLER.sub("", text or "").strip())


def replace_refused_characters(text: str) -> str:
    """Replace the characters in program output that are not allowed in free text."""
    return _REFUSED.sub(REPLACEMENT, text)


def replace_invisible_characters(text: str) -> str:
    """Replace with U+FFFD each character that is invisible or looks like a space."""
    return text if text.isascii() and text.isprintable() else _NOT_SHOWN.sub(REPLACEMENT, text)
