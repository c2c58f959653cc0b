"""Common field types and the base classes of request and response models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Final

import msgspec

from gatepost_domain.catalog.service import NAME_PATTERN

END_OF_TEXT: Final = r"\Z"
"""The end of a string. Python's `$` would also match before a final line feed; the OpenAPI document
shows `$`."""

_WHITESPACE = r" \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""White space other than control characters. Listed explicitly because `\\s` has different meanings
in Python and in ECMA-262, which OpenAPI patterns use."""
_CONTROL_CHARACTERS = r"\x00-\x1f\x7f"
_CONTROL_CHARACTERS_BUT_LINE_BREAKS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"

VISIBLE_CHARACTER: Final = rf"[^{_WHITESPACE}{_CONTROL_CHARACTERS}]"
"""One character that is neither white space nor a control character."""


def _non_blank_pattern(*, blank: str, without: str) -> str:
    """Return a pattern for non-blank text that excludes the given characters.

    It can match in one way only, which avoids quadratic backtracking.
    """
    return rf"^[{blank}]*{VISIBLE_CHARACTER}[^{without}]*{END_OF_TEXT}"


TEXT_PATTERN: Final = _non_blank_pattern(
    blank=rf"\t\n\r{_WHITESPACE}", without=_CONTROL_CHARACTERS_BUT_LINE_BREAKS
)
"""A pattern for non-blank text of one or more lines."""

Name = Annotated[
    str,
    msgspec.Meta(
        pattern=NAME_PATTERN.removesuffix("$") + END_OF_TEXT,
        max_length=63,
        description="A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens.",
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
        description="Text of one or more lines, without control characters except line breaks "
        "and tabs.",
    ),
]
VersionName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^{VISIBLE_CHARACTER}+{END_OF_TEXT}",
        min_length=1,
        max_length=200,
        description="An opaque version identifier without white space.",
        examples=["1.4.2"],
    ),
]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An RFC 3339 timestamp with a time zone. Responses use UTC."""


class RequestModel(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base class of request bodies. Unknown fields are rejected."""

    example: ClassVar[Mapping[str, object] | None] = None
    """An example for the API documentation."""


class ResponseModel(msgspec.Struct, kw_only=True):
    """Base class of responses. Every field is always present, so no field has a default."""
