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
        ("FREQ=DAILY;BYSETPOS=1", "Unknown rule part BYSETPOS"),
        ("FREQ=DAILY;BYSECOND=1", "Unknown rule part BYSECOND"),
        ("FREQ=YEARLY;BYWEEKNO=20", "Unknown rule part BYWEEKNO"),
        ("FREQ=YEARLY;BYYEARDAY=100", "Unknown rule part BYYEARDAY"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is given twice"),
        ("INTERVAL=2", "FREQ must be one of"),
        ("FREQ=FORTNIGHTLY", "FREQ must be one of"),
        ("FREQ=MINUTELY", "more frequent rules are not supported"),
        ("FREQ=SECONDLY", "more frequent rules are not supported"),
        ("FREQ=HOURLY;BYMINUTE=0,30", "BYMINUTE must be a single number"),
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
        ("FREQ=WEEKLY;WKST=1", "WKST"),
        ("FREQ=DAILY;BYHOUR=" + ",".join(["1"] * MAX_RULE_LENGTH), "at most"),
    ],
)
def test_unsupported_rule_is_refused(text: str, message: str) -> None:
    """A rule with an unsupported part is refused, as ignoring the part would change its meaning."""
    with pytest.raises(InvalidRecurrenceRule, match=message):
        parse_rule(text)


def test_every_supported_part_is_parsed() -> None:
    """The parts may be in any order and in upper or lower case."""
    assert parse_rule(
        "interval=2;FREQ=YEARLY;COUNT=7;WKST=SU;BYMONTH=3,10;BYMONTHDAY=1,-1;"
        "BYDAY=FR,2TU,-1MO;BYHOUR=0,16;BYMINUTE=30"
    ) == RecurrenceRule(
        freq=Frequency.YEARLY,
        interval=2,
        count=7,
        week_start=6,
        months=frozenset({3, 10}),
        month_days=frozenset({1, -1}),
        weekdays=frozenset({(0, 4), (2, 1), (-1, 0)}),
        hours=frozenset({0, 16}),
        minute=30,
    )


def test_until_is_an_instant_in_utc() -> None:
    """UNTIL is parsed as UTC, as RFC 5545 §3.3.10 requires for a start with a time zone."""
    rule = parse_rule("FREQ=DAILY;UNTIL=20261231T235959Z")

    assert rule.until == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
