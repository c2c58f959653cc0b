"""Request bodies for freezes."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.http.problems import BadInput
from gatepost_api.schemas.base import Line, Name, RequestModel, Text
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes import freeze as domain
from gatepost_domain.freezes.duration import FreezeDuration, InvalidDuration, parse_duration
from gatepost_domain.freezes.freeze import Effect, is_time_zone

InstantOrLocal = Annotated[datetime, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""An RFC 3339 timestamp, or a local time, which has no offset."""
Seconds = Annotated[int, msgspec.Meta(ge=1, le=366 * 24 * 60 * 60)]


class FreezeScopeBody(RequestModel):
    """The scope of a freeze. An omitted field matches everything."""

    example = {"tier": "production"}

    service: Name | None = None
    """The service, or null for all services."""
    environment: Name | None = None
    """The environment, or null for all environments."""
    tier: Tier | None = None
    """The tier, or null for all tiers."""


class FreezeCreate(RequestModel):
    """A period in which deployments in a scope cannot start, or a window in which they can.

    A one-time freeze takes `ends_at`, `ttl` or `ttl_s`; without these, it lasts until lifted. A
    recurring freeze takes `rrule` with `duration` or `duration_s`, and recurs in `timezone` from
    `starts_at`, which must be an occurrence of the rule.
    """

    example = {
        "effect": "deny",
        "scope": {"tier": "production"},
        "rrule": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0",
        "duration_s": 223200,
        "timezone": "Europe/Berlin",
        "reason": "No one is on call at the weekend.",
    }

    reason: Text
    """The reason, which is shown to everyone whose deployment is blocked."""
    effect: Effect = Effect.DENY
    scope: FreezeScopeBody = msgspec.field(default_factory=FreezeScopeBody)
    starts_at: InstantOrLocal | None = None
    """When the freeze starts. Defaults to now or, with `rrule`, to the first occurrence of the
    rule. Without an offset, it is a local time in `timezone`."""
    ends_at: InstantOrLocal | None = None
    """When the freeze ends. Null means that it lasts until lifted. Without an offset, it is a local
    time in `timezone`."""
    ttl_s: Seconds | None = None
    """The duration in seconds, instead of `ends_at`."""
    ttl: Line | None = None
    """The ISO 8601 duration, instead of `ttl_s`. Days and weeks are calendar days and weeks in
    `timezone`."""
    rrule: Line | None = None
    """An RFC 5545 recurrence rule, without the `RRULE:` prefix."""
    duration_s: Seconds | None = None
    """The duration of each occurrence of a recurring freeze, in seconds."""
    duration: Line | None = None
    """The ISO 8601 duration of each occurrence, instead of `duration_s`. Days and weeks are
    calendar days and weeks in `timezone`: `P2D` from Saturday 00:00 ends on Monday 00:00, even if
    the clocks change. Hours, minutes and seconds are exact."""
    timezone: Line = "UTC"
    """The IANA name of the time zone for recurrences, calendar days and local times."""

    def to_domain(self) -> domain.FreezeRequest:
        """Return the domain request.

        Raises:
            BadInput: a time is outside the years 1 to 9999 in UTC, or a duration is invalid.
        """
        scope = self.scope
        return domain.FreezeRequest(
            effect=self.effect,
            scope=domain.FreezeScope(
                service=scope.service, environment=scope.environment, tier=scope.tier
            ),
            reason=self.reason,
            starts_at=self._instant(self.starts_at, "#/starts_at"),
            ends_at=self._instant(self.ends_at, "#/ends_at"),
            ttl=_duration("ttl", self.ttl, self.ttl_s),
            rrule=self.rrule,
            duration=_duration("duration", self.duration, self.duration_s),
            timezone=self.timezone,
        )

    def _instant(self, at: datetime | None, pointer: str) -> datetime | None:
        """Return the instant of a time; a time without an offset is a local time in `timezone`."""
        if at is not None and at.tzinfo is None:
            zone = self.timezone if is_time_zone(self.timezone) else "UTC"
            at = at.replace(tzinfo=ZoneInfo(zone))
        return None if at is None else to_utc(at, pointer)


def _duration(name: str, text: str | None, seconds: int | None) -> FreezeDuration | None:
    if text is None:
        return None if seconds is None else timedelta(seconds=seconds)
    if seconds is not None:
        detail = f"Give {name} or {name}_s, not both."
        raise BadInput(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}_and_{name}_s", f"#/{name}", detail)
    try:
        return parse_duration(text)
    except InvalidDuration as error:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY, "bad_duration", f"#/{name}", str(error)
        ) from error


class LiftBody(RequestModel):
    """The reason for lifting a freeze."""

    example = {"reason": "The sale is over."}

    reason: Text | None = None
    """The reason for lifting the freeze. It is recorded."""
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""
