"""Freezes: times in which a scope takes no new starts, and windows in which alone it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.freezes.recurrence import SEARCH_HORIZON, parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule

MAX_DURATION: Final = timedelta(days=366)
"""How long one span of a recurring freeze, or a time to live, may be."""


class Effect(StrEnum):
    """What a freeze does to the starts of its scope."""

    DENY = "deny"
    """None while it is active."""
    ALLOW = "allow"
    """None unless it, or another allow window of the scope, is active. A deny wins over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeScope:
    """What a freeze is about; what is left open takes in all."""

    service: str | None = None
    environment: str | None = None
    tier: Tier | None = None

    def covers(self, service: str, environment: str, tier: Tier) -> bool:
        """Whether a start of the service in the environment, which is of the tier, is meant."""
        return (
            self.service in {None, service}
            and self.environment in {None, environment}
            and self.tier in {None, tier}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeRequest:
    """A freeze as it is asked for."""

    effect: Effect
    scope: FreezeScope
    reason: str
    starts_at: datetime | None = None
    """None is now."""
    ends_at: datetime | None = None
    ttl: timedelta | None = None
    """How long after its start it ends, instead of `ends_at`."""
    rrule: str | None = None
    duration: timedelta | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A freeze as it stands, its instants in UTC. But for being lifted, it never changes."""

    id: UUID
    effect: Effect
    scope: FreezeScope
    starts_at: datetime
    ends_at: datetime | None = None
    """When it is over; one that recurs does so until then. None: until lifted."""
    rrule: str | None = None
    """RFC 5545, counted from `starts_at` on the clock of `timezone`; none: one span."""
    duration: timedelta | None = None
    """How much time each span of a recurring one takes."""
    timezone: str = "UTC"
    """An IANA name."""
    reason: str
    created_at: datetime
    created_by: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None


def create_freeze(request: FreezeRequest, *, freeze_id: UUID, actor: str, at: datetime) -> Freeze:
    """Make the freeze that is asked for.

    Raises:
        Invalid: as `validate_freeze`.
    """
    validate_freeze(request, at=at)
    starts_at = (request.starts_at or at).astimezone(UTC)
    ends_at = None if request.ends_at is None else request.ends_at.astimezone(UTC)
    return Freeze(
        id=freeze_id,
        effect=request.effect,
        scope=request.scope,
        starts_at=starts_at,
        ends_at=ends_at if request.ttl is None else starts_at + request.ttl,
        rrule=request.rrule,
        duration=request.duration,
        timezone=request.timezone,
        reason=request.reason,
        created_at=at,
        created_by=actor,
    )


def validate_freeze(request: FreezeRequest, *, at: datetime) -> None:
    """Refuse a freeze that contradicts itself, cannot be read, or is over already.

    Raises:
        Invalid: naming every rule that the request breaks.
    """
    faults = (*_time_errors(request, at), *_recurrence_errors(request, at))
    if not request.reason.strip():
        detail = "Whoever waits for a freeze is told why; give a reason."
        faults += (FieldError(field="reason", code="reason_required", detail=detail),)
    if faults:
        raise ValidationFailed(*faults)


def _time_errors(request: FreezeRequest, at: datetime) -> Iterator[FieldError]:
    starts_at = request.starts_at or at
    if abs(starts_at - at) > SEARCH_HORIZON:
        yield FieldError(
            field="starts_at",
            code="starts_at_too_far",
            detail="A freeze starts within ten years of now.",
        )
    if request.ttl is not None:
        yield from _duration_errors("ttl", request.ttl)
        if request.ends_at is not None:
            yield FieldError(
                field="ttl_s",
                code="ttl_and_ends_at",
                detail="A freeze ends by ends_at or by ttl_s, not by both.",
            )
    ends_at = request.ends_at
    if ends_at is None:
        return
    if ends_at <= starts_at:
        yield FieldError(
            field="ends_at",
            code="ends_at_not_after_starts_at",
            detail=f"A freeze from {starts_at.isoformat()} ends after that.",
        )
    elif ends_at <= at:
        yield FieldError(
            field="ends_at",
            code="ends_at_passed",
            detail=f"{ends_at.isoformat()} has passed; a freeze is for what is to come.",
        )


def _duration_errors(name: str, length: timedelta) -> Iterator[FieldError]:
    if length <= timedelta():
        yield FieldError(
            field=f"{name}_s",
            code=f"{name}_not_positive",
            detail=f"{name}_s is more than 0, or it would freeze nothing.",
        )
    elif length > MAX_DURATION:
        yield FieldError(
            field=f"{name}_s",
            code=f"{name}_too_long",
            detail=f"{name}_s is at most {MAX_DURATION.days} days, {MAX_DURATION.total_seconds():.0f}.",
        )


def _recurrence_errors(request: FreezeRequest, at: datetime) -> Iterator[FieldError]:
    if request.duration is not None:
        yield from _duration_errors("duration", request.duration)
        if request.rrule is None:
            yield FieldError(
                field="duration_s",
                code="duration_without_rrule",
                detail="duration_s is how long each span of an rrule lasts; else give ends_at.",
            )
    if not _is_time_zone(request.timezone):
        yield FieldError(
            field="timezone",
            code="unknown_timezone",
            detail=f"{request.timezone} is no IANA time zone such as Europe/Berlin.",
        )
    elif request.rrule is not None:
        yield from _rrule_errors(request.rrule, request, at)
    if request.rrule is not None and request.duration is None:
        yield FieldError(
            field="duration_s",
            code="rrule_without_duration",
            detail="An rrule says when spans begin; duration_s says how long each lasts.",
        )


def _rrule_errors(rrule: str, request: FreezeRequest, at: datetime) -> Iterator[FieldError]:
    starts_at = request.starts_at or at
    if abs(starts_at - at) > SEARCH_HORIZON:
        return  # told already, and too far to count on a calendar
    try:
        parse_series(rrule, starts_at, request.timezone)
    except InvalidRecurrenceRule as bad:
        yield FieldError(field="rrule", code="bad_rrule", detail=str(bad))


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # OSError: a folder of zones, such as Europe
        return False
    return True
