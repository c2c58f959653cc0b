"""Random recurrence rules, compared with python-dateutil's enumeration of the whole rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from gatepost_domain.freezes.occurrences import parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule

ZONES: Final = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SPAN: Final = timedelta(days=800)
TICK: Final = timedelta.resolution


def a_rule(random: Random) -> str:
    """Return a rule whose parts are valid for its frequency."""
    freq = random.choice(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"])

    def some(*values: object) -> str:
        return ",".join(map(str, random.sample(values, random.randint(1, min(3, len(values))))))

    parts = {
        "INTERVAL": str(random.randint(1, 6)),
        "WKST": random.choice(WEEKDAYS),
        "BYMONTH": some(*range(1, 13)),
        "BYDAY": some(*WEEKDAYS),
        "BYHOUR": some(*range(24)),
        "BYMINUTE": some(0, 15, 30, 59),
        "BYSECOND": some(0, 30),
        "COUNT": str(random.randint(1, 400)),
        "BYSETPOS": some(1, 2, 3, -1, -2),
    }
    if freq in {"MONTHLY", "YEARLY"} and random.random() < 0.5:
        parts["BYDAY"] = some(*(f"{n}{day}" for n in (1, 2, -1, 5) for day in WEEKDAYS))
    if freq != "WEEKLY":
        parts["BYMONTHDAY"] = some(*range(1, 32), *range(-31, 0))
    if freq in {"HOURLY", "YEARLY"}:
        parts["BYYEARDAY"] = some(*range(1, 367), *range(-366, 0))
    if freq == "YEARLY":
        parts["BYWEEKNO"] = some(*range(1, 52), *range(-51, 0))
    chosen = random.sample(sorted(parts), random.randint(0, 4))
    return ";".join([f"FREQ={freq}", *(f"{name}={parts[name]}" for name in chosen)])


def test_random_rules_agree_with_the_enumeration(request: pytest.FixtureRequest) -> None:
    """From the whole rule, the same occurrence is the last before and the first after an instant.

    A weekly rule with BYSETPOS is enumerated from the beginning of its first week, of which
    python-dateutil otherwise counts only the days from the start.
    """
    random, compared = Random(5545), 0
    while compared < (10_000 if request.config.getoption("--long") else 300):
        rule, zone = a_rule(random), ZoneInfo(random.choice(ZONES))
        starts_at = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(
            minutes=random.randrange(3_000_000)
        )
        try:
            series = parse_series(rule, starts_at, zone.key)
        except InvalidRecurrenceRule:
            continue
        at = starts_at + random.random() * SPAN
        expected = enumerate_rule(rule, starts_at, zone)
        last = max((start for start in expected if start <= at), default=None)
        following = min(
            (start for start in expected if at < start <= starts_at + SPAN), default=None
        )

        assert series.last_between(starts_at - TICK, at) == last, (rule, starts_at, zone, at)
        assert series.first_between(at, starts_at + SPAN) == following, (rule, starts_at, zone, at)
        compared += 1


def enumerate_rule(rule: str, starts_at: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the occurrences up to the end of the span."""
    local_start = starts_at.astimezone(zone).replace(tzinfo=None)
    since, bound = local_start, local_start + SPAN + timedelta(days=3)
    if rule.startswith("FREQ=WEEKLY") and "BYSETPOS" in rule:
        week_start = rule.partition("WKST=")[2][:2] or "MO"
        since -= timedelta(days=(since.weekday() - WEEKDAYS.index(week_start)) % 7)
        if "BYDAY" not in rule:
            rule += f";BYDAY={WEEKDAYS[local_start.weekday()]}"
    count = int(rule.partition("COUNT=")[2].partition(";")[0] or 0)
    parts = [part for part in rule.split(";") if not part.startswith("COUNT=")]
    bounded = rrulestr(";".join([*parts, f"UNTIL={bound:%Y%m%dT%H%M%S}"]), dtstart=since)
    local_times = [local for local in bounded if local >= local_start][: count or None]
    instants = (local.replace(tzinfo=zone, fold=0).astimezone(UTC) for local in local_times)
    return [max(instant, starts_at) for instant in instants]
