"""The health of a service, derived from its latest rollout and its contracts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.params import QueryParameter

from gatepost_api.deployments.responses import ExecutionState, execution_state
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_api.tracking.responses import Cell
from gatepost_contracts.pod_sizing import SIZING_BY_TIER
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.history_filters import rollout_at

EnvironmentFilter = Annotated[
    str | None,
    QueryParameter(description="Consider only this environment. Default: all environments."),
]


class HealthSource(StrEnum):
    """The source of `pod_count`, `cpu_usage` and `memory_usage`."""

    DECLARED = "declared"
    """The contract, which declares the resources requested, not those in use."""


class ServiceHealth(ResponseModel):
    """A service's latest rollout, declared resources and live versions."""

    service: str
    """The service's name."""
    environment: str | None
    """The environment of the latest rollout. If there has been no rollout, the environment whose
    resources are shown: the requested one or the first in promotion order. Null if there is no
    environment."""
    last_deployment_time: Instant | None
    """When the version of the latest rollout went live or, if the rollout has not succeeded, when
    it started or was queued. Null if there has been no rollout. Requests that were never queued or
    started, and hidden records, are ignored."""
    deployment_status: Status | None
    """The status of the deployment in the latest rollout. Null if there has been no rollout."""
    execution_state: ExecutionState | None
    """The state of the latest rollout. Null if there has been no rollout."""
    deployment_id: UUID | None
    """The id of the latest rollout's deployment. Null if there has been no rollout."""
    number: str | None
    """The number of the latest rollout's deployment. Null if there has been no rollout."""
    build_id: UUID | None
    """The build id of the latest rollout. Null for a record, or if there has been no rollout."""
    version: str | None
    """The version in the latest rollout. Null if there has been no rollout."""
    pod_count: int | None
    """The number of pods declared in the service's contract."""
    cpu_usage: str | None
    """The CPU request of each pod as a Kubernetes quantity, such as `500m`."""
    memory_usage: str | None
    """The memory request of each pod as a Kubernetes quantity, such as `512Mi`."""
    source: HealthSource
    live: list[Cell]
    """The live version in each environment, or only in the requested one."""


class ServiceHealthController(Controller):
    """Operations on the health of services."""

    path = "/services"
    tags = ("services",)

    @get(
        "/{service:str}/health",
        summary="Get the health of a service",
        responses=problem_responses(401, 404, 422),
    )
    async def get_service_health(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentFilter = None
    ) -> ServiceHealth:
        """Return a service's latest rollout, its declared resources and its live versions.

        The latest rollout is the deployment that was most recently queued, started or, if it is a
        record, deployed.
        """
        return await read_service_health(
            request.context.reads, service, environment, at=request.context.now()
        )


async def read_service_health(
    reads: ReadModel, service: str, environment: str | None, *, at: datetime
) -> ServiceHealth:
    """Return the health of a service, limited to an environment if one is given.

    Raises:
        NotFound: the service or the environment does not exist.
    """
    await reads.service(service)
    environments = (
        (await reads.environment(environment),)
        if environment is not None
        else (await reads.environments(PageRequest(limit=1))).items
    )
    latest = await reads.latest_rollout(service, environment)
    current = await reads.current_state(
        CurrentFilter(
            services=(service,), environments=() if environment is None else (environment,)
        )
    )
    tiers = [latest.tier] if latest is not None else [first.tier for first in environments]
    names = [latest.environment] if latest is not None else [first.name for first in environments]
    resources = SIZING_BY_TIER[tiers[0]] if tiers else None
    return ServiceHealth(
        service=service,
        environment=names[0] if names else None,
        last_deployment_time=None if latest is None else rollout_at(latest),
        deployment_status=None if latest is None else latest.status,
        execution_state=None if latest is None else execution_state(latest),
        deployment_id=None if latest is None else latest.id,
        number=None if latest is None else format_number(latest.number),
        build_id=None if latest is None else latest.build_id,
        version=None if latest is None else latest.version,
        pod_count=None if resources is None else resources.pod_count,
        cpu_usage=None if resources is None else resources.cpu_request,
        memory_usage=None if resources is None else resources.memory_request,
        source=HealthSource.DECLARED,
        live=[Cell.from_domain(cell, at) for cell in current.cells],
    )
