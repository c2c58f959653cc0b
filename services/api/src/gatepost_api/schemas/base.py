"""Common field types and the base classes of request and response models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Final

import msgspec

from gatepost_domain import allowed_characters
from gatepost_domain.catalog.service import NAME_PATTERN

END_OF_TEXT: Final = allowed_characters.END_OF_TEXT
"""The end of a string. Python's `$` would also match before a final line feed; the OpenAPI document
shows `$`."""

RULE: Final = "rule"
"""The key in `Meta.extra` for the meaning of a pattern, worded to follow "must be"."""

VISIBLE_CHARACTER: Final = allowed_characters.VISIBLE_CHARACTER
"""A pattern for one character that is visible on its own."""

TEXT_PATTERN: Final = f"^{allowed_characters.TEXT_PATTERN}{END_OF_TEXT}"
"""A pattern for text of one or more lines with at least one visible character."""

Name = Annotated[
    str,
    msgspec.Meta(
        pattern=NAME_PATTERN.removesuffix("$") + END_OF_TEXT,
        max_length=63,
        extra={RULE: "lowercase letters, digits or hyphens, without a hyphen at either end"},
        description="A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens.",
        examples=["shop"],
    ),
]
Line = Annotated[
    str,
    msgspec.Meta(
        pattern=f"^{allowed_characters.LINE_PATTERN}{END_OF_TEXT}",
        min_length=1,
        max_length=200,
        description="One line of text with at least one visible character, and without control or "
        "format characters.",
    ),
]
Text = Annotated[
    str,
    msgspec.Meta(
        pattern=TEXT_PATTERN,
        min_length=1,
        max_length=10_000,
        description="Text of one or more lines, with at least one visible character. Tabs and line "
        "breaks are the only control or format characters allowed.",
    ),
]
VersionName = Annotated[
    str,
    msgspec.Meta(
        pattern=f"^{allowed_characters.VERSION_PATTERN}{END_OF_TEXT}",
        min_length=1,
        max_length=200,
        description="An opaque version identifier without whitespace or invisible characters.",
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

    example: ClassVar[Mapping[str, object] | None] = None
    """An example for the API documentation, consistent with the data of `gatepost-server demo`."""
