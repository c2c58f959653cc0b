"""Workers: when each was last seen, and what it is executing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gatepost_domain.deployments.claim import Claim

MIN_SILENCE: Final = timedelta(seconds=3)
"""How long a worker may be silent, even if its leases are shorter."""

MAX_HEARTBEAT_INTERVAL: Final = timedelta(seconds=5)
"""The maximum time between two updates of a waiting worker's stored last-seen time."""

HEARTBEAT_DELAY: Final = timedelta(seconds=1)
"""The maximum delay after which a waiting request stores a last-seen time that is due."""

FORGET_AFTER: Final = timedelta(hours=1)
"""How long a worker without a claim can be silent before it is forgotten."""

MAX_WORKERS: Final = 500
"""The maximum number of workers remembered, so that invented names cannot fill the database."""


class WorkerState(StrEnum):
    """What a worker is doing."""

    IDLE = "idle"
    """The worker is waiting for a task."""
    WORKING = "working"
    """The worker is executing at least one deployment."""
    LOST = "lost"
    """The worker has not been seen for too long. Another worker takes over its deployments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker, as it was last seen."""

    name: str
    version: str | None
    """The Gatepost release that it runs, if reported."""
    last_seen_at: datetime
    lease: timedelta
    """The duration of its leases."""

    @property
    def last_seen_store_interval(self) -> timedelta:
        """The interval at which the waiting worker's last-seen time is stored."""
        return min(self.lease / 3, MAX_HEARTBEAT_INTERVAL)

    def is_last_seen_due(self, at: datetime) -> bool:
        """Return whether the worker's waiting request has to store its last-seen time now."""
        return at - self.last_seen_at >= self.last_seen_store_interval

    def is_last_seen_overdue(self, at: datetime) -> bool:
        """Return whether the last-seen time is so old that another request has to store it.

        A waiting request checks every second and stores the time when it is due, so an overdue time
        means that the worker has no waiting request.
        """
        return at - self.last_seen_at >= 1.5 * self.last_seen_store_interval + HEARTBEAT_DELAY

    @property
    def lost_after(self) -> datetime:
        """When the worker counts as lost, unless it is seen before then."""
        return self.last_seen_at + max(self.lease, MIN_SILENCE)

    def is_lost(self, at: datetime) -> bool:
        """Return whether the worker has been silent for too long."""
        return at > self.lost_after


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOverview:
    """A worker and its claims on unfinished deployments."""

    worker: Worker
    claims: tuple[Claim, ...]

    def state(self, at: datetime) -> WorkerState:
        """Return whether the worker is lost, working or idle at an instant."""
        if self.worker.is_lost(at):
            return WorkerState.LOST
        return WorkerState.WORKING if self.claims else WorkerState.IDLE

    def next_lease_end_or_loss(self, at: datetime) -> datetime | None:
        """Return the next time at which a lease ends or the worker counts as lost, or None."""
        ends = [self.worker.lost_after, *(claim.leased_until for claim in self.claims)]
        return min((end for end in ends if end > at), default=None)


def build_overviews(
    workers: Iterable[Worker], active_claims: Iterable[Claim]
) -> tuple[WorkerOverview, ...]:
    """Return the workers, sorted by name, with their claims on unfinished deployments.

    Workers that are missing from `workers` but hold a claim are included.
    """
    claims: dict[str, list[Claim]] = defaultdict(list)
    known = {worker.name: worker for worker in workers}
    for claim in active_claims:
        claims[claim.worker].append(claim)
        if claim.worker not in known:
            seen_at = claim.leased_until - claim.lease
            known[claim.worker] = Worker(
                name=claim.worker, version=None, last_seen_at=seen_at, lease=claim.lease
            )
    return tuple(
        WorkerOverview(worker=worker, claims=tuple(claims[name]))
        for name, worker in sorted(known.items())
    )
