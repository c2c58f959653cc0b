"""The stored form of single values, which is the same in every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from gatepost_domain.event import to_rfc3339

T = TypeVar("T")

RowValues: TypeAlias = dict[str, object]
"""Values to store, by column name."""


def encode_json(value: object) -> str:
    """Return a value as JSON, with times to the microsecond."""
    return msgspec.json.encode(value).decode()


def format_optional_instant(at: datetime | None) -> str | None:
    """Return an instant as it is stored, or None for None."""
    return None if at is None else to_rfc3339(at)


def parse_instant(value: str) -> datetime:
    """Return a stored instant."""
    return datetime.fromisoformat(value)


def parse_optional_instant(value: str | None) -> datetime | None:
    """Return a stored instant, or None for None."""
    return None if value is None else parse_instant(value)


decode_texts: Final = msgspec.json.Decoder(tuple[str, ...]).decode
"""Decodes a stored list of strings."""


class Codec(NamedTuple):
    """The stored form of a column's values. None is always stored as NULL."""

    encode: Callable[[Any], object] | None
    """The function that encodes a value; if None, the value itself is passed to the driver."""
    decode: Callable[[Any], object]


INSTANT_CODEC: Final = Codec(to_rfc3339, datetime.fromisoformat)
UUID_CODEC: Final = Codec(str, UUID)
BOOLEAN_CODEC: Final = Codec(None, bool)


def json_codec(kind: type[T]) -> Codec:
    """Return the codec of a column that stores a value of this type as JSON."""
    return Codec(encode_json, msgspec.json.Decoder(kind).decode)


def enum_codec(kind: type[Enum]) -> Codec:
    """Return the codec of a column that stores members of a string enum."""
    return Codec(None, kind)
