"""Overriding gates, using break-glass, and closing after-reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.allowed_characters import is_blank, visible_length
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.emergency_record import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.deployments.errors.break_glass import AfterReviewOverdue, NoPendingAfterReview
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.deployments.independence import add_dependences, require_independence
from gatepost_domain.deployments.pipeline_self_review import (
    require_known_trigger,
    triggering_person_event_data,
)
from gatepost_domain.deployments.review import require_after_reviewer
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.errors import GateAlreadyOpen
from gatepost_domain.gates.evaluation import NEVER_OVERRIDDEN, OVERRIDABLE, evaluate_gates
from gatepost_domain.lifecycle.approval import set_approval_time_and_expiry
from gatepost_domain.lifecycle.transitions import (
    Transition,
    refuse_records_and_authorize,
    require_authorized_transition,
    transition,
)
from gatepost_domain.status_transitions import WAITING_STATUSES, Action, Status, actions_to_suggest

MIN_REASON_LENGTH: Final = 10
"""The minimum number of characters in the reason for an override or a break-glass approval."""


def override(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    command: Command,
    *,
    gate: GateKind,
) -> Transition:
    """Override one gate of a deployment; the command's note is the reason.

    Raises:
        Forbidden: the actor may not override the deployment's gates.
        TransitionRefused: the deployment has started or ended.
        ValidationFailed: the gate can never be overridden, or the reason is too short.
        GateAlreadyOpen: the gate is open or already overridden.
    """
    refuse_records_and_authorize(deployment, Action.OVERRIDE, command)
    if deployment.status not in WAITING_STATUSES:
        allowed = actions_to_suggest(deployment.status)
        raise TransitionRefused(deployment.status, Action.OVERRIDE, allowed)
    errors = [error for error in (_gate_error(gate), _reason_error(command.note)) if error]
    if errors:
        raise ValidationFailed(*errors)
    gates = evaluate_gates(deployment, policy, context)
    current = next(evaluated for evaluated in gates if evaluated.kind is gate)
    if current.allows_start:
        raise GateAlreadyOpen(current, deployment.status, actions_to_suggest(deployment.status))
    gate_override = Override(
        gate=gate,
        code=current.code,
        actor=command.effective_actor_name,
        at=command.at,
        reason=(command.note or "").strip(),
    )
    after = replace(deployment, overrides=(*deployment.overrides, gate_override))
    return _with_event(after, EventKind.OVERRIDDEN, command, {"gate": gate, "code": current.code})


def override_first_closed_gate(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command
) -> Transition:
    """Override the first gate that is not open and can be overridden.

    Raises: the same errors as `override`, which is called for the promotion gate if none is found.
    """
    closed = (
        gate.kind
        for gate in evaluate_gates(deployment, policy, context)
        if gate.kind in OVERRIDABLE and not gate.allows_start
    )
    kind = next(closed, GateKind.PROMOTION)
    return override(deployment, policy, context, command, gate=kind)


def break_glass(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command, *, incident: str
) -> Transition:
    """Approve a deployment without its reviewers; the command's note is the reason.

    This opens an after-review.

    Raises:
        Forbidden: the actor may not use break-glass in the environment.
        TransitionRefused: the deployment is not waiting for approval.
        AfterReviewOverdue: the after-review of an earlier break-glass approval is overdue.
        ValidationFailed: the reason is too short, or the incident is missing.
    """
    require_authorized_transition(deployment, Action.BREAK_GLASS, command)
    if context.overdue_review is not None:
        raise AfterReviewOverdue(
            format_number(context.overdue_review.number), deployment.environment
        )
    errors = [error for error in (_reason_error(command.note), _incident_error(incident)) if error]
    if errors:
        raise ValidationFailed(*errors)
    due_at = command.at + timedelta(seconds=policy.after_review_s)
    emergency_approval = BreakGlass(
        actor=command.actor.name,
        at=command.at,
        reason=(command.note or "").strip(),
        incident=incident.strip(),
        identity=command.actor.identity,
    )
    return transition(
        replace(
            set_approval_time_and_expiry(deployment, policy, command.at),
            break_glass=emergency_approval,
            after_review=AfterReview(state=AfterReviewState.OPEN, due_at=due_at),
        ),
        Action.BREAK_GLASS,
        Status.APPROVED,
        EventKind.BROKE_GLASS,
        command,
        data={
            "incident": emergency_approval.incident,
            "after_review_due_at": to_rfc3339(due_at),
            "identity": emergency_approval.identity.to_event_data(),
        },
    )


def close_after_review(
    deployment: Deployment, policy: Policy, command: Command, *, verdict: Verdict
) -> Transition:
    """Close the after-review of a break-glass approval with a verdict.

    Raises:
        ReviewDenied: the actor may not review it.
        NoPendingAfterReview: break-glass was not used, or its after-review is closed.
        ValidationFailed: the note is missing.
    """
    refuse_records_and_authorize(deployment, Action.AFTER_REVIEW, command)
    review = deployment.after_review
    if review is None or not review.is_pending():
        raise _no_pending_after_review(deployment)
    require_known_trigger(deployment, policy)
    require_after_reviewer(deployment, policy, actor=command.actor)
    dependences = require_independence(deployment, policy, actor=command.actor)
    note = (command.note or "").strip()
    if is_blank(note):
        detail = "A note with the reason for the verdict is required."
        raise ValidationFailed(FieldError(field="note", code="note_required", detail=detail))
    closed = replace(
        review,
        state=AfterReviewState.CLOSED,
        verdict=verdict,
        closed_by=command.actor.name,
        closed_at=command.at,
        note=note,
    )
    after = replace(
        deployment,
        after_review=closed,
        independence=add_dependences(deployment.independence, dependences),
    )
    data: dict[str, object] = {
        "verdict": verdict,
        "identity": command.actor.identity.to_event_data(),
        "independence": [dependence.to_event_data() for dependence in dependences],
        **triggering_person_event_data(deployment),
    }
    return _with_event(after, EventKind.AFTER_REVIEWED, command, data)


def mark_after_review_overdue(deployment: Deployment, command: Command) -> Transition:
    """Mark an after-review as overdue.

    Raises:
        NoPendingAfterReview: the deployment has no after-review, or its after-review is closed.
    """
    review = deployment.after_review
    if review is None or not review.is_pending():
        raise _no_pending_after_review(deployment)
    after = replace(deployment, after_review=replace(review, state=AfterReviewState.OVERDUE))
    return _with_event(
        after, EventKind.AFTER_REVIEW_OVERDUE, command, {"due_at": to_rfc3339(review.due_at)}
    )


def _no_pending_after_review(deployment: Deployment) -> NoPendingAfterReview:
    review, status = deployment.after_review, deployment.status
    return NoPendingAfterReview(
        format_number(deployment.number),
        status,
        actions_to_suggest(status),
        closed_by=None if review is None else review.closed_by,
    )


def _with_event(
    deployment: Deployment, kind: EventKind, command: Command, data: Mapping[str, object]
) -> Transition:
    """Return the next revision of a deployment with its status unchanged, and the event."""
    event = Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=deployment.id,
        from_status=deployment.status,
        to_status=deployment.status,
        note=command.note,
        data=data,
    )
    return replace(deployment, revision=deployment.revision + 1), event


def _gate_error(gate: GateKind) -> FieldError | None:
    reason = NEVER_OVERRIDDEN.get(gate)
    if reason is None:
        return None
    return FieldError(field="gate", code="gate_not_overridable", detail=reason)


def _reason_error(reason: str | None) -> FieldError | None:
    if visible_length(reason) >= MIN_REASON_LENGTH:
        return None
    detail = (
        f"A reason of at least {MIN_REASON_LENGTH} characters is required; "
        "it is recorded permanently."
    )
    return FieldError(field="reason", code="reason_too_short", detail=detail)


def _incident_error(incident: str) -> FieldError | None:
    if not is_blank(incident):
        return None
    detail = "A reference to the incident is required, such as its ticket."
    return FieldError(field="incident", code="incident_required", detail=detail)
