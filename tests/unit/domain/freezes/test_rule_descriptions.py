"""Recurrence rules in words."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from gatepost_domain.freezes.occurrences import parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule
from gatepost_domain.freezes.rule_descriptions import describe_rule

START = datetime(2026, 12, 4, 16, 0, tzinfo=UTC)
"""A Friday."""


def words_of(rule: str) -> str | None:
    return describe_rule(parse_series(rule, START, "UTC").rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=HOURLY", "Every hour"),
        ("FREQ=HOURLY;INTERVAL=6", "Every 6 hours"),
        ("FREQ=HOURLY;BYMINUTE=15,45", "Every hour at :15 and :45"),
        ("FREQ=HOURLY;BYDAY=MO,TU", "Every Monday and Tuesday, every hour"),
        ("FREQ=HOURLY;BYMONTH=12", "Every day in December, every hour"),
        ("FREQ=HOURLY;BYHOUR=9,12", "Every day at 09:00 and 12:00"),
        ("FREQ=DAILY", "Every day at 16:00"),
        ("FREQ=DAILY;BYHOUR=8,12,18", "Every day at 08:00, 12:00 and 18:00"),
        ("FREQ=DAILY;BYSECOND=30", "Every day at 16:00:30"),
        ("FREQ=DAILY;INTERVAL=2", "Every 2 days at 16:00"),
        ("FREQ=DAILY;BYDAY=MO,FR", "Every Monday and Friday at 16:00"),
        ("FREQ=DAILY;BYMONTH=12", "Every day in December at 16:00"),
        ("FREQ=DAILY;BYMONTHDAY=1", "On the 1st of every month at 16:00"),
        ("FREQ=WEEKLY", "Every Friday at 16:00"),
        ("FREQ=WEEKLY;BYDAY=FR;BYHOUR=17;BYMINUTE=30", "Every Friday at 17:30"),
        ("FREQ=WEEKLY;BYDAY=WE,MO,FR", "Every Monday, Wednesday and Friday at 16:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday (Monday to Friday) at 16:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "Every day at 16:00"),
        ("FREQ=WEEKLY;WKST=SU", "Every Friday at 16:00"),
        ("FREQ=WEEKLY;BYMONTH=6,7,8", "Every Friday in June, July and August at 16:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR", "Every 2 weeks on Tuesday and Friday at 16:00"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
            "Every 2 weeks on Monday to Friday at 16:00",
        ),
        ("FREQ=MONTHLY", "On the 4th of every month at 16:00"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            "On the 1st, 15th and last day of every month at 16:00",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "On the second to last day of every month at 16:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,3,22", "On the 2nd, 3rd and 22nd of every month at 16:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=11,12,13", "On the 11th, 12th and 13th of every month at 16:00"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "On the 31st of every month, if the month has that day, at 16:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "On the 13th of every month, if it is a Friday, at 16:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=29;BYDAY=FR",
            "On the 29th of every month, if the month has that day and it is a Friday, at 16:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=3,6",
            "Every year on the 1st of March and June at 16:00",
        ),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "Every 3 months on the 1st at 16:00"),
        ("FREQ=MONTHLY;BYDAY=1FR", "On the first Friday of every month at 16:00"),
        (
            "FREQ=MONTHLY;BYDAY=-1FR,1MO",
            "On the first Monday and last Friday of every month at 16:00",
        ),
        ("FREQ=MONTHLY;BYDAY=-2TU", "On the second to last Tuesday of every month at 16:00"),
        ("FREQ=MONTHLY;BYDAY=5FR", "On the fifth Friday of every month, if there is one, at 16:00"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1FR", "Every 2 months on the first Friday at 16:00"),
        ("FREQ=MONTHLY;BYDAY=FR", "Every Friday at 16:00"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=FR", "Every 2 months on every Friday at 16:00"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "On the last weekday (Monday to Friday) of every month at 16:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2",
            "On the second Saturday or Sunday of every month at 16:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=10",
            "On the 10th day of every month at 16:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=5",
            "On the fifth Friday of every month, if there is one, at 16:00",
        ),
        ("FREQ=YEARLY", "Every year on 4 December at 16:00"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31", "Every year on 24 and 31 December at 16:00"),
        (
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1",
            "Every year on the last day of December at 16:00",
        ),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=5", "Every 2 years on 4 May at 16:00"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "On the 1st of every month at 16:00"),
        (
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "Every year on the fourth Thursday of November at 16:00",
        ),
        ("FREQ=YEARLY;BYDAY=20MO", "On the 20th Monday of every year at 16:00"),
        (
            "FREQ=YEARLY;INTERVAL=2;BYDAY=-1MO",
            "Every 2 years on the last Monday of the year at 16:00",
        ),
        ("FREQ=YEARLY;BYDAY=53MO", "On the 53rd Monday of every year, if there is one, at 16:00"),
        ("FREQ=YEARLY;BYDAY=FR", "Every Friday at 16:00"),
        ("FREQ=YEARLY;BYDAY=FR;BYMONTH=12", "Every Friday in December at 16:00"),
        (
            "FREQ=YEARLY;INTERVAL=2;BYDAY=FR;BYMONTH=12",
            "Every 2 years on every Friday in December at 16:00",
        ),
        (
            "FREQ=YEARLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "Every year on the last weekday (Monday to Friday) of December at 16:00",
        ),
        ("FREQ=YEARLY;BYDAY=FR;BYSETPOS=1", "On the first Friday of every year at 16:00"),
        ("FREQ=YEARLY;BYYEARDAY=100", "Every year on day 100 of the year at 16:00"),
        (
            "FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,2",
            "Every 3 years on days 1 and 2 of the year at 16:00",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=20,21;BYDAY=MO",
            "Every year on Monday of calendar weeks 20 and 21 at 16:00",
        ),
    ],
)
def test_a_rule_in_words(rule: str, words: str) -> None:
    """Every frequency, with the parts that select days and times, and their defaults."""
    assert words_of(rule) == words


@pytest.mark.parametrize("limit", ["COUNT=3", "UNTIL=20270601T000000Z"])
def test_the_words_of_a_rule_leave_out_its_end(limit: str) -> None:
    """The caller says when the recurrence ends, because that needs the time zone."""
    assert words_of(f"FREQ=WEEKLY;{limit}") == "Every Friday at 16:00"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYHOUR=1,2,3,4,5",
        "FREQ=DAILY;INTERVAL=2;BYDAY=FR",
        "FREQ=DAILY;INTERVAL=2;BYMONTH=12",
        "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=1",
        "FREQ=DAILY;BYHOUR=8,9;BYSETPOS=1",
        "FREQ=HOURLY;INTERVAL=5;BYHOUR=8",
        "FREQ=HOURLY;INTERVAL=5;BYDAY=FR",
        "FREQ=HOURLY;BYSECOND=5",
        "FREQ=HOURLY;BYMINUTE=1,2,3,4,5",
        "FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=1",
        "FREQ=HOURLY;BYYEARDAY=100",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=2,3",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=2,3;BYDAY=FR",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=2,3;BYDAY=1FR",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=2,3;BYDAY=FR;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=-10",
        "FREQ=MONTHLY;BYMONTHDAY=1,2;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=FR,2TU",
        "FREQ=MONTHLY;BYDAY=1FR;BYMONTHDAY=1,2,3",
        "FREQ=MONTHLY;BYDAY=FR;BYHOUR=1,2;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=-7",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=1",
        "FREQ=YEARLY;INTERVAL=2;BYDAY=FR",
        "FREQ=YEARLY;BYDAY=-20MO",
        "FREQ=YEARLY;BYMONTH=3,6;BYDAY=FR;BYSETPOS=1",
        "FREQ=YEARLY;BYYEARDAY=-1",
        "FREQ=YEARLY;BYYEARDAY=366",
        "FREQ=YEARLY;BYYEARDAY=100;BYMONTH=4",
        "FREQ=YEARLY;BYYEARDAY=100;BYDAY=FR",
        "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU",
        "FREQ=YEARLY;BYWEEKNO=20;BYYEARDAY=140",
    ],
)
def test_a_rule_that_words_would_not_describe_exactly_has_none(rule: str) -> None:
    """Callers show the rule itself."""
    assert words_of(rule) is None


def _random_rule(chance: random.Random) -> str:
    parts = [f"FREQ={chance.choice(['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'])}"]
    values = {
        "INTERVAL": ["1", "2", "3"],
        "WKST": ["MO", "SU"],
        "BYMONTH": ["12", "3,6"],
        "BYMONTHDAY": ["4", "1,15", "-1", "13", "31"],
        "BYDAY": ["FR", "MO,FR", "1FR", "-1MO", "5FR", "MO,TU,WE,TH,FR"],
        "BYHOUR": ["9", "9,16"],
        "BYMINUTE": ["0", "0,30"],
        "BYYEARDAY": ["100", "1,2"],
        "BYWEEKNO": ["20", "20,21"],
        "BYSETPOS": ["1", "-1", "2"],
    }
    for name, choices in values.items():
        if chance.random() < 0.25:
            parts.append(f"{name}={chance.choice(choices)}")
    return ";".join(parts)


def test_rules_with_the_same_words_occur_at_the_same_times() -> None:
    """So the words do not leave out a part of the rule that matters."""
    chance = random.Random(18)
    occurrences: dict[str, tuple[str, tuple[datetime, ...]]] = {}
    shared = 0
    for _ in range(300):
        rule = _random_rule(chance)
        try:
            series = parse_series(rule, START, "UTC")
        except InvalidRecurrenceRule:
            continue
        words = describe_rule(series.rule)
        if words is None:
            continue
        starts = series.starts_between(START - timedelta(1), START + timedelta(days=400))
        first_rule, first = occurrences.setdefault(words, (rule, starts))
        assert starts == first, f"{words}: {first_rule} and {rule}"
        shared += rule != first_rule

    assert len(occurrences) > 40
    assert shared > 20
