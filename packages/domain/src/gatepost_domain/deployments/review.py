"""Reviews in ordered stages: which approvals count, and which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.credential_provenance import Identity, may_be_same_human
from gatepost_domain.catalog.policy import ApprovalRule, ApprovalStage, Policy, RollbackApprovals
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    Approval,
    Deployment,
    DeploymentKind,
    consent_digest,
)
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.deployments.errors.break_glass import (
    NotEligibleForAfterReview,
    OwnBreakGlassReview,
)
from gatepost_domain.deployments.errors.reviews import AlreadyReviewed, NotEligible, StageNotOpen
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.status_transitions import Status

FIXED_REVIEW_LABELS: Final = (
    "requested",
    "approved_by_policy",
    "break_glass",
    "executed",
    "rejected",
)
"""The review labels that do not name a stage."""
APPROVED_BY: Final = "approved_by_"
"""The prefix of the labels that name the most recently satisfied stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """The approvals that one stage has, and those that it still needs."""

    stage: ApprovalStage
    approvals: tuple[Approval, ...]
    """The approvals that count for this stage, in the order in which they were given."""
    missing: tuple[ApprovalRule, ...]
    """The unsatisfied rules, with `required` set to the number of missing approvals."""

    @property
    def satisfied(self) -> bool:
        """Whether every rule has its approvals."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewProgress:
    """The progress of a review, with its stages in order."""

    stages: tuple[StageProgress, ...]

    @property
    def open_stage(self) -> StageProgress | None:
        """The first stage that is not satisfied; None when the review is complete."""
        return next((stage for stage in self.stages if not stage.satisfied), None)

    @property
    def last_satisfied_stage(self) -> str | None:
        """The name of the stage satisfied most recently; None if the first stage is still open."""
        satisfied = list(takewhile(lambda progress: progress.satisfied, self.stages))
        return satisfied[-1].stage.name if satisfied else None


def review_progress(
    deployment: Deployment, policy: Policy, *, digest: str | None = None
) -> ReviewProgress:
    """Return how far a deployment's review under its policy has progressed.

    `digest` is the deployment's `consent_digest`, if the caller already has it.
    """
    if digest is None:
        digest = consent_digest(deployment)
    return ReviewProgress(
        stages=tuple(
            _stage_progress(
                stage,
                tuple(
                    approval
                    for approval in deployment.approvals
                    if approval.stage == stage.name and approval.digest == digest
                ),
            )
            for stage in required_stages(deployment, policy)
        )
    )


def find_last_satisfied_stage(
    stages: Iterable[ApprovalStage], approvals: Iterable[Approval]
) -> str | None:
    """Return the name of the last stage that these approvals satisfy; None if there is none."""
    given = tuple(approvals)
    return ReviewProgress(
        stages=tuple(
            _stage_progress(
                stage, tuple(approval for approval in given if approval.stage == stage.name)
            )
            for stage in stages
        )
    ).last_satisfied_stage


def required_stages(deployment: Deployment, policy: Policy) -> tuple[ApprovalStage, ...]:
    """Return the stages that a deployment requires. The policy can exempt rollbacks from review.

    A rollback to a version that was never reviewed requires all stages. Without this rule,
    recording a version, or deploying it through break-glass, and rolling back to it later would
    bypass the reviewers.
    """
    is_rollback = deployment.kind is DeploymentKind.ROLLBACK and not deployment.unreviewed
    is_exempt = is_rollback and policy.rollback_approvals is RollbackApprovals.NONE
    return () if is_exempt else policy.approval_stages


def was_reviewed(last_good: Deployment, same_version: Iterable[Deployment]) -> bool:
    """Return whether a version has been reviewed, so that a rollback may deploy it without review.

    `last_good` is the deployment to return to, and `same_version` are all deployments of its
    version to the environment. A break-glass approval counts once a reviewer has found it
    justified; if that of `last_good` does not count, no other review does either.
    """
    if last_good.break_glass is not None and not _was_found_justified(last_good):
        return False
    return any(
        _was_found_justified(deployment)
        if deployment.break_glass is not None
        else deployment.reviewed_by is not None
        for deployment in (last_good, *same_version)
    )


def _was_found_justified(deployment: Deployment) -> bool:
    review = deployment.after_review
    return review is not None and review.verdict is Verdict.JUSTIFIED


def has_waived_production_review(deployment: Deployment) -> bool:
    """Return whether a production deployment started without a person's approval.

    Because the tier can be changed temporarily, the deployment counts as a production
    deployment if the tier was `production` when it was requested or started, or at any earlier
    time.
    """
    return (
        (deployment.tier is Tier.PRODUCTION or deployment.started_in_production is True)
        and deployment.kind is not DeploymentKind.RECORD
        and deployment.started_at is not None
        and deployment.reviewed_by is None
        and deployment.break_glass is None
    )


def review_label(deployment: Deployment) -> str:
    """Return the state of the review as a label.

    The label is `requested`, then `approved_by_<stage>` for the latest satisfied stage. It is
    `approved_by_policy` if no approval is required, `break_glass` if the reviewers were bypassed,
    and `rejected` once a reviewer has rejected the deployment. It is `executed` for records, and
    for deployments that have succeeded, even if they were rolled back later.

    The database column `review_label` applies the same rules.
    """
    if deployment.status is Status.REJECTED:
        return "rejected"
    if deployment.deployed_at is not None or deployment.kind is DeploymentKind.RECORD:
        return "executed"
    if deployment.break_glass is not None:
        return "break_glass"
    if deployment.approved_stage is not None:
        return f"{APPROVED_BY}{deployment.approved_stage}"
    return "requested" if deployment.approved_at is None else "approved_by_policy"


def find_reviewable_stage(
    deployment: Deployment, policy: Policy, *, actor: Actor, stage: str | None
) -> tuple[ApprovalStage, tuple[int, ...]]:
    """Return the open stage, and the positions of its rules that accept the actor.

    Raises:
        ValidationFailed: the policy has no stage of that name.
        StageNotOpen: `stage` is not the open stage.
        NotEligible: no rule of the open stage accepts the actor.
    """
    if stage is not None and all(stage != known.name for known in policy.approval_stages):
        raise ValidationFailed(
            FieldError(
                field="stage",
                code="unknown_stage",
                detail=f"The policy of {deployment.environment} has no stage {stage}.",
            )
        )
    progress = review_progress(deployment, policy).open_stage
    if progress is None:  # pragma: no cover  # a pending deployment always has an open stage
        raise AssertionError(deployment.id)
    if stage is not None and stage != progress.stage.name:
        raise StageNotOpen(stage, progress.stage.name)
    rules = accepting_rules(progress.stage, actor)
    if not rules:
        eligible = tuple(rule.approver_label() for rule in progress.stage.rules)
        raise NotEligible(actor.name, progress.stage.name, eligible)
    return progress.stage, rules


def accepting_rules(stage: ApprovalStage, actor: Actor) -> tuple[int, ...]:
    """Return the positions of a stage's rules that accept the actor."""
    return tuple(index for index, rule in enumerate(stage.rules) if rule_accepts(rule, actor))


def groups_of(actor: Actor, stage: ApprovalStage) -> list[str]:
    """Return the actor's groups that are named in the stage's rules, sorted."""
    named = {rule.group for rule in stage.rules if rule.group is not None}
    return sorted(group for group in named if group in actor.groups)


def require_not_yet_approved(
    deployment: Deployment, policy: Policy, *, actor: Actor, stage: ApprovalStage
) -> None:
    """Refuse a person's second approval in one stage or, if the policy requires it, in any stage.

    Raises:
        AlreadyReviewed: the actor has already approved.
    """
    for approval in deployment.approvals:
        if may_be_same_human(approval.identity, actor.identity) and (
            policy.distinct_reviewers or approval.stage == stage.name
        ):
            raise AlreadyReviewed(actor.name, approval.stage)


def require_after_reviewer(deployment: Deployment, policy: Policy, *, actor: Actor) -> None:
    """Refuse an actor who used break-glass, or who could not have approved the deployment.

    Raises:
        OwnBreakGlassReview: the actor used break-glass, or may be the person who did.
        NotEligibleForAfterReview: no rule of any stage accepts the actor.
    """
    break_glass = deployment.break_glass
    if break_glass is not None and may_be_same_human(break_glass.identity, actor.identity):
        raise OwnBreakGlassReview(break_glass.actor)
    rules = [rule for stage in policy.approval_stages for rule in stage.rules]
    if not any(rule_accepts(rule, actor) for rule in rules):
        raise NotEligibleForAfterReview(actor.name, tuple(rule.approver_label() for rule in rules))


def has_approved(deployment: Deployment, *identities: Identity) -> bool:
    """Return whether one of these people has approved the deployment, in any stage."""
    return any(
        may_be_same_human(approval.identity, identity)
        for approval in deployment.approvals
        for identity in identities
    )


def rule_accepts(rule: ApprovalRule, actor: Actor) -> bool:
    """Return whether a rule accepts the actor, by name or group."""
    if rule.user is not None:
        return actor.has_name(rule.user)
    return rule.group is None or rule.group in actor.groups


def _stage_progress(stage: ApprovalStage, approvals: tuple[Approval, ...]) -> StageProgress:
    if not approvals:
        return StageProgress(stage=stage, approvals=(), missing=stage.rules)
    rules_by_human = {approval.identity.humans: approval.rules for approval in approvals}
    counts = _match_approvals(stage.rules, rules_by_human.values())
    return StageProgress(
        stage=stage,
        approvals=approvals,
        missing=tuple(
            ApprovalRule(group=rule.group, user=rule.user, required=rule.required - count)
            for rule, count in zip(stage.rules, counts, strict=True)
            if count < rule.required
        ),
    )


def _match_approvals(
    rules: Sequence[ApprovalRule], eligible: Iterable[tuple[int, ...]]
) -> list[int]:
    """Return how many approvals each rule gets in a maximum matching.

    This is a maximum bipartite matching by augmenting paths (Kuhn), so a person in two groups never
    blocks a stage. The approvals are sorted first, so their order does not affect the result.
    """
    assigned: list[list[tuple[int, ...]]] = [[] for _ in rules]

    def assign(options: tuple[int, ...], tried: set[int]) -> bool:
        for index in options:
            if index in tried:
                continue
            tried.add(index)
            if len(assigned[index]) < rules[index].required:
                assigned[index].append(options)
                return True
            for position, other_options in enumerate(assigned[index]):
                if assign(other_options, tried):
                    assigned[index][position] = options
                    return True
        return False

    for options in sorted(eligible):
        assign(options, set())
    return [len(approvals) for approvals in assigned]
