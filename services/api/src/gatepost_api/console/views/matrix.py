"""Services by environments: what stands in each, since when, and what is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_api.console.views.catalog_choices import all_environments, all_services
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import Age, Cell, CurrentFilter

_UNFINISHED: Final = DeploymentFilter(
    statuses=(Status.STARTED, Status.QUEUED, Status.APPROVED, Status.PENDING_APPROVAL)
)
MAX_UNFINISHED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One service."""

    service: Service
    cells: tuple[Cell | None, ...]
    """One for each environment; none where nothing stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What stands where."""

    environments: tuple[Environment, ...]
    rows: tuple[MatrixRow, ...]
    unfinished: Mapping[tuple[str, str], Deployment]
    """What has not ended yet: of several in a lane, the one that is furthest."""
    at: datetime

    def age(self, cell: Cell) -> Age:
        """How old what stands there is."""
        return cell.age(self.at)


async def matrix(
    reads: ReadModel, at: datetime, *, q: str = "", tier: Tier | None = None
) -> Matrix:
    """What stands now, of services with this in their name or team, in environments of a tier."""
    environments = [
        each for each in await all_environments(reads) if tier is None or each.tier is tier
    ]
    services = await all_services(reads)
    current = await reads.current_state(CurrentFilter(tiers=() if tier is None else (tier,)))
    current_cells = {cell.lane_key: cell for cell in current.cells}
    unfinished = (await reads.deployments(_UNFINISHED, PageRequest(limit=MAX_UNFINISHED))).items
    search_text = q.casefold()
    return Matrix(
        environments=tuple(environments),
        rows=tuple(
            MatrixRow(
                service=service,
                cells=tuple(current_cells.get((service.name, each.name)) for each in environments),
            )
            for service in services
            if search_text in f"{service.name} {service.display_name} {service.team}".casefold()
        ),
        unfinished=most_advanced_by_lane(unfinished),
        at=at,
    )


def most_advanced_by_lane(unfinished: tuple[Deployment, ...]) -> dict[tuple[str, str], Deployment]:
    """Of each lane, what is closest to its end; of several, what was asked for first."""
    order = {status: position for position, status in enumerate(_UNFINISHED.statuses)}
    most_advanced_last = sorted(unfinished, key=lambda each: (-order[each.status], -each.number))
    return {(each.service, each.environment): each for each in most_advanced_last}
