"""Workers: when each was last seen, and what it executes."""

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
"""After how much time, at most, it is stored again that a waiting worker was seen."""

HEARTBEAT_DELAY: Final = timedelta(seconds=1)
"""How much later, at most, a waiting request stores that its worker was seen."""

FORGET_AFTER: Final = timedelta(hours=1)
"""After how much time a silent worker without a claim is forgotten."""

MAX_WORKERS: Final = 500
"""How many workers are remembered, so that invented names do not fill the database."""


class WorkerState(StrEnum):
    """What a worker is doing."""

    IDLE = "idle"
    """It waits for a task."""
    WORKING = "working"
    """It executes at least one deployment."""
    LOST = "lost"
    """It was not seen for the length of its lease. Another worker takes over its deployments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker, as it was last seen."""

    name: str
    version: str | None
    """The release that it runs, if it said so."""
    last_seen_at: datetime
    lease: timedelta
    """The duration of its leases."""

    @property
    def heartbeat_interval(self) -> timedelta:
        """After how much time it is stored that the waiting worker was seen again."""
        return min(self.lease / 3, MAX_HEARTBEAT_INTERVAL)

    def is_due(self, at: datetime) -> bool:
        """Return whether the worker's waiting request has to store that it was seen."""
        return at - self.last_seen_at >= self.heartbeat_interval

    def is_overdue(self, at: datetime) -> bool:
        """Return whether no request of the worker waits, so that other requests have to store it.

        A request that waits stores it whenever it is due. It looks once a second.
        """
        return at - self.last_seen_at >= 1.5 * self.heartbeat_interval + HEARTBEAT_DELAY

    @property
    def lost_after(self) -> datetime:
        """When the worker is lost, unless it is seen before."""
        return self.last_seen_at + max(self.lease, MIN_SILENCE)

    def is_lost(self, at: datetime) -> bool:
        """Return whether the worker was silent for too long."""
        return at > self.lost_after


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOverview:
    """A worker, and its claims on deployments that have not finished."""

    worker: Worker
    claims: tuple[Claim, ...]

    def state(self, at: datetime) -> WorkerState:
        """Return what the worker is doing."""
        if self.worker.is_lost(at):
            return WorkerState.LOST
        return WorkerState.WORKING if self.claims else WorkerState.IDLE

    def next_end(self, at: datetime) -> datetime | None:
        """Return when a lease ends or the worker is lost, whichever is next; None if neither is."""
        ends = [self.worker.lost_after, *(claim.leased_until for claim in self.claims)]
        return min((end for end in ends if end > at), default=None)


def build_overviews(
    workers: Iterable[Worker], active_claims: Iterable[Claim]
) -> tuple[WorkerOverview, ...]:
    """Return the workers, by name, with their claims on deployments that have not finished.

    A worker that holds such a claim is included even if it was forgotten.
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
