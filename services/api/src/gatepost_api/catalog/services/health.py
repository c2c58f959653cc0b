"""The health of a service, derived from its latest deployment and its contracts."""

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
    str | None,
    QueryParameter(description="Consider only deployments to this environment. Default: any."),
]


class HealthSource(StrEnum):
    """The source of the resource figures."""

    DECLARED = "declared"
    """Declared in the contract: resources requested, not resources used."""


class ServiceHealth(ResponseModel):
    """The latest deployment of a service and the resources declared for its environment."""

    service: str
    environment: str | None
    """The environment of the latest deployment. Null, like all fields below except `source`, if
    there is no deployment."""
    last_deployment_time: Instant | None
    """When the latest deployment was deployed; if it has not been deployed, when it was
    requested."""
    deployment_status: Status | None
    version: str | None
    pod_count: int | None
    """The number of pods declared in the contract."""
    cpu_usage: str | None
    """The CPU request of each pod as a Kubernetes quantity, such as `500m`."""
    memory_usage: str | None
    """The memory request of each pod as a Kubernetes quantity, such as `512Mi`."""
    source: HealthSource


class ServiceHealthController(Controller):
    """Health of services."""

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
        """Return the deployment with the highest number and the resources its contract declares."""
        reads = request.context.reads
        await reads.service(service)
        if environment is not None:
            await reads.environment(environment)
        deployment_filter = DeploymentFilter(
            services=(service,), environments=() if environment is None else (environment,)
        )
        page = await reads.deployments(deployment_filter, PageRequest(limit=1))
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
    resources = SIZING_BY_TIER[latest.tier]
    return ServiceHealth(
        service=service,
        environment=latest.environment,
        last_deployment_time=latest.deployed_at or latest.created_at,
        deployment_status=latest.status,
        version=latest.version,
        pod_count=resources.pod_count,
        cpu_usage=resources.cpu_request,
        memory_usage=resources.memory_request,
        source=HealthSource.DECLARED,
    )
