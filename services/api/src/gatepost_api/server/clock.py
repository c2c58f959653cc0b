"""Where time and ids come in; everything else is told them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)  # noqa: TID251  # the one place where time comes in


def new_id() -> UUID:
    """A UUIDv7: ids made later sort later."""
    made: UUID = uuid_utils.compat.uuid7()
    return made
