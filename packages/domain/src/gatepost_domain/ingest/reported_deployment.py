"""The content of a payload: a deployment that succeeded elsewhere, or nothing to record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedDeployment:
    """A deployment that succeeded, with names as the source uses them."""

    environment: str
    versions: tuple[str, ...]
    """The possible names of the version, best first. If the service has none of them, the version
    is registered under the first."""
    external_id: str
    service: str | None = None
    """The service, if the payload names it."""
    repositories: tuple[str, ...] = ()
    """The repository's URLs and name (`owner/name`), used to find the service if the payload does
    not name it."""
    commit_sha: str | None = None
    artifact_digest: str | None = None
    deployed_at: datetime | None = None
    person: str | None = None
    """The login of the person who deployed it."""
    login_issuer: str | None = None
    """The issuer of this login, unless the settings name another issuer."""
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """Why nothing is recorded."""

    reason: str
    """A sentence."""


PayloadContent: TypeAlias = ReportedDeployment | Unrecorded
