"""The clock: the only source of time in the worker."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall-clock time, monotonic time and sleep."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        ...

    def monotonic(self) -> float:
        """Return the seconds since an arbitrary instant; the value never decreases."""
        ...

    async def sleep(self, seconds: float, /) -> None:
        """Wait for this many seconds."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the system time in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the only place that reads the system time

    def monotonic(self) -> float:
        """Return the system's monotonic time in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float, /) -> None:
        """Suspend the current task for this many seconds."""
        await asyncio.sleep(seconds)
