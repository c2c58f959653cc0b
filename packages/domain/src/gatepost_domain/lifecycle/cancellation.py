"""Ending a deployment before it starts."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.access.command import Command
from gatepost_domain.deployments.deployment import (
    Deployment,
    format_number,
)
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.transitions import Transition, transition
from gatepost_domain.status import (
    Action,
    CancelReason,
    Status,
)


def cancel(
    deployment: Deployment, command: Command, *, reason: CancelReason = CancelReason.WITHDRAWN
) -> Transition:
    """End a deployment before it starts.

    Raises:
        TransitionRefused: it has started or ended.
        Invalid: there is no note.
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
    """End a deployment that nobody acted on in time.

    Raises:
        TransitionRefused: it has started or ended.
    """
    waited = "start" if deployment.approved_at else "be approved"
    note = f"It waited to {waited} for as long as the policy of {deployment.environment} allows."
    return cancel(deployment, replace(command, note=note), reason=CancelReason.EXPIRED)


def supersede(deployment: Deployment, newer: Deployment, command: Command) -> Transition:
    """End a deployment that still waits because a newer one of its lane went ahead.

    Raises:
        TransitionRefused: it has started or ended.
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
        replace(command, note=f"{number} ({newer.version}), asked for later, went ahead."),
        data={"reason": CancelReason.SUPERSEDED, "superseded_by": str(newer.id)},
    )
