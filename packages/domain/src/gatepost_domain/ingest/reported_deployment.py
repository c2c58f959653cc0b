"""What a payload says: a deployment that ended elsewhere, a job that waits, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gatepost_domain.ingest.payload_values import short_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedDeployment:
    """A deployment that succeeded or failed, in the names that the source uses."""

    environment: str
    versions: tuple[str, ...]
    """The names that the version can have, the best one first. It is registered under the first one
    if the service has none of them."""
    external_id: str
    """The id of the deployment at the source. A failure is recorded under another one."""
    has_failed: bool = False
    """Whether it failed, so that it never went live."""
    is_rollback: bool = False
    """Whether the source says that it rolled back another deployment."""
    service: str | None = None
    """The service, if the payload names it."""
    repositories: tuple[str, ...] = ()
    """The addresses and the name (`owner/name`) of the repository, by which the service is found
    if the payload does not name it."""
    commit_sha: str | None = None
    artifact_digest: str | None = None
    deployed_at: datetime | None = None
    """When it went live or, if it failed, when it failed; None if the payload does not say."""
    person: str | None = None
    """The login of the person who deployed it."""
    login_issuer: str | None = None
    """The issuer of this login, unless the settings name another."""
    notes: str | None = None

    @property
    def record_id(self) -> str:
        """The external id of its record. A later success of the same deployment has another."""
        return failure_id(self.external_id) if self.has_failed else self.external_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """Nothing is recorded, and why."""

    reason: str
    """A sentence."""


def failure_id(external_id: str) -> str:
    """Return the external id under which the failure of a deployment is recorded."""
    return short_id(f"{external_id}/failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingJob:
    """A job of GitHub that waits for the answer of a deployment protection rule."""

    deployment: ReportedDeployment
    """What the job will deploy; nothing of it has happened yet."""
    environment_name: str
    """The environment, as GitHub calls it."""
    callback_url: str
    """Where GitHub accepts the answer."""
    installation: int
    """The id of the installation of the GitHub App."""
    work_references: tuple[str, ...]
    """The addresses of the pull requests and of the workflow run."""


PayloadContent: TypeAlias = ReportedDeployment | WaitingJob | Unrecorded
