"""Deployments in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from gatepost_domain.actions.deployments.start_candidates import queue_position
from gatepost_domain.deployments.deployment import (
    Deployment,
    DeploymentKind,
    DeploymentReference,
    format_number,
)
from gatepost_domain.deployments.emergency_record import AfterReviewState
from gatepost_domain.deployments.lane_state import LaneState, WaitingFor, WaitingLane
from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import Event
from gatepost_domain.status_transitions import WAITING_STATUSES, Status
from gatepost_domain.tracking.history_filters import happened_at
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS
from tests.support.memory.state import MemoryState


class MemoryDeployments:
    """Deployments in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def next_number(self) -> int:
        """Return the number of the next deployment."""
        return max(self._state.deployments, default=0) + 1

    def get(self, reference: DeploymentReference) -> Deployment:
        """Return a deployment by number or id.

        Raises:
            NotFound: the deployment does not exist.
        """
        return self._state.find(reference)

    def recorded_columns(self, number: int) -> Mapping[str, object]:
        """Return a deployment's columns as recorded in events."""
        return DEPLOYMENTS.recorded_columns(deployment_to_row(self._state.deployments[number]))

    def add(self, deployment: Deployment, event: Event) -> None:
        """Store a new deployment."""
        self._state.deployments[deployment.number] = deployment
        self._state.append(event)

    def save(self, deployment: Deployment, event: Event) -> None:
        """Store the next revision of a deployment.

        Raises:
            ConcurrentUpdate: the stored status or revision is not the previous one.
        """
        stored = self._state.deployments.get(deployment.number)
        expected = (event.from_status, deployment.revision - 1)
        if stored is None or (stored.status, stored.revision) != expected:
            raise ConcurrentUpdate("deployment", format_number(deployment.number))
        self._state.deployments[deployment.number] = deployment
        self._state.append(event)

    def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the started deployment and the newest deployment in a lane."""
        return self._state.lane_state(service, environment)

    def list_waiting_lanes(self, waiting_for: WaitingFor) -> tuple[WaitingLane, ...]:
        """Return the lanes that are not busy but have waiting deployments, longest wait first."""
        deployments = self._state.deployments.values()
        busy = {
            (deployment.service, deployment.environment)
            for deployment in deployments
            if deployment.status is Status.STARTED
        }
        heads: dict[tuple[str, str], Deployment] = {}
        exempt: set[tuple[str, str]] = set()
        for deployment in sorted(deployments, key=partial(queue_position, waiting_for)):
            lane = deployment.service, deployment.environment
            if _waits_for(deployment, waiting_for) and lane not in busy:
                heads.setdefault(lane, deployment)
                if _is_exempt(deployment):
                    exempt.add(lane)
        lanes = [
            WaitingLane(
                service=head.service,
                environment=head.environment,
                tier=head.tier,
                since=_waiting_since(waiting_for, head),
                number=head.number,
                has_exempt=lane in exempt,
            )
            for lane, head in heads.items()
        ]
        return tuple(sorted(lanes, key=lambda lane: (lane.since, lane.number)))

    def list_in_queue(
        self,
        waiting_for: WaitingFor,
        service: str,
        environment: str,
        *,
        only_exempt: bool,
        after_number: int,
        limit: int,
        offset: int = 0,
    ) -> tuple[Deployment, ...]:
        """Return a lane's waiting deployments with numbers above `after_number`, in queue order.

        Rollbacks and deployments with an overridden gate are exempt.
        """
        queue = [
            deployment
            for deployment in self._state.deployments.values()
            if (deployment.service, deployment.environment) == (service, environment)
            and _waits_for(deployment, waiting_for)
            and deployment.number > after_number
            and (_is_exempt(deployment) or not only_exempt)
        ]
        ordered = sorted(queue, key=partial(queue_position, waiting_for))
        return tuple(ordered[offset : offset + limit])

    def count_in_queue(
        self,
        waiting_for: WaitingFor,
        service: str,
        environment: str,
        *,
        only_exempt: bool,
        after_number: int,
    ) -> int:
        """Return the number of deployments that `list_in_queue` can return, up to 10,000."""
        queue = self.list_in_queue(
            waiting_for,
            service,
            environment,
            only_exempt=only_exempt,
            after_number=after_number,
            limit=10_000,
        )
        return len(queue)

    def list_waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """Return a lane's deployments that are waiting to start, oldest first."""
        return tuple(
            deployment
            for _, deployment in sorted(self._state.deployments.items())
            if (deployment.service, deployment.environment) == (service, environment)
            and deployment.status in WAITING_STATUSES
        )

    def has_waiting_in_lane(self, service: str, environment: str, *, at_least: int) -> bool:
        """Return whether at least this many deployments in a lane are waiting to start."""
        return len(self.list_waiting(service, environment)) >= at_least

    def has_waiting_of_requester(
        self, names: Sequence[str], environment: str, *, at_least: int
    ) -> bool:
        """Return whether a requester has at least this many deployments waiting to start.

        `names` are the requester's name and former name, if any.
        """
        waiting = sum(
            deployment.requester in names
            and deployment.environment == environment
            and deployment.status in WAITING_STATUSES
            for deployment in self._state.deployments.values()
        )
        return waiting >= at_least

    def list_waiting_policy_versions(self, environment: str) -> tuple[int, ...]:
        """Return the policy versions of the deployments waiting to start, in ascending order."""
        waiting = (each for each in self._waiting() if each.environment == environment)
        return tuple(sorted({deployment.policy_version for deployment in waiting}))

    def list_waiting_approved_by(self, reviewer: str) -> tuple[Deployment, ...]:
        """Return the deployments that are waiting to start and were approved by a reviewer."""
        return tuple(
            deployment
            for deployment in self._waiting()
            if any(approval.actor == reviewer for approval in deployment.approvals)
        )

    def list_waiting_approved_with_unmapped_trigger(self, issuer: str) -> tuple[Deployment, ...]:
        """Return approved or partly approved waiting deployments triggered by unknown people.

        `issuer` issued the pipeline's token, and no user had the login that the pipeline reported.
        """
        return tuple(
            deployment
            for deployment in self._waiting()
            if deployment.approvals and deployment.unmapped_issuer == issuer
        )

    def list_waiting_for_auto_start_of(self, requester: str) -> tuple[Deployment, ...]:
        """Return the deployments waiting for automatic start that a user may have requested.

        All deployments that were requested on another person's behalf are included.
        """
        return tuple(
            deployment
            for deployment in self._waiting()
            if deployment.auto_start
            and (deployment.requester == requester or deployment.on_behalf_of is not None)
        )

    def _waiting(self) -> list[Deployment]:
        return [
            deployment
            for _, deployment in sorted(self._state.deployments.items())
            if deployment.status in WAITING_STATUSES
        ]

    def list_ever_deployed(
        self, service: str, environment: str, version: str
    ) -> tuple[Deployment, ...]:
        """Return the deployments of a version to a lane, oldest first.

        Only deployments that were deployed or rolled back, and that are not hidden, are returned.
        """
        deployed = [
            deployment
            for deployment in self._in_lane(service, environment)
            if deployment.version == version
            and (deployment.deployed_at or deployment.rolled_back_at)
        ]
        return tuple(
            sorted(deployed, key=lambda deployment: (happened_at(deployment), deployment.number))
        )

    def list_deployed_since(
        self, service: str, environment: str, since: datetime
    ) -> tuple[Deployment, ...]:
        """Return the deployments to a lane since an instant, oldest first.

        Deployments that were rolled back later are included.
        """
        deployments = [
            (deployment.deployed_at, deployment.number, deployment)
            for deployment in self._in_lane(service, environment)
            if deployment.deployed_at is not None and deployment.deployed_at >= since
        ]
        return tuple(
            deployment for _, _, deployment in sorted(deployments, key=lambda key: key[:2])
        )

    def find_last_good(
        self, service: str, environment: str, *, exclude: Collection[str]
    ) -> Deployment | None:
        """Return the latest deployment of another version that was not rolled back, or None."""
        candidates = (
            (deployment.deployed_at, deployment.number, deployment)
            for deployment in self._in_lane(service, environment)
            if deployment.deployed_at
            and deployment.rolled_back_at is None
            and deployment.version not in exclude
        )
        last = max(candidates, key=lambda key: key[:2], default=None)
        return None if last is None else last[2]

    def has_deployed_before(self, service: str, environment: str, at: datetime) -> bool:
        """Return whether anything was deployed to the lane before an instant."""
        return any(
            deployment.deployed_at is not None and deployment.deployed_at < at
            for deployment in self._state.deployments.values()
            if (deployment.service, deployment.environment) == (service, environment)
            and deployment.hidden is None
        )

    def find_live_before(self, service: str, environment: str, at: datetime) -> Deployment | None:
        """Return the last deployment before an instant that was not rolled back, or None."""
        candidates = (
            (deployment.deployed_at, deployment.number, deployment)
            for deployment in self._in_lane(service, environment)
            if deployment.deployed_at is not None
            and deployment.deployed_at < at
            and deployment.rolled_back_at is None
        )
        last = max(candidates, key=lambda key: key[:2], default=None)
        return None if last is None else last[2]

    def find_promotion(self, source: UUID, environment: str) -> Deployment | None:
        """Return the deployment created by promoting this one to an environment, or None."""
        deployments = self._state.deployments.values()
        promotions = (
            deployment for deployment in deployments if deployment.promoted_from == source
        )
        return next(
            (deployment for deployment in promotions if deployment.environment == environment), None
        )

    def list_due_to_expire(self, at: datetime, *, limit: int = 10) -> tuple[Deployment, ...]:
        """Return the waiting deployments whose expiry is due by an instant, earliest first."""
        due = [
            (deployment.expires_at, deployment.number, deployment)
            for deployment in self._state.deployments.values()
            if deployment.expires_at is not None and deployment.expires_at <= at
        ]
        return tuple(deployment for *_, deployment in sorted(due, key=lambda key: key[:2])[:limit])

    def find_overdue_after_review(self, environment: str, at: datetime) -> Deployment | None:
        """Return the deployment whose after-review has been overdue longest, or None."""
        overdue = [
            (review.due_at, deployment.number, deployment)
            for deployment in self._state.deployments.values()
            if deployment.environment == environment
            and (review := deployment.after_review) is not None
            and review.is_pending()
            and review.due_at <= at
        ]
        oldest = min(overdue, key=lambda key: key[:2], default=None)
        return None if oldest is None else oldest[2]

    def list_newly_overdue_after_reviews(
        self, at: datetime, *, limit: int = 10
    ) -> tuple[Deployment, ...]:
        """Return deployments whose after-review is due but not yet marked overdue, by due time."""
        due = [
            (review.due_at, deployment.number, deployment)
            for deployment in self._state.deployments.values()
            if (review := deployment.after_review) is not None
            and review.state is AfterReviewState.OPEN
            and review.due_at <= at
        ]
        return tuple(deployment for *_, deployment in sorted(due, key=lambda key: key[:2])[:limit])

    def _in_lane(self, service: str, environment: str) -> Iterator[Deployment]:
        for _, deployment in sorted(self._state.deployments.items()):
            in_lane = (deployment.service, deployment.environment) == (service, environment)
            if in_lane and deployment.hidden is None:
                yield deployment


def _waits_for(deployment: Deployment, waiting_for: WaitingFor) -> bool:
    if waiting_for is WaitingFor.WORKER:
        return deployment.status is Status.QUEUED
    return deployment.status is Status.APPROVED and deployment.auto_start


def _is_exempt(deployment: Deployment) -> bool:
    return deployment.kind is DeploymentKind.ROLLBACK or bool(deployment.overrides)


def _waiting_since(waiting_for: WaitingFor, deployment: Deployment) -> datetime:
    queued_at = deployment.queued_at if waiting_for is WaitingFor.WORKER else None
    return queued_at or deployment.created_at
