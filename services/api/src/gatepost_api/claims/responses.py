"""Responses for tasks, claims and steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from gatepost_api.catalog.targets.responses import TargetCheck, TargetSettings
from gatepost_api.check_runs.responses import CheckRun
from gatepost_api.deployments.responses import Deployment
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.check_runs import check_run as check_runs
from gatepost_domain.deployments import claim as domain
from gatepost_domain.deployments import step
from gatepost_domain.deployments.step import StepKind, StepState


class ClaimLease(ResponseModel):
    """The lease of a claim."""

    id: UUID
    """The id of the claim."""
    fencing_token: int
    """The fencing token to send with every report under the claim. Reports with a superseded token
    are refused."""
    leased_until: Instant
    """When the lease expires and another worker can take over."""
    lease_s: int
    """The lease duration in seconds."""
    deadline_at: Instant
    """The time by which the deployment must have ended."""
    time_left_s: int
    """The number of seconds until `deadline_at`, for workers whose clocks differ from the
    server's."""

    @classmethod
    def from_domain(cls, claim: domain.Claim, at: datetime) -> Self:
        """Map a domain claim, at a given time, to its response."""
        return cls(**_lease_fields(claim, at))


class Task(ClaimLease, tag="deployment", tag_field="kind"):
    """A claimed deployment and everything needed to carry it out."""

    deployment: Deployment
    target: TargetSettings
    """The settings from the deployment's `target_version`, even if there is a newer version."""
    outgoing_allow: list[str]
    """The hosts and networks that the policy allows checks and executors to call."""
    previous_version: str | None
    """The version that is currently live. Null if there is none."""
    rolled_out: bool
    """Whether an earlier attempt reported that the rollout itself was complete."""

    @classmethod
    def from_domain_task(cls, task: domain.Task, policy: PolicyVersion, at: datetime) -> Self:
        """Map a domain task, at a given time, to its response."""
        return cls(
            **_lease_fields(task.claim, at),
            deployment=Deployment.from_domain(task.deployment, policy),
            target=TargetSettings.from_domain_settings(task.settings),
            outgoing_allow=list(task.outgoing_allow),
            previous_version=task.previous_version,
            rolled_out=task.rolled_out,
        )


class CheckRunLease(ResponseModel):
    """The lease of a claim on a check run."""

    id: UUID
    """The check run's id."""
    fencing_token: int
    """The fencing token to send with every report about the check run. Reports with a superseded
    token are refused."""
    leased_until: Instant
    """When the lease expires and another worker can take over."""
    lease_s: int
    """The lease duration in seconds."""
    deadline_at: Instant
    """The time by which the results must have been reported."""
    time_left_s: int
    """The number of seconds until `deadline_at`, for workers whose clocks differ from the
    server's."""

    @classmethod
    def from_domain(cls, run: check_runs.CheckRun, at: datetime) -> Self:
        """Map a claimed check run, at a given time, to its response."""
        return cls(**_check_run_lease_fields(run, at))


class CheckTask(CheckRunLease, tag="check_run", tag_field="kind"):
    """A claimed check run and everything needed to run its checks."""

    check_run: CheckRun
    base_url: str
    """The base URL of the checks' paths."""
    checks: list[TargetCheck]
    """The checks in execution order."""
    outgoing_allow: list[str]
    """The hosts and networks that the policy allows checks to call."""

    @classmethod
    def from_domain_task(cls, task: check_runs.CheckTask, at: datetime) -> Self:
        """Map a domain task, at a given time, to its response."""
        settings = TargetSettings.from_domain_settings(task.settings)
        return cls(
            **_check_run_lease_fields(task.run, at),
            check_run=CheckRun.from_domain(task.run),
            base_url=settings.base_url or "",
            checks=settings.checks,
            outgoing_allow=list(task.outgoing_allow),
        )


class DeploymentStep(ResponseModel):
    """One rollout step reported by a worker."""

    kind: StepKind
    name: str
    """The name of the step."""
    state: StepState
    attempt: int
    """The number of the rollout attempt. More than 1 if a worker was lost."""
    tried: int
    """How many times the step had been tried in this rollout attempt when it reached this state."""
    detail: str
    """A human-readable description of what happened."""
    at: Instant
    """When the step reached this state, by the worker's clock."""
    took_ms: int | None
    """The duration since the step started, in milliseconds. Null while it is running."""

    @classmethod
    def from_domain(cls, step: step.Step) -> Self:
        """Map a domain step to its response."""
        return cls(
            kind=step.kind,
            name=step.name,
            state=step.state,
            attempt=step.attempt,
            tried=step.tried,
            detail=step.detail,
            at=step.at,
            took_ms=step.took_ms,
        )


class DeploymentSteps(ResponseModel):
    """The steps that workers reported, in order."""

    items: list[DeploymentStep]
    """The steps, oldest first."""


def _lease_fields(claim: domain.Claim, at: datetime) -> dict[str, Any]:
    time_left = max(claim.deadline_at - at, timedelta())
    return {
        "id": claim.id,
        "fencing_token": claim.fencing_token,
        "leased_until": claim.leased_until,
        "lease_s": int(claim.lease.total_seconds()),
        "deadline_at": claim.deadline_at,
        "time_left_s": int(time_left.total_seconds()),
    }


def _check_run_lease_fields(run: check_runs.CheckRun, at: datetime) -> dict[str, Any]:
    time_left = max(run.deadline_at - at, timedelta())
    lease = run.lease or timedelta()
    return {
        "id": run.id,
        "fencing_token": run.attempt,
        "leased_until": run.leased_until or at,
        "lease_s": int(lease.total_seconds()),
        "deadline_at": run.deadline_at,
        "time_left_s": int(time_left.total_seconds()),
    }
