"""Freezes to test with, and when they are on by another account, minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import strategies as st

from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeRequest, FreezeScope
from tests.support.builders import NOON, an_id

MINUTE = timedelta(minutes=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def a_freeze_request(**changes: Any) -> FreezeRequest:
    """A freeze of everything from now until lifted, as it is asked for."""
    whole: dict[str, Any] = {"effect": Effect.DENY, "scope": FreezeScope(), "reason": "Year's end."}
    return FreezeRequest(**(whole | changes))


def a_freeze(**changes: Any) -> Freeze:
    """A freeze of everything from noon until lifted."""
    whole: dict[str, Any] = {
        "id": an_id(),
        "effect": Effect.DENY,
        "scope": FreezeScope(),
        "starts_at": NOON,
        "reason": "Year's end.",
        "created_at": NOON,
        "created_by": "otto",
    }
    return Freeze(**(whole | changes))


def _comma_separated(values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


@st.composite
def recurrence_rules(draw: st.DrawFn, *, count: bool = True) -> str:
    """Rules of every frequency, with parts that go with it."""
    freq = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY"]))
    weekdays = _comma_separated(st.sampled_from(WEEKDAYS))
    if freq in {"MONTHLY", "YEARLY"}:
        # Not both in one rule: python-dateutil takes MO,1MO for their intersection.
        nth = st.sampled_from(["1", "2", "+3", "5", "-1", "-2"])
        weekdays |= _comma_separated(st.tuples(nth, st.sampled_from(WEEKDAYS)).map("".join))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "INTERVAL": st.integers(1, 5),
        "WKST": st.sampled_from(WEEKDAYS),
        "BYMONTH": _comma_separated(st.integers(1, 12)),
        "BYDAY": weekdays,
        "BYHOUR": _comma_separated(st.integers(0, 23)),
        "BYMINUTE": st.integers(0, 59),
    }
    if count:
        parts["COUNT"] = st.integers(1, 9)
    if freq != "WEEKLY":
        parts["BYMONTHDAY"] = _comma_separated(st.integers(1, 31) | st.integers(-31, -1))
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=3, unique=True))
    return ";".join([f"FREQ={freq}", *(f"{name}={draw(parts[name])}" for name in chosen)])


def expected_occurrences(
    rrule: str, starts_at: datetime, zone: str, until: datetime
) -> list[datetime]:
    """Every occurrence up to an instant, walked through from the start by python-dateutil."""
    clock = ZoneInfo(zone)
    parts = [part for part in rrule.split(";") if not part.startswith("UNTIL=")]
    bound = (until + timedelta(days=3)).astimezone(clock).strftime("%Y%m%dT%H%M%S")
    if "COUNT=" not in rrule:
        parts.append(f"UNTIL={bound}")
    if "UNTIL=" in rrule:
        ends = datetime.strptime(rrule.split("UNTIL=")[1][:16], "%Y%m%dT%H%M%S%z")
        until = min(until, ends)
    local = rrulestr(";".join(parts), dtstart=starts_at.astimezone(clock).replace(tzinfo=None))
    walked = takewhile(lambda at: at < until.replace(tzinfo=None) + timedelta(days=3), local)
    found = {max(at.replace(tzinfo=clock, fold=0).astimezone(UTC), starts_at) for at in walked}
    return sorted(at for at in found if at <= until)


def _active_spans(freeze: Freeze, until: datetime) -> list[tuple[datetime, datetime]]:
    """Every span that begins up to an instant; what is endless ends long after it."""
    ends = [at for at in (freeze.ends_at, freeze.lifted_at) if at is not None]
    over = min(ends, default=until + timedelta(days=999))
    if freeze.rrule is None or freeze.duration is None:
        spans = [(freeze.starts_at, over)]
    else:
        began = expected_occurrences(freeze.rrule, freeze.starts_at, freeze.timezone, until)
        spans = [(at, min(at + freeze.duration, over)) for at in began]
    return [(begins, ends_at) for begins, ends_at in spans if begins < ends_at]


def _horizon(freeze: Freeze) -> timedelta:
    """How far to go for its end: the last of a COUNT may take ten years, all else is drawn near."""
    return timedelta(days=4_000 if "COUNT=" in (freeze.rrule or "") else 30)


class MinuteScan:
    """Which minutes are open between two instants, each looked at by itself."""

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
        """The first open minute from there on."""
        later = range(minute, self.minutes)
        return next((self.at(number) for number in later if self.open[number]), None)

    def _active_minutes(self, spans: list[tuple[datetime, datetime]]) -> bytearray:
        on = bytearray(self.minutes)
        for begins, ends in spans:
            low = max(0, (begins - self.first) // MINUTE)
            high = max(low, min(self.minutes, (ends - self.first) // MINUTE))
            on[low:high] = b"\1" * (high - low)
        return on

    def _is_open(self, minute: int) -> bool:
        on = {
            freeze.effect
            for (freeze, _), active in zip(self._spans, self.active, strict=True)
            if active[minute]
        }
        return Effect.DENY not in on and (
            Effect.ALLOW in on
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
