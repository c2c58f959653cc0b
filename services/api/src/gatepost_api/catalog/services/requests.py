"""Request bodies for services and versions."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import (
    END_OF_TEXT,
    RULE,
    VISIBLE_CHARACTER,
    Instant,
    Line,
    Name,
    RequestModel,
    Text,
    VersionName,
)
from gatepost_domain.access.command import Command
from gatepost_domain.catalog import service as domain_service

_HOST_CHARACTER: Final = VISIBLE_CHARACTER.removesuffix("]") + r"/?#\[\]]"
_AUTHORITY: Final = rf"({_HOST_CHARACTER}+|({_HOST_CHARACTER}+@)?\[[0-9A-Fa-f:.]+\](:[0-9]+)?)"
"""The host of a URL, with the user and the port if given; only IPv6 addresses have brackets."""
RepositoryUrl = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^((https?|ssh|git)://{_AUTHORITY}([/?#]{VISIBLE_CHARACTER}*)?"
        rf"|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:{VISIBLE_CHARACTER}+){END_OF_TEXT}",
        max_length=500,
        extra={RULE: "an http, https, ssh or git URL, or user@host:path"},
        description="The source repository: an http, https, ssh or git URL, or `user@host:path`.",
        examples=["https://git.example/checkout/shop"],
    ),
]


CommitSha = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^([0-9a-f]{{40}}|[0-9a-f]{{64}}){END_OF_TEXT}",
        extra={RULE: "a full commit hash: 40 or 64 lowercase hexadecimal digits"},
        description="The full SHA-1 or SHA-256 commit hash in lowercase hexadecimal.",
    ),
]


ArtifactDigest = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[a-z0-9]+([+._-][a-z0-9]+)*:[0-9A-Za-z=_-]{{32,256}}{END_OF_TEXT}",
        max_length=300,
        extra={RULE: "an algorithm and a digest, such as sha256: and 64 hexadecimal digits"},
        description="The digest of the build artifact, as in OCI registries.",
        examples=["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]


class ServiceCreate(RequestModel):
    """A service to register."""

    example = {
        "name": "cart",
        "team": "checkout",
        "repo_url": "https://git.example/checkout/cart",
        "display_name": "Cart",
    }

    name: Name
    team: Line
    """The team responsible for the service."""
    repo_url: RepositoryUrl
    display_name: Line | None = None
    """A human-readable name. Defaults to `name`."""
    description: Text | None = None
    """What the service does, in free text."""

    def to_domain(self, command: Command) -> domain_service.Service:
        """Return the domain service, created by the command's actor at the command's time."""
        return domain_service.Service(
            name=self.name,
            team=self.team,
            repo_url=self.repo_url,
            display_name=self.display_name or self.name,
            description=self.description,
            created_at=command.at,
            created_by=command.actor.name,
        )


class ServiceChange(RequestModel):
    """Changes to a service. Omitted fields are unchanged."""

    example = {"team": "payments", "display_name": "Shop front"}

    team: Line | None = None
    """The team that becomes responsible for the service."""
    repo_url: RepositoryUrl | None = None
    """The new URL of the source repository."""
    display_name: Line | None = None
    """The new display name."""
    description: Text | None = None
    """The new description."""
    archived: bool | None = None
    """`true` archives the service, so that it accepts no new versions or deployment requests;
    `false` unarchives it."""

    def to_domain(self) -> domain_service.ServiceChange:
        """Return the domain change."""
        return domain_service.ServiceChange(
            team=self.team,
            repo_url=self.repo_url,
            display_name=self.display_name,
            description=self.description,
            archived=self.archived,
        )


class VersionCreate(RequestModel):
    """A version to register."""

    example = {"version": "1.5.0", "commit_sha": "9b1c0d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c"}

    version: VersionName
    commit_sha: CommitSha | None = None
    """The commit that the version was built from."""
    committed_at: Instant | None = None
    """When the commit was created."""
    artifact_digest: ArtifactDigest | None = None
    """The digest of the artifact, such as `sha256:…`."""
    notes: Text | None = None
    """Free text about the version."""

    def to_domain(self, command: Command, service: str) -> domain_service.Version:
        """Return the domain version, created by the command's actor at the command's time.

        Raises:
            BadInput: `committed_at` is outside the years 1 to 9999 in UTC.
        """
        at = self.committed_at
        return domain_service.Version(
            service=service,
            version=self.version,
            commit_sha=self.commit_sha,
            committed_at=None if at is None else to_utc(at, "#/committed_at"),
            artifact_digest=self.artifact_digest,
            notes=self.notes,
            created_at=command.at,
            created_by=command.actor.name,
        )
