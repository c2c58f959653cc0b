"""Deployments, their reviews and their gates on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.deployments.deployment import DeploymentKind, consent_digest, format_number
from gatepost_domain.deployments.emergency import AfterReviewState, Verdict
from gatepost_domain.deployments.review import StageProgress, review_label, review_progress
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status import CancelReason, Status


class Approval(ResponseModel):
    """One reviewer's yes."""

    actor: str
    at: Instant
    note: str | None


class ReviewStage(ResponseModel):
    """One step of a review and how far it is."""

    name: str
    required: int
    """How many approvals satisfy it."""
    approvals: list[Approval]
    satisfied: bool

    @classmethod
    def from_domain(cls, progress: StageProgress) -> Self:
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


class Review(ResponseModel):
    """How far the review is, under the policy that the deployment was asked under."""

    label: str
    """`requested`, `approved_by_qa`, `approved_by_devops`, …; `approved_by_policy` where no review
    is asked for; `break_glass` where it was done without; `rejected`; `executed` once the
    deployment succeeded."""
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


class DeploymentExecution(ResponseModel):
    """What the workers do with it."""

    state: ExecutionState
    attempt: int
    """How many workers have taken it; more than one if one of them died."""
    worker: str | None


class GateOverride(ResponseModel):
    """That one gate was passed, by whom and why."""

    gate: GateKind
    code: str
    """Why the gate was shut; shut for another reason, it is not passed."""
    actor: str
    at: Instant
    reason: str


class BreakGlass(ResponseModel):
    """That it was approved without its reviewers."""

    actor: str
    at: Instant
    reason: str
    incident: str


class AfterReview(ResponseModel):
    """The review that a break-glass owes."""

    state: AfterReviewState
    due_at: Instant
    verdict: Verdict | None
    closed_by: str | None
    closed_at: Instant | None


class PromotionBlocked(ResponseModel):
    """Why what should have been promoted by itself was not."""

    environment: str
    code: str
    """Why, for programs."""
    reason: str


class Deployment(ResponseModel):
    """One deployment from request to outcome."""

    id: UUID
    number: str
    """What people call it: `DEP-42`. It can be used wherever the id can."""
    kind: DeploymentKind
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
    promoted_from: UUID | None
    """The deployment of the same version, in an earlier environment, that this one follows."""
    promotion_blocked: PromotionBlocked | None
    """Why it was not promoted by itself though the policy wants it, where that is so."""
    rolls_back: UUID | None
    """The deployment that this one undoes."""
    rolled_back_by: UUID | None
    """The deployment that redeployed what stood before, where one did."""
    review: Review
    reviewed_by: str | None
    """Who gave the deciding review; the status tells which way it went."""
    reviewed_at: Instant | None
    overrides: list[GateOverride]
    """The gates that somebody passed with a reason."""
    break_glass: BreakGlass | None
    after_review: AfterReview | None
    expires_at: Instant | None
    """When it is cancelled if it still waits then."""
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
    def from_domain(cls, deployment: domain.Deployment, policy: Policy) -> Self:
        """As the domain has it, reviewed under the policy it was asked under."""
        review = review_progress(deployment, policy)
        return cls(
            id=deployment.id,
            number=format_number(deployment.number),
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
            promoted_from=deployment.promoted_from,
            promotion_blocked=_promotion_blocked(deployment),
            rolls_back=deployment.rolls_back,
            rolled_back_by=deployment.rolled_back_by,
            review=Review(
                label=review_label(deployment, review),
                stages=[ReviewStage.from_domain(progress) for progress in review.stages],
                digest=consent_digest(deployment),
                policy_version=deployment.policy_version,
            ),
            reviewed_by=deployment.reviewed_by,
            reviewed_at=deployment.reviewed_at,
            overrides=[
                GateOverride(
                    gate=each.gate,
                    code=each.code,
                    actor=each.actor,
                    at=each.at,
                    reason=each.reason,
                )
                for each in deployment.overrides
            ],
            break_glass=_break_glass(deployment),
            after_review=_after_review(deployment),
            expires_at=deployment.expires_at,
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


def _promotion_blocked(deployment: domain.Deployment) -> PromotionBlocked | None:
    blocked = deployment.promotion_blocked
    if blocked is None:
        return None
    return PromotionBlocked(
        environment=blocked.environment, code=blocked.code, reason=blocked.reason
    )


def _break_glass(deployment: domain.Deployment) -> BreakGlass | None:
    glass = deployment.break_glass
    if glass is None:
        return None
    return BreakGlass(actor=glass.actor, at=glass.at, reason=glass.reason, incident=glass.incident)


def _after_review(deployment: domain.Deployment) -> AfterReview | None:
    review = deployment.after_review
    if review is None:
        return None
    return AfterReview(
        state=review.state,
        due_at=review.due_at,
        verdict=review.verdict,
        closed_by=review.closed_by,
        closed_at=review.closed_at,
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


class DeploymentPage(ResponseModel):
    """Part of a list of deployments."""

    items: list[Deployment]
    next_cursor: str | None
