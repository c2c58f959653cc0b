"""Occurrences of a rule: their days, their local time and the search for them."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from gatepost_domain.freezes.occurrences import SEARCH_HORIZON, OccurrenceSeries, parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule
from tests.support.domain.freeze_scan import MINUTE, expected_occurrences
from tests.support.domain.freezes import recurrence_rules

BERLIN = ZoneInfo("Europe/Berlin")
TICK = timedelta.resolution
NEW_YEAR = datetime(2023, 1, 1, tzinfo=UTC)


def first(series: OccurrenceSeries, number: int) -> list[datetime]:
    """Return the first occurrences, up to a given number.

    The search for each occurrence ends ten years after the previous one.
    """
    occurrences = list[datetime]()
    after = series.starts_at - TICK
    while len(occurrences) < number and (at := series.first_between(after, after + SEARCH_HORIZON)):
        occurrences.append(after := at)
    return occurrences


@pytest.mark.parametrize(
    ("rrule", "message"),
    [
        ("FREQ=MINUTELY", "FREQ must be one of"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "has no occurrence"),
        ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "has no occurrence"),
        ("FREQ=DAILY;UNTIL=20260101T000000Z", "has no occurrence"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=1", "has no occurrence"),
        ("FREQ=YEARLY;COUNT=11", "fewer than 11 occurrences"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "fewer than 1 occurrences"),
    ],
)
def test_rule_without_occurrences_is_refused(rrule: str, message: str) -> None:
    """A rule that never occurs is refused; the search for an occurrence does not go on forever."""
    with pytest.raises(InvalidRecurrenceRule, match=message):
        parse_series(rrule, datetime(2026, 11, 21, 12, tzinfo=UTC), "UTC")


@pytest.mark.parametrize(
    ("rrule", "starts"),
    [
        ("FREQ=WEEKLY;BYDAY=FR;BYHOUR=16", ["11-27", "12-04", "12-11"]),
        ("FREQ=WEEKLY", ["11-21", "11-28", "12-05"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", ["11-22", "11-30", "12-06"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", ["11-29", "11-30", "12-13"]),
        ("FREQ=MONTHLY", ["11-21", "12-21", "01-21"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["11-27", "12-25", "01-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["11-30", "12-31", "01-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", ["08-13", "10-13", "04-13"]),
        ("FREQ=YEARLY", ["11-21", "11-21", "11-21"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["02-29", "02-29"]),
        ("FREQ=YEARLY;BYDAY=1MO", ["01-04", "01-03", "01-01"]),
        ("FREQ=DAILY;COUNT=2", ["11-21", "11-22"]),
        ("FREQ=DAILY;UNTIL=20261122T110000Z", ["11-21", "11-22"]),
        ("FREQ=HOURLY;INTERVAL=36", ["11-21", "11-23", "11-24"]),
    ],
)
def test_rule_occurs_on_its_days(rrule: str, starts: list[str]) -> None:
    """From Saturday, 21 November 2026, each rule yields exactly the expected days."""
    series = parse_series(rrule, datetime(2026, 11, 21, 12, tzinfo=BERLIN), "Europe/Berlin")

    occurrences = first(series, 3)[: len(starts)]

    assert [f"{at.astimezone(BERLIN):%m-%d}" for at in occurrences] == starts


def test_local_time_stays_across_a_clock_change() -> None:
    """A rule at 16:00 in Berlin occurs at 15:00 UTC in winter and at 14:00 UTC in summer."""
    series = parse_series(
        "FREQ=WEEKLY;BYDAY=FR", datetime(2026, 3, 20, 16, tzinfo=BERLIN), "Europe/Berlin"
    )

    assert [at.hour for at in first(series, 3)] == [15, 15, 14]


def test_missing_local_time_uses_the_offset_before_the_gap() -> None:
    """02:30 becomes 03:30 on the day of the change and is 02:30 again the next day."""
    series = parse_series(
        "FREQ=DAILY", datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), "Europe/Berlin"
    )

    local = [f"{at.astimezone(BERLIN):%d %H:%M}" for at in first(series, 3)]

    assert local == ["28 02:30", "29 03:30", "30 02:30"]


def test_repeated_local_time_is_the_first_one() -> None:
    """When clocks go back, 02:30 occurs twice; the rule uses the first, in summer time."""
    series = parse_series(
        "FREQ=DAILY", datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN), "Europe/Berlin"
    )

    assert [at.hour for at in first(series, 3)] == [0, 0, 1]


def test_start_in_a_repeated_hour_is_not_before_itself() -> None:
    """A freeze from the second 02:30 of a night does not start at the first, an hour earlier."""
    starts_at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    series = parse_series("FREQ=DAILY", starts_at, "Europe/Berlin")

    assert first(series, 2) == [starts_at, datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


def test_day_skipped_by_a_zone_uses_the_offset_before_it() -> None:
    """Samoa skipped 30 December 2011, so an occurrence on that day falls on the 31st."""
    apia = ZoneInfo("Pacific/Apia")
    series = parse_series("FREQ=DAILY", datetime(2011, 12, 29, 9, tzinfo=apia), "Pacific/Apia")

    local = [f"{at.astimezone(apia):%d %H}" for at in first(series, 3)]

    assert local == ["29 09", "31 09", "01 09"]
    assert series.last_between(
        series.starts_at, datetime(2011, 12, 31, 12, tzinfo=apia)
    ) == datetime(2011, 12, 31, 9, tzinfo=apia)


@settings(max_examples=100)
@given(
    rrule=recurrence_rules(every_part=True),
    starts_at=st.integers(0, 2_000_000).map(lambda n: NEW_YEAR + n * MINUTE),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_occurrences_agree_with_python_dateutil(rrule: str, starts_at: datetime, zone: str) -> None:
    """The occurrences equal those that the library finds by iterating from the start."""
    try:
        series = parse_series(rrule, starts_at, zone)
    except InvalidRecurrenceRule:
        reject()
    until = starts_at + timedelta(days=1_100)

    judged = list(islice(expected_occurrences(rrule, starts_at, zone, until), 60))

    assert first(series, len(judged)) == judged
    for before, at in zip([starts_at - TICK, *judged], judged, strict=False):
        assert series.last_between(before, at) == at
        assert series.last_between(before, at - TICK) is None


@pytest.mark.parametrize("week_start", ["MO", "TH", "SU"])
@pytest.mark.parametrize("number", [1, 52, 53, -1, -52, -53])
def test_first_and_last_weeks_have_all_their_days(week_start: str, number: int) -> None:
    """A week belongs to the year that has at least four of its days (RFC 5545 §3.3.10)."""
    first_day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(week_start)
    rule = f"FREQ=YEARLY;BYWEEKNO={number};BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST={week_start}"
    series = parse_series(rule, datetime(2023, 1, 1, tzinfo=UTC), "UTC")

    def is_selected(day: datetime) -> bool:
        middle = day + timedelta(days=3 - (day.weekday() - first_day) % 7)
        weeks = (middle.timetuple().tm_yday - 1) // 7 + 1
        last = datetime(middle.year, 12, 31, tzinfo=UTC)
        last_middle = last - timedelta(days=(last - middle).days % 7)
        total = (last_middle.timetuple().tm_yday - 1) // 7 + 1
        return number in {weeks, weeks - total - 1}

    days = [NEW_YEAR + timedelta(days=each) for each in range(3_600)]
    assert series.starts_between(NEW_YEAR - TICK, days[-1]) == tuple(filter(is_selected, days))


def test_positions_of_the_first_week_count_from_its_beginning() -> None:
    """The second of Monday and Wednesday is Wednesday, also if the rule starts on Wednesday."""
    wednesday = datetime(2026, 11, 25, 8, tzinfo=UTC)

    series = parse_series("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=2", wednesday, "UTC")

    assert first(series, 1) == [wednesday]


def test_plain_and_numbered_weekdays_are_alternatives() -> None:
    """Every Monday and the first Tuesday; a sixth Tuesday does not exist."""
    series = parse_series("FREQ=MONTHLY;BYDAY=MO,1TU,6TU", datetime(2026, 12, 1, tzinfo=UTC), "UTC")

    assert [at.day for at in first(series, 6)] == [1, 7, 14, 21, 28, 4]
