"""Responses for deployments, their reviews and their execution."""

from __future__ import annotations

from enum import StrEnum
from typing import Self
from uuid import UUID

from gatepost_api.deployments.review_responses import Review
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.deployments.deployment import DeploymentKind, format_number
from gatepost_domain.deployments.emergency_record import AfterReviewState, Verdict
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status_transitions import CancelReason, Status
from gatepost_domain.tracking.history_filters import ROLLOUT_STATUSES


class ExecutionState(StrEnum):
    """The state of a rollout, in the terms that build servers use."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


class DeploymentExecution(ResponseModel):
    """The rollout of a deployment by an operator or by workers."""

    state: ExecutionState
    attempt: int
    """The number of times the rollout was started. More than 1 if a worker was lost; 0 while the
    rollout is queued."""
    worker: str | None
    """The worker that carries out or carried out the rollout. Null if an operator did, and while
    the rollout is queued."""


class GateOverride(ResponseModel):
    """An override of one gate."""

    gate: GateKind
    code: str
    """The reason code of the gate that was overridden. The override does not apply if the gate
    closes for another reason."""
    actor: str
    """Who overrode the gate."""
    at: Instant
    """When the gate was overridden."""
    reason: str
    """The reason for the override."""


class BreakGlass(ResponseModel):
    """An approval that bypassed the reviewers."""

    actor: str
    """Who used break-glass."""
    at: Instant
    """When break-glass was used."""
    reason: str
    """Why the deployment could not wait for its reviewers."""
    incident: str
    """The incident that made break-glass necessary."""


class AfterReview(ResponseModel):
    """The review required after a break-glass approval."""

    state: AfterReviewState
    due_at: Instant
    """When the review becomes overdue."""
    verdict: Verdict | None
    """Whether the use of break-glass was justified. Null while the review is open."""
    closed_by: str | None
    """Who closed the review. Null while it is open."""
    closed_at: Instant | None
    """When the review was closed. Null while it is open."""


class Dependence(ResponseModel):
    """Why a reviewer is not independent of another person behind the deployment."""

    reviewer: str
    """The reviewer who is not independent."""
    of: str
    """The other person: the requester, an earlier reviewer, or the person who used break-glass."""
    through: list[str]
    """The people who could have acted both as `reviewer` and as `of`, with their names in
    lowercase. `reviewer` and `of` can themselves be among these people."""
    by: Means
    """How the people in `through` could have acted both as `reviewer` and as `of`: they created an
    account, a token or a login, sent an invitation, or reset someone's credentials."""

    @classmethod
    def from_domain(cls, dependence: domain.Dependence) -> Self:
        """Map a domain dependence to its response."""
        return cls(
            reviewer=dependence.reviewer,
            of=dependence.of,
            through=list(dependence.through),
            by=dependence.by,
        )


class Independence(ResponseModel):
    """The reviews that were not independent. Recorded permanently."""

    dependent: list[Dependence]
    """Why reviewers were not independent. Empty if all reviewers were independent, or if there were
    no reviewers."""

    @classmethod
    def from_domain(cls, independence: domain.Independence | None) -> Self:
        """Map a deployment's independence mark to its response."""
        dependent = () if independence is None else independence.dependent
        return cls(dependent=[Dependence.from_domain(each) for each in dependent])


class PromotionBlocked(ResponseModel):
    """Why an automatic promotion did not happen."""

    environment: str
    """The environment to which the version would have been promoted."""
    code: str
    """A stable reason code."""
    reason: str
    """Why the deployment was not promoted automatically."""


class Deployment(ResponseModel):
    """One deployment from request to outcome."""

    id: UUID
    """The id of the deployment."""
    number: str
    """The human-readable number, such as `DEP-42`. Can be used in place of the id."""
    kind: DeploymentKind
    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    tier: Tier
    version: str
    """The version to deploy."""
    artifact_digest: str | None
    """The digest of the artifact, such as `sha256:…`. Null if unknown."""
    requester: str
    """The user who requested the deployment."""
    on_behalf_of: str | None
    """The person the requester acted for. Null if the requester did not act for someone else."""
    triggered_by: str | None
    """Who triggered the pipeline that requested the deployment: the name of the user with the login
    that the pipeline reported or, if no user had that login, the reported login. Null if no
    pipeline requested the deployment."""
    requester_unmapped: bool
    """Whether no user had the reported login when the deployment was requested. Where independent
    reviewers are required, no review counts until a user has this login."""
    work_references: list[str]
    """The tickets or changes that are deployed."""
    risk: str | None
    """The accepted risk. Null if none was stated."""
    rollback_plan: str
    """How the deployment can be undone."""
    notes: str | None
    """Free text from the requester. Null if there is none."""
    target_version: int | None
    """The revision of the target's settings used for the rollout: the one that was current when the
    deployment was requested. Null if the target was not configured then."""
    target_digest: str | None
    """The SHA-256 digest of the target's settings in `target_version`, which the approvals
    cover."""
    status: Status
    cancel_reason: CancelReason | None
    """Why the deployment was cancelled. Null if it has not been cancelled."""
    superseded_by: UUID | None
    """The newer deployment that superseded this one. Null if this one was not superseded."""
    promoted_from: UUID | None
    """The deployment in another environment that was promoted by requesting this one. Null if this
    is not a promotion."""
    promotion_blocked: PromotionBlocked | None
    """Why the automatic promotion required by the policy did not happen. Null if it happened or is
    not required."""
    rolls_back: UUID | None
    """The deployment that this one rolls back. Null if this is not a rollback."""
    rolled_back_by: UUID | None
    """The deployment that redeploys the previous version. Null if there is none."""
    review: Review
    reviewed_by: str | None
    """Who gave the deciding review; `status` shows the decision."""
    reviewed_at: Instant | None
    """When the deployment was approved or rejected. Null until then."""
    independence: Independence
    overrides: list[GateOverride]
    """The gate overrides, with their reasons."""
    break_glass: BreakGlass | None
    """The use of break-glass. Null if it was not used."""
    after_review: AfterReview | None
    """The review of a break-glass approval. Null if break-glass was not used."""
    expires_at: Instant | None
    """When the deployment will be cancelled if it is still waiting. Null if it never expires."""
    build_id: UUID | None
    """Identifies the rollout, including all attempts. Null until it is queued or started."""
    execution: DeploymentExecution | None
    """The rollout. Null until it is queued or started, and for records and cancelled
    deployments."""
    created_at: Instant
    """When the deployment was requested or recorded."""
    approved_at: Instant | None
    """When the last approval stage was satisfied. Null until then."""
    queued_at: Instant | None
    """When the deployment was queued for a worker. Null if it has not been queued."""
    started_at: Instant | None
    """When the rollout started. Null until then."""
    finished_at: Instant | None
    """When the rollout succeeded or failed. Null until then."""
    deployed_at: Instant | None
    """When the version became live: when the deployment succeeded or, for a record, the reported
    time."""
    deployed_by: str | None
    """Who carried out the deployment. Null if unknown."""
    rolled_back_at: Instant | None
    """When the deployment was rolled back. Null if it has not been rolled back."""
    external_id: str | None
    """The id of the deployment in the external system."""
    recorded_rollback: bool
    """Whether, according to its source, this record is a rollback of another deployment."""
    unreviewed: bool
    """Whether the deployment is unreviewed although the environment's policy requires approval, as
    with a record, or a rollback to a version that no one has reviewed."""
    hidden: bool
    """Whether this is a record that was hidden as incorrect and is excluded from the current state.
    Its events state the reason."""
    revision: int
    """The revision number: starts at 1 and increases with every change. Also the ETag."""

    @classmethod
    def from_domain(cls, deployment: domain.Deployment, policy: PolicyVersion) -> Self:
        """Map a domain deployment and the policy it was requested under to a response."""
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
            triggered_by=deployment.triggered_by,
            requester_unmapped=deployment.unmapped_issuer is not None,
            work_references=list(deployment.work_references),
            risk=deployment.risk,
            rollback_plan=deployment.rollback_plan,
            notes=deployment.notes,
            target_version=deployment.target_version,
            target_digest=deployment.target_digest,
            status=deployment.status,
            cancel_reason=deployment.cancel_reason,
            superseded_by=deployment.superseded_by,
            promoted_from=deployment.promoted_from,
            promotion_blocked=_promotion_blocked(deployment),
            rolls_back=deployment.rolls_back,
            rolled_back_by=deployment.rolled_back_by,
            review=Review.from_domain(deployment, policy),
            reviewed_by=deployment.reviewed_by,
            reviewed_at=deployment.reviewed_at,
            independence=Independence.from_domain(deployment.independence),
            overrides=[
                GateOverride(
                    gate=override.gate,
                    code=override.code,
                    actor=override.actor,
                    at=override.at,
                    reason=override.reason,
                )
                for override in deployment.overrides
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
            recorded_rollback=bool(deployment.recorded_rollback),
            unreviewed=deployment.unreviewed,
            hidden=deployment.hidden is not None,
            revision=deployment.revision,
        )


def _promotion_blocked(deployment: domain.Deployment) -> PromotionBlocked | None:
    promotion_blocked = deployment.promotion_blocked
    if promotion_blocked is None:
        return None
    return PromotionBlocked(
        environment=promotion_blocked.environment,
        code=promotion_blocked.code,
        reason=promotion_blocked.reason,
    )


def _break_glass(deployment: domain.Deployment) -> BreakGlass | None:
    break_glass = deployment.break_glass
    if break_glass is None:
        return None
    return BreakGlass(
        actor=break_glass.actor,
        at=break_glass.at,
        reason=break_glass.reason,
        incident=break_glass.incident,
    )


def _after_review(deployment: domain.Deployment) -> AfterReview | None:
    after_review = deployment.after_review
    if after_review is None:
        return None
    return AfterReview(
        state=after_review.state,
        due_at=after_review.due_at,
        verdict=after_review.verdict,
        closed_by=after_review.closed_by,
        closed_at=after_review.closed_at,
    )


def execution_state(deployment: domain.Deployment) -> ExecutionState | None:
    """Return the state of the actual or recorded rollout, or None if there is none."""
    if deployment.status not in ROLLOUT_STATUSES:
        return None
    if deployment.status is Status.QUEUED:
        return ExecutionState.QUEUED
    if deployment.status is Status.STARTED:
        return ExecutionState.RUNNING
    succeeded = deployment.deployed_at is not None
    return ExecutionState.SUCCESS if succeeded else ExecutionState.FAILED


def _execution(deployment: domain.Deployment) -> DeploymentExecution | None:
    state = execution_state(deployment)
    if state is None or deployment.kind is DeploymentKind.RECORD:
        return None
    return DeploymentExecution(state=state, attempt=deployment.attempt, worker=deployment.worker)


class DeploymentPage(ResponseModel):
    """A page of deployments."""

    items: list[Deployment]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
