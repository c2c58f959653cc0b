"""What clients say of deployments."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.schemas.base import TEXT_PATTERN, Line, Name, RequestModel, Text, VersionName
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.deployments.emergency import Verdict
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.lifecycle.overrides import MIN_REASON_LENGTH

WorkReference = Annotated[
    Line,
    msgspec.Meta(
        description="An issue, a pull request or the like: what planned work this carries out.",
        examples=["SHOP-812"],
    ),
]


Reason = Annotated[
    str,
    msgspec.Meta(
        pattern=TEXT_PATTERN,
        min_length=MIN_REASON_LENGTH,
        max_length=10_000,
        description="Text of any number of lines: why a rule is passed. It stays for ever.",
    ),
]


class DeploymentCreate(RequestModel):
    """What to deploy where, why, and how to go back. None of it can be changed later."""

    example = {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "requester": "ada",
        "work_references": ["SHOP-812"],
        "risk": "Checkout may be slow for a minute.",
        "rollback_plan": "Redeploy 1.4.1.",
    }

    service: Name
    environment: Name
    version: VersionName
    """A registered version of that service."""
    work_references: Annotated[
        list[WorkReference], msgspec.Meta(min_length=1, max_length=domain.MAX_WORK_REFERENCES)
    ]
    rollback_plan: Text
    """How to go back if it does not work."""
    risk: Text | None = None
    """What could go wrong. Required where the environment's tier is production."""
    notes: Text | None = None
    requester: Line | None = None
    """Who asks; the caller where it is absent."""
    start: bool | None = None
    """Whether to start by itself once it is approved and its gates are open; the policy decides
    where it is absent."""

    def to_domain(self) -> domain.DeploymentRequest:
        """As the domain has it."""
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
    """Who acts, and what they want to say."""

    example = {"actor": "devin"}

    actor: Line | None = None
    """Who acts; the caller where it is absent."""
    note: Text | None = None


class ApproveBody(RequestModel):
    """Who approves, and in which stage."""

    example = {"actor": "quinn", "stage": "qa"}

    actor: Line | None = None
    """Who approves; the caller where it is absent."""
    note: Text | None = None
    stage: Name | None = None
    """The stage that is meant; refused if it is not the one that is open."""


class ReasonBody(RequestModel):
    """Who acts, and why."""

    example = {"actor": "devin", "note": "Checkout times out for one user in ten."}

    note: Text
    """The reason; it stays with the deployment for ever."""
    actor: Line | None = None
    """Who acts; the caller where it is absent."""


class RollbackBody(ReasonBody):
    """Who rolls back, why, and whether what stood before is redeployed."""

    example = {"note": "Checkout times out for one user in ten.", "redeploy": True}

    redeploy: bool = False
    """Whether to ask for the last known good version in the same breath, and to let this one be
    deployed there no more until it is unblocked."""


class PromoteBody(ActionBody):
    """Who promotes, and whither."""

    example = {"environment": "production", "risk": "Checkout may be slow for a minute."}

    environment: Name | None = None
    """Where to; the one that the environment's policy promotes to where it is absent."""
    risk: Text | None = None
    """What could go wrong there; what was told before where it is absent."""


class OverrideBody(RequestModel):
    """Which gate to pass, and why."""

    example = {"gate": "freeze", "reason": "The fix for INC-7 cannot wait until Monday."}

    gate: GateKind
    """One that is shut; reviewers and a busy lane are never passed."""
    reason: Reason

    @property
    def actor(self) -> None:
        """Nobody acts for another here."""

    @property
    def note(self) -> str:
        """The reason, which the action records as its note."""
        return self.reason


class BreakGlassBody(RequestModel):
    """Why the reviewers cannot be waited for."""

    example = {"reason": "Nobody can pay, and qa is asleep.", "incident": "INC-7"}

    reason: Reason
    incident: Line
    """What the emergency is known by."""

    @property
    def actor(self) -> None:
        """Nobody acts for another here."""

    @property
    def note(self) -> str:
        """The reason, which the action records as its note."""
        return self.reason


class AfterReviewBody(RequestModel):
    """What a reviewer thinks of a break-glass."""

    example = {"verdict": "justified", "note": "Nobody could pay; the fix was two lines."}

    verdict: Verdict
    note: Text
    """What the verdict rests on; it stays with the deployment for ever."""

    @property
    def actor(self) -> None:
        """Nobody acts for another here."""


class HideBody(RequestModel):
    """Why a record is taken for an error."""

    example = {"reason": "It was recorded for the wrong service."}

    reason: Text
    """It stays with the record for ever."""
    actor: Line | None = None
    """Who hides it; the caller where it is absent."""

    @property
    def note(self) -> str:
        """The reason, which the action records as its note."""
        return self.reason
