"""A service's targets, with what is deployed there and the latest check results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from gatepost_api.http.pagination import fetch_all_pages
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.target import Target
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step, StepState, last_check_reports
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking.current_state import Cell, CurrentFilter

MAX_DEPLOYMENTS: Final = 10
"""The number of recent deployments to search for one whose checks ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResults:
    """The check results of the latest deployment that ran checks."""

    deployment: Deployment
    checks: tuple[Step, ...]

    @property
    def failed(self) -> int:
        """The number of checks that failed or ended in an error."""
        return sum(step.state in {StepState.FAILED, StepState.ERRORED} for step in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """The target in one environment: its settings, what is deployed there, and check results."""

    environment: Environment
    target: Target | None
    cell: Cell | None
    hold: AutoPromotionHold | None
    results: CheckResults | None

    @property
    def is_listed(self) -> bool:
        """Whether the environment is active, or the target is configured or has a version."""
        return self.environment.archived_at is None or bool(self.target or self.cell)


async def load_target_rows(
    reads: ReadModel, service: str, environments: Sequence[Environment]
) -> list[TargetRow]:
    """Return the targets in the given environments, including those never configured."""
    targets = {
        target.environment: target
        for target in await fetch_all_pages(partial(reads.targets, service))
    }
    current = await reads.current_state(CurrentFilter(services=(service,)))
    cells = {cell.environment: cell for cell in current.cells}
    _, holds = await reads.restrictions(service)
    holds_by_environment = {hold.environment: hold for hold in holds}
    return [
        TargetRow(
            environment=environment,
            target=targets.get(environment.name),
            cell=cells.get(environment.name),
            hold=holds_by_environment.get(environment.name),
            results=await load_latest_check_results(reads, service, environment.name)
            if environment.name in targets
            else None,
        )
        for environment in environments
    ]


async def load_latest_check_results(
    reads: ReadModel, service: str, environment: str
) -> CheckResults | None:
    """Return the latest check results of recent deployments, or None if there are no results."""
    criteria = DeploymentFilter(services=(service,), environments=(environment,))
    latest = (await reads.deployments(criteria, PageRequest(limit=MAX_DEPLOYMENTS))).items
    return await reads.read_snapshot(partial(_find_results, deployments=latest))


def _find_results(uow: UnitOfWork, deployments: Sequence[Deployment]) -> CheckResults | None:
    for deployment in deployments:
        if deployment.attempt and (checks := last_check_reports(uow.claims.steps(deployment.id))):
            return CheckResults(deployment=deployment, checks=checks)
    return None
