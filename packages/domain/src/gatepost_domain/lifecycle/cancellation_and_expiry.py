"""Cancelling, expiring and superseding deployments before they start."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.access.command import Command
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.transitions import Transition, transition
from gatepost_domain.status_transitions import Action, CancelReason, Status


def cancel(
    deployment: Deployment, command: Command, *, reason: CancelReason = CancelReason.WITHDRAWN
) -> Transition:
    """Cancel a deployment before it starts.

    Raises:
        TransitionRefused: the deployment has started or ended.
        ValidationFailed: the note is missing.
    """
    return transition(
        replace(deployment, finished_at=command.at, cancel_reason=reason),
        Action.CANCEL,
        Status.CANCELLED,
        EventKind.CANCELLED,
        command,
        data={"reason": reason},
    )


def expire(deployment: Deployment, command: Command) -> Transition:
    """Cancel a deployment that was not approved or started in time.

    Raises:
        TransitionRefused: the deployment has started or ended.
    """
    missed = "started" if deployment.approved_at else "approved"
    note = (
        f"The deployment was not {missed} within the time that the policy of "
        f"{deployment.environment} allows."
    )
    return cancel(deployment, replace(command, note=note), reason=CancelReason.EXPIRED)


def supersede(deployment: Deployment, newer: Deployment, command: Command) -> Transition:
    """Cancel a waiting deployment because a newer one in its lane was started or queued.

    Raises:
        TransitionRefused: the deployment has started or ended.
    """
    number = format_number(newer.number)
    return transition(
        replace(
            deployment,
            finished_at=command.at,
            cancel_reason=CancelReason.SUPERSEDED,
            superseded_by=newer.id,
        ),
        Action.CANCEL,
        Status.CANCELLED,
        EventKind.CANCELLED,
        replace(
            command, note=f"Superseded by {number} ({newer.version}), which was requested later."
        ),
        data={"reason": CancelReason.SUPERSEDED, "superseded_by": str(newer.id)},
    )
