"""Tasks, leases and steps in responses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from gatepost_api.catalog.targets.responses import TargetSettings
from gatepost_api.deployments.responses import Deployment
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments import claim as domain
from gatepost_domain.deployments import step
from gatepost_domain.deployments.step import StepKind, StepState


class ClaimLease(ResponseModel):
    """How long a claim is a worker's."""

    id: UUID
    fencing_token: int
    """Shown with everything that is told under the claim; one that is not the last is refused."""
    leased_until: Instant
    """From then on another worker may take over."""
    lease_s: int
    deadline_at: Instant
    """When the deployment has to have ended."""
    time_left_s: int
    """Until then; clocks differ, spans do not."""

    @classmethod
    def from_domain(cls, claim: domain.Claim, at: datetime) -> Self:
        """As the domain has it, at an instant."""
        return cls(**_lease_fields(claim, at))


class Task(ClaimLease):
    """A deployment to carry out, with all that this takes."""

    deployment: Deployment
    target: TargetSettings
    outgoing_allow: list[str]
    """What the environment's policy lets checks and executors call."""
    previous_version: str | None
    """What stands there until now."""
    rolled_out: bool
    """Whether an earlier attempt told that the rollout itself was done."""

    @classmethod
    def from_domain_task(cls, task: domain.Task, policy: Policy, at: datetime) -> Self:
        """As the domain has it, at an instant."""
        return cls(
            **_lease_fields(task.claim, at),
            deployment=Deployment.from_domain(task.deployment, policy),
            target=TargetSettings.from_domain_settings(task.settings),
            outgoing_allow=list(task.outgoing_allow),
            previous_version=task.previous_version,
            rolled_out=task.rolled_out,
        )


class DeploymentStep(ResponseModel):
    """One thing that a worker told while it carried a deployment out."""

    kind: StepKind
    name: str
    state: StepState
    attempt: int
    """Of which attempt at the deployment it is; more than one if a worker was lost."""
    tried: int
    """How often this step was tried in that attempt by then."""
    detail: str
    at: Instant
    """When it came to that, by the worker's clock."""
    took_ms: int | None

    @classmethod
    def from_domain(cls, step: step.Step) -> Self:
        """As the domain has it."""
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
    """What workers told of a deployment, in the order in which they did."""

    items: list[DeploymentStep]


def _lease_fields(claim: domain.Claim, at: datetime) -> dict[str, Any]:
    left = max(claim.deadline_at - at, timedelta())
    return {
        "id": claim.id,
        "fencing_token": claim.fencing_token,
        "leased_until": claim.leased_until,
        "lease_s": int(claim.lease.total_seconds()),
        "deadline_at": claim.deadline_at,
        "time_left_s": int(left.total_seconds()),
    }
