"""Request bodies about freezes."""

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
    """What a freeze is about; what is left out takes in all."""

    example = {"tier": "production"}

    service: Name | None = None
    environment: Name | None = None
    tier: Tier | None = None


class FreezeCreate(RequestModel):
    """A time in which a scope takes no new starts, or a window in which alone it does.

    Once, with `ends_at`, `ttl_s` or neither (until it is lifted); or again and again, with `rrule`
    and `duration_s`, counted from `starts_at` on the clock of `timezone`.
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
    """Whoever has to wait is told it."""
    effect: Effect = Effect.DENY
    scope: FreezeScopeBody = msgspec.field(default_factory=FreezeScopeBody)
    starts_at: Instant | None = None
    """Now where it is absent."""
    ends_at: Instant | None = None
    ttl_s: Seconds | None = None
    """How long after its start it ends, instead of `ends_at`."""
    rrule: Line | None = None
    """RFC 5545, without `RRULE:`."""
    duration_s: Seconds | None = None
    """How long each time of a recurring one takes."""
    timezone: Line = "UTC"
    """An IANA name."""

    def to_domain(self) -> domain.FreezeRequest:
        """As the domain has it.

        Raises:
            BadInput: in UTC, a time is out of the calendar.
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
    """Why a freeze is lifted."""

    example = {"reason": "The sale is over."}

    reason: Text | None = None
    actor: Line | None = None
    """Who lifts it; the caller where it is absent."""
