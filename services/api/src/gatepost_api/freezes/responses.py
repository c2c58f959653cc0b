"""Freezes in responses."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes import freeze as domain
from gatepost_domain.freezes.evaluation import is_active
from gatepost_domain.freezes.freeze import Effect


class FreezeScope(ResponseModel):
    """What a freeze is about; what is null takes in all."""

    service: str | None
    environment: str | None
    tier: Tier | None


class Freeze(ResponseModel):
    """A time in which a scope takes no new starts, or a window in which alone it does."""

    id: UUID
    effect: Effect
    scope: FreezeScope
    active: bool
    """Whether it is on at the instant of this answer."""
    starts_at: Instant
    ends_at: Instant | None
    """When it is over for ever; null: until it is lifted."""
    rrule: str | None
    duration_s: int | None
    timezone: str
    reason: str
    created_at: Instant
    created_by: str
    lifted_at: Instant | None
    lifted_by: str | None
    lift_reason: str | None

    @classmethod
    def from_domain(cls, freeze: domain.Freeze, at: datetime) -> Self:
        """As the domain has it, at this instant."""
        scope, duration = freeze.scope, freeze.duration
        return cls(
            id=freeze.id,
            effect=freeze.effect,
            scope=FreezeScope(
                service=scope.service, environment=scope.environment, tier=scope.tier
            ),
            active=is_active(freeze, at),
            starts_at=freeze.starts_at,
            ends_at=freeze.ends_at,
            rrule=freeze.rrule,
            duration_s=None if duration is None else int(duration.total_seconds()),
            timezone=freeze.timezone,
            reason=freeze.reason,
            created_at=freeze.created_at,
            created_by=freeze.created_by,
            lifted_at=freeze.lifted_at,
            lifted_by=freeze.lifted_by,
            lift_reason=freeze.lift_reason,
        )


class FreezePage(ResponseModel):
    """Freezes, the latest first."""

    items: list[Freeze]
    next_cursor: str | None
