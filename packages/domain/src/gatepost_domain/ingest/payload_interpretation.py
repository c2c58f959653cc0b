"""The content of a payload: a deployment that ended elsewhere, a waiting job, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gatepost_domain.ingest.payload_values import bounded_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedDeployment:
    """A deployment that succeeded or failed, with names as the source uses them."""

    environment: str
    versions: tuple[str, ...]
    """The possible names of the version, best first. If the service has none of them, the version
    is registered under the first."""
    external_id: str
    """The id of the deployment at the source. A failure is recorded with another id."""
    has_failed: bool = False
    """Whether it failed and so never went live."""
    is_rollback: bool = False
    """Whether the source reports it as the rollback of another deployment."""
    service: str | None = None
    """The service, if the payload names it."""
    repositories: tuple[str, ...] = ()
    """The repository's URLs and name (`owner/name`), used to find the service if the payload does
    not name it."""
    commit_sha: str | None = None
    artifact_digest: str | None = None
    deployed_at: datetime | None = None
    """When it went live or, if it failed, when it failed; None if the payload does not contain
    the time."""
    person: str | None = None
    """The login of the person who deployed it."""
    login_issuer: str | None = None
    """The issuer of this login, unless the settings name another issuer."""
    notes: str | None = None

    @property
    def record_id(self) -> str:
        """The external id of the record; a failure and a later success have different ones."""
        return failure_id(self.external_id) if self.has_failed else self.external_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """Why nothing is recorded."""

    reason: str
    """A sentence."""


def failure_id(external_id: str) -> str:
    """Return the external id with which the failure of a deployment is recorded."""
    return bounded_id(f"{external_id}/failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingJob:
    """A GitHub job that waits for the answer of a deployment protection rule."""

    deployment: ReportedDeployment
    """The deployment that the job will carry out if it is approved."""
    environment_name: str
    """The environment's name on GitHub."""
    callback_url: str
    """The URL at which GitHub accepts the answer."""
    installation: int
    """The id of the installation of the GitHub App."""
    work_references: tuple[str, ...]
    """The addresses of the pull requests and of the workflow run."""


PayloadContent: TypeAlias = ReportedDeployment | WaitingJob | Unrecorded
