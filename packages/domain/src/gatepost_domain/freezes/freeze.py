"""Freezes, which block starts in a scope, and allow windows, outside which starts are blocked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from gatepost_domain.allowed_characters import is_blank
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import format_instant
from gatepost_domain.freezes.duration import MAX_DURATION, FreezeDuration, end_after, nominal_length
from gatepost_domain.freezes.occurrences import SEARCH_HORIZON, parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule


class Effect(StrEnum):
    """How a freeze affects starts in its scope."""

    DENY = "deny"
    """No deployment in the scope starts while the freeze is active."""
    ALLOW = "allow"
    """Deployments start only while an allow window is active. Deny freezes take precedence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeScope:
    """The services and environments a freeze applies to. A field that is None matches all."""

    service: str | None = None
    environment: str | None = None
    tier: Tier | None = None

    def covers(self, service: str, environment: str, tier: Tier) -> bool:
        """Return whether the scope includes the service in the environment of this tier."""
        return (
            self.service in {None, service}
            and self.environment in {None, environment}
            and self.tier in {None, tier}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeRequest:
    """A freeze as requested: its start can be left out, and its times can have any UTC offset."""

    effect: Effect
    scope: FreezeScope
    reason: str
    starts_at: datetime | None = None
    """When the freeze starts; None means now or, with a rule, its first occurrence from now on."""
    ends_at: datetime | None = None
    ttl: FreezeDuration | None = None
    """The time from its start to its end, as an alternative to `ends_at`."""
    rrule: str | None = None
    duration: FreezeDuration | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A freeze, with its instants in UTC. Once created, it can only be lifted."""

    id: UUID
    effect: Effect
    scope: FreezeScope
    starts_at: datetime
    ends_at: datetime | None = None
    """When it ends, including its recurrences; None if it lasts until it is lifted."""
    rrule: str | None = None
    """An RFC 5545 rule that starts at `starts_at` in `timezone`; None if it occurs only once."""
    duration: FreezeDuration | None = None
    """The length of each period of a recurring freeze."""
    timezone: str = "UTC"
    """The IANA name of the time zone of the rule and of durations in days or weeks."""
    reason: str
    created_at: datetime
    created_by: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None
    series: str | None = None
    """The name of the series to which an imported freeze belongs; None if it was not imported."""
    series_uid: str | None = None
    """The UID of the calendar event imported as this freeze; None if it was not imported."""


def create_freeze(request: FreezeRequest, *, freeze_id: UUID, actor: str, at: datetime) -> Freeze:
    """Create the requested freeze, with a definite start and its instants in UTC.

    Raises:
        ValidationFailed: the request breaks rules; the error lists all of them.
    """
    validate_freeze(request, at=at)
    starts_at = _start_of(request, at)
    ends_at = None if request.ends_at is None else request.ends_at.astimezone(UTC)
    return Freeze(
        id=freeze_id,
        effect=request.effect,
        scope=request.scope,
        starts_at=starts_at,
        ends_at=ends_at
        if request.ttl is None
        else end_after(starts_at, request.ttl, request.timezone),
        rrule=request.rrule,
        duration=request.duration,
        timezone=request.timezone,
        reason=request.reason,
        created_at=at,
        created_by=actor,
    )


def validate_freeze(request: FreezeRequest, *, at: datetime) -> None:
    """Refuse a freeze that contradicts itself, has an invalid rule, or has already ended.

    Raises:
        ValidationFailed: the request breaks rules; the error lists all of them.
    """
    errors = (*_time_errors(request, at), *_recurrence_errors(request, at))
    if is_blank(request.reason):
        detail = "A reason is required; it is shown to everyone who is blocked."
        errors += (FieldError(field="reason", code="reason_required", detail=detail),)
    if errors:
        raise ValidationFailed(*errors)


def _start_of(request: FreezeRequest, at: datetime) -> datetime:
    """Return the start of the freeze; for a recurring freeze, this is an occurrence of its rule."""
    if request.starts_at is None and request.rrule is not None:
        return _first_occurrence(request.rrule, _series_start(request, at), request.timezone)
    return (request.starts_at or at).astimezone(UTC)


def _series_start(request: FreezeRequest, at: datetime) -> datetime:
    """Return the instant from which the occurrences are counted: by default, the current minute."""
    return request.starts_at or at.replace(second=0, microsecond=0)


def _first_occurrence(rrule: str, since: datetime, timezone: str) -> datetime:
    """Return the first occurrence of a rule at or after an instant.

    Raises:
        InvalidRecurrenceRule: the rule is invalid, or has no occurrence within ten years.
    """
    first = parse_series(rrule, since, timezone).first_between(
        since - timedelta.resolution, since + SEARCH_HORIZON
    )
    if first is None:
        raise InvalidRecurrenceRule("The rule has no occurrence within ten years of its start.")
    return first


def _time_errors(request: FreezeRequest, at: datetime) -> Iterator[FieldError]:
    starts_at = request.starts_at or at
    if abs(starts_at - at) > SEARCH_HORIZON:
        yield FieldError(
            field="starts_at",
            code="starts_at_too_far",
            detail="A freeze must start within ten years of now.",
        )
    if request.ttl is not None:
        yield from _duration_errors("ttl", request.ttl)
        if request.ends_at is not None:
            yield FieldError(
                field="ttl_s",
                code="ttl_and_ends_at",
                detail="Give ends_at or ttl_s, not both.",
            )
    ends_at = request.ends_at
    if ends_at is None:
        return
    if ends_at <= starts_at:
        yield FieldError(
            field="ends_at",
            code="ends_at_not_after_starts_at",
            detail=f"ends_at must be after starts_at ({format_instant(starts_at)}).",
        )
    elif ends_at <= at:
        yield FieldError(
            field="ends_at",
            code="ends_at_passed",
            detail=f"ends_at must be in the future; {format_instant(ends_at)} has passed.",
        )


def _duration_errors(name: str, duration: FreezeDuration) -> Iterator[FieldError]:
    length = nominal_length(duration)
    if length <= timedelta():
        yield FieldError(
            field=f"{name}_s",
            code=f"{name}_not_positive",
            detail=f"{name}_s must be greater than 0.",
        )
    elif length > MAX_DURATION:
        yield FieldError(
            field=f"{name}_s",
            code=f"{name}_too_long",
            detail=f"{name}_s must be at most {MAX_DURATION.total_seconds():.0f} "
            f"({MAX_DURATION.days} days).",
        )


def _recurrence_errors(request: FreezeRequest, at: datetime) -> Iterator[FieldError]:
    if request.duration is not None:
        yield from _duration_errors("duration", request.duration)
        if request.rrule is None:
            yield FieldError(
                field="duration_s",
                code="duration_without_rrule",
                detail="A duration requires rrule; for a freeze that does not recur, give ends_at.",
            )
    if not is_time_zone(request.timezone):
        yield FieldError(
            field="timezone",
            code="unknown_timezone",
            detail=f"{request.timezone} is not an IANA time zone such as Europe/Berlin.",
        )
    elif request.rrule is not None:
        yield from _rrule_errors(request.rrule, request, at)
    if request.rrule is not None and request.duration is None:
        yield FieldError(
            field="duration_s",
            code="rrule_without_duration",
            detail="rrule requires duration or duration_s, the length of each period.",
        )


def _rrule_errors(rrule: str, request: FreezeRequest, at: datetime) -> Iterator[FieldError]:
    since = _series_start(request, at)
    if abs(since - at) > SEARCH_HORIZON:
        # The start is already reported as invalid, and expanding the rule would take too long.
        return
    try:
        first = _first_occurrence(rrule, since, request.timezone)
    except InvalidRecurrenceRule as error:
        yield FieldError(field="rrule", code="bad_rrule", detail=str(error))
        return
    local = first.astimezone(ZoneInfo(request.timezone))
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    described = f"{local:%a} {local.day} {local:%b %Y} {time} {request.timezone}"
    if request.starts_at is not None and first != request.starts_at:
        yield FieldError(
            field="starts_at",
            code="not_an_occurrence",
            detail="starts_at is not an occurrence of the rule. The first occurrence after it is "
            f"{described}; start then.",
        )
    elif request.ends_at is not None and at < request.ends_at <= first:
        yield FieldError(
            field="ends_at",
            code="ends_at_not_after_first_occurrence",
            detail=f"ends_at must be after the first occurrence, {described}.",
        )


def is_time_zone(name: str) -> bool:
    """Return whether this is the name of an IANA time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # OSError: the name is a directory, such as Europe
        return False
    return True
