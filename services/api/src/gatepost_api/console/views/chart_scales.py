"""Chart scales, which begin at zero and have round numbers at their ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil
from typing import Final

_MAX_INTERVALS: Final = 4
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_DURATION_STEPS: Final = (
    *(seconds for seconds in (1, 5, 15, 30)),
    *(minutes * _MINUTE for minutes in (1, 5, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 6, 12)),
    *(days * _DAY for days in (1, 2, 5, 10, 30, 60, 90, 180, 365)),
)
"""Easily readable distances between ticks, in seconds."""
_UNITS: Final = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))
_SHARE_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.25)
_QUARTILE: Final = 0.75
_OUTLIER_FACTOR: Final = 4
"""Durations greater than the upper quartile times this factor do not determine the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale from zero to `top`, which is greater than zero.

    The scale of durations ends below outliers, which would flatten all other values.
    """

    top: float
    ticks: tuple[tuple[float, str], ...]
    """The value and text of each tick, from zero to the top."""


def count_scale(values: Iterable[float | None]) -> Scale:
    """Return a scale that includes all counts, with ticks at whole numbers."""
    highest = _highest(values)
    return _scale(highest, _step(highest, _steps_for_counts()), lambda value: f"{value:,.0f}")


def duration_scale(values: Iterable[float | None]) -> Scale:
    """Return a scale for durations in seconds, ignoring outliers."""
    highest = _highest_without_outliers([value for value in values if value is not None])
    step = _step(highest, _DURATION_STEPS)
    size, unit = next((size, unit) for size, unit in _UNITS if step >= size)
    return _scale(highest, step, lambda value: f"{value / size:,.0f} {unit}" if value else "0")


def share_scale(values: Iterable[float | None]) -> Scale:
    """Return a scale for shares from 0 to 1."""
    highest = _highest(values)
    return _scale(highest, _step(highest, _SHARE_STEPS), lambda value: f"{value:.0%}")


def _steps_for_counts() -> Iterable[float]:
    return (digit * 10**power for power in count() for digit in (1, 2, 5))


def _highest(values: Iterable[float | None]) -> float:
    return max((value for value in values if value is not None), default=0.0)


def _highest_without_outliers(values: Sequence[float]) -> float:
    """Return the highest value that is not an outlier above the upper quartile."""
    positive = sorted(value for value in values if value > 0)
    if not positive:
        return 0.0
    quartile = positive[ceil(len(positive) * _QUARTILE) - 1]
    return max(value for value in positive if value <= quartile * _OUTLIER_FACTOR)


def _step(highest: float, steps: Iterable[float]) -> float:
    """Return the smallest step with at most `_MAX_INTERVALS` intervals, or the largest step."""
    step = 1.0
    for step in steps:  # without a break, the largest step remains
        if highest <= step * _MAX_INTERVALS:
            break
    return step


def _scale(highest: float, step: float, describe: Callable[[float], str]) -> Scale:
    intervals = max(ceil(highest / step - 1e-9), 1)
    ticks = tuple((index * step, describe(index * step)) for index in range(intervals + 1))
    return Scale(top=step * intervals, ticks=ticks)
