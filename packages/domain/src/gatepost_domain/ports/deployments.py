"""What actions require of storage for deployments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.event import Event
from gatepost_domain.gates.context import LaneState


class DeploymentRepository(Protocol):
    """Deployments; each change comes with the one event that says so."""

    def next_number(self) -> int:
        """The number that the next deployment added will have."""
        ...

    def get(self, reference: DeploymentReference) -> Deployment:
        """Raises `NotFound` if there is none."""
        ...

    def add(self, deployment: Deployment, event: Event) -> None:
        """Keep a new deployment."""
        ...

    def save(self, deployment: Deployment, event: Event) -> None:
        """Keep a deployment's next revision; `ConcurrentUpdate` unless it follows the one that stands."""
        ...

    def lane_state(self, service: str, environment: str) -> LaneState:
        """What goes on in one service and environment."""
        ...

    def lanes_to_auto_start(self) -> tuple[tuple[str, str], ...]:
        """The lanes, by service and environment, where something approved waits to start itself."""
        ...

    def list_waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """What waits to start there, in the order it was asked for."""
        ...

    def list_claimable(
        self, limit: int, *, after: Deployment | None = None
    ) -> tuple[Deployment, ...]:
        """What is queued where nothing is started, the longest queued first.

        From the beginning, or behind one that is queued.
        """
        ...

    def list_of_version(
        self, service: str, environment: str, version: str
    ) -> tuple[Deployment, ...]:
        """In order, whatever of a version was deployed or rolled back there, and is not hidden."""
        ...

    def list_deployed_since(
        self, service: str, environment: str, since: datetime
    ) -> tuple[Deployment, ...]:
        """Whatever was deployed there from this instant on, rolled back since or not, in order."""
        ...

    def last_known_good(
        self, service: str, environment: str, *, exclude: Collection[str]
    ) -> Deployment | None:
        """What was deployed there last and not rolled back, of any version but these."""
        ...

    def find_promotion(self, source: UUID, environment: str) -> Deployment | None:
        """What a deployment was promoted to in an environment; none if it was not."""
        ...

    def list_expired(self, at: datetime) -> tuple[Deployment, ...]:
        """What still waits and should have been acted on by this instant, oldest first."""
        ...

    def find_overdue_review(self, environment: str, at: datetime) -> Deployment | None:
        """The break-glass there whose review is longest overdue; none if none is."""
        ...

    def reviews_becoming_overdue(self, at: datetime) -> tuple[Deployment, ...]:
        """Break-glasses whose reviews are open and were due by this instant, oldest first."""
        ...
