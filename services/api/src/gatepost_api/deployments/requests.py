"""Request bodies for deployments."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.schemas.base import TEXT_PATTERN, Line, Name, RequestModel, Text, VersionName
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.lifecycle.overrides_and_break_glass import MIN_REASON_LENGTH

WorkReference = Annotated[
    Line,
    msgspec.Meta(
        description="A reference to the deployed work, such as the key of an issue or the URL of a "
        "pull request.",
        examples=["SHOP-812"],
    ),
]


Reason = Annotated[
    str,
    msgspec.Meta(
        pattern=TEXT_PATTERN,
        min_length=MIN_REASON_LENGTH,
        max_length=10_000,
        description="The reason for bypassing a rule. Recorded permanently.",
    ),
]


class DeploymentCreate(RequestModel):
    """The deployment to request. It cannot be edited later."""

    example = {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "work_references": ["SHOP-812"],
        "risk": "Checkout may be slow for a minute.",
        "rollback_plan": "Redeploy 1.4.1.",
    }

    service: Name
    environment: Name
    version: VersionName
    """A registered version of the service."""
    work_references: Annotated[
        list[WorkReference], msgspec.Meta(min_length=1, max_length=domain.MAX_WORK_REFERENCES)
    ]
    """The tickets or changes that are deployed: 1 to 20."""
    rollback_plan: Text
    """How to revert the deployment if it fails."""
    risk: Text | None = None
    """The risks of the deployment. Required if the environment's tier is `production`."""
    notes: Text | None = None
    """Anything else that reviewers and operators should know."""
    requester: Line | None = None
    """The person to request for. Defaults to the caller; naming someone else requires the `act_as`
    role."""
    start: bool | None = None
    """Whether to start automatically once the deployment is approved and its gates are open.
    Defaults to the policy's `auto_start`."""

    def to_domain(self) -> domain.DeploymentRequest:
        """Return the domain request."""
        return domain.DeploymentRequest(
            service=self.service,
            environment=self.environment,
            version=self.version,
            work_references=tuple(self.work_references),
            rollback_plan=self.rollback_plan,
            risk=self.risk,
            notes=self.notes,
            auto_start=self.start,
        )


class ActionBody(RequestModel):
    """The person to act for and an optional note."""

    example = {"note": "The dashboards look normal."}

    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""
    note: Text | None = None
    """A note to record with the action."""


class ApproveBody(RequestModel):
    """The stage to approve and an optional note."""

    example = {"note": "Tested: checkout works."}

    actor: Line | None = None
    """The approver. Defaults to the caller; no one can approve for someone else."""
    note: Text | None = None
    """A note to record with the action."""
    stage: Name | None = None
    """The stage to approve. Defaults to the open stage; any other stage is refused."""


class ReasonBody(RequestModel):
    """The person to act for and the reason."""

    example = {"note": "Checkout times out for one user in ten."}

    note: Text
    """The reason. Recorded permanently."""
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role. No one can review for someone else."""


class RollbackBody(ReasonBody):
    """The reason for a rollback and whether to redeploy the previous version."""

    example = {"note": "Checkout times out for one user in ten.", "redeploy": True}

    redeploy: bool = False
    """Whether to also request the deployment of the last known good version and to block the
    rolled-back version in the environment until an operator unblocks it."""


class PromoteBody(ActionBody):
    """The environment to promote to."""

    example = {"environment": "production", "risk": "Checkout may be slow for a minute."}

    environment: Name | None = None
    """The environment to promote to. Defaults to the policy's `promotes_to`."""
    risk: Text | None = None
    """The risks in that environment. Defaults to the risk of the promoted deployment."""


class OverrideBody(RequestModel):
    """The gate to override and the reason."""

    example = {"gate": "freeze", "reason": "The fix for INC-7 cannot wait until Monday."}

    gate: GateKind
    """The closed gate to override. Some gates, such as approval and lane, cannot be overridden."""
    reason: Reason

    @property
    def actor(self) -> None:
        """Always None, because no one can override a gate for someone else."""

    @property
    def note(self) -> str:
        """The reason, which the action records as its note."""
        return self.reason


class BreakGlassBody(RequestModel):
    """The reason for bypassing approval, and the incident."""

    example = {"reason": "Nobody can pay, and qa is asleep.", "incident": "INC-7"}

    reason: Reason
    incident: Line
    """The id or name of the incident."""
    start: bool = False
    """Whether to start the deployment as well. If the caller may not start it or a gate is closed,
    the deployment is only approved."""

    @property
    def actor(self) -> None:
        """Always None, because no one can use break-glass for someone else."""

    @property
    def note(self) -> str:
        """The reason, which the action records as its note."""
        return self.reason


class AfterReviewBody(RequestModel):
    """A reviewer's verdict on a break-glass approval."""

    example = {"verdict": "justified", "note": "Nobody could pay; the fix was two lines."}

    verdict: Verdict
    note: Text
    """The reason for the verdict. Recorded permanently."""

    @property
    def actor(self) -> None:
        """Always None, because no one can review for someone else."""


class HideBody(RequestModel):
    """The reason for hiding a record."""

    example = {"reason": "It was recorded for the wrong service."}

    reason: Text
    """The reason. Recorded permanently."""
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""

    @property
    def note(self) -> str:
        """The reason, which the action records as its note."""
        return self.reason
