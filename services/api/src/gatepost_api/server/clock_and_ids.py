"""The only sources of the current time and new ids; other code receives them as arguments."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the only source of time


def new_id() -> UUID:
    """Return a new UUIDv7; later ids sort after earlier ones."""
    uuid: UUID = uuid_utils.compat.uuid7()
    return uuid
