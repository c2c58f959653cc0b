"""Where time comes in."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time, as carrying out a deployment needs it."""

    def now(self) -> datetime:
        """What people's clocks show, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some instant; never turned back."""
        ...

    async def sleep(self, seconds: float, /) -> None:
        """Let so many seconds pass."""
        ...


class SystemClock:
    """This machine's time."""

    def now(self) -> datetime:
        """As `Clock.now`."""
        return datetime.now(UTC)  # noqa: TID251  # the one place where time comes in

    def monotonic(self) -> float:
        """As `Clock.monotonic`."""
        return time.monotonic()

    async def sleep(self, seconds: float, /) -> None:
        """As `Clock.sleep`."""
        await asyncio.sleep(seconds)
