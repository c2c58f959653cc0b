"""The times at which freezes are active, computed independently, minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from gatepost_domain.freezes.duration import end_after
from gatepost_domain.freezes.freeze import Effect, Freeze

MINUTE = timedelta(minutes=1)


def expected_occurrences(
    rrule: str, starts_at: datetime, zone: str, until: datetime
) -> list[datetime]:
    """Return every occurrence up to an instant, enumerated from the start by python-dateutil."""
    timezone = ZoneInfo(zone)
    parts = [part for part in rrule.split(";") if not part.startswith("UNTIL=")]
    bound = (until + timedelta(days=3)).astimezone(timezone).strftime("%Y%m%dT%H%M%S")
    if "COUNT=" not in rrule:
        parts.append(f"UNTIL={bound}")
    if "UNTIL=" in rrule:
        ends = datetime.strptime(rrule.split("UNTIL=")[1][:16], "%Y%m%dT%H%M%S%z")
        until = min(until, ends)
    local_start = starts_at.astimezone(timezone).replace(tzinfo=None)
    all_times = rrulestr(";".join(parts), dtstart=local_start)
    local_times = takewhile(
        lambda at: at < until.replace(tzinfo=None) + timedelta(days=3), all_times
    )
    occurrences = {
        max(at.replace(tzinfo=timezone, fold=0).astimezone(UTC), starts_at) for at in local_times
    }
    return sorted(at for at in occurrences if at <= until)


def _active_spans(freeze: Freeze, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return every span that begins before an instant. Open-ended spans last 999 more days."""
    ends = [at for at in (freeze.ends_at, freeze.lifted_at) if at is not None]
    end = min(ends, default=until + timedelta(days=999))
    if freeze.rrule is None or freeze.duration is None:
        spans = [(freeze.starts_at, end)]
    else:
        starts = expected_occurrences(freeze.rrule, freeze.starts_at, freeze.timezone, until)
        spans = [(at, min(end_after(at, freeze.duration, freeze.timezone), end)) for at in starts]
    return [(begins, ends_at) for begins, ends_at in spans if begins < ends_at]


def _horizon(freeze: Freeze) -> timedelta:
    """Return how far to search. The last occurrence of a rule with COUNT may be ten years later."""
    return timedelta(days=4_000 if "COUNT=" in (freeze.rrule or "") else 30)


class MinuteScan:
    """The open minutes between two instants, each evaluated separately."""

    def __init__(self, freezes: Sequence[Freeze], first: datetime, last: datetime) -> None:
        self.first = first
        self.minutes = (last - first) // MINUTE
        self._spans = [
            (freeze, _active_spans(freeze, last + _horizon(freeze))) for freeze in freezes
        ]
        self.active = [self._active_minutes(spans) for _, spans in self._spans]
        self.open = [self._is_open(minute) for minute in range(self.minutes)]

    def at(self, minute: int) -> datetime:
        return self.first + minute * MINUTE

    def next_open(self, minute: int) -> datetime | None:
        """Return the first open minute at or after an instant, or None."""
        later = range(minute, self.minutes)
        return next((self.at(number) for number in later if self.open[number]), None)

    def _active_minutes(self, spans: list[tuple[datetime, datetime]]) -> bytearray:
        active = bytearray(self.minutes)
        for begins, ends in spans:
            low = max(0, (begins - self.first) // MINUTE)
            high = max(low, min(self.minutes, (ends - self.first) // MINUTE))
            active[low:high] = b"\1" * (high - low)
        return active

    def _is_open(self, minute: int) -> bool:
        effects = {
            freeze.effect
            for (freeze, _), active in zip(self._spans, self.active, strict=True)
            if active[minute]
        }
        return Effect.DENY not in effects and (
            Effect.ALLOW in effects
            or not any(
                freeze.effect is Effect.ALLOW and self._is_upcoming(freeze, spans, self.at(minute))
                for freeze, spans in self._spans
            )
        )

    @staticmethod
    def _is_upcoming(freeze: Freeze, spans: list[tuple[datetime, datetime]], at: datetime) -> bool:
        endless = freeze.rrule is not None and not {"COUNT", "UNTIL"} & {
            part.partition("=")[0] for part in freeze.rrule.split(";")
        }
        if endless and freeze.ends_at is None and freeze.lifted_at is None:
            return True
        return any(begins > at for begins, _ in spans)
