"""Filtering and ordering deployment history, and the data for the overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.status_transitions import Status

ROLLOUT_STATUSES: Final = (
    Status.QUEUED,
    Status.STARTED,
    Status.SUCCEEDED,
    Status.FAILED,
    Status.ROLLED_BACK,
)
"""The statuses of deployments that were queued, started or recorded, and not cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """The history to return: that of services, of environments, or of services in environments."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    since: datetime | None = None
    """Only deployments that happened at this instant or later."""
    until: datetime | None = None
    """Only deployments that happened before this instant."""

    def __post_init__(self) -> None:
        """Refuse an empty filter, because no index supports it."""
        if not self.services and not self.environments:
            raise ValueError("A history filter needs a service or an environment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOverview:
    """The counts and the latest deployments that the overview shows."""

    services: int
    deployments_this_week: int
    """The number of deployments that went live within the last seven days."""
    recent: tuple[Deployment, ...]
    """The ten deployments that most recently went live, newest first."""


def happened_at(deployment: Deployment) -> datetime:
    """Return the instant that determines a deployment's place in the history."""
    failed_at = deployment.finished_at if deployment.kind is DeploymentKind.RECORD else None
    return deployment.deployed_at or failed_at or deployment.created_at


def rollout_at(deployment: Deployment) -> datetime | None:
    """Return when the rollout went live or, if it has not, when it started or was queued.

    Deployments without a rollout (waiting for approval, rejected or cancelled) and hidden records
    have no such time.
    """
    if deployment.status not in ROLLOUT_STATUSES or deployment.hidden is not None:
        return None
    return deployment.deployed_at or deployment.started_at or deployment.queued_at
