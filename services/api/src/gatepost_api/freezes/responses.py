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
from gatepost_domain.status import Status

SHOWN_PERIODS: Final = 5
"""How many periods a response contains at most."""


class FreezeScope(ResponseModel):
    """The scope of a freeze. A null field matches everything."""

    service: str | None
    """The service. Null for every service."""
    environment: str | None
    """The environment. Null for every environment."""
    tier: Tier | None
    """The tier. Null for every tier."""


class FreezePeriod(ResponseModel):
    """A period in which a freeze or window is active."""

    starts_at: Instant
    """When the period starts."""
    ends_at: Instant | None
    """Null if it lasts until it is lifted."""

    @classmethod
    def from_domain(cls, period: evaluation.FreezePeriod) -> Self:
        """Map a domain period to its response."""
        return cls(starts_at=period.starts_at, ends_at=period.ends_at)


class StoppedDeployment(ResponseModel):
    """A deployment in the scope of a freeze that waits to start."""

    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: str
    """The version."""
    status: Status


class FreezeStops(ResponseModel):
    """What is in the scope of a freeze."""

    services: int
    """The number of active services."""
    environments: int
    """The number of active environments."""
    waiting: list[StoppedDeployment]
    """The deployments that wait to start, oldest first; at most 50. Rollbacks are not blocked."""


class FreezePreview(ResponseModel):
    """What a freeze would do."""

    first: FreezePeriod | None
    """The first period. Null if there is none within ten years."""
    next: list[FreezePeriod]
    """The first five periods, including the first one."""
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
    """When it starts."""
    ends_at: Instant | None
    """When the freeze ends, including all recurrences. Null if it lasts until lifted."""
    rrule: str | None
    """The RFC 5545 recurrence rule. Null if the freeze does not recur."""
    duration: str | None
    """The ISO 8601 duration of each occurrence; its days and weeks are those of `timezone`. Null if
    the freeze does not recur."""
    duration_s: int | None
    """The same in seconds. Null if it has days or weeks, or the freeze does not recur."""
    timezone: str
    """The IANA time zone of the recurrence rule."""
    reason: str
    """The reason, which is shown to everybody whom it stops."""
    created_at: Instant
    """When it was imposed."""
    created_by: str
    """Who imposed it."""
    lifted_at: Instant | None
    """When it was lifted. Null if it was not."""
    lifted_by: str | None
    """Who lifted it. Null if it was not lifted."""
    lift_reason: str | None
    """Why it was lifted. Null if no reason was given."""
    series: str | None
    """The name of the imported calendar that it belongs to. Null if it was not imported."""
    series_uid: str | None
    """The UID of the event in that calendar. Null if it was not imported."""

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
                for period in evaluation.next_periods(freeze, at, limit=SHOWN_PERIODS)
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
