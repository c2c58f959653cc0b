"""How often an address may be wrong before it has to wait."""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

FAILURES_A_MINUTE: Final = 20


class FailedAttempts:
    """Counts failed tokens and sign-ins by address, over the last minute."""

    def __init__(self, a_minute: int = FAILURES_A_MINUTE) -> None:
        self._limit = RateLimitItemPerMinute(a_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait_s(self, address: str) -> int | None:
        """How many seconds the address has to wait; none if it may try."""
        if self._limiter.test(self._limit, address):
            return None
        reset_at = self._limiter.get_window_stats(self._limit, address).reset_time
        return max(1, math.ceil(reset_at - time.time()))  # noqa: TID251  # the library's own clock

    def note(self, address: str) -> None:
        """Count one more failure of the address."""
        self._limiter.hit(self._limit, address)
