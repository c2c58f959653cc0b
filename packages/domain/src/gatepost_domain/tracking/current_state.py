"""Which deployment stands in each service and environment, now or at any past instant.

At an instant the one that was deployed last stands, of those that were not rolled back by then, nor
retired with their lane. It goes by when things happened, not by when they were learned of.
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
from gatepost_domain.status import Status

LaneKey: TypeAlias = tuple[str, str]
"""A lane by its service and its environment."""

FRESH_MAX_AGE: Final = timedelta(days=30)
"""How long what was deployed counts as fresh; from this age on it is aging."""
AGING_MAX_AGE: Final = timedelta(days=90)
"""The age up to which what was deployed is aging; beyond it is stale."""


class Age(StrEnum):
    """How long something has stood."""

    FRESH = "fresh"
    """Less than 30 days."""
    AGING = "aging"
    """30 to 90 days."""
    STALE = "stale"
    """More than 90 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRetirement:
    """From an instant on, nothing deployed until then stands in a lane; what comes later does."""

    service: str
    environment: str
    retired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress:
    """What is on its way into a lane: the rollout under way, else the next one in the queue."""

    deployment_id: UUID
    number: int
    version: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one service and environment."""

    service: str
    environment: str
    tier: Tier
    deployment_id: UUID
    number: int
    version: str
    deployed_at: datetime
    deployed_by: str | None
    """Who carried it out, as far as that was told."""
    in_progress: InProgress | None = None
    """What is on its way; of the past that is not told."""

    @property
    def lane_key(self) -> LaneKey:
        """Where it stands."""
        return self.service, self.environment

    def age(self, at: datetime) -> Age:
        """How old it is at an instant."""
        return age_at(self.deployed_at, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentFilter:
    """Which cells are wanted: for each field any of its values; none wants them all."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSnapshot:
    """What stands, and how much of the history is in it."""

    seq: int
    """Of the last event there was when it was read; 0 before the first."""
    cells: tuple[Cell, ...]
    """By service, then by environment."""


def age_at(deployed_at: datetime, at: datetime) -> Age:
    """How old what was deployed then is at an instant."""
    age = at - deployed_at
    if age < FRESH_MAX_AGE:
        return Age.FRESH
    return Age.AGING if age <= AGING_MAX_AGE else Age.STALE


def is_live(
    deployment: Deployment, retired: Iterable[datetime] = (), *, at: datetime | None = None
) -> bool:
    """Whether a deployment could stand at an instant, now if none is given.

    `retired` is when its lane was retired, however often.
    """
    since, until = deployment.deployed_at, deployment.rolled_back_at
    if since is None or deployment.hidden is not None or (at is not None and since > at):
        return False
    if until is not None and (at is None or until <= at):
        return False
    return not any(since <= when and (at is None or when <= at) for when in retired)


def live_cells(
    deployments: Iterable[Deployment],
    retired: Mapping[LaneKey, Iterable[datetime]],
    *,
    at: datetime | None = None,
) -> dict[LaneKey, Cell]:
    """What stands in each lane at an instant, now if none is given, of all that was ever deployed.

    `retired` is when each lane was retired.
    """
    return latest_per_lane(
        to_cell(each)
        for each in deployments
        if is_live(each, retired.get((each.service, each.environment), ()), at=at)
    )


def latest_per_lane(cells: Iterable[Cell]) -> dict[LaneKey, Cell]:
    """Of all that could stand in each lane, what was deployed last; of two at once, the later."""
    found: dict[LaneKey, Cell] = {}
    for cell in cells:
        other = found.get(cell.lane_key)
        if other is None or _recency(other) < _recency(cell):
            found[cell.lane_key] = cell
    return found


def to_cell(deployment: Deployment) -> Cell:
    """The cell of a deployment that stands.

    Raises:
        ValueError: it was never deployed.
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
