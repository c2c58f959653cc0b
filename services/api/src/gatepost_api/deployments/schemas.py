"""Deployments, their reviews and their gates on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import msgspec

from gatepost_api.wire import Input, Instant, Line, Name, Output, Text, VersionName
from gatepost_domain import deployment as domain
from gatepost_domain import explain, gate
from gatepost_domain.actions.request import Preview
from gatepost_domain.deployment import Kind, digest_of, number_text
from gatepost_domain.gate import GateState
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.policy import Policy, Tier
from gatepost_domain.review import StageProgress, review_label, review_of
from gatepost_domain.status import Action, CancelReason, Status

WorkReference = Annotated[
    Line,
    msgspec.Meta(
        description="An issue, a pull request or the like: what planned work this carries out.",
        examples=["SHOP-812"],
    ),
]


class DeploymentCreate(Input):
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

    def asked(self) -> domain.DeploymentRequest:
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


class ActionBody(Input):
    """Who acts, and what they want to say."""

    example = {"actor": "devin"}

    actor: Line | None = None
    """Who acts; the caller where it is absent."""
    note: Text | None = None


class ApproveBody(Input):
    """Who approves, and in which stage."""

    example = {"actor": "quinn", "stage": "qa"}

    actor: Line | None = None
    """Who approves; the caller where it is absent."""
    note: Text | None = None
    stage: Name | None = None
    """The stage that is meant; refused if it is not the one that is open."""


class ReasonBody(Input):
    """Who acts, and why."""

    example = {"actor": "devin", "note": "Checkout times out for one user in ten."}

    note: Text
    """The reason; it stays with the deployment for ever."""
    actor: Line | None = None
    """Who acts; the caller where it is absent."""


class Approval(Output):
    """One reviewer's yes."""

    actor: str
    at: Instant
    note: str | None


class ReviewStage(Output):
    """One step of a review and how far it is."""

    name: str
    required: int
    """How many approvals satisfy it."""
    approvals: list[Approval]
    satisfied: bool

    @classmethod
    def of(cls, progress: StageProgress) -> Self:
        """As the domain has it."""
        return cls(
            name=progress.stage.name,
            required=progress.stage.required,
            approvals=[
                Approval(actor=approval.actor, at=approval.at, note=approval.note)
                for approval in progress.approvals
            ],
            satisfied=progress.satisfied,
        )


class Review(Output):
    """How far the review is, under the policy that the deployment was asked under."""

    label: str
    """`requested`, `approved_by_qa`, `approved_by_devops`, …; `approved_by_policy` where no review
    is asked for; `rejected`; `executed` once the deployment succeeded."""
    stages: list[ReviewStage]
    """In order: a stage opens when the one before it is satisfied."""
    digest: str
    """What approvals bind to: SHA-256 of everything a reviewer consents to."""
    policy_version: int


class ExecutionState(StrEnum):
    """How far the workers are."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


class DeploymentExecution(Output):
    """What the workers do with it."""

    state: ExecutionState
    attempt: int
    """How many workers have taken it; more than one if one of them died."""
    worker: str | None


class Deployment(Output):
    """One deployment from request to outcome."""

    id: UUID
    number: str
    """What people call it: `DEP-42`. It can be used wherever the id can."""
    kind: Kind
    service: str
    environment: str
    tier: Tier
    version: str
    artifact_digest: str | None
    requester: str
    on_behalf_of: str | None
    work_references: list[str]
    risk: str | None
    rollback_plan: str
    notes: str | None
    status: Status
    cancel_reason: CancelReason | None
    superseded_by: UUID | None
    """The newer deployment that went ahead and ended it, where one did."""
    review: Review
    reviewed_by: str | None
    """Who gave the deciding review; the status tells which way it went."""
    reviewed_at: Instant | None
    build_id: UUID | None
    """One per hand-over to the workers; none where people carry it out."""
    execution: DeploymentExecution | None
    """What the workers do with it; none where people carry it out."""
    created_at: Instant
    approved_at: Instant | None
    queued_at: Instant | None
    started_at: Instant | None
    finished_at: Instant | None
    deployed_at: Instant | None
    """Since when the version stood in the environment: the instant it succeeded, or is said to
    have."""
    deployed_by: str | None
    """Who carried it out, as far as that was told."""
    rolled_back_at: Instant | None
    external_id: str | None
    """What a record is known by where it comes from."""
    unreviewed: bool
    """Whether it is a record from an environment that would have asked for a review."""
    hidden: bool
    """Whether it is a record that was found to be wrong: it never stood. Its events say why."""
    revision: int
    """Counts its changes; it is also the ETag."""

    @classmethod
    def of(cls, deployment: domain.Deployment, policy: Policy) -> Self:
        """As the domain has it, reviewed under the policy it was asked under."""
        review = review_of(deployment, policy)
        return cls(
            id=deployment.id,
            number=number_text(deployment.number),
            kind=deployment.kind,
            service=deployment.service,
            environment=deployment.environment,
            tier=deployment.tier,
            version=deployment.version,
            artifact_digest=deployment.artifact_digest,
            requester=deployment.requester,
            on_behalf_of=deployment.on_behalf_of,
            work_references=list(deployment.work_references),
            risk=deployment.risk,
            rollback_plan=deployment.rollback_plan,
            notes=deployment.notes,
            status=deployment.status,
            cancel_reason=deployment.cancel_reason,
            superseded_by=deployment.superseded_by,
            review=Review(
                label=review_label(deployment, review),
                stages=[ReviewStage.of(progress) for progress in review.stages],
                digest=digest_of(deployment),
                policy_version=deployment.policy_version,
            ),
            reviewed_by=deployment.reviewed_by,
            reviewed_at=deployment.reviewed_at,
            build_id=deployment.build_id,
            execution=_execution(deployment),
            created_at=deployment.created_at,
            approved_at=deployment.approved_at,
            queued_at=deployment.queued_at,
            started_at=deployment.started_at,
            finished_at=deployment.finished_at,
            deployed_at=deployment.deployed_at,
            deployed_by=deployment.deployed_by,
            rolled_back_at=deployment.rolled_back_at,
            external_id=deployment.external_id,
            unreviewed=deployment.unreviewed,
            hidden=deployment.hidden is not None,
            revision=deployment.revision,
        )


def _execution(deployment: domain.Deployment) -> DeploymentExecution | None:
    if deployment.build_id is None or deployment.status is Status.CANCELLED:
        return None
    if deployment.status is Status.QUEUED:
        state = ExecutionState.QUEUED
    elif deployment.status is Status.STARTED:
        state = ExecutionState.RUNNING
    else:
        worked = deployment.deployed_at is not None
        state = ExecutionState.SUCCESS if worked else ExecutionState.FAILED
    return DeploymentExecution(state=state, attempt=deployment.attempt, worker=deployment.worker)


class DeploymentPage(Output):
    """Part of a list of deployments."""

    items: list[Deployment]
    next_cursor: str | None


class Gate(Output):
    """Something a deployment waits for."""

    kind: GateKind
    state: GateState
    code: str
    """Why, for programs; a start that this gate refuses carries it."""
    message: str
    """Why, and what would open it."""
    since: Instant | None
    opens_at: Instant | None
    """When it opens by itself, if that is known."""
    who_can_act: list[str]
    """`group:qa`, `user:ada`, `reviewer`, `operator` or `requester`."""

    @classmethod
    def of(cls, found: gate.Gate) -> Self:
        """As the domain has it."""
        return cls(
            kind=found.kind,
            state=found.state,
            code=found.code,
            message=found.message,
            since=found.since,
            opens_at=found.opens_at,
            who_can_act=list(found.who_can_act),
        )


class ActionOffer(Output):
    """Whether the caller may take an action now."""

    action: Action
    allowed: bool
    reason: str | None
    """Why not; none where it is allowed."""


class DeploymentPreview(Output):
    """What would become of a request."""

    review: Review
    can_start: bool
    """Whether it could start at once."""
    gates: list[Gate]
    actions: list[ActionOffer]
    """What the caller could do to it."""

    @classmethod
    def of(cls, preview: Preview) -> Self:
        """As the domain has it."""
        told = DeploymentGates.of(preview.explanation)
        return cls(
            review=Deployment.of(preview.deployment, preview.policy).review,
            can_start=told.can_start,
            gates=told.gates,
            actions=told.actions,
        )


class DeploymentGates(Output):
    """Why a deployment waits, and what the caller can do about it."""

    can_start: bool
    """Whether it is approved and all its gates are open."""
    gates: list[Gate]
    """None once it has started or ended, but for the review of a rejected one."""
    actions: list[ActionOffer]

    @classmethod
    def of(cls, explanation: explain.Explanation) -> Self:
        """As the domain has it."""
        return cls(
            can_start=explanation.can_start,
            gates=[Gate.of(each) for each in explanation.gates],
            actions=[
                ActionOffer(action=offer.action, allowed=offer.allowed, reason=offer.reason)
                for offer in explanation.actions
            ],
        )
