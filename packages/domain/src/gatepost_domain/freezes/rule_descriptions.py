"""Recurrence rules in words: "Every Friday at 16:00".

A rule is put into words only if these state exactly when it occurs; otherwise, callers show the
rule itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from gatepost_domain.event import MONTHS
from gatepost_domain.freezes.rrule import Frequency, RecurrenceRule

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORKING_DAYS: Final = frozenset(range(5))
_ZERO: Final = frozenset({0})
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")
_MAX_TIMES: Final = 4
"""The maximum number of times of day that a sentence lists."""
_DAYS_OF_EVERY_MONTH: Final = 28
_WEEKS_OF_EVERY_MONTH: Final = 4
_WEEKS_OF_EVERY_YEAR: Final = 52
_DAYS_OF_EVERY_YEAR: Final = 365
_SHORTEST: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The minimum number of days in each month."""
_EXISTS: Final = ("there is one",)
_UNIT: Final = {Frequency.MONTHLY: "month", Frequency.YEARLY: "year"}


def describe_rule(rule: RecurrenceRule) -> str | None:
    """Return when a rule occurs, such as "Every Friday at 16:00", without COUNT and UNTIL.

    `rule` must include the defaults from its start. Return None if the description would be wrong,
    incomplete or too long.
    """
    if rule.week_start and (rule.interval > 1 or rule.week_numbers or rule.positions):
        return None
    if rule.freq is Frequency.HOURLY:
        return _describe_hourly(rule)
    days = _positioned_days(rule) if rule.positions else _days(rule)
    times = _times(rule)
    return None if days is None or times is None else _capitalize(f"{days} at {times}")


def join_words(words: Iterable[str], *, last: str = "and") -> str:
    """Return words as a list in a sentence: "Monday, Tuesday and Friday"."""
    *others, final = words
    return f"{', '.join(others)} {last} {final}" if others else final


def _describe_hourly(rule: RecurrenceRule) -> str | None:
    if rule.hours and rule.interval == 1 and not rule.positions:
        return describe_rule(replace(rule, freq=Frequency.DAILY))
    if rule.hours or rule.positions or rule.seconds != _ZERO or len(rule.minutes) > _MAX_TIMES:
        return None
    if rule.interval > 1 and (rule.selects_days or rule.months):
        return None
    text = f"every {_interval(rule, 'hour')}"
    if rule.selects_days or rule.months:
        days = _days(replace(rule, freq=Frequency.DAILY))
        if days is None:
            return None
        text = f"{days}, every hour"
    if rule.minutes != _ZERO:
        text += f" at {join_words(f':{minute:02}' for minute in sorted(rule.minutes))}"
    return _capitalize(text)


def _times(rule: RecurrenceRule) -> str | None:
    """Describe the times of day; return None if there are too many."""
    times = [
        f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")
        for hour, minute, second in sorted(product(rule.hours, rule.minutes, rule.seconds))
    ]
    return join_words(times) if len(times) <= _MAX_TIMES else None


def _days(rule: RecurrenceRule) -> str | None:
    """Describe the days of a rule without BYSETPOS."""
    if rule.week_numbers or rule.year_days:
        return _days_by_number_in_year(rule)
    if any(ordinal for ordinal, _ in rule.weekdays):
        return None if rule.month_days else _ordinal_weekdays(rule)
    if rule.month_days:
        return _days_of_month(rule)
    return _plain_days(rule)


def _plain_days(rule: RecurrenceRule) -> str | None:
    """Describe days that are selected only by weekday and month, or not restricted at all."""
    weekdays = frozenset(weekday for _, weekday in rule.weekdays)
    months = f" in {_months(rule)}" if rule.months else ""
    if rule.interval == 1:
        return f"{_every_weekday(weekdays)}{months}"
    if rule.freq is Frequency.WEEKLY:
        span = "Monday to Friday" if weekdays == _WORKING_DAYS else _weekdays(weekdays)
        return f"every {rule.interval} weeks on {span}{months}"
    if rule.freq is Frequency.DAILY:
        return None if weekdays or months else f"every {rule.interval} days"
    if (rule.freq is Frequency.MONTHLY) == bool(months):
        return None
    return f"every {_interval(rule, _UNIT[rule.freq])} on {_every_weekday(weekdays)}{months}"


def _days_of_month(rule: RecurrenceRule) -> str | None:
    """Describe days that are selected by their number in the month and possibly their weekday."""
    is_missing = any(
        abs(day) > (_SHORTEST[month - 1] if rule.months else _DAYS_OF_EVERY_MONTH)
        for day, month in product(rule.month_days, rule.months or (1,))
    )
    days = [_day_of_month(day) for day in sorted(rule.month_days, key=_sort_key_from_start)]
    if None in days or (is_missing and rule.months):
        return None
    period = _month_or_year_phrase(rule)
    if period is None:
        return None
    each, of = period
    listed = f"on the {join_words(filter(None, days))}{of}"
    if len(rule.months) == 1 and min(rule.month_days) > 0:
        listed = f"on {join_words(map(str, sorted(rule.month_days)))} {_months(rule)}"
    conditions = ["the month has that day"] if is_missing else []
    if rule.weekdays:
        weekdays = (weekday for _, weekday in rule.weekdays)
        conditions.append(f"it is a {_weekdays(weekdays, last='or')}")
    return f"{each}{listed}{_condition_clause(conditions)}"


def _ordinal_weekdays(rule: RecurrenceRule) -> str | None:
    """Describe numbered weekdays, such as the first Friday of a month."""
    numbered = sorted(rule.weekdays, key=lambda pair: (_sort_key_from_start(pair[0]), pair[1]))
    days = [_numbered(ordinal, WEEKDAYS[weekday]) for ordinal, weekday in numbered]
    period = _month_or_year_phrase(rule)
    if period is None or None in days or not all(ordinal for ordinal, _ in numbered):
        return None
    is_monthly = rule.freq is Frequency.MONTHLY or rule.months
    certain = _WEEKS_OF_EVERY_MONTH if is_monthly else _WEEKS_OF_EVERY_YEAR
    each, of = period
    is_missing = any(abs(ordinal) > certain for ordinal, _ in numbered)
    clause = _condition_clause(_EXISTS[:is_missing])
    return f"{each}on the {join_words(filter(None, days))}{of}{clause}"


def _days_by_number_in_year(rule: RecurrenceRule) -> str | None:
    """Describe days that are selected by their week or their number in the year."""
    is_simple = rule.freq is Frequency.YEARLY and not (rule.months or rule.month_days)
    numbers = sorted(rule.week_numbers or rule.year_days)
    certain = _WEEKS_OF_EVERY_YEAR if rule.week_numbers else _DAYS_OF_EVERY_YEAR
    if not is_simple or not 1 <= numbers[0] <= numbers[-1] <= certain:
        return None
    listed = join_words(map(str, numbers))
    each = f"every {_interval(rule, 'year')}"
    if rule.week_numbers and rule.weekdays and not rule.year_days:
        weekdays = frozenset(weekday for _, weekday in rule.weekdays)
        return f"{each} on {_weekdays(weekdays)} of calendar week{_plural_suffix(numbers)} {listed}"
    if rule.week_numbers or rule.weekdays:
        return None
    return f"{each} on day{_plural_suffix(numbers)} {listed} of the year"


def _positioned_days(rule: RecurrenceRule) -> str | None:
    """Describe days that are selected by BYSETPOS, such as the last working day of a month."""
    times_a_day = len(rule.hours) * len(rule.minutes) * len(rule.seconds)
    weekdays = frozenset(weekday for ordinal, weekday in rule.weekdays if not ordinal)
    is_simple = len(rule.positions) == times_a_day == 1 and len(weekdays) == len(rule.weekdays)
    if not is_simple or not weekdays or rule.month_days or rule.week_numbers or rule.year_days:
        return None
    is_yearly = rule.freq is Frequency.YEARLY
    if not (is_yearly or rule.freq is Frequency.MONTHLY) or (is_yearly and len(rule.months) > 1):
        return None
    (position,) = rule.positions
    day, period = _numbered(position, _kind_of_day(weekdays)), _month_or_year_phrase(rule)
    if day is None or period is None:
        return None
    weeks = _WEEKS_OF_EVERY_YEAR if is_yearly and not rule.months else _WEEKS_OF_EVERY_MONTH
    each, of = period
    is_missing = abs(position) > weeks * len(weekdays)
    return f"{each}on the {day}{of}{_condition_clause(_EXISTS[:is_missing])}"


def _month_or_year_phrase(rule: RecurrenceRule) -> tuple[str, str] | None:
    """Return the words before and after the days of a monthly or yearly rule.

    Examples are "every year " and " of January", and "" and " of every month". Return None if the
    rule cannot be put into words.
    """
    is_by_month = rule.freq is not Frequency.YEARLY or rule.months or rule.month_days
    if rule.months:
        is_by_year = rule.interval == 1 or rule.freq is Frequency.YEARLY
        return (f"every {_interval(rule, 'year')} ", f" of {_months(rule)}") if is_by_year else None
    if rule.interval == 1:
        return "", " of every month" if is_by_month else " of every year"
    if rule.freq is Frequency.MONTHLY:
        return f"every {rule.interval} months ", ""
    if rule.freq is Frequency.YEARLY and not is_by_month:
        return f"every {rule.interval} years ", " of the year"
    return None


def _interval(rule: RecurrenceRule, unit: str) -> str:
    return unit if rule.interval == 1 else f"{rule.interval} {unit}s"


def _months(rule: RecurrenceRule) -> str:
    return join_words(MONTHS[month - 1] for month in sorted(rule.months))


def _weekdays(weekdays: Iterable[int], *, last: str = "and") -> str:
    return join_words((WEEKDAYS[weekday] for weekday in sorted(weekdays)), last=last)


def _every_weekday(weekdays: frozenset[int]) -> str:
    if len(weekdays) in {0, len(WEEKDAYS)}:
        return "every day"
    if weekdays == _WORKING_DAYS:
        return "every weekday (Monday to Friday)"
    return f"every {_weekdays(weekdays)}"


def _kind_of_day(weekdays: frozenset[int]) -> str:
    if len(weekdays) == len(WEEKDAYS):
        return "day"
    if weekdays == _WORKING_DAYS:
        return "weekday (Monday to Friday)"
    return _weekdays(weekdays, last="or")


def _numbered(ordinal: int, noun: str) -> str | None:
    """Return a phrase such as "first Friday"; None for 0 or an unusual ordinal from the end."""
    if ordinal > len(_ORDINALS):
        return f"{_with_ordinal_suffix(ordinal)} {noun}"
    if ordinal > 0:
        return f"{_ORDINALS[ordinal - 1]} {noun}"
    if ordinal == -1:
        return f"last {noun}"
    is_near = -len(_ORDINALS) <= ordinal < 0
    return f"{_ORDINALS[-ordinal - 1]} to last {noun}" if is_near else None


def _day_of_month(day: int) -> str | None:
    return _with_ordinal_suffix(day) if day > 0 else _numbered(day, "day")


def _with_ordinal_suffix(number: int) -> str:
    is_teen = 10 < number % 100 < 20  # noqa: PLR2004  # 11th, 12th, 13th
    example = "0th" if is_teen else {1: "1st", 2: "2nd", 3: "3rd"}.get(number % 10, "0th")
    return f"{number}{example[1:]}"


def _sort_key_from_start(number: int) -> tuple[bool, int]:
    """Return a sort key that puts numbers counted from the end after those from the start."""
    return number < 0, number


def _condition_clause(conditions: Sequence[str]) -> str:
    return f", if {join_words(conditions)}," if conditions else ""


def _plural_suffix(numbers: Sequence[int]) -> str:
    return "" if len(numbers) == 1 else "s"


def _capitalize(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
