"""Sets of instants, represented as time ranges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime

_NEVER = datetime.max.replace(tzinfo=UTC)


class TimeRanges:
    """The instants in any of several ranges, each including its start and excluding its end."""

    def __init__(self, ranges: Iterable[tuple[datetime, datetime | None]]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted((start, end or _NEVER) for start, end in ranges):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, at: datetime) -> bool:
        position = bisect_right(self._starts, at) - 1
        return position >= 0 and at < self._ends[position]
