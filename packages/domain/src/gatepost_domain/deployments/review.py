"""Consent in ordered stages: who has approved, what is still wanted, when a stage is satisfied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatepost_domain.access.actor import Actor, Identity, may_be_same_human, same_person
from gatepost_domain.catalog.policy import ApprovalRule, ApprovalStage, Policy, RollbackApprovals
from gatepost_domain.deployments.deployment import (
    Approval,
    Deployment,
    DeploymentKind,
    consent_digest,
)
from gatepost_domain.deployments.errors import (
    AlreadyReviewed,
    NotEligible,
    NotEligibleForAfterReview,
    OwnBreakGlassReview,
    StageNotOpen,
)
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """How far one stage is."""

    stage: ApprovalStage
    approvals: tuple[Approval, ...]
    """Those that count for this stage, in the order given."""
    missing: tuple[ApprovalRule, ...]
    """What is still wanted; each rule's `required` is the number that is left."""

    @property
    def satisfied(self) -> bool:
        """Whether every rule has its approvals."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewProgress:
    """How far the whole review is."""

    stages: tuple[StageProgress, ...]

    @property
    def open_stage(self) -> StageProgress | None:
        """The first stage that is not satisfied; none when the review is complete."""
        return next((stage for stage in self.stages if not stage.satisfied), None)


def review_progress(deployment: Deployment, policy: Policy) -> ReviewProgress:
    """The progress of a deployment's review under the policy it was asked under."""
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


def required_stages(deployment: Deployment, policy: Policy) -> tuple[ApprovalStage, ...]:
    """The stages that a deployment must pass: none for a rollback where the policy says so.

    What goes back to a version that nobody here ever reviewed is asked for as any other, or a
    record would be a way round the reviewers.
    """
    free = policy.rollback_approvals is RollbackApprovals.NONE and not deployment.unreviewed
    return () if free and deployment.kind is DeploymentKind.ROLLBACK else policy.approval_stages


def review_label(deployment: Deployment, review: ReviewProgress) -> str:
    """The review in one word, as reviewers say it.

    `requested`, then `approved_by_<stage>` for the last stage satisfied, `approved_by_policy` where
    no review is asked for, `break_glass` where it was done without; `executed` once it succeeded,
    `rejected` once a reviewer refused.
    """
    if deployment.status is Status.REJECTED:
        return "rejected"
    if deployment.status is Status.SUCCEEDED:
        return "executed"
    if deployment.break_glass is not None:
        return "break_glass"
    if not review.stages:
        return "approved_by_policy"
    done = [progress.stage.name for progress in review.stages if progress.satisfied]
    return f"approved_by_{done[-1]}" if done else "requested"


def find_reviewable_stage(
    deployment: Deployment, policy: Policy, *, actor: Actor, stage: str | None
) -> tuple[ApprovalStage, tuple[int, ...]]:
    """Find the stage an actor may review now, and the rules of it they count for.

    Raises:
        Invalid: the policy has no stage of that name.
        StageNotOpen: the stage named is not the open one.
        NotEligible: no rule of the open stage asks for this actor.
    """
    if stage is not None and stage not in {each.name for each in policy.approval_stages}:
        raise ValidationFailed(
            FieldError(
                field="stage",
                code="unknown_stage",
                detail=f"The policy of {deployment.environment} has no stage {stage}.",
            )
        )
    progress = review_progress(deployment, policy).open_stage
    if progress is None:  # pragma: no cover  # pending without an open stage cannot be reached
        raise AssertionError(deployment.id)
    if stage is not None and stage != progress.stage.name:
        raise StageNotOpen(stage, progress.stage.name)
    rules = tuple(index for index, rule in enumerate(progress.stage.rules) if _accepts(rule, actor))
    if not rules:
        wanted = tuple(rule.approver_label() for rule in progress.stage.rules)
        raise NotEligible(actor.name, progress.stage.name, wanted)
    return progress.stage, rules


def require_not_yet_approved(
    deployment: Deployment, policy: Policy, *, actor: Actor, stage: ApprovalStage
) -> None:
    """Refuse a second approval by the same person: in a stage always, in another one by policy.

    Raises:
        AlreadyReviewed: they have approved already.
    """
    for approval in deployment.approvals:
        if may_be_same_human(approval.identity, actor.identity) and (
            policy.distinct_reviewers or approval.stage == stage.name
        ):
            raise AlreadyReviewed(actor.name, approval.stage)


def require_after_reviewer(deployment: Deployment, policy: Policy, *, actor: Actor) -> None:
    """Refuse the after-review of a break-glass to whoever is no independent reviewer of it.

    Raises:
        OwnBreakGlass: they broke the glass, or whoever did may be behind them.
        NotEligibleAfterwards: no rule of any stage asks for them.
    """
    glass = deployment.break_glass
    if glass is not None and may_be_same_human(glass.identity, actor.identity):
        raise OwnBreakGlassReview(glass.actor)
    rules = [rule for stage in policy.approval_stages for rule in stage.rules]
    if not any(_accepts(rule, actor) for rule in rules):
        raise NotEligibleForAfterReview(actor.name, tuple(rule.approver_label() for rule in rules))


def has_approved(deployment: Deployment, *who: Identity) -> bool:
    """Whether one of these has approved the deployment, in any stage."""
    return any(
        may_be_same_human(approval.identity, each)
        for approval in deployment.approvals
        for each in who
    )


def _accepts(rule: ApprovalRule, actor: Actor) -> bool:
    if rule.user is not None:
        return same_person(rule.user, actor.name)
    return rule.group is None or rule.group in actor.groups


def _stage_progress(stage: ApprovalStage, approvals: tuple[Approval, ...]) -> StageProgress:
    people = {approval.identity.human: approval.rules for approval in approvals}
    filled = _match_approvals(stage.rules, people.values())
    return StageProgress(
        stage=stage,
        approvals=approvals,
        missing=tuple(
            ApprovalRule(group=rule.group, user=rule.user, required=rule.required - count)
            for rule, count in zip(stage.rules, filled, strict=True)
            if count < rule.required
        ),
    )


def _match_approvals(
    rules: Sequence[ApprovalRule], eligible: Iterable[tuple[int, ...]]
) -> list[int]:
    """How many approvals each rule gets when as many as possible are put to use.

    Maximum bipartite matching by augmenting paths (Kuhn): a person in two groups never blocks a
    stage. They are placed in an order of their own, so that which rules are filled does not depend
    on the order in which they were given either.
    """
    taken: list[list[tuple[int, ...]]] = [[] for _ in rules]

    def place(options: tuple[int, ...], tried: set[int]) -> bool:
        for index in options:
            if index in tried:
                continue
            tried.add(index)
            if len(taken[index]) < rules[index].required:
                taken[index].append(options)
                return True
            for seat, holder in enumerate(taken[index]):
                if place(holder, tried):
                    taken[index][seat] = options
                    return True
        return False

    for options in sorted(eligible):
        place(options, set())
    return [len(seats) for seats in taken]
