"""Claims and steps in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.step import Step
from gatepost_domain.deployments.worker import FORGET_AFTER, Worker, WorkerOverview, build_overviews
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.message_backlog import MessageBacklogs
from gatepost_domain.ports.monitoring import OPEN_STATUSES, OperatingFigures
from gatepost_domain.status_transitions import Status
from tests.support.memory.notifications import notification_backlog
from tests.support.memory.state import MemoryState
from tests.support.memory.webhooks import delivery_backlog


class MemoryClaims:
    """Claims and steps in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def next_fencing_token(self) -> int:
        """Return the fencing token for the next claim."""
        return max(self._state.claims, default=0) + 1

    def get(self, claim: UUID) -> Claim:
        """Return a claim.

        Raises:
            NotFound: no claim has this id.
        """
        stored = next(
            (candidate for candidate in self._state.claims.values() if candidate.id == claim), None
        )
        if stored is None:
            raise NotFound("claim", str(claim))
        return stored

    def list_with_expired_lease(self, at: datetime) -> tuple[Claim, ...]:
        """Return the claims on started deployments whose leases have expired, oldest expiry first.

        Claims on deployments past their deadline are left out.
        """
        expired = (
            claim for claim in self._active_claims() if claim.leased_until <= at < claim.deadline_at
        )
        return tuple(sorted(expired, key=lambda claim: (claim.leased_until, claim.fencing_token)))

    def list_past_deadline(self, at: datetime) -> tuple[Claim, ...]:
        """Return the active claims that are past their deadline, oldest deadline first."""
        overdue = (claim for claim in self._active_claims() if claim.deadline_at <= at)
        return tuple(sorted(overdue, key=lambda claim: (claim.deadline_at, claim.fencing_token)))

    def add(self, claim: Claim) -> None:
        """Store a new claim."""
        self.save_lease(claim)

    def save_lease(self, claim: Claim) -> None:
        """Store the lease of a claim; this is not recorded as an event."""
        self._state.claims[claim.fencing_token] = claim

    def save_worker(self, worker: Worker) -> None:
        """Store when a worker was last seen; this is not recorded as an event."""
        before = worker.last_seen_at - FORGET_AFTER
        for name, known in tuple(self._state.workers.items()):
            if known.last_seen_at < before:
                del self._state.workers[name]
        self._state.workers[worker.name] = worker

    def find_recent_worker(self, name: str) -> Worker | None:
        """Return a worker, or None if it has not been seen recently."""
        return self._state.workers.get(name)

    def list_active(self) -> tuple[Claim, ...]:
        """Return the claims on the current attempts of started deployments."""
        return tuple(self._active_claims())

    def add_steps(self, deployment: UUID, steps: Sequence[Step]) -> None:
        """Store steps of a deployment."""
        self._state.steps[deployment] = (*self.steps(deployment), *steps)

    def steps(self, deployment: UUID) -> tuple[Step, ...]:
        """Return a deployment's steps in the order in which they were reported."""
        return self._state.steps.get(deployment, ())

    def _active_claims(self) -> Iterator[Claim]:
        """Yield the claims on the current attempts of started deployments."""
        for claim in self._state.claims.values():
            deployment = self._state.find(claim.deployment_id)
            if deployment.status is Status.STARTED and deployment.attempt == claim.attempt:
                yield claim


class MemoryOperationsReads:
    """Reads for operators in memory: workers, message backlogs and operating figures."""

    _state: MemoryState

    async def workers(self) -> tuple[WorkerOverview, ...]:
        """Return the workers seen recently, and all others with a claim, sorted by name."""
        active = MemoryClaims(self._state).list_active()
        return build_overviews(self._state.workers.values(), active)

    async def message_backlogs(self) -> MessageBacklogs:
        """Return the backlogs of unsent messages to webhooks and to people."""
        return MessageBacklogs(
            last_seq=len(self._state.entries),
            deliveries=delivery_backlog(self._state),
            notifications=notification_backlog(self._state),
        )

    async def operating_figures(self) -> OperatingFigures:
        """Return the operating figures."""
        created_at = {
            status: tuple(
                deployment.created_at
                for deployment in self._state.deployments.values()
                if deployment.status is status
            )
            for status in OPEN_STATUSES
        }
        return OperatingFigures(
            open_check_runs=Counter(
                run.state for run in self._state.check_runs.values() if run.is_open
            ),
            last_seq=len(self._state.entries),
            open_creation_times=created_at,
            deliveries=delivery_backlog(self._state),
            notifications=notification_backlog(self._state),
            workers=await self.workers(),
        )
