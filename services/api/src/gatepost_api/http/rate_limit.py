"""Limiting the number of requests that a user can send per minute."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from litestar.types import Scope

from gatepost_api.http.problems import Overload

WINDOW_S: Final = 60.0
"""The period, in seconds, to which the limit applies."""

DEFAULT_REQUESTS_PER_MINUTE: Final = 1_200_000
"""20,000 per second, which is more than a server with two cores can handle."""

_ROUNDING: Final = 1e-3
_SCOPE_KEY: Final = "rate_limit"


class RateLimiter:
    """Limits each user's requests; after a minute without requests, the full limit is available.

    This is the generic cell rate algorithm: one number per user stores when the full limit is
    available again. The header fields are those of draft-ietf-httpapi-ratelimit-headers-11.
    """

    def __init__(
        self,
        requests_per_minute: int = DEFAULT_REQUESTS_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create a limiter; 0 requests per minute means no limit."""
        self._limit = requests_per_minute
        self._cost_s = WINDOW_S / requests_per_minute if requests_per_minute else 0.0
        self._clock = clock
        self._restored_at_s: dict[str, float] = {}
        policy = f'"user";q={requests_per_minute};w={WINDOW_S:.0f}'
        self._policy_header = (b"ratelimit-policy", policy.encode())

    def count_request(self, user: str) -> tuple[tuple[bytes, bytes], ...]:
        """Count a request and return the rate-limit header fields for the response.

        Raises:
            RateLimited: the user has no requests left.
        """
        if not self._limit:
            return ()
        now_s = self._clock()
        restored_at_s = max(self._restored_at_s.get(user, now_s), now_s) + self._cost_s
        excess_s = restored_at_s - now_s - WINDOW_S
        if excess_s > 0:
            retry_after_s = max(1, math.ceil(excess_s))
            raise RateLimited(self._limit, retry_after_s, self._headers(0, retry_after_s))
        self._restored_at_s[user] = restored_at_s
        remaining = int(-excess_s / self._cost_s + _ROUNDING)
        return self._headers(remaining, math.ceil(restored_at_s - now_s))

    def _headers(self, remaining: int, window_s: int) -> tuple[tuple[bytes, bytes], ...]:
        value = b'"user";r=%d;t=%d' % (remaining, window_s)
        return self._policy_header, (b"ratelimit", value)


class RateLimited(Overload):
    """The user has sent too many requests."""

    def __init__(
        self, limit: int, retry_after_s: int, response_headers: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            "rate_limited",
            f"You have sent more than {limit} requests in a minute; retry later. The operator of "
            "the server can raise GATEPOST_RATE_LIMIT.",
            retry_after_s=retry_after_s,
        )
        self.response_headers = response_headers


def limit_rate(scope: Scope, limiter: RateLimiter, user: str) -> None:
    """Count a user's request, and store the rate-limit header fields to send with the response.

    Raises:
        RateLimited: the user has no requests left.
    """
    state = scope["state"]
    try:
        state[_SCOPE_KEY] = limiter.count_request(user)
    except RateLimited as error:
        state[_SCOPE_KEY] = error.response_headers
        raise


def rate_limit_headers(scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
    """Return the rate-limit header fields for the response to a request."""
    headers: tuple[tuple[bytes, bytes], ...] = scope.get("state", {}).get(_SCOPE_KEY, ())
    return headers
