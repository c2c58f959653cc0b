"""The documents' bodies, with fields and words as they write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from gatepost_api.catalog.services.health import ServiceHealth
from gatepost_api.catalog.services.requests import RepositoryUrl, ServiceCreate
from gatepost_api.deployments.requests import WorkReference
from gatepost_api.deployments.responses import ExecutionState
from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import (
    END_OF_TEXT,
    VISIBLE_CHARACTER,
    Instant,
    Line,
    Name,
    RequestModel,
    ResponseModel,
    Text,
    VersionName,
)
from gatepost_domain.access.command import Command
from gatepost_domain.actions.tracking.record import ExternalDeployment
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import Cell

STATES: Final[Mapping[Status, ExecutionState]] = {
    Status.PENDING_APPROVAL: ExecutionState.QUEUED,
    Status.APPROVED: ExecutionState.QUEUED,
    Status.QUEUED: ExecutionState.QUEUED,
    Status.STARTED: ExecutionState.RUNNING,
    Status.SUCCEEDED: ExecutionState.SUCCESS,
    Status.FAILED: ExecutionState.FAILED,
    Status.ROLLED_BACK: ExecutionState.FAILED,
    Status.REJECTED: ExecutionState.FAILED,
    Status.CANCELLED: ExecutionState.FAILED,
}
"""The platform document's state for each status."""

VersionId = Annotated[
    str,
    Meta(pattern=rf"^{VISIBLE_CHARACTER}+{END_OF_TEXT}", max_length=264),
    Meta(description="`APPLICATION@VERSION` or `VERSION`."),
]


class PlatformServiceCreate(RequestModel):
    """A service to register."""

    service_name: Name
    team_name: Line
    repo_url: RepositoryUrl

    def to_domain(self, command: Command) -> Service:
        """Return the domain service, created by the command's actor at the command's time."""
        return ServiceCreate(
            name=self.service_name, team=self.team_name, repo_url=self.repo_url
        ).to_domain(command)


class PlatformArtifacts(ResponseModel):
    """The folders of a service's contracts. Null if there is no environment."""

    terraform: str | None
    k8s_manifest: str | None
    jenkins_pipeline: str | None


class PlatformService(ResponseModel):
    """A registered service."""

    service_name: str
    status: str
    artifacts: PlatformArtifacts

    @classmethod
    def from_domain(cls, service: Service, environment: Environment | None) -> Self:
        """Map a service, with the folders of its contracts for an environment."""
        artifacts = PlatformArtifacts(terraform=None, k8s_manifest=None, jenkins_pipeline=None)
        if environment is not None:
            artifacts = PlatformArtifacts(
                terraform=f"terraform/envs/{environment.name}/{service.name}",
                k8s_manifest=f"kubernetes/envs/{environment.name}",
                jenkins_pipeline="jenkins",
            )
        return cls(service_name=service.name, status="REGISTERED", artifacts=artifacts)


class PlatformDeploymentCreate(RequestModel):
    """The service to deploy. The document has only `service_name`."""

    service_name: Name
    version: VersionName | None = None
    """A registered version. By default, a new one is registered."""
    work_references: list[WorkReference] | None = None
    rollback_plan: Text | None = None
    risk: Text | None = None
    """The risks. Required if the environment's tier is `production`."""

    def to_domain(self, environment: str, version: str) -> DeploymentRequest:
        """Return the domain request; it says what was not given."""
        return DeploymentRequest(
            service=self.service_name,
            environment=environment,
            version=version,
            work_references=tuple(
                self.work_references or ("None given to POST /platform/deployments.",)
            ),
            rollback_plan=self.rollback_plan or "None given. Redeploy the previous version.",
            risk=self.risk,
        )


class PlatformDeployment(ResponseModel):
    """A requested deployment."""

    build_id: UUID
    """The id of the hand-over to workers; until then, the id of the deployment."""
    service_name: str
    status: ExecutionState

    @classmethod
    def from_domain(cls, deployment: Deployment) -> Self:
        """Map a domain deployment."""
        return cls(
            build_id=deployment.build_id or deployment.id,
            service_name=deployment.service,
            status=STATES[deployment.status],
        )


class PlatformHealth(ResponseModel):
    """The latest deployment of a service, and its declared resources."""

    service_name: str
    last_deployment_time: Instant | None
    deployment_status: ExecutionState | None
    pod_count: int | None
    cpu_usage: str | None
    memory_usage: str | None

    @classmethod
    def from_health(cls, health: ServiceHealth) -> Self:
        """Map the health of a service."""
        status = health.deployment_status
        return cls(
            service_name=health.service,
            last_deployment_time=health.last_deployment_time,
            deployment_status=None if status is None else STATES[status],
            pod_count=health.pod_count,
            cpu_usage=health.cpu_usage,
            memory_usage=health.memory_usage,
        )


class RecordDeploymentRequest(RequestModel, rename="camel"):
    """A deployment to record. It cannot be changed later."""

    application_id: Name
    version_id: VersionId
    environment_id: Name
    deployment_date: Instant
    """When it was deployed. Not in the future."""
    deployed_by: Line | None = None
    """A user name or system identifier. Defaults to the caller."""
    notes: Text | None = None

    def to_domain(self) -> ExternalDeployment:
        """Return the domain description of the deployment."""
        return ExternalDeployment(
            service=self.application_id,
            environment=self.environment_id,
            version=parse_version_id(self.application_id, self.version_id)[1],
            deployed_at=to_utc(self.deployment_date, "#/deploymentDate"),
            deployed_by=self.deployed_by,
            notes=self.notes,
        )


class NamedReference(ResponseModel):
    """An application or environment."""

    id: str
    name: str


class VersionReference(ResponseModel, rename="camel"):
    """A version; its id is `APPLICATION@VERSION`."""

    id: str
    version_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayNames:
    """The human-readable names of applications and environments, by name."""

    applications: Mapping[str, str]
    environments: Mapping[str, str]

    @classmethod
    def of(cls, uow: UnitOfWork, deployments: Iterable[Deployment | Cell]) -> Self:
        """Return the names that these deployments need."""
        lanes = {(deployment.service, deployment.environment) for deployment in deployments}
        services, environments = {lane[0] for lane in lanes}, {lane[1] for lane in lanes}
        return cls(
            applications={name: uow.services.get(name).display_name for name in services},
            environments={name: uow.environments.get(name).display_name for name in environments},
        )


class CurrentDeploymentState(ResponseModel, rename="camel"):
    """What is deployed of an application in an environment."""

    application: NamedReference
    environment: NamedReference
    version: VersionReference
    deployment_date: Instant
    deployed_by: str | UnsetType = UNSET

    @classmethod
    def from_domain(cls, cell: Cell, names: DisplayNames) -> Self:
        """Map a cell of the current state."""
        return cls(**_facts(cell, names))


class TrackedDeployment(ResponseModel, kw_only=True, rename="camel"):
    """A deployment that went live, through Gatepost or elsewhere."""

    id: UUID
    application: NamedReference
    version: VersionReference
    environment: NamedReference
    deployment_date: Instant
    deployed_by: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET
    created_at: Instant

    @classmethod
    def from_domain(cls, deployment: Deployment, names: DisplayNames) -> Self:
        """Map a deployment that went live."""
        return cls(
            **_facts(deployment, names),
            id=deployment.id,
            notes=deployment.notes or UNSET,
            created_at=deployment.created_at,
        )


def _facts(source: Deployment | Cell, names: DisplayNames) -> dict[str, Any]:
    service, environment, version = source.service, source.environment, source.version
    return {
        "application": NamedReference(id=service, name=names.applications[service]),
        "environment": NamedReference(id=environment, name=names.environments[environment]),
        "version": VersionReference(id=f"{service}@{version}", version_identifier=version),
        "deployment_date": source.deployed_at,
        "deployed_by": source.deployed_by or UNSET,
    }


class TrackedDeploymentPage(ResponseModel):
    """A page of deployments. Before the last page, it can have fewer items than `limit`."""

    items: list[TrackedDeployment]
    next_cursor: str | None


def parse_version_id(application: str | None, text: str) -> tuple[str | None, str]:
    """Return the application and version that a version's id names, or its name alone."""
    named, at, version = text.partition("@")
    if at and application in {None, named}:
        return named, version
    return application, text


def is_tracked(deployment: Deployment) -> bool:
    """Return whether a deployment went live and is not a hidden record."""
    return deployment.deployed_at is not None and deployment.hidden is None
