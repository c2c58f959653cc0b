"""How a service does, as far as the record and the contracts tell."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_contracts.sizes import SIZING_BY_TIER
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status

EnvironmentFilter = Annotated[
    str | None, QueryParameter(description="Only of this environment; of any where it is absent.")
]


class HealthSource(StrEnum):
    """Where the figures come from."""

    DECLARED = "declared"
    """From the contract: what the service is given, not what it uses."""


class ServiceHealth(ResponseModel):
    """How a service does: its latest deployment, and what it is given where that went."""

    service: str
    environment: str | None
    """Where the latest deployment went, and null where there is none, as all below."""
    last_deployment_time: Instant | None
    """When it was deployed, or, as long as it is not, when it was asked for."""
    deployment_status: Status | None
    version: str | None
    pod_count: int | None
    cpu_usage: str | None
    """Of each pod, in the quantities of Kubernetes."""
    memory_usage: str | None
    """Of each pod, in the quantities of Kubernetes."""
    source: HealthSource


class ServiceHealthController(Controller):
    """How services do."""

    path = "/services"
    tags = ("services",)

    @get(
        "/{service:str}/health",
        summary="Tell how a service does",
        responses=problem_responses(401, 404, 422),
    )
    async def get_service_health(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentFilter = None
    ) -> ServiceHealth:
        """The latest deployment of a service, by number, and what the contract gives it there."""
        reads = request.context.reads
        await reads.service(service)
        if environment is not None:
            await reads.environment(environment)
        wanted = DeploymentFilter(
            services=(service,), environments=() if environment is None else (environment,)
        )
        page = await reads.deployments(wanted, PageRequest(limit=1))
        return _service_health(service, page.items[0] if page.items else None)


def _service_health(service: str, latest: Deployment | None) -> ServiceHealth:
    if latest is None:
        return ServiceHealth(
            service=service,
            environment=None,
            last_deployment_time=None,
            deployment_status=None,
            version=None,
            pod_count=None,
            cpu_usage=None,
            memory_usage=None,
            source=HealthSource.DECLARED,
        )
    given = SIZING_BY_TIER[latest.tier]
    return ServiceHealth(
        service=service,
        environment=latest.environment,
        last_deployment_time=latest.deployed_at or latest.created_at,
        deployment_status=latest.status,
        version=latest.version,
        pod_count=given.pod_count,
        cpu_usage=given.cpu_request,
        memory_usage=given.memory_request,
        source=HealthSource.DECLARED,
    )
