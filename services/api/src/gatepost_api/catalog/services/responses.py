"""Responses for services, versions and contracts."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from gatepost_api.schemas.base import (
    Instant,
    ResponseModel,
)
from gatepost_contracts import generation_input_output
from gatepost_domain.catalog import service as domain_service


class ServiceStatus(StrEnum):
    """Whether a service is in use."""

    REGISTERED = "registered"
    """Versions can be registered and deployed."""
    ARCHIVED = "archived"
    """No new versions or deployment requests are accepted; the history remains."""


class Service(ResponseModel):
    """A deployable component and the team responsible for it."""

    example = {
        "name": "shop",
        "display_name": "Shop",
        "description": None,
        "team": "checkout",
        "repo_url": "https://git.example/checkout/shop",
        "status": "registered",
        "created_at": "2026-11-29T18:03:10.738001Z",
        "created_by": "system",
        "revision": 1,
    }

    name: str
    """The name, which never changes."""
    display_name: str
    """The human-readable name of the service."""
    description: str | None
    """A description of the service. Null if none was given."""
    team: str
    """The team that owns the service."""
    repo_url: str
    """The URL of the service's source repository."""
    status: ServiceStatus
    created_at: Instant
    """When the service was registered."""
    created_by: str
    """Who registered the service."""
    revision: int
    """The revision number: starts at 1 and increases with every change. Also the ETag."""

    @classmethod
    def from_domain(cls, service: domain_service.Service) -> Self:
        """Map a domain service to its response."""
        return cls(**_service_fields(service))


class ContractFile(ResponseModel):
    """A file generated for a service, without its content."""

    path: str
    """The path of the file, relative to the root folder of the service's contracts."""
    digest: str
    """The SHA-256 digest of the file in lowercase hexadecimal."""


class Contracts(ResponseModel):
    """The files generated for a service: infrastructure, runtime and pipelines."""

    template_version: str
    """The version of the templates. Changes whenever the same input would produce different
    files."""
    digest: str
    """The SHA-256 digest of the `sha256sum` listing of the files, ordered by path. Also the
    ETag."""
    files: list[ContractFile]
    """The files, ordered by path."""

    @classmethod
    def from_domain(cls, contracts: generation_input_output.ContractFiles) -> Self:
        """Map generated contracts to their response."""
        return cls(
            template_version=contracts.template_version,
            digest=contracts.digest,
            files=[
                ContractFile(path=path, digest=digest) for path, digest in contracts.digests.items()
            ],
        )


class RegisteredService(Service):
    """A newly registered or changed service with its generated contracts."""

    contracts: Contracts

    @classmethod
    def from_domain_with_contracts(
        cls, service: domain_service.Service, contracts: generation_input_output.ContractFiles
    ) -> Self:
        """Map a domain service and its contracts to one response."""
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
    """A page of services, ordered by name."""

    items: list[Service]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class Version(ResponseModel):
    """An identified, immutable build of one service."""

    service: str
    """The service's name."""
    version: str
    """The name of the version, which never changes."""
    commit_sha: str | None
    """The commit that the version was built from. Null if unknown."""
    committed_at: Instant | None
    """When the commit was created. Null if unknown."""
    artifact_digest: str | None
    """The digest of the artifact, such as `sha256:…`. Null if unknown."""
    notes: str | None
    """Free text. Null if there is none."""
    created_at: Instant
    """When the version was registered."""
    created_by: str
    """Who registered the version."""

    @classmethod
    def from_domain(cls, version: domain_service.Version) -> Self:
        """Map a domain version to its response."""
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
    """A page of a service's versions, most recently registered first."""

    items: list[Version]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
