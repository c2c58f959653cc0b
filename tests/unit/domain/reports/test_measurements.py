"""Statistics of durations that are in several sorted parts."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.reports.measurements import Durations, merge

durations = st.lists(st.integers(0, 2**50) | st.integers(0, 3), max_size=30)


@given(st.lists(durations, max_size=5))
def test_statistics_are_those_of_all_durations_in_seconds(parts: list[list[int]]) -> None:
    """They are the same to the last bit, however the durations are divided."""
    divided = Durations(parts=[sorted(part) for part in parts if part])

    seconds = sorted(
        timedelta(microseconds=duration).total_seconds() for part in parts for duration in part
    )
    assert divided.count == len(seconds)
    assert divided.median_s() == (median(seconds) if seconds else None)
    rank = ceil(len(seconds) * 9 / 10) - 1
    assert divided.p90_s() == (seconds[rank] if seconds else None)


def test_no_parts_have_no_measurements() -> None:
    """A report without buckets has empty figures."""
    merged = merge([])

    assert (merged.finished, merged.started) == (0, 0)
    assert all(contributors.count == 0 for contributors in merged.contributors.values())
    assert all(measured.median_s() is None for measured in merged.durations.values())
