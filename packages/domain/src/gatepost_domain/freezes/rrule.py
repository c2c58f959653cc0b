"""Parsing RFC 5545 recurrence rules.

The supported parts are FREQ from HOURLY to YEARLY, INTERVAL, COUNT, UNTIL, WKST, BYMONTH,
BYMONTHDAY, BYDAY, BYHOUR and a single BYMINUTE. A rule cannot recur more often than hourly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_RULE_LENGTH: Final = 500
_MAX_NUMBER: Final = 99_999
_MAX_ORDINAL: Final = 53
"""The maximum number of times that a weekday occurs in a year."""
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNTIL: Final = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_BYDAY: Final = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})", re.ASCII)


class InvalidRecurrenceRule(ValueError):
    """The text is not a supported rule; the message says why."""


class Frequency(StrEnum):
    """The frequency of a rule, without its interval."""

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
    month_days: frozenset[int] = frozenset()
    """Negative days count from the end of the month."""
    weekdays: frozenset[tuple[int, int]] = frozenset()
    """Pairs of an ordinal and a weekday; 0 means every, negative ordinals count from the end."""
    hours: frozenset[int] = frozenset()
    minute: int | None = None


def parse_rule(text: str) -> RecurrenceRule:
    """Parse the value of an RRULE, such as `FREQ=WEEKLY;BYDAY=FR`.

    Raises:
        InvalidRecurrenceRule: the rule is malformed, not supported, or recurs more than once an
            hour.
    """
    if len(text) > MAX_RULE_LENGTH:
        raise InvalidRecurrenceRule(f"A rule must have at most {MAX_RULE_LENGTH} characters.")
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name not in _PART_PARSERS:
            raise InvalidRecurrenceRule(
                f"Unknown rule part {name or '(empty)'}; the parts are {', '.join(_PART_PARSERS)}."
            )
        if name in parts:
            raise InvalidRecurrenceRule(f"{name} is given twice.")
        parts[name] = value
    if parts.get("FREQ") not in set(Frequency):
        raise InvalidRecurrenceRule(
            f"FREQ must be one of {', '.join(Frequency)}; more frequent rules are not supported."
        )
    rule = RecurrenceRule(freq=Frequency(parts.pop("FREQ")))
    for name, value in parts.items():
        rule = _PART_PARSERS[name](rule, value)
    if rule.count and rule.until:
        raise InvalidRecurrenceRule("Give COUNT or UNTIL, not both.")
    if rule.freq is Frequency.WEEKLY and rule.month_days:
        raise InvalidRecurrenceRule(
            "BYMONTHDAY is not allowed in a WEEKLY rule (RFC 5545 §3.3.10)."
        )
    if any(ordinal for ordinal, _ in rule.weekdays) and rule.freq not in {
        Frequency.MONTHLY,
        Frequency.YEARLY,
    }:
        raise InvalidRecurrenceRule(
            "Numbered weekdays such as 2TU are allowed in MONTHLY and YEARLY rules only."
        )
    return rule


def _parse_signed_integers(name: str, value: str, low: int, high: int) -> frozenset[int]:
    """Return the listed numbers, each with an absolute value within the bounds."""
    texts = value.split(",")
    if not all(_INTEGER.fullmatch(text) and low <= abs(int(text)) <= high for text in texts):
        raise InvalidRecurrenceRule(
            f"{name} must be a list of numbers from {low} to {high}, not {value or 'empty'}."
        )
    return frozenset(map(int, texts))


def _parse_nonnegative_integers(name: str, value: str, low: int, high: int) -> frozenset[int]:
    """Return the listed numbers, none of which may be negative."""
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
    "BYMONTHDAY": lambda rule, text: replace(
        rule, month_days=_parse_signed_integers("BYMONTHDAY", text, 1, 31)
    ),
    "BYDAY": lambda rule, text: replace(rule, weekdays=_parse_weekdays(text)),
    "BYHOUR": lambda rule, text: replace(
        rule, hours=_parse_nonnegative_integers("BYHOUR", text, 0, 23)
    ),
    "BYMINUTE": lambda rule, text: replace(rule, minute=_parse_integer("BYMINUTE", text, 0, 59)),
}
