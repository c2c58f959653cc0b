"""`/platform`: the platform control plane API, for existing clients (see docs/compatibility.md)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import JSONBody

from gatepost_api.catalog.services.contract_files import generate_contracts_digest
from gatepost_api.catalog.services.health import read_service_health
from gatepost_api.catalog.services.requests import RepositoryUrl, ServiceCreate, VersionCreate
from gatepost_api.deployments.responses import ExecutionState, execution_state
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_WITHOUT_ETAG as CREATED
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.refusal_field_names import with_request_field_names
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, ResponseModel
from gatepost_domain.access.command import Command
from gatepost_domain.actions.catalog.create import register_service, register_version
from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork

FIELDS: Final = {"service": "service_name", "environment": "service_name", "risk": "service_name"}
"""Maps each of Gatepost's fields to `service_name`, the only field in a request to deploy."""
WRITE: Final = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)
READ: Final = problem_responses(401, 404, 422)


class PlatformServiceCreate(RequestModel):
    """A service to register."""

    service_name: Name
    team_name: Line
    repo_url: RepositoryUrl


class PlatformArtifacts(ResponseModel):
    """The folders of a service's contracts. Each is null if there is no environment."""

    terraform: str | None
    """The folder with the first environment's Terraform files. Null if there is no environment."""
    k8s_manifest: str | None
    """The folder with the first environment's Kubernetes manifests. Null if there is no
    environment."""
    jenkins_pipeline: str | None
    """The folder of the Jenkins pipeline. Null if there is no environment."""


class PlatformService(ResponseModel):
    """A registered service."""

    service_name: str
    """The service's name."""
    status: str
    """The state of the registration."""
    artifacts: PlatformArtifacts


class PlatformDeploymentCreate(RequestModel):
    """The service to deploy."""

    service_name: Name


class PlatformDeployment(ResponseModel):
    """A requested deployment."""

    build_id: UUID
    """The id of the rollout or, until it is queued or started, the id of the deployment."""
    service_name: str
    """The service's name."""
    status: ExecutionState


class PlatformHealth(ResponseModel):
    """A service's latest rollout, if any, and its declared resources."""

    service_name: str
    """The service's name."""
    last_deployment_time: Instant | None
    """The time of the latest rollout. Null if there has been no rollout."""
    deployment_status: ExecutionState | None
    """The state of the latest rollout. Null if there has been no rollout."""
    pod_count: int | None
    """The declared number of pods, as in the contract. Null if there is no environment."""
    cpu_usage: str | None
    """The declared CPU, as in the contract. Null if there is no environment."""
    memory_usage: str | None
    """The declared memory, as in the contract. Null if there is no environment."""


class PlatformController(Controller):
    """The platform control plane API, for existing clients (see docs/compatibility.md)."""

    path = "/platform"
    tags = ("compatibility",)

    @post("/services", summary="Register a microservice", responses=WRITE, response_headers=CREATED)
    async def register_platform_service(
        self, request: ApiRequest, data: JSONBody[PlatformServiceCreate], key: IdempotencyKey = None
    ) -> Response[PlatformService]:
        """Register a service and return the folders of its contracts for the first environment."""
        body = ServiceCreate(name=data.service_name, team=data.team_name, repo_url=data.repo_url)
        return await execute(
            request,
            lambda uow, command: register_service(
                uow, body.to_domain(command), command, digest_contracts=generate_contracts_digest
            ),
            lambda uow, service: WriteResponse.created(
                _registered_service(service.name, _first_environment(uow)),
                f"/api/v1/services/{service.name}",
            ),
            idempotency_key=key,
        )

    @post("/deployments", summary="Trigger a deployment", responses=WRITE, response_headers=CREATED)
    async def trigger_platform_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[PlatformDeploymentCreate],
        key: IdempotencyKey = None,
    ) -> Response[PlatformDeployment]:
        """Register a new version of a service and request its deployment.

        The request is for the first environment in promotion order, whose policy applies.
        """
        new_id = request.context.new_id
        deployment_id = new_id()

        @with_request_field_names(FIELDS)
        def trigger(uow: UnitOfWork, *, command: Command) -> Deployment:
            version = VersionCreate(version=f"build-{deployment_id}")
            register_version(uow, version.to_domain(command, data.service_name), command)
            environment = _first_environment(uow)
            if environment is None:
                raise NotFound("environment", "that is not archived")
            body = DeploymentRequest(
                service=data.service_name,
                environment=environment,
                version=version.version,
                work_references=("None given to POST /platform/deployments.",),
                rollback_plan="None given. Redeploy the previous version.",
                risk=None,
            )
            return request_deployment(uow, body, command, id=deployment_id, new_id=new_id)

        return await execute(
            request,
            trigger,
            lambda _, deployment: WriteResponse.created(
                PlatformDeployment(
                    build_id=deployment.build_id or deployment.id,
                    service_name=deployment.service,
                    status=execution_state(deployment) or ExecutionState.QUEUED,
                ),
                f"/api/v1/deployments/{deployment.id}",
            ),
            idempotency_key=key,
        )

    @get(
        "/services/{service_name:str}/health", summary="Get a microservice's health", responses=READ
    )
    async def get_platform_health(
        self, request: ApiRequest, service_name: ServiceInPath
    ) -> PlatformHealth:
        """Return a service's latest rollout and declared resources."""
        reads, now = request.context.reads, request.context.now()
        health = await read_service_health(reads, service_name, None, at=now)
        return PlatformHealth(
            service_name=health.service,
            last_deployment_time=health.last_deployment_time,
            deployment_status=health.execution_state,
            pod_count=health.pod_count,
            cpu_usage=health.cpu_usage,
            memory_usage=health.memory_usage,
        )


def _first_environment(uow: UnitOfWork) -> str | None:
    """Return the first environment in promotion order that is not archived."""
    return next((environment.name for environment in uow.environments.list_active()), None)


def _registered_service(name: str, environment: str | None) -> PlatformService:
    artifacts = PlatformArtifacts(
        terraform=environment and f"terraform/envs/{environment}/{name}",
        k8s_manifest=environment and f"kubernetes/envs/{environment}",
        jenkins_pipeline=environment and "jenkins",
    )
    return PlatformService(service_name=name, status="REGISTERED", artifacts=artifacts)
