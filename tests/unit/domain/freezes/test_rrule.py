"""Parsing recurrence rules."""

from datetime import UTC, datetime

import pytest

from gatepost_domain.freezes.rrule import (
    MAX_RULE_LENGTH,
    Frequency,
    InvalidRecurrenceRule,
    RecurrenceRule,
    parse_rule,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Unknown rule part .empty."),
        ("every Friday", "Unknown rule part EVERY FRIDAY"),
        ("RRULE:FREQ=DAILY", "Unknown rule part RRULE:FREQ"),
        ("FREQ=DAILY;", "Unknown rule part .empty."),
        ("FREQ=DAILY;BYEASTER=1", "Unknown rule part BYEASTER"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is given twice"),
        ("INTERVAL=2", "FREQ must be one of"),
        ("FREQ=FORTNIGHTLY", "FREQ must be one of"),
        ("FREQ=MINUTELY", "for more than one occurrence an hour, give FREQ=HOURLY with BYMINUTE"),
        ("FREQ=SECONDLY", "for more than one occurrence an hour, give FREQ=HOURLY with BYMINUTE"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1,2", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=", "not empty"),
        ("FREQ=DAILY;INTERVAL=1_0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=٣", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=999999", "INTERVAL"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231T000000Z", "not both"),
        ("FREQ=DAILY;UNTIL=20261231", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20261231T000000", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20261331T000000Z", "UNTIL"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH"),
        ("FREQ=DAILY;BYMONTH=-1", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=1FR", "MONTHLY and YEARLY"),
        ("FREQ=DAILY;BYDAY=-1FR", "MONTHLY and YEARLY"),
        ("FREQ=MONTHLY;BYDAY=0FR", "BYDAY"),
        ("FREQ=YEARLY;BYDAY=54FR", "BYDAY"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR"),
        ("FREQ=DAILY;BYHOUR=-1", "BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=60", "BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=60", "BYSECOND"),
        ("FREQ=YEARLY;BYWEEKNO=54;BYDAY=MO", "BYWEEKNO"),
        ("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS requires another part"),
        ("FREQ=MONTHLY;BYWEEKNO=20;BYDAY=MO", "YEARLY rules only"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=2MO", "not allowed with BYWEEKNO"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO requires BYDAY"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYSETPOS=1", "not supported with BYWEEKNO 52, 53"),
        ("FREQ=DAILY;BYYEARDAY=100", "not allowed in a DAILY rule"),
        ("FREQ=WEEKLY;BYYEARDAY=100", "not allowed in a WEEKLY rule"),
        ("FREQ=MONTHLY;BYYEARDAY=100", "not allowed in a MONTHLY rule"),
        ("FREQ=MONTHLY;BYDAY=MO,1TU;BYSETPOS=1", "not both"),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3,-4", "at most 2"),
        ("FREQ=DAILY;BYHOUR=8;BYSETPOS=2", "at most 1"),
        ("FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=3", "at most 2"),
        (
            f"FREQ=HOURLY;BYMINUTE=0,1,2,3,4,5,6,7;BYSECOND={','.join(map(str, range(8)))}",
            "at most 1440 times a day",
        ),
        ("FREQ=WEEKLY;WKST=1", "WKST"),
        ("FREQ=DAILY;BYHOUR=" + ",".join(["1"] * MAX_RULE_LENGTH), "at most"),
    ],
)
def test_unsupported_rule_is_refused(text: str, message: str) -> None:
    """A rule that is malformed, not allowed or not supported is refused with the reason."""
    with pytest.raises(InvalidRecurrenceRule, match=message):
        parse_rule(text)


def test_every_part_is_parsed() -> None:
    """The parts may be in any order and in upper or lower case."""
    assert parse_rule(
        "interval=2;FREQ=YEARLY;COUNT=7;WKST=SU;BYMONTH=3,10;BYMONTHDAY=1,-1;BYYEARDAY=60,-60;"
        "BYDAY=FR,2TU,-1MO;BYHOUR=0,16;BYMINUTE=30,45;BYSECOND=15"
    ) == RecurrenceRule(
        freq=Frequency.YEARLY,
        interval=2,
        count=7,
        week_start=6,
        months=frozenset({3, 10}),
        month_days=frozenset({1, -1}),
        year_days=frozenset({60, -60}),
        weekdays=frozenset({(0, 4), (2, 1), (-1, 0)}),
        hours=frozenset({0, 16}),
        minutes=frozenset({30, 45}),
        seconds=frozenset({15}),
    )


def test_weeks_and_positions_are_parsed() -> None:
    """Negative numbers count from the end of the year or of the period."""
    assert parse_rule("FREQ=YEARLY;BYWEEKNO=20,-20;BYDAY=MO,FR;BYSETPOS=1,-1") == RecurrenceRule(
        freq=Frequency.YEARLY,
        week_numbers=frozenset({20, -20}),
        weekdays=frozenset({(0, 0), (0, 4)}),
        positions=frozenset({1, -1}),
    )


def test_until_is_an_instant_in_utc() -> None:
    """UNTIL is parsed as UTC, as RFC 5545 §3.3.10 requires for a start with a time zone."""
    rule = parse_rule("FREQ=DAILY;UNTIL=20261231T235959Z")

    assert rule.until == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
