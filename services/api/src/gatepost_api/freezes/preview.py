"""Previewing a freeze: when it would be active, and which deployments it would stop."""

from __future__ import annotations

from typing import Final

from gatepost_api.freezes.responses import (
    SHOWN_PERIODS,
    FreezePeriod,
    FreezePreview,
    FreezeStops,
    StoppedDeployment,
)
from gatepost_api.http.pagination import fetch_all_pages
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.freezes.freezes import preview_freeze
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.freezes.evaluation import active_and_next_periods
from gatepost_domain.freezes.freeze import Freeze, FreezeRequest, FreezeScope
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status

MAX_WAITING: Final = 50
_WAITING: Final = (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED)


async def load_preview(request: ApiRequest, freeze_request: FreezeRequest) -> FreezePreview:
    """Return when a freeze would be active, and what it would stop.

    Raises: the same errors as `impose_freeze`.
    """
    freeze_id = request.context.new_id()

    def preview(uow: UnitOfWork) -> Freeze:
        return preview_freeze(uow, freeze_request, request.command(uow), id=freeze_id)

    reads, now = request.context.reads, request.context.now()
    freeze = await reads.read_snapshot(preview)
    periods = [
        FreezePeriod.from_domain(period)
        for period in active_and_next_periods(freeze, now, limit=SHOWN_PERIODS)
    ]
    return FreezePreview(
        first=periods[0] if periods else None,
        next=periods,
        stops=FreezeStops(
            services=await _count_services(reads, freeze.scope),
            environments=await _count_environments(reads, freeze.scope),
            waiting=[_to_response(each) for each in await _find_waiting(reads, freeze.scope)],
        ),
    )


async def _find_waiting(reads: ReadModel, scope: FreezeScope) -> list[Deployment]:
    criteria = DeploymentFilter(
        statuses=_WAITING,
        services=() if scope.service is None else (scope.service,),
        environments=() if scope.environment is None else (scope.environment,),
        tiers=() if scope.tier is None else (scope.tier,),
        kinds=tuple(kind for kind in DeploymentKind if kind is not DeploymentKind.ROLLBACK),
        oldest_first=True,
    )
    page = await reads.deployments(criteria, PageRequest(limit=MAX_WAITING))
    return list(page.items)


async def _count_services(reads: ReadModel, scope: FreezeScope) -> int:
    return sum(
        scope.service in {None, service.name} for service in await fetch_all_pages(reads.services)
    )


async def _count_environments(reads: ReadModel, scope: FreezeScope) -> int:
    return sum(
        scope.environment in {None, environment.name} and scope.tier in {None, environment.tier}
        for environment in await fetch_all_pages(reads.environments)
    )


def _to_response(deployment: Deployment) -> StoppedDeployment:
    return StoppedDeployment(
        deployment_id=deployment.id,
        number=format_number(deployment.number),
        service=deployment.service,
        environment=deployment.environment,
        version=deployment.version,
        status=deployment.status,
    )
