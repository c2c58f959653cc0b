"""Withdrawing and voiding approvals, and cancelling an automatic start."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.access.actor import is_same_name
from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.errors import ApprovedByBreakGlass, NoApprovalToWithdraw
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.approval import expiry_from
from gatepost_domain.lifecycle.transitions import (
    Transition,
    require_authorized_transition,
    transition,
)
from gatepost_domain.status import Action, Status, actions_to_suggest


def withdraw(deployment: Deployment, policy: Policy, command: Command) -> Transition:
    """Withdraw all approvals of a deployment that the actor has given.

    Unless its review is complete without them, the deployment waits for its reviewers again.

    Raises:
        TransitionRefused: the deployment has started or ended.
        ReviewDenied: the actor may not review the deployment, or has not approved it.
        ApprovedByBreakGlass: break-glass approved it.
        ValidationFailed: the note is missing.
    """
    require_authorized_transition(deployment, Action.WITHDRAW, command)
    if not has_approval_of(deployment, command.actor.name):
        raise NoApprovalToWithdraw(command.actor.name)
    if deployment.break_glass is not None:
        number, status = format_number(deployment.number), deployment.status
        raise ApprovedByBreakGlass(number, status, actions_to_suggest(status))
    return _without_approvals(
        deployment,
        policy,
        command,
        reviewer=command.actor.name,
        action=Action.WITHDRAW,
        kind=EventKind.APPROVAL_WITHDRAWN,
    )


def void_approvals(
    deployment: Deployment, policy: Policy, command: Command, *, reviewer: str
) -> Transition:
    """Void all approvals of a deployment that a reviewer has given, because they were disabled.

    A deployment that break-glass approved stays approved.

    Raises:
        TransitionRefused: the deployment has started or ended.
    """
    return _without_approvals(
        deployment,
        policy,
        replace(command, note=f"{reviewer}, who had approved, was disabled."),
        reviewer=reviewer,
        action=Action.VOID_APPROVAL,
        kind=EventKind.APPROVAL_VOIDED,
    )


def cancel_auto_start(deployment: Deployment, command: Command, *, user: str) -> Transition:
    """Cancel the automatic start of a deployment, because whoever requested it was disabled.

    A queued deployment leaves the queue; an operator can start it.

    Raises:
        TransitionRefused: the deployment has started or ended.
    """
    after, status = replace(deployment, auto_start=False), deployment.status
    if status is Status.QUEUED:
        after, status = replace(after, queued_at=None, build_id=None), Status.APPROVED
    return transition(
        after,
        Action.CANCEL_AUTO_START,
        status,
        EventKind.AUTO_START_CANCELLED,
        command,
        note=f"{user}, who had requested the deployment, was disabled; an operator can start it.",
        data={"user": user},
    )


def has_approval_of(deployment: Deployment, reviewer: str) -> bool:
    """Return whether a reviewer has given an approval of the deployment, in any stage."""
    return any(is_same_name(approval.actor, reviewer) for approval in deployment.approvals)


def _without_approvals(  # a removal, and how it is recorded
    deployment: Deployment,
    policy: Policy,
    command: Command,
    *,
    reviewer: str,
    action: Action,
    kind: EventKind,
) -> Transition:
    removed = [
        approval for approval in deployment.approvals if is_same_name(approval.actor, reviewer)
    ]
    remaining = tuple(approval for approval in deployment.approvals if approval not in removed)
    after = replace(deployment, approvals=remaining)
    progress = review_progress(after, policy)
    after = replace(after, approved_stage=progress.last_satisfied_stage)
    status = deployment.status
    is_complete = progress.open_stage is None or deployment.break_glass is not None
    if not is_complete and status is not Status.PENDING_APPROVAL:
        status = Status.PENDING_APPROVAL
        after = replace(
            after,
            approved_at=None,
            reviewed_by=None,
            reviewed_at=None,
            queued_at=None,
            build_id=None,
            expires_at=expiry_from(policy, command.at),
        )
    stages = list(dict.fromkeys(approval.stage for approval in removed))
    return transition(
        after,
        action,
        status,
        kind,
        command,
        stage=stages[0] if len(stages) == 1 else None,
        data={"reviewer": reviewer, "stages": stages},
    )
