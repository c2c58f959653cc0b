"""Mapping between rows and freezes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import to_rfc3339
from gatepost_domain.freezes.duration import (
    FreezeDuration,
    NominalDuration,
    exact_seconds,
    format_duration,
    parse_duration,
)
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_persistence.mapping.values import (
    RowValues,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)


def freeze_to_row(freeze: Freeze) -> RowValues:
    duration, scope = freeze.duration, freeze.scope
    nominal = format_duration(duration) if isinstance(duration, NominalDuration) else None
    return {
        "id": str(freeze.id),
        "effect": freeze.effect,
        "service": scope.service,
        "environment": scope.environment,
        "tier": scope.tier,
        "starts_at": to_rfc3339(freeze.starts_at),
        "ends_at": format_optional_instant(freeze.ends_at),
        "rrule": freeze.rrule,
        "duration_s": exact_seconds(duration),
        "duration": nominal,
        "timezone": freeze.timezone,
        "reason": freeze.reason,
        "created_at": to_rfc3339(freeze.created_at),
        "created_by": freeze.created_by,
        "lifted_at": format_optional_instant(freeze.lifted_at),
        "lifted_by": freeze.lifted_by,
        "lift_reason": freeze.lift_reason,
        "series": freeze.series,
        "series_uid": freeze.series_uid,
    }


def freeze_from_row(row: Any) -> Freeze:
    tier = None if row.tier is None else Tier(row.tier)
    return Freeze(
        id=UUID(row.id),
        effect=Effect(row.effect),
        scope=FreezeScope(service=row.service, environment=row.environment, tier=tier),
        starts_at=parse_instant(row.starts_at),
        ends_at=parse_optional_instant(row.ends_at),
        rrule=row.rrule,
        duration=_duration_from_row(row),
        timezone=row.timezone,
        reason=row.reason,
        created_at=parse_instant(row.created_at),
        created_by=row.created_by,
        lifted_at=parse_optional_instant(row.lifted_at),
        lifted_by=row.lifted_by,
        lift_reason=row.lift_reason,
        series=row.series,
        series_uid=row.series_uid,
    )


def _duration_from_row(row: Any) -> FreezeDuration | None:
    if row.duration is not None:
        return parse_duration(row.duration)
    return None if row.duration_s is None else timedelta(seconds=row.duration_s)
