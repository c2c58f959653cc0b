"""Approving and rejecting a deployment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import (
    Approval,
    Deployment,
    consent_digest,
)
from gatepost_domain.deployments.review import (
    find_reviewable_stage,
    require_not_yet_approved,
    review_progress,
)
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.transitions import Transition, require_transition, transition
from gatepost_domain.status import (
    Action,
    Status,
)


def approve_by_policy(deployment: Deployment, command: Command) -> Transition:
    """Approve what its policy lets through without a review; the event names the policy."""
    return transition(
        mark_approved(deployment, command.at),
        Action.APPROVE,
        Status.APPROVED,
        EventKind.APPROVED,
        command,
        note=f"Policy version {deployment.policy_version} of {deployment.environment} "
        "asks for no review.",
        data={"policy_version": deployment.policy_version},
    )


def approve(
    deployment: Deployment, policy: Policy, command: Command, *, stage: str | None = None
) -> Transition:
    """Record a reviewer's consent, for the stage that is open.

    The deployment is approved once every stage is satisfied; until then it stays pending.

    Raises:
        TransitionRefused: it waits for no review.
        ReviewDenied: this person may not review it, or has done so.
        StageNotOpen: `stage` is not the open one.
    """
    require_transition(deployment, Action.APPROVE, command)
    open_stage, rules = find_reviewable_stage(deployment, policy, actor=command.actor, stage=stage)
    require_not_yet_approved(deployment, policy, actor=command.actor, stage=open_stage)
    approval = Approval(
        stage=open_stage.name,
        actor=command.actor.name,
        at=command.at,
        note=command.note,
        digest=consent_digest(deployment),
        rules=rules,
        identity=command.actor.identity,
    )
    after = replace(deployment, approvals=(*deployment.approvals, approval))
    data = {"digest": approval.digest, "policy_version": deployment.policy_version}
    if review_progress(after, policy).open_stage is not None:
        return transition(
            after,
            Action.APPROVE,
            Status.PENDING_APPROVAL,
            EventKind.APPROVED,
            command,
            stage=open_stage.name,
            data=data,
        )
    complete = replace(
        mark_approved(after, command.at), reviewed_by=command.actor.name, reviewed_at=command.at
    )
    return transition(
        complete,
        Action.APPROVE,
        Status.APPROVED,
        EventKind.APPROVED,
        command,
        stage=open_stage.name,
        data=data,
    )


def mark_approved(deployment: Deployment, at: datetime) -> Deployment:
    """As it is once approved: it has as long to start as it had to be approved."""
    until = deployment.expires_at
    return replace(
        deployment,
        approved_at=at,
        expires_at=None if until is None else at + (until - deployment.created_at),
    )


def reject(deployment: Deployment, policy: Policy, command: Command) -> Transition:
    """Record a reviewer's refusal, which ends the deployment.

    Raises:
        TransitionRefused: it waits for no review.
        ReviewDenied: this person may not review it.
        Invalid: there is no note.
    """
    require_transition(deployment, Action.REJECT, command)
    open_stage, _ = find_reviewable_stage(deployment, policy, actor=command.actor, stage=None)
    return transition(
        replace(deployment, reviewed_by=command.actor.name, reviewed_at=command.at),
        Action.REJECT,
        Status.REJECTED,
        EventKind.REJECTED,
        command,
        stage=open_stage.name,
    )
