"""The live deployment of each service in each environment, now or at any past instant.

The live deployment at an instant is the last one deployed that had not been rolled back or retired
by then. A deployment that was rolled back by redeploying another one stays live until that one has
succeeded. What matters is when these changes happened, not when they were recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.status_transitions import Status

LaneKey: TypeAlias = tuple[str, str]
"""A lane, identified by its service and environment."""

FRESH_MAX_AGE: Final = timedelta(days=30)
"""The age from which a live deployment counts as aging instead of fresh."""
AGING_MAX_AGE: Final = timedelta(days=90)
"""The age beyond which a live deployment counts as stale instead of aging."""


class Age(StrEnum):
    """A category for how long a deployment has been live."""

    FRESH = "fresh"
    """Less than 30 days."""
    AGING = "aging"
    """30 to 90 days."""
    STALE = "stale"
    """More than 90 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRetirement:
    """The retirement of everything that was deployed to a lane up to an instant."""

    service: str
    environment: str
    retired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress:
    """The rollout in progress in a lane or, if there is none, the next queued deployment."""

    deployment_id: UUID
    number: int
    version: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackTarget:
    """The deployment that will replace a rolled-back deployment, which stays live until then."""

    deployment_id: UUID
    number: int
    version: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The live deployment of one service in one environment."""

    service: str
    environment: str
    tier: Tier
    deployment_id: UUID
    number: int
    version: str
    deployed_at: datetime
    deployed_by: str | None
    """Who deployed it, if known."""
    in_progress: InProgress | None = None
    """The deployment in progress; always None for a past instant."""
    rolling_back_to: RollbackTarget | None = None
    """The deployment that will replace the live one after its rollback; always None for a past
    instant."""

    @property
    def lane_key(self) -> LaneKey:
        """The service and environment of the cell."""
        return self.service, self.environment

    def age(self, at: datetime) -> Age:
        """Return the deployment's age category at an instant."""
        return age_category(self.deployed_at, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentFilter:
    """A filter for cells. A field matches any of its values; an empty field matches all."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StateQuery:
    """A query for the current state, or for the state at an instant."""

    criteria: CurrentFilter
    at: datetime | None = None
    """The instant of the state; None for the current state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSnapshot:
    """The live deployments, and the position in the history at which they were read."""

    seq: int
    """The `seq` of the last event when the deployments were read; 0 before the first event."""
    cells: tuple[Cell, ...]
    """The live deployments, ordered by service, then by environment."""


def age_category(deployed_at: datetime, at: datetime) -> Age:
    """Return the age category, at an instant, of a deployment that went live at `deployed_at`."""
    age = at - deployed_at
    if age < FRESH_MAX_AGE:
        return Age.FRESH
    return Age.AGING if age <= AGING_MAX_AGE else Age.STALE


def ages_unchanged_until(cells: Iterable[Cell], at: datetime) -> datetime:
    """Return the instant until which all cells keep the age category that they have at `at`."""
    changes = (
        cell.deployed_at + max_age
        for cell in cells
        for max_age in (FRESH_MAX_AGE, AGING_MAX_AGE)
        if at <= cell.deployed_at + max_age
    )
    return min(changes, default=datetime.max.replace(tzinfo=at.tzinfo))


def may_be_live(
    deployment: Deployment,
    retired: Iterable[datetime] = (),
    *,
    at: datetime | None = None,
    redeployed_at: datetime | None = None,
) -> bool:
    """Return whether a deployment may be live in its lane at an instant, by default now.

    `retired` lists the instants at which the lane was retired. `redeployed_at` is when the
    deployment that rolled this one back went live, if it did.
    """
    since, until = deployment.deployed_at, deployment.rolled_back_at
    if deployment.rolled_back_by is not None:
        until = redeployed_at
    if since is None or deployment.hidden is not None or (at is not None and since > at):
        return False
    if until is not None and (at is None or until <= at):
        return False
    return not any(
        since <= retired_at and (at is None or retired_at <= at) for retired_at in retired
    )


def live_cells(
    deployments: Iterable[Deployment],
    retired: Mapping[LaneKey, Iterable[datetime]],
    *,
    at: datetime | None = None,
) -> dict[LaneKey, Cell]:
    """Return each lane's live deployment at an instant, by default now, given all deployments.

    `retired` lists the instants at which each lane was retired.
    """
    known = tuple(deployments)
    deployed_at = {deployment.id: deployment.deployed_at for deployment in known}
    return latest_per_lane(
        to_cell(deployment)
        for deployment in known
        if may_be_live(
            deployment,
            retired.get((deployment.service, deployment.environment), ()),
            at=at,
            redeployed_at=None
            if deployment.rolled_back_by is None
            else deployed_at.get(deployment.rolled_back_by),
        )
    )


def latest_per_lane(cells: Iterable[Cell]) -> dict[LaneKey, Cell]:
    """Return the cell deployed last in each lane; at the same instant, the higher number wins."""
    latest: dict[LaneKey, Cell] = {}
    for cell in cells:
        current = latest.get(cell.lane_key)
        if current is None or _recency(current) < _recency(cell):
            latest[cell.lane_key] = cell
    return latest


def to_cell(deployment: Deployment) -> Cell:
    """Return the cell for a live deployment.

    Raises:
        ValueError: the deployment never went live.
    """
    if deployment.deployed_at is None:
        raise ValueError(deployment.number)
    return Cell(
        service=deployment.service,
        environment=deployment.environment,
        tier=deployment.tier,
        deployment_id=deployment.id,
        number=deployment.number,
        version=deployment.version,
        deployed_at=deployment.deployed_at,
        deployed_by=deployment.deployed_by,
    )


def _recency(cell: Cell) -> tuple[datetime, int]:
    return cell.deployed_at, cell.number
