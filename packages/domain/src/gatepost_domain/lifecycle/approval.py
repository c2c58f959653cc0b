"""Approving and rejecting a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Approval, Deployment, consent_digest
from gatepost_domain.deployments.independence import add_dependences, require_independence
from gatepost_domain.deployments.pipeline_self_review import (
    require_known_trigger,
    triggering_person_event_data,
)
from gatepost_domain.deployments.review import (
    find_reviewable_stage,
    groups_of,
    require_not_yet_approved,
    review_progress,
)
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.transitions import (
    Transition,
    require_authorized_transition,
    transition,
)
from gatepost_domain.status_transitions import Action, Status


def approve_by_policy(deployment: Deployment, policy: Policy, command: Command) -> Transition:
    """Approve a deployment whose policy requires no approval; the event names the policy."""
    return transition(
        set_approval_time_and_expiry(deployment, policy, command.at),
        Action.APPROVE,
        Status.APPROVED,
        EventKind.APPROVED,
        command,
        note=f"Policy version {deployment.policy_version} of {deployment.environment} "
        "requires no approval.",
        data={"policy_version": deployment.policy_version},
    )


def approve(
    deployment: Deployment, policy: Policy, command: Command, *, stage: str | None = None
) -> Transition:
    """Record a reviewer's approval of the open stage.

    The deployment is approved once every stage is satisfied; until then it stays pending.

    Raises:
        TransitionRefused: the deployment is not waiting for approval.
        ReviewDenied: the actor may not review the deployment, has already approved it, or is not
            independent although the policy requires it.
        StageNotOpen: `stage` is not the open stage.
    """
    require_authorized_transition(deployment, Action.APPROVE, command)
    require_known_trigger(deployment, policy)
    open_stage, rules = find_reviewable_stage(deployment, policy, actor=command.actor, stage=stage)
    require_not_yet_approved(deployment, policy, actor=command.actor, stage=open_stage)
    dependencies = require_independence(deployment, policy, actor=command.actor)
    approval = Approval(
        stage=open_stage.name,
        actor=command.actor.name,
        at=command.at,
        note=command.note,
        digest=consent_digest(deployment),
        rules=rules,
        identity=command.actor.identity,
        dependencies=dependencies,
    )
    after = replace(
        deployment,
        approvals=(*deployment.approvals, approval),
        independence=add_dependences(deployment.independence, dependencies),
    )
    progress = review_progress(after, policy)
    after = replace(after, approved_stage=progress.last_satisfied_stage)
    status = Status.PENDING_APPROVAL
    if progress.open_stage is None:
        status = Status.APPROVED
        after = replace(
            set_approval_time_and_expiry(after, policy, command.at),
            reviewed_by=command.actor.name,
            reviewed_at=command.at,
        )
    return transition(
        after,
        Action.APPROVE,
        status,
        EventKind.APPROVED,
        command,
        stage=open_stage.name,
        data={
            "digest": approval.digest,
            "policy_version": deployment.policy_version,
            "rules": list(rules),
            "groups": groups_of(command.actor, open_stage),
            "identity": approval.identity.to_event_data(),
            "independence": [dependence.to_event_data() for dependence in dependencies],
            **_reviewer_data(deployment, command),
        },
    )


def _reviewer_data(deployment: Deployment, command: Command) -> Mapping[str, object]:
    """Return the reviewer's former name and who may have triggered the pipeline, as event data."""
    data = triggering_person_event_data(deployment)
    if command.actor.former_name is not None:
        data["former_name"] = command.actor.former_name
    return data


def set_approval_time_and_expiry(
    deployment: Deployment, policy: Policy, at: datetime
) -> Deployment:
    """Set the approval time, and restart the time limit, which from now on limits the start."""
    return replace(deployment, approved_at=at, expires_at=expiry_from(policy, at))


def expiry_from(policy: Policy, at: datetime) -> datetime | None:
    """Return when the time limit that begins at an instant ends; None if there is no limit."""
    seconds = policy.approval_expires_s
    return None if seconds is None else at + timedelta(seconds=seconds)


def reject(deployment: Deployment, policy: Policy, command: Command) -> Transition:
    """Record a reviewer's rejection, which ends the deployment.

    Raises:
        TransitionRefused: the deployment is not waiting for approval.
        ReviewDenied: the actor may not review it.
        ValidationFailed: the note is missing.
    """
    require_authorized_transition(deployment, Action.REJECT, command)
    open_stage, _ = find_reviewable_stage(deployment, policy, actor=command.actor, stage=None)
    return transition(
        replace(deployment, reviewed_by=command.actor.name, reviewed_at=command.at),
        Action.REJECT,
        Status.REJECTED,
        EventKind.REJECTED,
        command,
        stage=open_stage.name,
    )
