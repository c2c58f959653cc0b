"""The arithmetic of the benchmarks: percentiles, and medians and ratios over rounds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` per cent of the values do not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("There are no values.")
    rank = -(-len(values) * percent // 100)  # rounded up
    return sorted(values)[max(int(rank), 1) - 1]


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle."""
    return statistics.median(values)


def ratio_of_rounds(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """Return the median of the ratios of each round.

    Both values of a round are measured within seconds of each other, so dividing them first cancels
    out changes on the machine from one round to the next.

    Raises:
        ValueError: the numbers of rounds differ, or there are none.
    """
    if len(numerators) != len(denominators) or not numerators:
        raise ValueError("Every round needs both values.")
    pairs = zip(numerators, denominators, strict=True)
    return statistics.median(numerator / denominator for numerator, denominator in pairs)


def spread(values: Sequence[float]) -> float:
    """Return the range of the values relative to their median: 0.1 means 10 %."""
    return (max(values) - min(values)) / statistics.median(values)


def significant(value: float, digits: int = 3) -> str:
    """Format a number for a table, with `digits` significant digits and thousands separators."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    decimals = max(0, digits - 1 - _exponent(rounded))
    return f"{rounded:,.{decimals}f}"


def _exponent(value: float) -> int:
    """Return the exponent of the power of ten that the first digit represents."""
    return int(f"{value:e}".partition("e")[2])
