"""Conversion of individual values to and from the form in which every table stores them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias, TypeVar

import msgspec

from gatepost_domain.event import to_rfc3339

T = TypeVar("T")

RowValues: TypeAlias = dict[str, object]
"""Values to store, by column name."""


def encode_json(value: object) -> str:
    """Return a value as JSON, with times to the microsecond."""
    return msgspec.json.encode(value).decode()


def format_optional_instant(at: datetime | None) -> str | None:
    """Return the stored form of an instant; None stays None."""
    return None if at is None else to_rfc3339(at)


def parse_instant(value: str) -> datetime:
    """Return the instant that is stored as this text."""
    return datetime.fromisoformat(value)


def parse_optional_instant(value: str | None) -> datetime | None:
    """Return the instant that is stored as this text; None stays None."""
    return None if value is None else parse_instant(value)


decode_texts: Final = msgspec.json.Decoder(tuple[str, ...]).decode
"""Decodes a stored list of strings."""
