"""Matrix of services and environments: current versions, their age and unfinished deployments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_api.console.views.attention import load_last_failures
from gatepost_api.console.views.catalog_choices import (
    active_environments,
    active_services,
    services_and_environments_ever,
)
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.status import Status
from gatepost_domain.tracking.comparison import CellDifference, find_differences
from gatepost_domain.tracking.current_state import (
    Age,
    Cell,
    CurrentFilter,
    LaneKey,
    StateQuery,
)

_UNFINISHED: Final = DeploymentFilter(
    statuses=(Status.STARTED, Status.QUEUED, Status.APPROVED, Status.PENDING_APPROVAL)
)
MAX_UNFINISHED: Final = 200
MANY_ENVIRONMENTS: Final = 5
"""Above which the columns are arranged, because they do not fit on a screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One service and its current version in each environment."""

    service: Service
    cells: tuple[Cell | None, ...]
    """One cell per environment, in the order of the matrix; None where nothing is deployed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Current versions of services by environment."""

    environments: tuple[Environment, ...]
    rows: tuple[MatrixRow, ...]
    unfinished: Mapping[tuple[str, str], Deployment]
    """Unfinished deployments by (service, environment); the most advanced one of each lane."""
    failures: Mapping[LaneKey, Deployment]
    """Failed deployments that are the last attempts of their lanes."""
    at: datetime
    hidden_environments: int = 0
    """How many environments without any version are left out."""
    differences: Mapping[LaneKey, CellDifference] | None = None
    """Where another version is live now, by lane; None if this is the present state."""

    def age(self, cell: Cell) -> Age:
        """Return the age of a current version."""
        return cell.age(self.at)


async def build_matrix(
    reads: ReadModel,
    at: datetime,
    *,
    q: str = "",
    tier: Tier | None = None,
    with_empty: bool = False,
) -> Matrix:
    """Build the matrix; `q` filters services by name or team, `tier` filters environments.

    If there are many environments, those of tier production come first, and those without any
    version are left out unless `with_empty`.
    """
    environments = [
        environment
        for environment in await active_environments(reads)
        if tier is None or environment.tier is tier
    ]
    services = await active_services(reads)
    current = await reads.current_state(CurrentFilter(tiers=() if tier is None else (tier,)))
    current_cells = {cell.lane_key: cell for cell in current.cells}
    unfinished = most_advanced_by_lane(
        (await reads.deployments(_UNFINISHED, PageRequest(limit=MAX_UNFINISHED))).items
    )
    count = len(environments)
    if count > MANY_ENVIRONMENTS:
        environments.sort(key=lambda environment: environment.tier is not Tier.PRODUCTION)
        used = {environment for _, environment in (*current_cells, *unfinished)}
        if used and not with_empty:
            environments = [each for each in environments if each.name in used]
    started = [lane for lane, each in unfinished.items() if each.status is Status.STARTED]
    return Matrix(
        environments=tuple(environments),
        hidden_environments=count - len(environments),
        failures=await load_last_failures(reads, at, current_cells, started),
        rows=tuple(
            MatrixRow(
                service=service,
                cells=tuple(
                    current_cells.get((service.name, environment.name))
                    for environment in environments
                ),
            )
            for service in services
            if _is_found(service, q)
        ),
        unfinished=unfinished,
        at=at,
    )


async def build_past_matrix(
    reads: ReadModel, at: datetime, *, q: str = "", tier: Tier | None = None
) -> Matrix:
    """Build the matrix of a past time, with what was archived since and differs from now."""
    criteria = CurrentFilter(tiers=() if tier is None else (tier,))
    past, present = await reads.current_states(
        (StateQuery(criteria=criteria, at=at), StateQuery(criteria=criteria))
    )
    cells = {cell.lane_key: cell for cell in past.cells}
    differences = find_differences(past.cells, present.cells, compares_environments=False)
    services, environments = await services_and_environments_ever(reads)
    had_services, had_environments = map(set, zip(*cells, strict=True)) if cells else (set(), set())
    shown = tuple(
        environment
        for environment in environments
        if (tier is None or environment.tier is tier)
        and (environment.archived_at is None or environment.name in had_environments)
    )
    return Matrix(
        environments=shown,
        rows=tuple(
            MatrixRow(
                service=service,
                cells=tuple(cells.get((service.name, environment.name)) for environment in shown),
            )
            for service in services
            if (service.archived_at is None or service.name in had_services)
            and _is_found(service, q)
        ),
        unfinished={},
        failures={},
        at=at,
        differences={(entry.service, entry.environment or ""): entry for entry in differences},
    )


def _is_found(service: Service, q: str) -> bool:
    text = f"{service.name} {service.display_name} {service.team}"
    return q.casefold() in text.casefold()


def most_advanced_by_lane(unfinished: tuple[Deployment, ...]) -> dict[tuple[str, str], Deployment]:
    """Return the most advanced deployment of each lane; the oldest if several are tied."""
    order = {status: position for position, status in enumerate(_UNFINISHED.statuses)}
    most_advanced_last = sorted(
        unfinished, key=lambda deployment: (-order[deployment.status], -deployment.number)
    )
    return {
        (deployment.service, deployment.environment): deployment
        for deployment in most_advanced_last
    }
