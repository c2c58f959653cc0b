"""Rate limiting of failed authentication attempts."""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

FAILURES_PER_MINUTE: Final = 20
"""The number of failed attempts per address and minute; further attempts are refused."""


class FailedAttemptLimiter:
    """Limits the number of failed token authentications and sign-ins per address and minute."""

    def __init__(self, per_minute: int = FAILURES_PER_MINUTE) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def retry_after_s(self, address: str) -> int | None:
        """Return how many seconds the address has to wait before trying again, or None."""
        if self._limiter.test(self._limit, address):
            return None
        reset_at = self._limiter.get_window_stats(self._limit, address).reset_time
        return max(1, math.ceil(reset_at - time.time()))  # noqa: TID251  # the library's own clock

    def count_failure(self, address: str) -> None:
        """Count a failed attempt from the address."""
        self._limiter.hit(self._limit, address)
