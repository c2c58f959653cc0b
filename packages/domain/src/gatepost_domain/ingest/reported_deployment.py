"""What a payload says: a deployment that succeeded elsewhere, or nothing that is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedDeployment:
    """A deployment that succeeded, in the names that the source uses."""

    environment: str
    versions: tuple[str, ...]
    """The names that the version can have, the best one first. It is registered under the first one
    if the service has none of them."""
    external_id: str
    service: str | None = None
    """The service, if the payload names it."""
    repositories: tuple[str, ...] = ()
    """The addresses and the name (`owner/name`) of the repository, by which the service is found
    if the payload does not name it."""
    commit_sha: str | None = None
    artifact_digest: str | None = None
    deployed_at: datetime | None = None
    person: str | None = None
    """The login of the person who deployed it."""
    login_issuer: str | None = None
    """The issuer of this login, unless the settings name another."""
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """Nothing is recorded, and why."""

    reason: str
    """A sentence."""


PayloadContent: TypeAlias = ReportedDeployment | Unrecorded
