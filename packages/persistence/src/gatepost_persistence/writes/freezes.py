"""Freezes and allow windows, inside a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_persistence.mapping.values import RowValues, parse_instant
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.writes.events import SqlEvents

_freezes = FreezeRow.table()

FREEZE_BY_ID = select(_freezes).where(_freezes.c.id == bindparam("of"))
ACTIVE_FREEZES = (
    select(_freezes)
    .where(_freezes.c.lifted_at.is_(None))
    .where(or_(_freezes.c.ends_at.is_(None), _freezes.c.ends_at > bindparam("at")))
    .order_by(_freezes.c.number)
)
INSERT_FREEZE = insert(_freezes)
LIFT_FREEZE = update(_freezes).where(_freezes.c.id == bindparam("of"))


class SqlFreezes:
    """See `ports.FreezeRepository`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def get(self, freeze: UUID) -> Freeze:
        """See `ports.FreezeRepository`."""
        row = self._connection.execute(FREEZE_BY_ID, {"of": str(freeze)}).one_or_none()
        if row is None:
            raise NotFound("freeze", str(freeze))
        return freeze_from_row(row)

    def list_unexpired(self, at: datetime) -> tuple[Freeze, ...]:
        """See `ports.FreezeRepository`."""
        rows = self._connection.execute(ACTIVE_FREEZES, {"at": to_rfc3339(at)})
        return tuple(map(freeze_from_row, rows))

    def add(self, freeze: Freeze, event: Event) -> None:
        """See `ports.FreezeRepository`."""
        self._connection.execute(INSERT_FREEZE, freeze_to_row(freeze))
        self._events.append(event)

    def save(self, freeze: Freeze, event: Event) -> None:
        """See `ports.FreezeRepository`; but for being lifted, a freeze never changes."""
        lifted = {
            "of": str(freeze.id),
            "lifted_at": None if freeze.lifted_at is None else to_rfc3339(freeze.lifted_at),
            "lifted_by": freeze.lifted_by,
            "lift_reason": freeze.lift_reason,
        }
        self._connection.execute(LIFT_FREEZE, lifted)
        self._events.append(event)


def freeze_to_row(freeze: Freeze) -> RowValues:
    """A freeze as it is stored."""
    duration, scope = freeze.duration, freeze.scope
    return {
        "id": str(freeze.id),
        "effect": freeze.effect,
        "service": scope.service,
        "environment": scope.environment,
        "tier": scope.tier,
        "starts_at": to_rfc3339(freeze.starts_at),
        "ends_at": None if freeze.ends_at is None else to_rfc3339(freeze.ends_at),
        "rrule": freeze.rrule,
        "duration_s": None if duration is None else int(duration.total_seconds()),
        "timezone": freeze.timezone,
        "reason": freeze.reason,
        "created_at": to_rfc3339(freeze.created_at),
        "created_by": freeze.created_by,
        "lifted_at": None if freeze.lifted_at is None else to_rfc3339(freeze.lifted_at),
        "lifted_by": freeze.lifted_by,
        "lift_reason": freeze.lift_reason,
    }


def freeze_from_row(row: Any) -> Freeze:  # noqa: ANN401  # a row; its columns are what matters
    """A freeze as it was stored."""
    tier = None if row.tier is None else Tier(row.tier)
    return Freeze(
        id=UUID(row.id),
        effect=Effect(row.effect),
        scope=FreezeScope(service=row.service, environment=row.environment, tier=tier),
        starts_at=parse_instant(row.starts_at),
        ends_at=None if row.ends_at is None else parse_instant(row.ends_at),
        rrule=row.rrule,
        duration=None if row.duration_s is None else timedelta(seconds=row.duration_s),
        timezone=row.timezone,
        reason=row.reason,
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
        lifted_at=None if row.lifted_at is None else parse_instant(row.lifted_at),
        lifted_by=row.lifted_by,
        lift_reason=row.lift_reason,
    )
