"""Freezes around every kind of change of the clocks, held against a look at each minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import find_freeze_block, is_active
from gatepost_domain.freezes.freeze import Effect, Freeze
from gatepost_domain.freezes.recurrence import parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule
from tests.support.domain.freezes import MINUTE, MinuteScan, a_freeze, recurrence_rules

BEFORE = timedelta(days=1)
AFTER = timedelta(days=4)
LOOKED_AT = 2 * timedelta(days=1)
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # which changes nothing
]


@st.composite
def freezes(draw: st.DrawFn, zone: str, change: datetime) -> Freeze:
    """A freeze of any shape that has to do with the days around a change of the clocks."""

    def around(days: int) -> datetime:
        return change + draw(st.integers(-days * 1_440, days * 1_440)) * MINUTE

    starts_at = around(3) if draw(st.booleans()) else around(40)
    shape: dict[str, Any] = {
        "effect": draw(st.sampled_from(Effect)),
        "starts_at": starts_at,
        "created_at": change - timedelta(days=50),
        "timezone": zone,
    }
    if draw(st.integers(0, 3)):
        shape["rrule"] = draw(recurrence_rules())
        shape["duration"] = draw(st.integers(1, 90) | st.integers(1, 4_000)) * MINUTE
        if "COUNT" not in shape["rrule"] and draw(st.booleans()):
            shape["rrule"] += f";UNTIL={around(5):%Y%m%dT%H%M%SZ}"
        try:
            parse_series(shape["rrule"], starts_at, zone)
        except InvalidRecurrenceRule:
            reject()
    ends = draw(st.sampled_from(["", "", "ends_at", "lifted_at"]))
    return a_freeze(**shape, **({ends: around(5)} if ends else {}))


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_it_is_on_in_the_minutes_that_a_scan_finds(zone: str, change: datetime) -> None:
    """Whatever the rule, and in the hours that are left out or repeated too."""

    @settings(max_examples=15)
    @given(freeze=freezes(zone, change))
    def holds(freeze: Freeze) -> None:
        scan = MinuteScan([freeze], change - BEFORE, change + BEFORE)
        (active,) = scan.active

        found = bytes(is_active(freeze, scan.at(minute)) for minute in range(scan.minutes))

        assert found == bytes(active)

    holds()


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_it_opens_in_the_minute_that_a_scan_finds(zone: str, change: datetime) -> None:
    """Several freezes and windows together; an opening beyond the scan is told as later, or not."""

    @settings(max_examples=40)
    @given(
        freezes=st.lists(freezes(zone, change), min_size=1, max_size=4),
        minutes=st.lists(st.integers(0, LOOKED_AT // MINUTE), min_size=8, max_size=8),
    )
    def holds(freezes: list[Freeze], minutes: list[int]) -> None:
        scan = MinuteScan(freezes, change - BEFORE, change + AFTER)
        for minute in minutes:
            found = find_freeze_block(
                freezes, "shop", "production", Tier.PRODUCTION, scan.at(minute)
            )
            opening = scan.next_open(minute)

            assert (found is None) is scan.open[minute]
            if found is not None and opening is not None:
                assert found.opens_at == opening
            elif found is not None:
                assert found.opens_at is None or found.opens_at >= change + AFTER
            assert found is None or found.since <= scan.at(minute)

    holds()
