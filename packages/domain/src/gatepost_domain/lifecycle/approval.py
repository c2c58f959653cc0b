"""Approving and rejecting a deployment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import (
    Approval,
    Deployment,
    digest_of,
)
from gatepost_domain.deployments.review import (
    check_counts_once,
    check_reviewer,
    review_of,
)
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.transitions import Moved, check_move, move
from gatepost_domain.status import (
    Action,
    Status,
)


def approve_by_policy(deployment: Deployment, command: Command) -> Moved:
    """Approve what its policy lets through without a review; the event names the policy."""
    return move(
        approved(deployment, command.at),
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
) -> Moved:
    """Record a reviewer's consent, for the stage that is open.

    The deployment is approved once every stage is satisfied; until then it stays pending.

    Raises:
        TransitionRefused: it waits for no review.
        ReviewDenied: this person may not review it, or has done so.
        StageNotOpen: `stage` is not the open one.
    """
    check_move(deployment, Action.APPROVE, command)
    open_stage, rules = check_reviewer(deployment, policy, actor=command.actor, stage=stage)
    check_counts_once(deployment, policy, actor=command.actor, stage=open_stage)
    approval = Approval(
        stage=open_stage.name,
        actor=command.actor.name,
        at=command.at,
        note=command.note,
        digest=digest_of(deployment),
        rules=rules,
        identity=command.actor.identity,
    )
    after = replace(deployment, approvals=(*deployment.approvals, approval))
    data = {"digest": approval.digest, "policy_version": deployment.policy_version}
    if review_of(after, policy).open_stage is not None:
        return move(
            after,
            Action.APPROVE,
            Status.PENDING_APPROVAL,
            EventKind.APPROVED,
            command,
            stage=open_stage.name,
            data=data,
        )
    complete = replace(
        approved(after, command.at), reviewed_by=command.actor.name, reviewed_at=command.at
    )
    return move(
        complete,
        Action.APPROVE,
        Status.APPROVED,
        EventKind.APPROVED,
        command,
        stage=open_stage.name,
        data=data,
    )


def approved(deployment: Deployment, at: datetime) -> Deployment:
    """As it is once approved: it has as long to start as it had to be approved."""
    until = deployment.expires_at
    return replace(
        deployment,
        approved_at=at,
        expires_at=None if until is None else at + (until - deployment.created_at),
    )


def reject(deployment: Deployment, policy: Policy, command: Command) -> Moved:
    """Record a reviewer's refusal, which ends the deployment.

    Raises:
        TransitionRefused: it waits for no review.
        ReviewDenied: this person may not review it.
        Invalid: there is no note.
    """
    check_move(deployment, Action.REJECT, command)
    open_stage, _ = check_reviewer(deployment, policy, actor=command.actor, stage=None)
    return move(
        replace(deployment, reviewed_by=command.actor.name, reviewed_at=command.at),
        Action.REJECT,
        Status.REJECTED,
        EventKind.REJECTED,
        command,
        stage=open_stage.name,
    )
