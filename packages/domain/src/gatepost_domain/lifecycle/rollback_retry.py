"""Retrying a rollback that did not succeed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.errors.rollbacks import NotARollback, RollbackReplaced
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.event import Event, EventKind
from gatepost_domain.lifecycle.transitions import Transition, refuse_records_and_authorize
from gatepost_domain.status_transitions import Action, Status, actions_to_suggest

RETRYABLE_STATUSES: Final = frozenset({Status.FAILED, Status.REJECTED, Status.CANCELLED})
"""The statuses in which a rollback has ended without bringing its version back."""


def require_retryable(rollback: Deployment, command: Command) -> UUID:
    """Refuse to retry a deployment that is not a rollback, has not ended or has succeeded.

    Return the id of the deployment that was rolled back.

    Raises:
        RecordIsImmutable: the deployment is a record.
        Denied: the actor may not operate deployments there.
        TransitionRefused: the deployment has not ended, or has succeeded.
        NotARollback: the deployment is not a rollback.
    """
    refuse_records_and_authorize(rollback, Action.RETRY, command)
    allowed = actions_to_suggest(rollback.status)
    if rollback.status not in RETRYABLE_STATUSES:
        raise TransitionRefused(rollback.status, Action.RETRY, allowed)
    if rollback.rolls_back is None:
        raise NotARollback(format_number(rollback.number), rollback.status, allowed)
    return rollback.rolls_back


def record_rollback_retry(
    rollback: Deployment,
    rolled_back: Deployment,
    command: Command,
    *,
    redeployed_by: UUID,
    later_number: int | None,
) -> Transition:
    """Record, on the deployment that was rolled back, the new rollback that replaces `rollback`.

    `redeployed_by` is the id of the new rollback. `later_number` is the number of a deployment that
    has already replaced `rollback`, if there is one.

    Raises: the same errors as `require_retryable`, and
        RollbackReplaced: a later deployment is live, or the rollback has already been retried.
    """
    require_retryable(rollback, command)
    if later_number is not None:
        raise RollbackReplaced(
            format_number(rollback.number),
            format_number(later_number),
            rollback.status,
            actions_to_suggest(rollback.status),
        )
    after = replace(rolled_back, rolled_back_by=redeployed_by, revision=rolled_back.revision + 1)
    event = Event(
        kind=EventKind.ROLLBACK_RETRIED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=rolled_back.id,
        from_status=rolled_back.status,
        to_status=rolled_back.status,
        note=command.note,
        data={"rolled_back_by": str(redeployed_by), "instead_of": str(rollback.id)},
    )
    return after, event
