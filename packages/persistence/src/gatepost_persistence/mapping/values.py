"""How single values are stored, the same in every table."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from gatepost_domain.event import utc_text

Values: TypeAlias = dict[str, object]
"""Column names and what goes into them."""


def json_text(value: object) -> str:
    """What is stored as JSON, with every time to the microsecond."""
    return msgspec.json.encode(value).decode()


def json_or_none(value: object | None) -> str | None:
    """As `json_text`; nothing for none."""
    return None if value is None else json_text(value)


def utc_or_none(at: datetime | None) -> str | None:
    """An instant as it is to be stored; nothing for none."""
    return None if at is None else utc_text(at)


def instant(value: str) -> datetime:
    """An instant as it is stored."""
    return datetime.fromisoformat(value)


def instant_or_none(value: str | None) -> datetime | None:
    """As `instant`; none where nothing is stored."""
    return None if value is None else instant(value)


def id_or_none(value: UUID | None) -> str | None:
    """An id as it is to be stored; nothing for none."""
    return None if value is None else str(value)


def uuid_or_none(value: str | None) -> UUID | None:
    """An id as it was stored; none where nothing is."""
    return None if value is None else UUID(value)
