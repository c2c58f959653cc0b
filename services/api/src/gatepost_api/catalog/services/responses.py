"""Services, versions and contracts in responses."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from gatepost_api.schemas.base import (
    Instant,
    ResponseModel,
)
from gatepost_contracts import contract
from gatepost_domain.catalog import service as domain_service


class ServiceStatus(StrEnum):
    """Whether a service is in use."""

    REGISTERED = "registered"
    """It is known, and its versions can be registered and deployed."""
    ARCHIVED = "archived"
    """It is kept for its history; it takes no new version and no new request."""


class Service(ResponseModel):
    """Something that is deployed, with the team that answers for it."""

    name: str
    display_name: str
    description: str | None
    team: str
    repo_url: str
    status: ServiceStatus
    created_at: Instant
    created_by: str
    revision: int

    @classmethod
    def from_domain(cls, service: domain_service.Service) -> Self:
        """As the domain has it."""
        return cls(**_service_fields(service))


class ContractFile(ResponseModel):
    """A generated file."""

    path: str
    digest: str
    """The SHA-256 of it, in lower-case hexadecimal."""


class Contracts(ResponseModel):
    """What is generated for a service: infrastructure, runtime and pipelines."""

    template_version: str
    """By which templates; it changes whenever the same service would get other files."""
    digest: str
    """The SHA-256 of what `sha256sum` prints of the files, by path; it is also the ETag."""
    files: list[ContractFile]

    @classmethod
    def from_domain(cls, contracts: contract.Contracts) -> Self:
        """As they were generated."""
        return cls(
            template_version=contracts.template_version,
            digest=contracts.digest,
            files=[
                ContractFile(path=path, digest=digest) for path, digest in contracts.digests.items()
            ],
        )


class RegisteredService(Service):
    """A service, as it was just registered or changed, with what is generated for it."""

    contracts: Contracts

    @classmethod
    def from_domain_with_contracts(
        cls, service: domain_service.Service, contracts: contract.Contracts
    ) -> Self:
        """As the domain has it, and as they were generated."""
        return cls(**_service_fields(service), contracts=Contracts.from_domain(contracts))


def _service_fields(service: domain_service.Service) -> dict[str, Any]:
    archived = service.archived_at is not None
    return {
        "name": service.name,
        "display_name": service.display_name,
        "description": service.description,
        "team": service.team,
        "repo_url": service.repo_url,
        "status": ServiceStatus.ARCHIVED if archived else ServiceStatus.REGISTERED,
        "created_at": service.created_at,
        "created_by": service.created_by,
        "revision": service.revision,
    }


class ServicePage(ResponseModel):
    """Services, by name."""

    items: list[Service]
    next_cursor: str | None


class Version(ResponseModel):
    """An identified build of one service; it never changes."""

    service: str
    version: str
    commit_sha: str | None
    committed_at: Instant | None
    artifact_digest: str | None
    notes: str | None
    created_at: Instant
    created_by: str

    @classmethod
    def from_domain(cls, version: domain_service.Version) -> Self:
        """As the domain has it."""
        return cls(
            service=version.service,
            version=version.version,
            commit_sha=version.commit_sha,
            committed_at=version.committed_at,
            artifact_digest=version.artifact_digest,
            notes=version.notes,
            created_at=version.created_at,
            created_by=version.created_by,
        )


class VersionPage(ResponseModel):
    """Versions of a service, the latest registered first."""

    items: list[Version]
    next_cursor: str | None
