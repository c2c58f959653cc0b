"""Parsing RFC 5545 recurrence rules.

All parts are supported. A rule is refused if it recurs more often than hourly, if RFC 5545 §3.3.10
forbids its combination of parts, or if python-dateutil, which expands it, would expand it wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_RULE_LENGTH: Final = 500
MAX_TIMES_A_DAY: Final = 1_440
"""The maximum number of occurrences in a day: once a minute on average."""
_MAX_NUMBER: Final = 99_999
_MAX_ORDINAL: Final = 53
"""The maximum number of times that a weekday occurs in a year."""
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNTIL: Final = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_BYDAY: Final = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})", re.ASCII)
_MISCOUNTED_WEEKS: Final = frozenset({52, 53, -52, -53})
"""The weeks in which python-dateutil overlooks days at the end of some years."""


class InvalidRecurrenceRule(ValueError):
    """The text is not a supported rule; the message explains why."""


class Frequency(StrEnum):
    """A rule's frequency, without its interval."""

    HOURLY = "HOURLY"
    """Every local hour. An hour that a clock change repeats counts once."""
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceRule:
    """A parsed recurrence rule; an empty set means no restriction."""

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    """The last instant at which an occurrence may start."""
    week_start: int = 0
    months: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    """Negative values count from the end of the year."""
    month_days: frozenset[int] = frozenset()
    """Negative values count from the end of the month."""
    weekdays: frozenset[tuple[int, int]] = frozenset()
    """Pairs of an ordinal and a weekday; 0 means every one, and negative ordinals count from the
    end."""
    hours: frozenset[int] = frozenset()
    minutes: frozenset[int] = frozenset()
    seconds: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    """The positions of the occurrences kept in each period; negative values count from its end."""

    @property
    def selects_days(self) -> bool:
        """Whether a part other than the months selects days."""
        return bool(self.week_numbers or self.year_days or self.month_days or self.weekdays)


def parse_rule(text: str) -> RecurrenceRule:
    """Parse the value of an RRULE, such as `FREQ=WEEKLY;BYDAY=FR`.

    Raises:
        InvalidRecurrenceRule: the rule is malformed, not supported, or recurs more than once an
            hour.
    """
    if len(text) > MAX_RULE_LENGTH:
        raise InvalidRecurrenceRule(f"A rule must have at most {MAX_RULE_LENGTH} characters.")
    parts = _split_parts(text)
    if parts.get("FREQ") not in set(Frequency):
        raise InvalidRecurrenceRule(
            f"FREQ must be one of {', '.join(Frequency)}; for more than one occurrence an hour, "
            "give FREQ=HOURLY with BYMINUTE and BYSECOND."
        )
    rule = RecurrenceRule(freq=Frequency(parts.pop("FREQ")))
    for name, value in parts.items():
        rule = _PART_PARSERS[name](rule, value)
    for fault in (*_combination_faults(rule), *_weekday_faults(rule), *_expansion_faults(rule)):
        raise InvalidRecurrenceRule(fault)
    return rule


def _split_parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name not in _PART_PARSERS:
            raise InvalidRecurrenceRule(
                f"Unknown rule part {name or '(empty)'}; the parts are {', '.join(_PART_PARSERS)}."
            )
        if name in parts:
            raise InvalidRecurrenceRule(f"{name} is given twice; give it once.")
        parts[name] = value
    return parts


def _combination_faults(rule: RecurrenceRule) -> Iterator[str]:
    """Yield a message for each combination of parts that RFC 5545 §3.3.10 does not allow."""
    if rule.count and rule.until:
        yield "Give COUNT or UNTIL, not both."
    if rule.freq is Frequency.WEEKLY and rule.month_days:
        yield "BYMONTHDAY is not allowed in a WEEKLY rule (RFC 5545 §3.3.10)."
    if rule.freq not in {Frequency.YEARLY, Frequency.HOURLY} and rule.year_days:
        yield f"BYYEARDAY is not allowed in a {rule.freq} rule (RFC 5545 §3.3.10)."
    if rule.freq is not Frequency.YEARLY and rule.week_numbers:
        yield "BYWEEKNO is allowed in YEARLY rules only (RFC 5545 §3.3.10)."
    if rule.positions and not (
        rule.months or rule.selects_days or rule.hours or rule.minutes or rule.seconds
    ):
        yield "BYSETPOS requires another part such as BYDAY (RFC 5545 §3.3.10)."


def _weekday_faults(rule: RecurrenceRule) -> Iterator[str]:
    ordinals = {abs(ordinal) for ordinal, _ in rule.weekdays}
    if ordinals <= {0}:
        return
    if rule.freq not in {Frequency.MONTHLY, Frequency.YEARLY}:
        yield "Numbered weekdays such as 2TU are allowed in MONTHLY and YEARLY rules only."
    if rule.week_numbers:
        yield "Numbered weekdays such as 2TU are not allowed with BYWEEKNO (RFC 5545 §3.3.10)."
    if 0 in ordinals and rule.positions:
        yield "With BYSETPOS, give either numbered weekdays such as 2TU or plain ones, not both."


def _expansion_faults(rule: RecurrenceRule) -> Iterator[str]:
    """Yield a message for each part that python-dateutil would expand wrongly or too slowly."""
    if rule.week_numbers and not (rule.weekdays or rule.year_days or rule.month_days):
        yield "BYWEEKNO requires BYDAY, which specifies on which days of the week the rule occurs."
    if rule.positions and rule.week_numbers & _MISCOUNTED_WEEKS:
        yield "BYSETPOS is not supported with BYWEEKNO 52, 53, -52 or -53."
    hours = len(rule.hours) or (24 if rule.freq is Frequency.HOURLY else 1)
    times_an_hour = (len(rule.minutes) or 1) * (len(rule.seconds) or 1)
    if hours * times_an_hour > MAX_TIMES_A_DAY:
        yield f"A rule may occur at most {MAX_TIMES_A_DAY} times a day."
    longest = {
        Frequency.HOURLY: times_an_hour,
        Frequency.DAILY: hours * times_an_hour,
        Frequency.WEEKLY: hours * times_an_hour * (len(rule.weekdays) or 1),
    }.get(rule.freq)
    if longest and rule.positions and min(map(abs, rule.positions)) > longest:
        yield f"BYSETPOS must be at most {longest}, the number of occurrences in each period."


def _parse_signed_integers(name: str, value: str, low: int, high: int) -> frozenset[int]:
    """Parse a comma-separated list of integers whose absolute values must be within the bounds."""
    texts = value.split(",")
    if not all(_INTEGER.fullmatch(text) and low <= abs(int(text)) <= high for text in texts):
        raise InvalidRecurrenceRule(
            f"{name} must be a list of numbers from {low} to {high}, not {value or 'empty'}."
        )
    return frozenset(map(int, texts))


def _parse_nonnegative_integers(name: str, value: str, low: int, high: int) -> frozenset[int]:
    """Parse a comma-separated list of integers, none of which may be negative."""
    if "-" in value:
        raise InvalidRecurrenceRule(f"{name} must not contain negative numbers.")
    return _parse_signed_integers(name, value, low, high)


def _parse_integer(name: str, value: str, low: int, high: int) -> int:
    numbers = _parse_nonnegative_integers(name, value, low, high)
    if len(numbers) > 1:
        raise InvalidRecurrenceRule(f"{name} must be a single number.")
    return next(iter(numbers))


def _parse_until(value: str) -> datetime:
    """Parse an instant in UTC, as RFC 5545 §3.3.10 requires for a start with a time zone."""
    try:
        if _UNTIL.fullmatch(value):
            return datetime.strptime(value, "%Y%m%dT%H%M%S%z")
    except ValueError:
        pass
    raise InvalidRecurrenceRule(
        f"UNTIL must be an instant in UTC such as 20261231T235959Z, not {value or 'empty'}."
    )


def _parse_weekdays(value: str) -> frozenset[tuple[int, int]]:
    matches = [_BYDAY.fullmatch(text) for text in value.split(",")]
    days = frozenset(
        (int(match[1] or 0), _WEEKDAYS.index(match[2])) for match in matches if match is not None
    )
    if None in matches or any(
        match and match[1] and not 1 <= abs(int(match[1])) <= _MAX_ORDINAL for match in matches
    ):
        raise InvalidRecurrenceRule(
            f"BYDAY must be a list of weekdays such as FR, 2TU or -1MO, not {value or 'empty'}."
        )
    return days


def _parse_week_start(value: str) -> int:
    if value not in _WEEKDAYS:
        raise InvalidRecurrenceRule(f"WKST must be one of {', '.join(_WEEKDAYS)}.")
    return _WEEKDAYS.index(value)


_PART_PARSERS: Final[Mapping[str, Callable[[RecurrenceRule, str], RecurrenceRule]]] = {
    "FREQ": lambda rule, _: rule,
    "INTERVAL": lambda rule, text: replace(
        rule, interval=_parse_integer("INTERVAL", text, 1, _MAX_NUMBER)
    ),
    "COUNT": lambda rule, text: replace(rule, count=_parse_integer("COUNT", text, 1, _MAX_NUMBER)),
    "UNTIL": lambda rule, text: replace(rule, until=_parse_until(text)),
    "WKST": lambda rule, text: replace(rule, week_start=_parse_week_start(text)),
    "BYMONTH": lambda rule, text: replace(
        rule, months=_parse_nonnegative_integers("BYMONTH", text, 1, 12)
    ),
    "BYWEEKNO": lambda rule, text: replace(
        rule, week_numbers=_parse_signed_integers("BYWEEKNO", text, 1, 53)
    ),
    "BYYEARDAY": lambda rule, text: replace(
        rule, year_days=_parse_signed_integers("BYYEARDAY", text, 1, 366)
    ),
    "BYMONTHDAY": lambda rule, text: replace(
        rule, month_days=_parse_signed_integers("BYMONTHDAY", text, 1, 31)
    ),
    "BYDAY": lambda rule, text: replace(rule, weekdays=_parse_weekdays(text)),
    "BYHOUR": lambda rule, text: replace(
        rule, hours=_parse_nonnegative_integers("BYHOUR", text, 0, 23)
    ),
    "BYMINUTE": lambda rule, text: replace(
        rule, minutes=_parse_nonnegative_integers("BYMINUTE", text, 0, 59)
    ),
    "BYSECOND": lambda rule, text: replace(
        rule, seconds=_parse_nonnegative_integers("BYSECOND", text, 0, 59)
    ),
    "BYSETPOS": lambda rule, text: replace(
        rule, positions=_parse_signed_integers("BYSETPOS", text, 1, 366)
    ),
}
