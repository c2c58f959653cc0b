"""Withdrawing and voiding approvals, and cancelling an automatic start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gatepost_domain.access.actor import is_same_name
from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.errors.break_glass import ApprovedByBreakGlass
from gatepost_domain.deployments.errors.reviews import NoApprovalToWithdraw
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.event import Event, EventKind
from gatepost_domain.lifecycle.approval import expiry_from
from gatepost_domain.lifecycle.transitions import (
    Transition,
    require_authorized_transition,
    transition,
)
from gatepost_domain.status_transitions import (
    STATUS_WITHOUT_AUTO_START,
    Action,
    Status,
    actions_to_suggest,
)


def withdraw(deployment: Deployment, policy: Policy, command: Command) -> Transition:
    """Withdraw all of the actor's approvals of a deployment.

    If this makes the review incomplete, the deployment waits for its reviewers again.

    Raises:
        TransitionRefused: the deployment has started or ended.
        ReviewDenied: the actor may not review the deployment, or has not approved it.
        ApprovedByBreakGlass: the deployment was approved through break-glass.
        ValidationFailed: the note is missing.
    """
    require_authorized_transition(deployment, Action.WITHDRAW, command)
    names = [each.actor for each in deployment.approvals if command.actor.has_name(each.actor)]
    if not names:
        raise NoApprovalToWithdraw(command.actor.name)
    if deployment.break_glass is not None:
        number, status = format_number(deployment.number), deployment.status
        raise ApprovedByBreakGlass(number, status, actions_to_suggest(status))
    reviewer, former_name = names[0], command.actor.former_name
    after, stages = _remove_approvals(deployment, policy, command, reviewer)
    renamed = {} if former_name is None else {"former_name": former_name}
    return transition(
        replace(after, status=deployment.status),
        Action.WITHDRAW,
        after.status,
        EventKind.APPROVAL_WITHDRAWN,
        command,
        stage=_only_stage(stages),
        data={"reviewer": reviewer, "stages": stages, **renamed},
    )


def void_approvals(
    deployment: Deployment, policy: Policy, command: Command, *, reviewer: str, reason: str
) -> Transition:
    """Void a reviewer's approvals of a waiting deployment; `reason` is a sentence.

    A deployment that was approved through break-glass stays approved.
    """
    after, stages = _remove_approvals(deployment, policy, command, reviewer)
    return _change_by_system(
        deployment,
        after,
        EventKind.APPROVAL_VOIDED,
        replace(command, note=reason),
        stage=_only_stage(stages),
        data={"reviewer": reviewer, "stages": stages},
    )


def cancel_auto_start(deployment: Deployment, command: Command, *, user: str) -> Transition:
    """Cancel the automatic start of a waiting deployment requested by a user now disabled.

    A queued deployment leaves the queue; an operator can start it.
    """
    after = replace(
        deployment, auto_start=False, status=STATUS_WITHOUT_AUTO_START[deployment.status]
    )
    if deployment.status is Status.QUEUED:
        after = replace(after, queued_at=None, build_id=None)
    note = f"{user}, who had requested the deployment, was disabled; an operator can start it."
    return _change_by_system(
        deployment,
        after,
        EventKind.AUTO_START_CANCELLED,
        replace(command, note=note),
        stage=None,
        data={"user": user},
    )


def _remove_approvals(
    deployment: Deployment, policy: Policy, command: Command, reviewer: str
) -> tuple[Deployment, list[str]]:
    """Return the deployment without a reviewer's approvals, and the stages that had them."""
    removed = [
        approval for approval in deployment.approvals if is_same_name(approval.actor, reviewer)
    ]
    stages = list(dict.fromkeys(approval.stage for approval in removed))
    remaining = tuple(approval for approval in deployment.approvals if approval not in removed)
    after = replace(deployment, approvals=remaining)
    progress = review_progress(after, policy)
    after = replace(after, approved_stage=progress.last_satisfied_stage)
    is_complete = progress.open_stage is None or deployment.break_glass is not None
    if is_complete or deployment.status is Status.PENDING_APPROVAL:
        return after, stages
    return replace(
        after,
        status=Status.PENDING_APPROVAL,
        approved_at=None,
        reviewed_by=None,
        reviewed_at=None,
        queued_at=None,
        build_id=None,
        expires_at=expiry_from(policy, command.at),
    ), stages


def _only_stage(stages: list[str]) -> str | None:
    return stages[0] if len(stages) == 1 else None


def _change_by_system(  # what changes, and how it is recorded
    before: Deployment,
    after: Deployment,
    kind: EventKind,
    command: Command,
    *,
    stage: str | None,
    data: Mapping[str, object],
) -> Transition:
    """Return the next revision of a deployment after a change made by the system, and the event."""
    event = Event(
        kind=kind,
        actor=command.actor.name,
        at=command.at,
        deployment_id=before.id,
        from_status=before.status,
        to_status=after.status,
        stage=stage,
        note=command.note,
        data=data,
    )
    return replace(after, revision=before.revision + 1), event
