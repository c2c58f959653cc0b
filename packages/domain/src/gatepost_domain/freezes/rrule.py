"""Recurrence rules as RFC 5545 writes them: what is read, and why the rest is not.

FREQ from HOURLY to YEARLY, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY, BYDAY, BYHOUR and a
single BYMINUTE: what says when a team works. Nothing comes more often than hourly.
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
"""A weekday comes so often in a year at most."""
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNTIL: Final = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_BYDAY: Final = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})", re.ASCII)


class InvalidRecurrenceRule(ValueError):
    """The text is no rule that is understood here; the message says what is wrong with it."""


class Frequency(StrEnum):
    """How often a rule comes round, its interval aside."""

    HOURLY = "HOURLY"
    """By the hours of the local clock: the one that autumn repeats comes once."""
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceRule:
    """A recurrence rule as it is read; an empty set rules nothing out."""

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    """The last instant at which an occurrence may begin."""
    week_start: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    """Negative ones count from the end of the month."""
    weekdays: frozenset[tuple[int, int]] = frozenset()
    """Which one of its kind, 0 for each and negative from the end, and the weekday."""
    hours: frozenset[int] = frozenset()
    minute: int | None = None


def parse_rule(text: str) -> RecurrenceRule:
    """Read the value of an RRULE, such as `FREQ=WEEKLY;BYDAY=FR`.

    Raises:
        BadRule: it cannot be read, asks for what is not supported, or for more than once an hour.
    """
    if len(text) > MAX_RULE_LENGTH:
        raise InvalidRecurrenceRule(f"A rule has at most {MAX_RULE_LENGTH} characters.")
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name not in _PART_PARSERS:
            raise InvalidRecurrenceRule(
                f"A rule is made of {', '.join(_PART_PARSERS)}; not of {name or 'nothing'}."
            )
        if name in parts:
            raise InvalidRecurrenceRule(f"{name} is given twice.")
        parts[name] = value
    if parts.get("FREQ") not in set(Frequency):
        raise InvalidRecurrenceRule(
            f"FREQ is one of {', '.join(Frequency)}; nothing comes more often."
        )
    rule = RecurrenceRule(freq=Frequency(parts.pop("FREQ")))
    for name, value in parts.items():
        rule = _PART_PARSERS[name](rule, value)
    if rule.count and rule.until:
        raise InvalidRecurrenceRule("A rule ends by COUNT or by UNTIL, not by both.")
    if rule.freq is Frequency.WEEKLY and rule.month_days:
        raise InvalidRecurrenceRule("BYMONTHDAY says nothing in a WEEKLY rule (RFC 5545 §3.3.10).")
    if any(which for which, _ in rule.weekdays) and rule.freq not in {
        Frequency.MONTHLY,
        Frequency.YEARLY,
    }:
        raise InvalidRecurrenceRule("BYDAY counts weekdays in MONTHLY and YEARLY rules only.")
    return rule


def _parse_integers(name: str, value: str, low: int, high: int) -> frozenset[int]:
    """The listed numbers, each within bounds by its size; 0 is below 1 whatever its sign."""
    texts = value.split(",")
    if not all(_INTEGER.fullmatch(text) and low <= abs(int(text)) <= high for text in texts):
        raise InvalidRecurrenceRule(
            f"{name} holds numbers from {low} to {high}, not {value or 'nothing'}."
        )
    return frozenset(map(int, texts))


def _parse_positive_integers(name: str, value: str, low: int, high: int) -> frozenset[int]:
    """The listed numbers, none of them negative."""
    if "-" in value:
        raise InvalidRecurrenceRule(f"{name} holds no negative number.")
    return _parse_integers(name, value, low, high)


def _parse_integer(name: str, value: str, low: int, high: int) -> int:
    numbers = _parse_positive_integers(name, value, low, high)
    if len(numbers) > 1:
        raise InvalidRecurrenceRule(
            f"{name} holds one number: nothing comes more often than hourly."
        )
    return next(iter(numbers))


def _parse_until(value: str) -> datetime:
    """RFC 5545 §3.3.10: in UTC, since the start is a local time with a zone."""
    try:
        if _UNTIL.fullmatch(value):
            return datetime.strptime(value, "%Y%m%dT%H%M%S%z")
    except ValueError:
        pass
    raise InvalidRecurrenceRule(
        f"UNTIL is an instant in UTC such as 20261231T235959Z, not {value}."
    )


def _parse_weekdays(value: str) -> frozenset[tuple[int, int]]:
    found = [_BYDAY.fullmatch(text) for text in value.split(",")]
    days = frozenset((int(m[1] or 0), _WEEKDAYS.index(m[2])) for m in found if m)
    if None in found or any(m and m[1] and not 1 <= abs(int(m[1])) <= _MAX_ORDINAL for m in found):
        raise InvalidRecurrenceRule(
            f"BYDAY holds weekdays such as FR, 2TU or -1MO, not {value or 'nothing'}."
        )
    return days


def _parse_week_start(value: str) -> int:
    if value not in _WEEKDAYS:
        raise InvalidRecurrenceRule(f"WKST is one of {', '.join(_WEEKDAYS)}.")
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
        rule, months=_parse_positive_integers("BYMONTH", text, 1, 12)
    ),
    "BYMONTHDAY": lambda rule, text: replace(
        rule, month_days=_parse_integers("BYMONTHDAY", text, 1, 31)
    ),
    "BYDAY": lambda rule, text: replace(rule, weekdays=_parse_weekdays(text)),
    "BYHOUR": lambda rule, text: replace(
        rule, hours=_parse_positive_integers("BYHOUR", text, 0, 23)
    ),
    "BYMINUTE": lambda rule, text: replace(rule, minute=_parse_integer("BYMINUTE", text, 0, 59)),
}
