"""Services, versions, environments and policies on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

import msgspec

from gatepost_api.catalog.environments.policy_schemas import PolicyBody
from gatepost_api.http.json_body import in_utc
from gatepost_api.schemas.base import (
    END,
    VISIBLE,
    Input,
    Instant,
    Line,
    Name,
    Output,
    Text,
    VersionName,
)
from gatepost_contracts import contract
from gatepost_domain.access.command import Command
from gatepost_domain.catalog import environment
from gatepost_domain.catalog import service as domain_service
from gatepost_domain.catalog.tier import Tier

RepositoryUrl = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^((https?|ssh|git)://|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:){VISIBLE}+{END}",
        max_length=500,
        description="Where its source is: an http, https, ssh or git URL, or `user@host:path`.",
        examples=["https://git.example/team/customer-portal"],
    ),
]
CommitSha = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^([0-9a-f]{{40}}|[0-9a-f]{{64}}){END}",
        description="The full hash of the commit that was built, in lower case.",
    ),
]
ArtifactDigest = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[a-z0-9]+([+._-][a-z0-9]+)*:[0-9A-Za-z=_-]{{32,256}}{END}",
        max_length=300,
        description="The digest of what was built, as registries give it.",
        examples=["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]


Rank = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class ServiceStatus(StrEnum):
    """Whether a service is in use."""

    REGISTERED = "registered"
    """It is known, and its versions can be registered and deployed."""
    ARCHIVED = "archived"
    """It is kept for its history; it takes no new version and no new request."""


class ServiceCreate(Input):
    """A service to make known."""

    example = {
        "name": "shop",
        "team": "checkout",
        "repo_url": "https://git.example/checkout/shop",
        "display_name": "Shop",
    }

    name: Name
    team: Line
    """The team that answers for it."""
    repo_url: RepositoryUrl
    display_name: Line | None = None
    """What people call it; the name where it is absent."""
    description: Text | None = None

    def added_by(self, command: Command) -> domain_service.Service:
        """As the domain has it."""
        return domain_service.Service(
            name=self.name,
            team=self.team,
            repo_url=self.repo_url,
            display_name=self.display_name or self.name,
            description=self.description,
            created_at=command.at,
            created_by=command.actor.name,
        )


class Service(Output):
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
    def of(cls, service: domain_service.Service) -> Self:
        """As the domain has it."""
        return cls(**_service_fields(service))


class ContractFile(Output):
    """A generated file."""

    path: str
    digest: str
    """The SHA-256 of it, in lower-case hexadecimal."""


class Contracts(Output):
    """What is generated for a service: infrastructure, runtime and pipelines."""

    template_version: str
    """By which templates; it changes whenever the same service would get other files."""
    digest: str
    """The SHA-256 of what `sha256sum` prints of the files, by path; it is also the ETag."""
    files: list[ContractFile]

    @classmethod
    def of(cls, contracts: contract.Contracts) -> Self:
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
    def with_contracts(cls, service: domain_service.Service, contracts: contract.Contracts) -> Self:
        """As the domain has it, and as they were generated."""
        return cls(**_service_fields(service), contracts=Contracts.of(contracts))


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


class ServiceChange(Input):
    """What is to be different about a service; what is left out stays as it is."""

    example = {"team": "payments", "display_name": "Shop front"}

    team: Line | None = None
    repo_url: RepositoryUrl | None = None
    display_name: Line | None = None
    description: Text | None = None
    archived: bool | None = None
    """Whether it shall take nothing new. It needs the role operator or admin."""

    def change(self) -> domain_service.ServiceChange:
        """As the domain has it."""
        return domain_service.ServiceChange(
            team=self.team,
            repo_url=self.repo_url,
            display_name=self.display_name,
            description=self.description,
            archived=self.archived,
        )


class ServicePage(Output):
    """Services, by name."""

    items: list[Service]
    next_cursor: str | None


class VersionCreate(Input):
    """A build to make known."""

    example = {"version": "1.4.2", "commit_sha": "9b1c0d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c"}

    version: VersionName
    commit_sha: CommitSha | None = None
    committed_at: Instant | None = None
    artifact_digest: ArtifactDigest | None = None
    notes: Text | None = None

    def added_by(self, command: Command, service: str) -> domain_service.Version:
        """As the domain has it."""
        at = self.committed_at
        return domain_service.Version(
            service=service,
            version=self.version,
            commit_sha=self.commit_sha,
            committed_at=None if at is None else in_utc(at, "#/committed_at"),
            artifact_digest=self.artifact_digest,
            notes=self.notes,
            created_at=command.at,
            created_by=command.actor.name,
        )


class Version(Output):
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
    def of(cls, version: domain_service.Version) -> Self:
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


class VersionPage(Output):
    """Versions of a service, the latest registered first."""

    items: list[Version]
    next_cursor: str | None


class EnvironmentCreate(Input):
    """A place where versions run."""

    example = {"name": "canary", "tier": "production", "rank": 35}

    name: Name
    tier: Tier
    display_name: Line | None = None
    """What people call it; the name where it is absent."""
    rank: Rank | None = None
    """Its place in the order of promotion, lowest first; the tier's where it is absent."""
    policy: PolicyBody | None = None
    """Its rules; the tier's where they are absent."""

    def added_by(self, command: Command) -> environment.Environment:
        """As the domain has it, with the first version of its policy."""
        return environment.Environment(
            name=self.name,
            display_name=self.display_name or self.name,
            tier=self.tier,
            rank=environment.RANKS[self.tier] if self.rank is None else self.rank,
            policy_version=1,
            created_at=command.at,
            created_by=command.actor.name,
        )


class Environment(Output):
    """A place where versions run."""

    name: str
    display_name: str
    tier: Tier
    rank: int
    policy_version: int
    """The version of its policy in force."""
    archived: bool
    """Whether it is kept for its history alone, and takes no new request."""
    created_at: Instant
    created_by: str
    revision: int
    """Counts its changes, those of its policy among them; it is also the ETag."""

    @classmethod
    def of(cls, environment: environment.Environment) -> Self:
        """As the domain has it."""
        return cls(
            name=environment.name,
            display_name=environment.display_name,
            tier=environment.tier,
            rank=environment.rank,
            policy_version=environment.policy_version,
            archived=environment.archived_at is not None,
            created_at=environment.created_at,
            created_by=environment.created_by,
            revision=environment.revision,
        )


class EnvironmentChange(Input):
    """What is to be different about an environment; what is left out stays as it is."""

    example = {"display_name": "Production EU", "rank": 45}

    display_name: Line | None = None
    rank: Rank | None = None
    archived: bool | None = None
    """Whether it shall take no new request."""

    def change(self) -> environment.EnvironmentChange:
        """As the domain has it."""
        return environment.EnvironmentChange(
            display_name=self.display_name, rank=self.rank, archived=self.archived
        )


class EnvironmentPage(Output):
    """Environments, in the order of promotion."""

    items: list[Environment]
    next_cursor: str | None
