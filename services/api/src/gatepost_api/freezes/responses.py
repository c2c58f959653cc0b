"""Responses for freezes."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes import evaluation
from gatepost_domain.freezes import freeze as domain
from gatepost_domain.freezes.duration import exact_seconds, format_duration
from gatepost_domain.freezes.evaluation import is_active
from gatepost_domain.freezes.freeze import Effect
from gatepost_domain.status_transitions import Status

SHOWN_PERIODS: Final = 5
"""The maximum number of periods in a response."""


class FreezeScope(ResponseModel):
    """The scope of a freeze. A null field matches everything."""

    service: str | None
    """The service, or null for all services."""
    environment: str | None
    """The environment, or null for all environments."""
    tier: Tier | None
    """The tier, or null for all tiers."""


class FreezePeriod(ResponseModel):
    """A period in which a freeze or window is active."""

    starts_at: Instant
    """When the period starts."""
    ends_at: Instant | None
    """When the period ends. Null if it lasts until the freeze is lifted."""

    @classmethod
    def from_domain(cls, period: evaluation.FreezePeriod) -> Self:
        """Map a domain period to its response."""
        return cls(starts_at=period.starts_at, ends_at=period.ends_at)


class StoppedDeployment(ResponseModel):
    """A deployment waiting to start in the scope of a freeze."""

    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: str
    """The version that the deployment would deploy."""
    status: Status


class FreezeStops(ResponseModel):
    """The services, environments and waiting deployments in the scope of a freeze."""

    services: int
    """The number of services in the scope, excluding archived ones."""
    environments: int
    """The number of environments in the scope, excluding archived ones."""
    waiting: list[StoppedDeployment]
    """The deployments waiting to start, oldest first; at most 50. Rollbacks are left out, because
    a freeze does not block them."""


class FreezePreview(ResponseModel):
    """When a freeze would be active, and what it would stop."""

    first: FreezePeriod | None
    """The first period. Null if there is none within ten years."""
    next: list[FreezePeriod]
    """Up to five periods, beginning with the one in `first`."""
    stops: FreezeStops


class Freeze(ResponseModel):
    """A period in which deployments in a scope cannot start, or a window in which they can."""

    id: UUID
    """The id of the freeze."""
    effect: Effect
    scope: FreezeScope
    active: bool
    """Whether the freeze is active at the time of the response."""
    next: list[FreezePeriod]
    """The periods that are active or upcoming at the time of the response; at most five."""
    starts_at: Instant
    """When the freeze starts."""
    ends_at: Instant | None
    """When the freeze ends, including all recurrences. Null if it lasts until lifted."""
    rrule: str | None
    """The RFC 5545 recurrence rule. Null if the freeze does not recur."""
    duration: str | None
    """The ISO 8601 duration of each occurrence; days and weeks are calendar days and weeks in
    `timezone`. Null if the freeze does not recur."""
    duration_s: int | None
    """The duration of each occurrence in seconds. Null if `duration` has days or weeks, or the
    freeze does not recur."""
    timezone: str
    """The IANA time zone of the recurrence rule."""
    reason: str
    """The reason, which is shown to everyone whose deployment is blocked."""
    created_at: Instant
    """When the freeze was imposed."""
    created_by: str
    """Who imposed the freeze."""
    lifted_at: Instant | None
    """When the freeze was lifted. Null if it has not been lifted."""
    lifted_by: str | None
    """Who lifted the freeze. Null if it has not been lifted."""
    lift_reason: str | None
    """Why the freeze was lifted. Null if it has not been lifted, or if no reason was given."""
    series: str | None
    """The name of the import series that the freeze belongs to. Null if the freeze was not
    imported."""
    series_uid: str | None
    """The UID of the freeze's event in the imported calendar. Null if the freeze was not
    imported."""

    @classmethod
    def from_domain(cls, freeze: domain.Freeze, at: datetime) -> Self:
        """Map a domain freeze, at a given time, to its response."""
        scope, duration = freeze.scope, freeze.duration
        return cls(
            id=freeze.id,
            effect=freeze.effect,
            scope=FreezeScope(
                service=scope.service, environment=scope.environment, tier=scope.tier
            ),
            active=is_active(freeze, at),
            next=[
                FreezePeriod.from_domain(period)
                for period in evaluation.active_and_next_periods(freeze, at, limit=SHOWN_PERIODS)
            ],
            starts_at=freeze.starts_at,
            ends_at=freeze.ends_at,
            rrule=freeze.rrule,
            duration=None if duration is None else format_duration(duration),
            duration_s=exact_seconds(duration),
            timezone=freeze.timezone,
            reason=freeze.reason,
            created_at=freeze.created_at,
            created_by=freeze.created_by,
            lifted_at=freeze.lifted_at,
            lifted_by=freeze.lifted_by,
            lift_reason=freeze.lift_reason,
            series=freeze.series,
            series_uid=freeze.series_uid,
        )


class FreezePage(ResponseModel):
    """A page of freezes, newest first."""

    items: list[Freeze]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
