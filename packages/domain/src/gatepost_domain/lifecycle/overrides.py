"""The ways round: passing one gate, doing without the reviewers, and judging that afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.emergency import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.deployments.errors import (
    AfterReviewOverdue,
    NoPendingAfterReview,
    TransitionRefused,
)
from gatepost_domain.deployments.review import require_after_reviewer
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.errors import GateAlreadyOpen
from gatepost_domain.gates.evaluation import NEVER_OVERRIDDEN, OVERRIDABLE, evaluate_gates
from gatepost_domain.lifecycle.approval import mark_approved
from gatepost_domain.lifecycle.transitions import (
    Transition,
    require_authorized,
    require_transition,
    transition,
)
from gatepost_domain.status import WAITING_STATUSES, Action, Status, allowed_actions

MIN_REASON_LENGTH: Final = 10
"""How many characters a reason has at least that stands in for a rule."""


def override(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    command: Command,
    *,
    gate: GateKind,
) -> Transition:
    """Pass one gate of one deployment, for the reason in the command's note.

    Raises:
        Forbidden: the actor passes no gates there.
        TransitionRefused: it waits for none any more.
        Invalid: this gate is never passed, or the reason is too short.
        GateIsOpen: it keeps nothing from starting, or was passed already.
    """
    require_authorized(deployment, Action.OVERRIDE, command)
    if deployment.status not in WAITING_STATUSES:
        allowed = allowed_actions(deployment.status)
        raise TransitionRefused(deployment.status, Action.OVERRIDE, allowed)
    faults = [fault for fault in (_not_overridable(gate), _reason_error(command.note)) if fault]
    if faults:
        raise ValidationFailed(*faults)
    found = next(each for each in evaluate_gates(deployment, policy, context) if each.kind is gate)
    if found.allows_start:
        raise GateAlreadyOpen(found, deployment.status, allowed_actions(deployment.status))
    passed = Override(
        gate=gate,
        code=found.code,
        actor=command.effective_actor_name,
        at=command.at,
        reason=(command.note or "").strip(),
    )
    after = replace(deployment, overrides=(*deployment.overrides, passed))
    return _with_event(after, EventKind.OVERRIDDEN, command, {"gate": gate, "code": found.code})


def override_first_closed_gate(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command
) -> Transition:
    """Pass the first gate that is shut and may be passed; see `override`."""
    gates = evaluate_gates(deployment, policy, context)
    shut = (each.kind for each in gates if each.kind in OVERRIDABLE and not each.allows_start)
    gate = next(shut, GateKind.PROMOTION)
    return override(deployment, policy, context, command, gate=gate)


def break_glass(
    deployment: Deployment, policy: Policy, context: GateContext, command: Command, *, incident: str
) -> Transition:
    """Approve without the reviewers, for the reason in the command's note; they judge it later.

    Raises:
        Forbidden: the actor has no such role there.
        TransitionRefused: it waits for no review.
        AfterReviewOwed: an earlier break-glass there was not judged in time.
        Invalid: the reason is too short, or no incident is named.
    """
    require_transition(deployment, Action.BREAK_GLASS, command)
    if context.overdue_review is not None:
        raise AfterReviewOverdue(
            format_number(context.overdue_review.number), deployment.environment
        )
    faults = [fault for fault in (_reason_error(command.note), _incident_error(incident)) if fault]
    if faults:
        raise ValidationFailed(*faults)
    due_at = command.at + timedelta(seconds=policy.after_review_s)
    broken = BreakGlass(
        actor=command.actor.name,
        at=command.at,
        reason=(command.note or "").strip(),
        incident=incident.strip(),
        identity=command.actor.identity,
    )
    return transition(
        replace(
            mark_approved(deployment, command.at),
            break_glass=broken,
            after_review=AfterReview(state=AfterReviewState.OPEN, due_at=due_at),
        ),
        Action.BREAK_GLASS,
        Status.APPROVED,
        EventKind.BROKE_GLASS,
        command,
        data={"incident": broken.incident, "after_review_due_at": to_rfc3339(due_at)},
    )


def close_after_review(
    deployment: Deployment, policy: Policy, command: Command, *, verdict: Verdict
) -> Transition:
    """Judge a break-glass afterwards; whatever the verdict, it is owed no longer.

    Raises:
        ReviewDenied: this person may not judge it.
        NothingToJudge: no glass was broken, or it was judged already.
        Invalid: there is no note.
    """
    require_authorized(deployment, Action.AFTER_REVIEW, command)
    review = deployment.after_review
    if review is None or not review.is_pending():
        raise _no_pending_after_review(deployment)
    require_after_reviewer(deployment, policy, actor=command.actor)
    note = (command.note or "").strip()
    if not note:
        detail = "Say what you found, in note: a verdict needs its reason."
        raise ValidationFailed(FieldError(field="note", code="note_required", detail=detail))
    closed = replace(
        review,
        state=AfterReviewState.CLOSED,
        verdict=verdict,
        closed_by=command.actor.name,
        closed_at=command.at,
        note=note,
    )
    after = replace(deployment, after_review=closed)
    return _with_event(after, EventKind.AFTER_REVIEWED, command, {"verdict": verdict})


def mark_after_review_overdue(deployment: Deployment, command: Command) -> Transition:
    """Mark that an after-review was not given in time.

    Raises:
        NothingToJudge: none is owed.
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
        allowed_actions(status),
        closed_by=None if review is None else review.closed_by,
    )


def _with_event(
    deployment: Deployment, kind: EventKind, command: Command, data: Mapping[str, object]
) -> Transition:
    """Something is told of a deployment that stays where it is."""
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


def _not_overridable(gate: GateKind) -> FieldError | None:
    reason = NEVER_OVERRIDDEN.get(gate)
    if reason is None:
        return None
    return FieldError(field="gate", code="gate_not_overridable", detail=reason)


def _reason_error(reason: str | None) -> FieldError | None:
    if len((reason or "").strip()) >= MIN_REASON_LENGTH:
        return None
    detail = f"Say why, in reason, in at least {MIN_REASON_LENGTH} characters: it stays for ever."
    return FieldError(field="reason", code="reason_too_short", detail=detail)


def _incident_error(incident: str) -> FieldError | None:
    if incident.strip():
        return None
    detail = "Name the incident, in incident: what the emergency is known by."
    return FieldError(field="incident", code="incident_required", detail=detail)
