"""Request bodies for freezes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, Text
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes import freeze as domain
from gatepost_domain.freezes.freeze import Effect

Seconds = Annotated[int, msgspec.Meta(ge=1, le=366 * 24 * 60 * 60)]


class FreezeScopeBody(RequestModel):
    """The scope of a freeze. An omitted field matches everything."""

    example = {"tier": "production"}

    service: Name | None = None
    environment: Name | None = None
    tier: Tier | None = None


class FreezeCreate(RequestModel):
    """A period in which deployments in a scope cannot start, or a window in which they can.

    A one-time freeze takes `ends_at` or `ttl_s`; without either, it lasts until lifted. A recurring
    freeze takes `rrule` and `duration_s`, and recurs in `timezone` from `starts_at`, which must be
    an occurrence of the rule.
    """

    example = {
        "effect": "deny",
        "scope": {"tier": "production"},
        "rrule": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0",
        "duration_s": 223200,
        "timezone": "Europe/Berlin",
        "reason": "Nobody is there at the weekend.",
    }

    reason: Text
    """The reason, which is shown to everyone whose deployment is blocked."""
    effect: Effect = Effect.DENY
    scope: FreezeScopeBody = msgspec.field(default_factory=FreezeScopeBody)
    starts_at: Instant | None = None
    """When the freeze starts. Defaults to now or, with `rrule`, to its first occurrence."""
    ends_at: Instant | None = None
    """When the freeze ends. Null means that it lasts until lifted."""
    ttl_s: Seconds | None = None
    """The duration in seconds, instead of `ends_at`."""
    rrule: Line | None = None
    """An RFC 5545 recurrence rule, without the `RRULE:` prefix."""
    duration_s: Seconds | None = None
    """The duration of each occurrence of a recurring freeze, in seconds."""
    timezone: Line = "UTC"
    """An IANA time zone name."""

    def to_domain(self) -> domain.FreezeRequest:
        """Return the domain request.

        Raises:
            BadInput: a time is outside the years 1 to 9999 in UTC.
        """
        scope = self.scope
        return domain.FreezeRequest(
            effect=self.effect,
            scope=domain.FreezeScope(
                service=scope.service, environment=scope.environment, tier=scope.tier
            ),
            reason=self.reason,
            starts_at=None if self.starts_at is None else to_utc(self.starts_at, "#/starts_at"),
            ends_at=None if self.ends_at is None else to_utc(self.ends_at, "#/ends_at"),
            ttl=None if self.ttl_s is None else timedelta(seconds=self.ttl_s),
            rrule=self.rrule,
            duration=None if self.duration_s is None else timedelta(seconds=self.duration_s),
            timezone=self.timezone,
        )


class LiftBody(RequestModel):
    """The reason for lifting a freeze."""

    example = {"reason": "The sale is over."}

    reason: Text | None = None
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""
