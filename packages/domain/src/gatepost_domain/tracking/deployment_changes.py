"""What a deployment changes: the version it replaces, and the versions and work between the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step
from gatepost_domain.tracking.current_state import Cell

MAX_VERSIONS: Final = 50
"""The maximum number of versions listed between the replaced version and the deployed one."""
_INSTANT: Final = timedelta(microseconds=1)


class Direction(StrEnum):
    """Whether a deployment's version is later than the one it replaces."""

    FIRST = "first"
    """Nothing is replaced."""
    FORWARD = "forward"
    """The version was registered after the one it replaces."""
    BACKWARD = "backward"
    """The version was registered before the one it replaces."""
    SAME = "same"
    """The same version is deployed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """The latest deployment of the same version to another environment."""

    deployment: Deployment
    checks: tuple[Step, ...]
    """The last report about each check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentChanges:
    """What a deployment changes."""

    deployment: Deployment
    version: Version
    replaced: Cell | None
    """The previously live deployment; None if nothing was live."""
    replaced_version: Version | None
    direction: Direction
    versions: tuple[Version, ...]
    """The versions that the deployment adds or, if it goes backward, removes; newest first."""
    has_more_versions: bool
    """Whether there are more than `MAX_VERSIONS` such versions."""
    work_references: tuple[str, ...]
    """The work references from these versions' deployments to any environment."""
    earlier_runs: tuple[EarlierRun, ...]

    @property
    def replaced_commit(self) -> str | None:
        """The commit of the replaced version, if known."""
        return None if self.replaced_version is None else self.replaced_version.commit_sha

    def replaced_live_for(self, now: datetime) -> timedelta | None:
        """Return how long the replaced deployment was live; None if nothing was replaced."""
        if self.replaced is None:
            return None
        until = self.deployment.deployed_at or self.deployment.finished_at or now
        return until - self.replaced.deployed_at


def replacement_time(deployment: Deployment) -> datetime | None:
    """Return the instant at which to look up what the deployment replaced or would have replaced.

    None means now, for a deployment that has not ended.
    """
    if deployment.deployed_at is not None:
        return deployment.deployed_at - _INSTANT
    return deployment.finished_at


def collect_work_references(
    deployment: Deployment, others: Iterable[Deployment]
) -> tuple[str, ...]:
    """Return a deployment's work references, followed by those of `others`, without duplicates."""
    references = dict.fromkeys(deployment.work_references)
    for other in others:
        references |= dict.fromkeys(other.work_references)
    return tuple(references)


def latest_deployments_elsewhere(
    deployment: Deployment, of_version: Iterable[Deployment]
) -> tuple[Deployment, ...]:
    """Return the latest deployment of the version that went live in each other environment."""
    latest: dict[str, Deployment] = {}
    for other in of_version:
        if other.deployed_at is None or other.hidden is not None:
            continue
        if other.version != deployment.version or other.environment == deployment.environment:
            continue
        known = latest.get(other.environment)
        if known is None or known.number < other.number:
            latest[other.environment] = other
    return tuple(sorted(latest.values(), key=lambda run: run.number))
