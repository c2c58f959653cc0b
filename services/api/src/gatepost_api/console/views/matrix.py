"""Matrix of services and environments: current versions and unfinished or failed deployments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_api.console.views.attention import load_last_failures
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
    load_services_and_environments,
)
from gatepost_api.console.views.overview_query import EmptyColumns, Grouping, OverviewQuery
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.next_in_lane import (
    NextInLane,
    OpenDeployment,
    find_next_in_lanes,
)
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import (
    Age,
    Cell,
    CurrentFilter,
    LaneKey,
    StateQuery,
)
from gatepost_domain.tracking.state_comparison import CellDifference, find_differences

IN_PROGRESS: Final = (Status.STARTED, Status.QUEUED)
"""The statuses that the overview counts as in progress."""
MANY_ENVIRONMENTS: Final = 5
"""With more environments, the columns no longer fit on a screen and are rearranged."""
MAX_CELLS: Final = 600
"""The approximate number of cells on a page, such as 50 services in 12 environments.

If all rows are requested, there is no limit.
"""
UNFILTERED: Final = CurrentFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One service and its current version in each environment."""

    service: Service
    cells: tuple[tuple[LaneKey, Cell | None], ...]
    """The lane and its cell for each environment, in matrix order; the cell is None if nothing is
    deployed there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixGroup:
    """Services listed together."""

    team: str | None
    """The team; None if services are not grouped."""
    count: int
    """The number of services in the group, including those not listed."""
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Current versions of services by environment."""

    environments: tuple[Environment, ...]
    groups: tuple[MatrixGroup, ...]
    unfinished: Mapping[LaneKey, NextInLane]
    """What happens next in each lane, apart from a rollback of its live deployment."""
    failures: Mapping[LaneKey, Deployment]
    """Failed deployments that are the last attempts in their lanes."""
    at: datetime
    service_count: int
    """The total number of services."""
    matching_count: int
    """The number of services that match the filters."""
    teams: tuple[str, ...] = ()
    all_environments: tuple[Environment, ...] = ()
    """All active environments, in promotion order."""
    hidden_environments: int = 0
    """The number of environments left out because they have no version."""
    has_empty_columns: bool = False
    """Whether environments without any version are shown."""
    in_progress_count: int = 0
    outdated: frozenset[int] = frozenset()
    """The numbers of deployments that can no longer start because of a newer one."""
    differences: Mapping[LaneKey, CellDifference] | None = None
    """The differences from the current state, by lane; None if this is the current state."""

    @property
    def row_count(self) -> int:
        """The number of services listed."""
        return sum(len(group.rows) for group in self.groups)

    def age(self, cell: Cell) -> Age:
        """Return the age category of a version at the matrix's time."""
        return cell.age(self.at)


async def load_next_in_lanes(
    reads: ReadModel, criteria: CurrentFilter, cells: Iterable[Cell]
) -> Mapping[LaneKey, NextInLane]:
    """Return what happens next in each lane, apart from the rollbacks that the cells show."""
    return _find_next(await reads.open_deployments(criteria), cells)


def _find_next(
    deployments: Iterable[OpenDeployment], cells: Iterable[Cell]
) -> Mapping[LaneKey, NextInLane]:
    rollbacks = {cell.rolling_back_to.number for cell in cells if cell.rolling_back_to is not None}
    return find_next_in_lanes(each for each in deployments if each.number not in rollbacks)


async def build_matrix(reads: ReadModel, at: datetime, query: OverviewQuery) -> Matrix:
    """Build the matrix of the services and environments that a query selects.

    If there are many environments, those in tier `production` come first.
    """
    all_environments = await load_active_environments(reads)
    services = await load_active_services(reads)
    tiers = () if query.tier is None else (query.tier,)
    current = await reads.current_state(CurrentFilter(tiers=tiers))
    cells = {cell.lane_key: cell for cell in current.cells}
    open_deployments = await reads.open_deployments(UNFILTERED)
    unfinished = _find_next(open_deployments, current.cells)
    matching = [service for service in services if query.matches(service)]
    selected = _selected_environments(all_environments, query)
    used = _environments_in(matching, (*cells, *unfinished))
    shown = _without_empty(selected, used, query.empty)
    busy = {each.lane_key for each in open_deployments if each.status is Status.STARTED}
    return Matrix(
        environments=shown,
        groups=_groups(matching, shown, cells, query),
        unfinished=unfinished,
        failures=await load_last_failures(reads, at, cells, busy),
        at=at,
        service_count=len(services),
        matching_count=len(matching),
        teams=tuple(sorted({service.team for service in services})),
        all_environments=tuple(all_environments),
        hidden_environments=len(selected) - len(shown),
        has_empty_columns=any(environment.name not in used for environment in shown),
        in_progress_count=sum(each.status in IN_PROGRESS for each in open_deployments),
        outdated=frozenset(each.number for each in open_deployments if not each.can_start),
    )


def _selected_environments(
    environments: Sequence[Environment], query: OverviewQuery
) -> list[Environment]:
    selected = [
        environment
        for environment in environments
        if query.tier in {None, environment.tier}
        and (not query.environment or environment.name in query.environment)
    ]
    if len(selected) > MANY_ENVIRONMENTS:
        selected.sort(key=lambda environment: environment.tier is not Tier.PRODUCTION)
    return selected


def _environments_in(services: Iterable[Service], lanes: Iterable[LaneKey]) -> set[str]:
    names = {service.name for service in services}
    return {environment for service, environment in lanes if service in names}


def _without_empty(
    selected: Sequence[Environment], used: Collection[str], empty: EmptyColumns | None
) -> tuple[Environment, ...]:
    """Leave out environments without versions, unless that would leave none."""
    hides = empty is EmptyColumns.HIDE or (empty is None and len(selected) > MANY_ENVIRONMENTS)
    kept = [environment for environment in selected if not hides or environment.name in used]
    return tuple(kept or selected)


def _groups(
    services: Sequence[Service],
    environments: Sequence[Environment],
    cells: Mapping[LaneKey, Cell],
    query: OverviewQuery,
) -> tuple[MatrixGroup, ...]:
    """Return as many rows as fit, grouped by team if the query requests it.

    Groups without a listed row are left out.
    """
    by_team: dict[str | None, list[Service]] = {}
    for service in services:
        team = service.team if query.group is Grouping.TEAM else None
        by_team.setdefault(team, []).append(service)
    left = len(services) if query.rows else max(MAX_CELLS // max(len(environments), 1), 1)
    groups: list[MatrixGroup] = []
    for team in sorted(by_team, key=lambda team: team or ""):
        listed = by_team[team][:left]
        left -= len(listed)
        rows = tuple(_row(service, environments, cells) for service in listed)
        groups.append(MatrixGroup(team=team, count=len(by_team[team]), rows=rows))
    return tuple(group for group in groups if group.rows)


def _row(
    service: Service, environments: Iterable[Environment], cells: Mapping[LaneKey, Cell]
) -> MatrixRow:
    return MatrixRow(
        service=service,
        cells=tuple(
            (lane, cells.get(lane))
            for environment in environments
            for lane in ((service.name, environment.name),)
        ),
    )


async def build_past_matrix(reads: ReadModel, at: datetime, query: OverviewQuery) -> Matrix:
    """Build the matrix for a past time, with its differences from now.

    It includes services and environments that have been archived since then.
    """
    criteria = CurrentFilter(tiers=() if query.tier is None else (query.tier,))
    past, present = await reads.current_states(
        (StateQuery(criteria=criteria, at=at), StateQuery(criteria=criteria))
    )
    cells = {cell.lane_key: cell for cell in past.cells}
    differences = find_differences(past.cells, present.cells, compares_environments=False)
    services, environments = await load_services_and_environments(reads)
    had_services = {service for service, _ in cells}
    had_environments = {environment for _, environment in cells}
    shown = _selected_environments(
        [
            environment
            for environment in environments
            if environment.archived_at is None or environment.name in had_environments
        ],
        query,
    )
    existing = [each for each in services if each.archived_at is None or each.name in had_services]
    matching = [service for service in existing if query.matches(service)]
    return Matrix(
        environments=tuple(shown),
        groups=_groups(matching, shown, cells, query),
        unfinished={},
        failures={},
        at=at,
        service_count=len(existing),
        matching_count=len(matching),
        differences={(entry.service, entry.environment or ""): entry for entry in differences},
    )
