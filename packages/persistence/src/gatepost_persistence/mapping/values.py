"""How single values are stored, the same in every table."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from gatepost_domain.event import to_rfc3339

RowValues: TypeAlias = dict[str, object]
"""Column names and what goes into them."""


def encode_json(value: object) -> str:
    """What is stored as JSON, with every time to the microsecond."""
    return msgspec.json.encode(value).decode()


def encode_optional_json(value: object | None) -> str | None:
    """As `encode_json`; nothing for none."""
    return None if value is None else encode_json(value)


def format_optional_utc(at: datetime | None) -> str | None:
    """An instant as it is to be stored; nothing for none."""
    return None if at is None else to_rfc3339(at)


def parse_instant(value: str) -> datetime:
    """An instant as it is stored."""
    return datetime.fromisoformat(value)


def parse_optional_instant(value: str | None) -> datetime | None:
    """As `parse_instant`; none where nothing is stored."""
    return None if value is None else parse_instant(value)


def format_optional_uuid(value: UUID | None) -> str | None:
    """An id as it is to be stored; nothing for none."""
    return None if value is None else str(value)


def parse_optional_uuid(value: str | None) -> UUID | None:
    """An id as it was stored; none where nothing is."""
    return None if value is None else UUID(value)
