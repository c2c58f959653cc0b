"""The deployments that have not ended, and which of them happens next in each lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.emergency_record import Override
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status_transitions import Status

OUTDATED: Final = "outdated"
"""The code of `order_gate` if a newer deployment has closed it."""
_PROGRESS: Final = (Status.STARTED, Status.QUEUED, Status.APPROVED, Status.PENDING_APPROVAL)
"""The statuses of deployments that have not ended, the most advanced first."""


def is_outdated(number: int, kind: DeploymentKind, newest: int | None) -> bool:
    """Return whether a newer deployment in the lane prevents a waiting one from starting.

    `newest` is the highest number of the lane's started and succeeded deployments. Rollbacks can
    start regardless of newer deployments.
    """
    return newest is not None and newest > number and kind is not DeploymentKind.ROLLBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeployment:
    """A deployment that has not ended, with the data that decides whether it can still start."""

    service: str
    environment: str
    number: int
    version: str
    kind: DeploymentKind
    status: Status
    auto_start: bool
    queued_at: datetime | None
    overrides: tuple[Override, ...]
    newest: int | None
    """The highest number of the lane's started and succeeded deployments; None if there is none."""

    @property
    def lane_key(self) -> tuple[str, str]:
        """The service and environment."""
        return self.service, self.environment

    @property
    def can_start(self) -> bool:
        """Whether the deployment has started, or no newer one prevents it from starting."""
        return (
            self.status is Status.STARTED
            or not is_outdated(self.number, self.kind, self.newest)
            or any(
                override.gate is GateKind.ORDER and override.code == OUTDATED
                for override in self.overrides
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NextInLane:
    """The deployment in progress in a lane, or the one that comes next there."""

    deployment: OpenDeployment
    others: int
    """How many other deployments in the lane can still start."""


def find_next_in_lanes(
    deployments: Iterable[OpenDeployment],
) -> Mapping[tuple[str, str], NextInLane]:
    """Return the deployment that comes next in each lane, by (service, environment).

    Lanes without a deployment that is in progress or can start are left out. A deployment in
    progress comes first, then the most advanced one that can still start. Among
    equally advanced ones, those that start automatically come first, in queue order; then the
    newest.
    """
    by_lane: dict[tuple[str, str], list[OpenDeployment]] = {}
    for deployment in deployments:
        if deployment.can_start:
            by_lane.setdefault(deployment.lane_key, []).append(deployment)
    return {
        lane: NextInLane(deployment=min(members, key=_precedence), others=len(members) - 1)
        for lane, members in by_lane.items()
    }


def _precedence(deployment: OpenDeployment) -> tuple[int, bool, float, int]:
    is_queued = deployment.status is Status.QUEUED
    starts_itself = is_queued or (deployment.status is Status.APPROVED and deployment.auto_start)
    return (
        _PROGRESS.index(deployment.status),
        not starts_itself,
        0.0 if deployment.queued_at is None else deployment.queued_at.timestamp(),
        deployment.number if starts_itself else -deployment.number,
    )
