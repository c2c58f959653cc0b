"""What texts on the wire may hold, and the two kinds of structs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Final

import msgspec

from gatepost_domain.catalog.service import NAME_PATTERN

END_OF_TEXT: Final = r"\Z"
"""The end of a text. Python's `$` would let a line feed pass; the document shows it as `$`."""

_WHITESPACE = r" \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""White space that is no control character, spelt out: `\\s` is another to ECMA-262, by which the
document's patterns are read, than to Python."""
_CONTROL_CHARACTERS = r"\x00-\x1f\x7f"
_CONTROL_CHARACTERS_BUT_LINE_BREAKS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"

VISIBLE_CHARACTER: Final = rf"[^{_WHITESPACE}{_CONTROL_CHARACTERS}]"
"""One character that leaves a mark."""


def _non_blank_pattern(*, blank: str, without: str) -> str:
    """A pattern of texts without these characters in which there is something to see.

    It can match in one way only: to try others would take a time that grows with the square.
    """
    return rf"^[{blank}]*{VISIBLE_CHARACTER}[^{without}]*{END_OF_TEXT}"


TEXT_PATTERN: Final = _non_blank_pattern(
    blank=rf"\t\n\r{_WHITESPACE}", without=_CONTROL_CHARACTERS_BUT_LINE_BREAKS
)
"""Of text of any number of lines in which there is something to see."""

Name = Annotated[
    str,
    msgspec.Meta(
        pattern=NAME_PATTERN.removesuffix("$") + END_OF_TEXT,
        max_length=63,
        description="A DNS label (RFC 1123): a-z, 0-9 and -, up to 63 characters.",
        examples=["customer-portal"],
    ),
]
Line = Annotated[
    str,
    msgspec.Meta(
        pattern=_non_blank_pattern(blank=_WHITESPACE, without=_CONTROL_CHARACTERS),
        min_length=1,
        max_length=200,
        description="One line of text, without control characters.",
    ),
]
Text = Annotated[
    str,
    msgspec.Meta(
        pattern=TEXT_PATTERN,
        min_length=1,
        max_length=10_000,
        description="Text of any number of lines, without other control characters.",
    ),
]
VersionName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^{VISIBLE_CHARACTER}+{END_OF_TEXT}",
        min_length=1,
        max_length=200,
        description="What a build is called: opaque, without white space.",
        examples=["1.4.2"],
    ),
]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""RFC 3339 with a zone; UTC in what we send."""


class RequestModel(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a client sends: a field we do not know is refused, not ignored."""

    example: ClassVar[Mapping[str, object] | None] = None
    """One to begin with, as the documentation pages show it."""


class ResponseModel(msgspec.Struct, kw_only=True):
    """What a client receives: every field is always there, so none has a default."""
