"""Transitions of a deployment from one status to the next, each with exactly one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.allowed_characters import is_blank
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.deployments.errors.records import RecordIsImmutable
from gatepost_domain.deployments.errors.reviews import SelfReview, ServiceAccountReview
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.deployments.independence import counts_as_requester
from gatepost_domain.deployments.pipeline_self_review import refuse_review_by_trigger
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.status_transitions import (
    ACTIONS_REQUIRING_NOTE,
    TRANSITIONS,
    WAITING_STATUSES,
    Action,
    Status,
    actions_to_suggest,
)

RIGHT_TO: Final[Mapping[Action, Right]] = {
    Action.APPROVE: Right.REVIEW,
    Action.REJECT: Right.REVIEW,
    Action.WITHDRAW: Right.REVIEW,
    Action.START: Right.OPERATE,
    Action.CLAIM: Right.CARRY_OUT,
    Action.SUCCEED: Right.OPERATE,
    Action.FAIL: Right.OPERATE,
    Action.ROLLBACK: Right.OPERATE,
    Action.CANCEL: Right.CANCEL,
    Action.RETRY: Right.OPERATE,
    Action.OVERRIDE: Right.OVERRIDE,
    Action.BREAK_GLASS: Right.BREAK_GLASS,
    Action.AFTER_REVIEW: Right.REVIEW,
}
"""Maps each action to the right that it requires on the deployment.

Cancelling one's own deployment requires only `CANCEL_OWN`. A promotion requires `REQUEST` in the
other environment instead. The system, which acts for policies, has every right."""

Transition = tuple[Deployment, Event]
"""A deployment after a change, and the event that records the change."""


def authorize_action(deployment: Deployment, action: Action, actor: Actor) -> None:
    """Refuse an action on a deployment if the actor has no right to it.

    Raises:
        ServiceAccountReview: the actor is a service account, which never reviews.
        SelfReview: the actor requested the deployment, and so may never review it.
        Forbidden: none of the actor's roles allows the action on this deployment.
    """
    is_own = counts_as_requester(deployment, actor.identity)
    right = RIGHT_TO[action]
    if right is Right.REVIEW and actor.is_service_account:
        raise ServiceAccountReview(actor.name)
    if right is Right.REVIEW and action is not Action.WITHDRAW:
        refuse_review_by_trigger(deployment, actor)
    if is_own and right is Right.REVIEW:
        is_requester = actor.has_name(deployment.requester)
        raise SelfReview(deployment.requester, reviewer=None if is_requester else actor.name)
    if is_own and right is Right.CANCEL:
        right = Right.CANCEL_OWN
    authorize(actor, right, service=deployment.service, environment=deployment.environment)


def refuse_records_and_authorize(deployment: Deployment, action: Action, command: Command) -> None:
    """Refuse every action on a record, and actions that the actor has no right to.

    Raises:
        RecordIsImmutable: the deployment is a record.
        Denied: the actor has no right to the action.
    """
    if deployment.kind is DeploymentKind.RECORD:
        raise RecordIsImmutable(format_number(deployment.number), deployment.status)
    authorize_action(deployment, action, command.actor)


def require_authorized_transition(deployment: Deployment, action: Action, command: Command) -> None:
    """Refuse a transition that the actor may not make or that the status does not allow.

    Raises:
        RecordIsImmutable: the deployment is a record.
        Denied: the actor has no right to the action.
        TransitionRefused: the status does not allow the action.
    """
    refuse_records_and_authorize(deployment, action, command)
    if (deployment.status, action) not in TRANSITIONS:
        raise TransitionRefused(deployment.status, action, actions_to_suggest(deployment.status))


def _require_note(action: Action, note: str | None) -> None:
    if action in ACTIONS_REQUIRING_NOTE and is_blank(note):
        raise ValidationFailed(
            FieldError(
                field="note",
                code="note_required",
                detail=f"The action {action} requires a note with the reason.",
            )
        )


def transition(
    deployment: Deployment,
    action: Action,
    to_status: Status,
    kind: EventKind,
    command: Command,
    *,
    stage: str | None = None,
    note: str | None = None,
    data: Mapping[str, object] | None = None,
) -> Transition:
    """Apply one transition, and return the deployment's next revision with the event.

    `deployment` must already contain the other changes, but still have its previous status.
    """
    require_authorized_transition(deployment, action, command)
    _require_note(action, command.note)
    after = replace(
        deployment,
        status=to_status,
        revision=deployment.revision + 1,
        expires_at=deployment.expires_at if to_status in WAITING_STATUSES else None,
    )
    event = Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=deployment.id,
        from_status=deployment.status,
        to_status=to_status,
        stage=stage,
        note=command.note if note is None else note,
        data=data or {},
    )
    return after, event
