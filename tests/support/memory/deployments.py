"""Deployments in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference, format_number
from gatepost_domain.deployments.emergency import AfterReviewState
from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import Event
from gatepost_domain.gates.context import LaneState
from gatepost_domain.status import WAITING_STATUSES, Status
from gatepost_domain.tracking.filters import happened_at


class StoredState(Protocol):
    """What of a ledger's state is read and written here."""

    deployments: dict[int, Deployment]

    def find(self, reference: DeploymentReference) -> Deployment:
        """Raises `NotFound` if there is none."""
        ...

    def lane_state(self, service: str, environment: str) -> LaneState:
        """What goes on in one service and environment."""
        ...

    def append(self, event: Event) -> None:
        """Give an event the next place of the chain."""
        ...


class MemoryDeployments:
    """See `ports.DeploymentRepository`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def next_number(self) -> int:
        """See `ports.DeploymentRepository`."""
        return max(self._state.deployments, default=0) + 1

    def get(self, reference: DeploymentReference) -> Deployment:
        """See `ports.DeploymentRepository`."""
        return self._state.find(reference)

    def add(self, deployment: Deployment, event: Event) -> None:
        """See `ports.DeploymentRepository`."""
        self._state.deployments[deployment.number] = deployment
        self._state.append(event)

    def save(self, deployment: Deployment, event: Event) -> None:
        """See `ports.DeploymentRepository`."""
        found = self._state.deployments.get(deployment.number)
        expected = (event.from_status, deployment.revision - 1)
        if found is None or (found.status, found.revision) != expected:
            raise ConcurrentUpdate("deployment", format_number(deployment.number))
        self._state.deployments[deployment.number] = deployment
        self._state.append(event)

    def lane_state(self, service: str, environment: str) -> LaneState:
        """See `ports.DeploymentRepository`."""
        return self._state.lane_state(service, environment)

    def lanes_to_auto_start(self) -> tuple[tuple[str, str], ...]:
        """See `ports.DeploymentRepository`."""
        lanes = {
            (each.service, each.environment)
            for each in self._state.deployments.values()
            if each.status is Status.APPROVED and each.auto_start
        }
        return tuple(sorted(lanes))

    def list_waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """See `ports.DeploymentRepository`."""
        return tuple(
            each
            for _, each in sorted(self._state.deployments.items())
            if (each.service, each.environment) == (service, environment)
            and each.status in WAITING_STATUSES
        )

    def list_claimable(
        self, limit: int, *, after: Deployment | None = None
    ) -> tuple[Deployment, ...]:
        """See `ports.DeploymentRepository`."""
        kept = self._state.deployments.values()
        busy = {(e.service, e.environment) for e in kept if e.status is Status.STARTED}
        queued = [
            each
            for each in kept
            if each.status is Status.QUEUED
            and (each.service, each.environment) not in busy
            and (after is None or _queue_position(each) > _queue_position(after))
        ]
        return tuple(sorted(queued, key=_queue_position)[:limit])

    def list_of_version(
        self, service: str, environment: str, version: str
    ) -> tuple[Deployment, ...]:
        """See `ports.DeploymentRepository`."""
        became = [
            each
            for each in self._in_lane(service, environment)
            if each.version == version and (each.deployed_at or each.rolled_back_at)
        ]
        return tuple(sorted(became, key=lambda each: (happened_at(each), each.number)))

    def list_deployed_since(
        self, service: str, environment: str, since: datetime
    ) -> tuple[Deployment, ...]:
        """See `ports.DeploymentRepository`."""
        found = [
            (each.deployed_at, each.number, each)
            for each in self._in_lane(service, environment)
            if each.deployed_at is not None and each.deployed_at >= since
        ]
        return tuple(each for _, _, each in sorted(found, key=lambda place: place[:2]))

    def last_known_good(
        self, service: str, environment: str, *, exclude: Collection[str]
    ) -> Deployment | None:
        """See `ports.DeploymentRepository`."""
        good = (
            (each.deployed_at, each.number, each)
            for each in self._in_lane(service, environment)
            if each.deployed_at and each.rolled_back_at is None and each.version not in exclude
        )
        last = max(good, key=lambda place: place[:2], default=None)
        return None if last is None else last[2]

    def find_promotion(self, source: UUID, environment: str) -> Deployment | None:
        """See `ports.DeploymentRepository`."""
        kept = self._state.deployments.values()
        made = (each for each in kept if each.promoted_from == source)
        return next((each for each in made if each.environment == environment), None)

    def list_expired(self, at: datetime) -> tuple[Deployment, ...]:
        """See `ports.DeploymentRepository`."""
        return tuple(
            each
            for _, each in sorted(self._state.deployments.items())
            if each.expires_at is not None and each.expires_at <= at
        )

    def find_overdue_review(self, environment: str, at: datetime) -> Deployment | None:
        """See `ports.DeploymentRepository`."""
        owed = [
            (review.due_at, each.number, each)
            for each in self._state.deployments.values()
            if each.environment == environment
            and (review := each.after_review) is not None
            and review.is_pending()
            and review.due_at <= at
        ]
        longest = min(owed, key=lambda place: place[:2], default=None)
        return None if longest is None else longest[2]

    def reviews_becoming_overdue(self, at: datetime) -> tuple[Deployment, ...]:
        """See `ports.DeploymentRepository`."""
        return tuple(
            each
            for _, each in sorted(self._state.deployments.items())
            if (review := each.after_review) is not None
            and review.state is AfterReviewState.OPEN
            and review.due_at <= at
        )

    def _in_lane(self, service: str, environment: str) -> Iterator[Deployment]:
        for _, each in sorted(self._state.deployments.items()):
            there = (each.service, each.environment) == (service, environment)
            if there and each.hidden is None:
                yield each


def _queue_position(queued: Deployment) -> tuple[datetime, int]:
    return queued.queued_at or queued.created_at, queued.number
