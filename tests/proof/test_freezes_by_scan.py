"""Freezes near clock changes, compared with a check of every minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import find_freeze_block, is_active
from gatepost_domain.freezes.freeze import Effect, Freeze
from gatepost_domain.freezes.occurrences import parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule
from tests.support.domain.freeze_scan import MINUTE, MinuteScan
from tests.support.domain.freezes import a_freeze, recurrence_rules

BEFORE = timedelta(days=1)
AFTER = timedelta(days=4)
CHECKED_SPAN = 2 * timedelta(days=1)
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # India has no clock changes
]


@st.composite
def freezes(draw: st.DrawFn, zone: str, change: datetime) -> Freeze:
    """Return a strategy for freezes of any kind near a clock change."""

    def near_change(days: int) -> datetime:
        return change + draw(st.integers(-days * 1_440, days * 1_440)) * MINUTE

    starts_at = near_change(3) if draw(st.booleans()) else near_change(40)
    fields: dict[str, Any] = {
        "effect": draw(st.sampled_from(Effect)),
        "starts_at": starts_at,
        "created_at": change - timedelta(days=50),
        "timezone": zone,
    }
    if draw(st.integers(0, 3)):
        fields["rrule"] = draw(recurrence_rules())
        fields["duration"] = draw(st.integers(1, 90) | st.integers(1, 4_000)) * MINUTE
        if "COUNT" not in fields["rrule"] and draw(st.booleans()):
            fields["rrule"] += f";UNTIL={near_change(5):%Y%m%dT%H%M%SZ}"
        try:
            parse_series(fields["rrule"], starts_at, zone)
        except InvalidRecurrenceRule:
            reject()
    end_field = draw(st.sampled_from(["", "", "ends_at", "lifted_at"]))
    return a_freeze(**fields, **({end_field: near_change(5)} if end_field else {}))


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_freeze_is_active_in_the_minutes_of_the_scan(zone: str, change: datetime) -> None:
    """Any rule agrees with the scan, even in skipped and repeated hours."""

    @settings(max_examples=15)
    @given(freeze=freezes(zone, change))
    def check(freeze: Freeze) -> None:
        scan = MinuteScan([freeze], change - BEFORE, change + BEFORE)
        (active,) = scan.active

        minutes = bytes(is_active(freeze, scan.at(minute)) for minute in range(scan.minutes))

        assert minutes == bytes(active)

    check()


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_gate_opens_in_the_minute_of_the_scan(zone: str, change: datetime) -> None:
    """With several freezes, the gate is closed and opens in the same minutes as in the scan."""

    @settings(max_examples=40)
    @given(
        freezes=st.lists(freezes(zone, change), min_size=1, max_size=4),
        minutes=st.lists(st.integers(0, CHECKED_SPAN // MINUTE), min_size=8, max_size=8),
    )
    def check(freezes: list[Freeze], minutes: list[int]) -> None:
        scan = MinuteScan(freezes, change - BEFORE, change + AFTER)
        for minute in minutes:
            block = find_freeze_block(
                freezes, "shop", "production", Tier.PRODUCTION, scan.at(minute)
            )
            opening = scan.next_open(minute)

            assert (block is None) is scan.open[minute]
            if block is not None and opening is not None:
                assert block.opens_at == opening
            elif block is not None:
                assert block.opens_at is None or block.opens_at >= change + AFTER
            assert block is None or block.since <= scan.at(minute)

    check()
