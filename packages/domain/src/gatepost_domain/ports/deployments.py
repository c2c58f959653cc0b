"""The repository of deployments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.lane_state import LaneState, WaitingFor, WaitingLane
from gatepost_domain.event import Event


class DeploymentRepository(Protocol):
    """Deployments. Every change is stored together with its event."""

    def next_number(self) -> int:
        """Return the number of the next deployment."""
        ...

    def get(self, reference: DeploymentReference) -> Deployment:
        """Return a deployment; raises `NotFound` if there is none."""
        ...

    def recorded_columns(self, number: int) -> Mapping[str, object]:
        """Return a deployment's stored columns as recorded in events, leaving out null ones."""
        ...

    def add(self, deployment: Deployment, event: Event) -> None:
        """Store a new deployment, together with the event that records it."""
        ...

    def save(self, deployment: Deployment, event: Event) -> None:
        """Store the next revision; raises `ConcurrentUpdate` if another was stored first."""
        ...

    def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the deployments that determine whether another one in the lane can start."""
        ...

    def list_waiting_lanes(self, waiting_for: WaitingFor) -> tuple[WaitingLane, ...]:
        """Return the lanes that are not busy but have waiting deployments, longest wait first."""
        ...

    def list_in_queue(  # the parts of one query
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

        `only_exempt` limits the result to rollbacks and deployments with an overridden gate.
        """
        ...

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
        ...

    def list_waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """Return a lane's deployments that are waiting to start, oldest first."""
        ...

    def has_waiting_in_lane(self, service: str, environment: str, *, at_least: int) -> bool:
        """Return whether at least this many deployments in a lane are waiting to start."""
        ...

    def has_waiting_of_requester(
        self, names: Sequence[str], environment: str, *, at_least: int
    ) -> bool:
        """Return whether a requester has at least this many deployments waiting to start.

        `names` are the requester's name and former name, if any.
        """
        ...

    def list_waiting_policy_versions(self, environment: str) -> tuple[int, ...]:
        """Return the policy versions of the deployments waiting to start, in ascending order."""
        ...

    def list_waiting_approved_by(self, reviewer: str) -> tuple[Deployment, ...]:
        """Return the deployments that are waiting to start and were approved by a reviewer."""
        ...

    def list_waiting_approved_with_unmapped_trigger(self, issuer: str) -> tuple[Deployment, ...]:
        """Return approved or partly approved waiting deployments triggered by unknown people.

        `issuer` issued the pipeline's token, and no user had the login that the pipeline reported.
        """
        ...

    def list_waiting_for_auto_start_of(self, requester: str) -> tuple[Deployment, ...]:
        """Return the deployments waiting for automatic start that a user may have requested.

        All deployments that were requested on another person's behalf are included.
        """
        ...

    def list_ever_deployed(
        self, service: str, environment: str, version: str
    ) -> tuple[Deployment, ...]:
        """Return a version's deployments, including rolled-back ones but not hidden records."""
        ...

    def list_deployed_since(
        self, service: str, environment: str, since: datetime
    ) -> tuple[Deployment, ...]:
        """Return the deployments that went live since an instant, oldest first.

        Deployments that were rolled back later are included.
        """
        ...

    def find_last_good(
        self, service: str, environment: str, *, exclude: Collection[str]
    ) -> Deployment | None:
        """Return the latest deployment that was not rolled back, or None.

        Deployments of versions in `exclude` are ignored.
        """
        ...

    def has_deployed_before(self, service: str, environment: str, at: datetime) -> bool:
        """Return whether anything was deployed to the lane before an instant."""
        ...

    def find_live_before(self, service: str, environment: str, at: datetime) -> Deployment | None:
        """Return the last deployment to go live before an instant, without rolled-back ones."""
        ...

    def find_promotion(self, source: UUID, environment: str) -> Deployment | None:
        """Return the deployment created by promoting this one to an environment, or None."""
        ...

    def list_due_to_expire(self, at: datetime, *, limit: int = 10) -> tuple[Deployment, ...]:
        """Return the waiting deployments whose expiry is due by an instant, earliest first."""
        ...

    def find_overdue_after_review(self, environment: str, at: datetime) -> Deployment | None:
        """Return the deployment whose after-review has been overdue longest, or None."""
        ...

    def list_newly_overdue_after_reviews(
        self, at: datetime, *, limit: int = 10
    ) -> tuple[Deployment, ...]:
        """Return deployments whose after-review is due but not yet marked overdue, by due time."""
        ...
