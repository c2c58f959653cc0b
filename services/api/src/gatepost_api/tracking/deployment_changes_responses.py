"""Responses for the changes that a deployment makes."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.repository_links import commits_url
from gatepost_domain.catalog.service import Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.deployments.step import StepState
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking import deployment_changes as domain
from gatepost_domain.tracking.deployment_changes import Direction


class ChangedVersion(ResponseModel):
    """A version that a deployment deploys, replaces, adds or removes."""

    version: str
    """The name of the version."""
    commit_sha: str | None
    """The commit that the version was built from. Null if unknown."""
    committed_at: Instant | None
    """When the commit was created. Null if unknown."""
    notes: str | None
    """Free text. Null if there is none."""
    registered_at: Instant
    """When the version was registered."""

    @classmethod
    def from_domain(cls, version: Version) -> Self:
        """Map a domain version to its response."""
        return cls(
            version=version.version,
            commit_sha=version.commit_sha,
            committed_at=version.committed_at,
            notes=version.notes,
            registered_at=version.created_at,
        )


class ReplacedDeployment(ResponseModel):
    """The live deployment that is or was replaced."""

    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    version: ChangedVersion
    deployed_at: Instant
    """When the replaced version went live."""
    deployed_by: str | None
    """Who carried out the deployment. Null if unknown."""
    live_for_s: int
    """How long the replaced version was live, in seconds, until it was replaced or until now."""


class CommitRange(ResponseModel):
    """The commits between two versions."""

    first: str | None
    """The commit of the replaced version, which is not part of the range. Null if unknown."""
    last: str
    """The commit of the version that this deployment deploys."""
    url: str | None
    """The page that shows the commits. Null unless the repository is on GitHub, GitLab, Bitbucket,
    Gitea, Forgejo or Codeberg."""


class CheckResult(ResponseModel):
    """The latest result of a check."""

    name: str
    """The name of the check."""
    state: StepState
    detail: str
    """A human-readable description of what happened."""


class EarlierRun(ResponseModel):
    """The latest deployment of the same version to another environment."""

    environment: str
    """The environment's name."""
    tier: Tier
    deployment_id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, as in `DEP-42`."""
    status: Status
    deployed_at: Instant
    """When the version went live in that environment."""
    deployed_by: str | None
    """Who carried out the deployment. Null if unknown."""
    checks: list[CheckResult]
    """The latest result of each check."""

    @classmethod
    def from_domain(cls, run: domain.EarlierRun) -> Self:
        """Map a domain run to its response."""
        deployment = run.deployment
        return cls(
            environment=deployment.environment,
            tier=deployment.tier,
            deployment_id=deployment.id,
            number=format_number(deployment.number),
            status=deployment.status,
            deployed_at=deployment.deployed_at or deployment.created_at,
            deployed_by=deployment.deployed_by,
            checks=[
                CheckResult(name=check.name, state=check.state, detail=check.detail)
                for check in run.checks
            ],
        )


class DeploymentChanges(ResponseModel, rename={"replaced": "from", "version": "to"}):
    """What a deployment changes."""

    direction: Direction
    """`first` if nothing is replaced, `forward` if the version was registered after the one it
    replaces, `backward` if it was registered before, and `same` if the same version is deployed
    again."""
    replaced: ReplacedDeployment | None
    """The deployment that is replaced. Null if nothing was live."""
    version: ChangedVersion
    """The version that this deployment deploys."""
    commits: CommitRange | None
    """The commits between the two versions. Null if the commit of this deployment's version is
    unknown."""
    versions: list[ChangedVersion]
    """The versions that the deployment adds or, if it goes backward, removes, in reverse order of
    registration. At most 50."""
    has_more_versions: bool
    """Whether there are more than 50 versions."""
    work_references: list[str]
    """The work references of the deployment, followed by those of all deployments of the
    versions in `versions`."""
    earlier_runs: list[EarlierRun]
    """The latest deployment of this version to each other environment where it went live."""

    @classmethod
    def from_domain(cls, changes: domain.DeploymentChanges, repo_url: str, now: datetime) -> Self:
        """Map domain changes, read at a given time, to their response."""
        return cls(
            direction=changes.direction,
            replaced=_replaced(changes, now),
            version=ChangedVersion.from_domain(changes.version),
            commits=_commit_range(changes, repo_url),
            versions=[ChangedVersion.from_domain(version) for version in changes.versions],
            has_more_versions=changes.has_more_versions,
            work_references=list(changes.work_references),
            earlier_runs=[EarlierRun.from_domain(run) for run in changes.earlier_runs],
        )


def _replaced(changes: domain.DeploymentChanges, now: datetime) -> ReplacedDeployment | None:
    cell, version, live_for = (
        changes.replaced,
        changes.replaced_version,
        changes.replaced_live_for(now),
    )
    if cell is None or version is None or live_for is None:
        return None
    return ReplacedDeployment(
        deployment_id=cell.deployment_id,
        number=format_number(cell.number),
        version=ChangedVersion.from_domain(version),
        deployed_at=cell.deployed_at,
        deployed_by=cell.deployed_by,
        live_for_s=max(int(live_for.total_seconds()), 0),
    )


def _commit_range(changes: domain.DeploymentChanges, repo_url: str) -> CommitRange | None:
    last = changes.version.commit_sha
    if last is None:
        return None
    first = changes.replaced_commit
    return CommitRange(first=first, last=last, url=commits_url(repo_url, first, last))
