"""Keeping the lease of a claim renewed, and retrying reports while the server is unavailable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.foundation.backoff import Random, backoff
from gatepost_worker.foundation.clock import Clock

RENEWALS_PER_LEASE: Final = 3
"""The number of renewals within the length of a lease, so that two renewals may fail."""

SAFETY_MARGIN: Final = 0.2
"""The fraction of a lease that is left when a task is abandoned for lack of a renewal, so that the
task has stopped on this worker before another worker starts it."""


async def keep_lease_renewed(
    renew: Callable[[], Awaitable[None]], *, lease: timedelta, clock: Clock
) -> None:
    """Renew the lease until cancelled.

    Raises:
        LeaseLost: the server reported the loss, or no renewal was confirmed before the lease nearly
            expired.
    """
    lease_s = lease.total_seconds()
    renewed_at_s, delay_s = clock.monotonic(), lease_s / RENEWALS_PER_LEASE
    while True:
        give_up_at_s = renewed_at_s + lease_s * (1 - SAFETY_MARGIN)
        await clock.sleep(min(delay_s, give_up_at_s - clock.monotonic()))
        requested_at_s = clock.monotonic()
        if (left_s := give_up_at_s - requested_at_s) <= 0:
            raise LeaseLost
        try:
            async with asyncio.timeout(left_s):
                await renew()
        except (ServerUnavailable, TimeoutError):
            delay_s = lease_s / RENEWALS_PER_LEASE / 4
        else:
            renewed_at_s, delay_s = requested_at_s, lease_s / RENEWALS_PER_LEASE


async def retry_until_available(
    call: Callable[[], Awaitable[None]], *, clock: Clock, jitter: Random
) -> None:
    """Repeat the call until the server is available, or until cancelled."""
    delays = backoff(jitter)
    while True:
        try:
            return await call()
        except ServerUnavailable:
            await clock.sleep(next(delays))
