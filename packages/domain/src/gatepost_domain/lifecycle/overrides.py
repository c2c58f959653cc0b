"""The ways round: passing one gate, doing without the reviewers, and judging that afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, number_text
from gatepost_domain.deployments.emergency import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.deployments.errors import AfterReviewOwed, NothingToJudge, TransitionRefused
from gatepost_domain.deployments.review import check_judge
from gatepost_domain.errors import Fault, Invalid
from gatepost_domain.event import Event, EventKind, utc_text
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import Situation
from gatepost_domain.gates.errors import GateIsOpen
from gatepost_domain.gates.evaluation import NEVER_OVERRIDDEN, OVERRIDABLE, gates_of
from gatepost_domain.lifecycle.approval import approved
from gatepost_domain.lifecycle.transitions import Moved, check_attempt, check_move, move
from gatepost_domain.status import WAITING, Action, Status, allowed_actions

MIN_REASON: Final = 10
"""How many characters a reason has at least that stands in for a rule."""


def override(
    deployment: Deployment, policy: Policy, around: Situation, command: Command, *, gate: GateKind
) -> Moved:
    """Pass one gate of one deployment, for the reason in the command's note.

    Raises:
        Forbidden: the actor passes no gates there.
        TransitionRefused: it waits for none any more.
        Invalid: this gate is never passed, or the reason is too short.
        GateIsOpen: it keeps nothing from starting, or was passed already.
    """
    check_attempt(deployment, Action.OVERRIDE, command)
    if deployment.status not in WAITING:
        allowed = allowed_actions(deployment.status)
        raise TransitionRefused(deployment.status, Action.OVERRIDE, allowed)
    faults = [fault for fault in (_not_overridable(gate), _too_short(command.note)) if fault]
    if faults:
        raise Invalid(*faults)
    found = next(each for each in gates_of(deployment, policy, around) if each.kind is gate)
    if found.lets_through:
        raise GateIsOpen(found, deployment.status, allowed_actions(deployment.status))
    passed = Override(
        gate=gate,
        code=found.code,
        actor=command.speaker,
        at=command.at,
        reason=(command.note or "").strip(),
    )
    after = replace(deployment, overrides=(*deployment.overrides, passed))
    return _noted(after, EventKind.OVERRIDDEN, command, {"gate": gate, "code": found.code})


def override_whatever(
    deployment: Deployment, policy: Policy, around: Situation, command: Command
) -> Moved:
    """Pass the first gate that is shut and may be passed; see `override`."""
    gates = gates_of(deployment, policy, around)
    shut = (each.kind for each in gates if each.kind in OVERRIDABLE and not each.lets_through)
    gate = next(shut, GateKind.PROMOTION)
    return override(deployment, policy, around, command, gate=gate)


def break_glass(
    deployment: Deployment, policy: Policy, around: Situation, command: Command, *, incident: str
) -> Moved:
    """Approve without the reviewers, for the reason in the command's note; they judge it later.

    Raises:
        Forbidden: the actor has no such role there.
        TransitionRefused: it waits for no review.
        AfterReviewOwed: an earlier break-glass there was not judged in time.
        Invalid: the reason is too short, or no incident is named.
    """
    check_move(deployment, Action.BREAK_GLASS, command)
    if around.overdue is not None:
        raise AfterReviewOwed(number_text(around.overdue.number), deployment.environment)
    faults = [fault for fault in (_too_short(command.note), _unnamed(incident)) if fault]
    if faults:
        raise Invalid(*faults)
    due_at = command.at + timedelta(seconds=policy.after_review_s)
    broken = BreakGlass(
        actor=command.actor.name,
        at=command.at,
        reason=(command.note or "").strip(),
        incident=incident.strip(),
        identity=command.actor.identity,
    )
    return move(
        replace(
            approved(deployment, command.at),
            break_glass=broken,
            after_review=AfterReview(state=AfterReviewState.OPEN, due_at=due_at),
        ),
        Action.BREAK_GLASS,
        Status.APPROVED,
        EventKind.BROKE_GLASS,
        command,
        data={"incident": broken.incident, "after_review_due_at": utc_text(due_at)},
    )


def close_after_review(
    deployment: Deployment, policy: Policy, command: Command, *, verdict: Verdict
) -> Moved:
    """Judge a break-glass afterwards; whatever the verdict, it is owed no longer.

    Raises:
        ReviewDenied: this person may not judge it.
        NothingToJudge: no glass was broken, or it was judged already.
        Invalid: there is no note.
    """
    check_attempt(deployment, Action.AFTER_REVIEW, command)
    review = deployment.after_review
    if review is None or not review.is_owed():
        raise _nothing_to_judge(deployment)
    check_judge(deployment, policy, actor=command.actor)
    note = (command.note or "").strip()
    if not note:
        detail = "Say what you found, in note: a verdict needs its reason."
        raise Invalid(Fault(field="note", code="note_required", detail=detail))
    closed = replace(
        review,
        state=AfterReviewState.CLOSED,
        verdict=verdict,
        closed_by=command.actor.name,
        closed_at=command.at,
        note=note,
    )
    after = replace(deployment, after_review=closed)
    return _noted(after, EventKind.AFTER_REVIEWED, command, {"verdict": verdict})


def fall_due(deployment: Deployment, command: Command) -> Moved:
    """Mark that an after-review was not given in time.

    Raises:
        NothingToJudge: none is owed.
    """
    review = deployment.after_review
    if review is None or not review.is_owed():
        raise _nothing_to_judge(deployment)
    after = replace(deployment, after_review=replace(review, state=AfterReviewState.OVERDUE))
    return _noted(
        after, EventKind.AFTER_REVIEW_OVERDUE, command, {"due_at": utc_text(review.due_at)}
    )


def _nothing_to_judge(deployment: Deployment) -> NothingToJudge:
    review, status = deployment.after_review, deployment.status
    return NothingToJudge(
        number_text(deployment.number),
        status,
        allowed_actions(status),
        closed_by=None if review is None else review.closed_by,
    )


def _noted(
    deployment: Deployment, kind: EventKind, command: Command, data: Mapping[str, object]
) -> Moved:
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


def _not_overridable(gate: GateKind) -> Fault | None:
    reason = NEVER_OVERRIDDEN.get(gate)
    if reason is None:
        return None
    return Fault(field="gate", code="gate_not_overridable", detail=reason)


def _too_short(reason: str | None) -> Fault | None:
    if len((reason or "").strip()) >= MIN_REASON:
        return None
    detail = f"Say why, in reason, in at least {MIN_REASON} characters: it stays for ever."
    return Fault(field="reason", code="reason_too_short", detail=detail)


def _unnamed(incident: str) -> Fault | None:
    if incident.strip():
        return None
    detail = "Name the incident, in incident: what the emergency is known by."
    return Fault(field="incident", code="incident_required", detail=detail)
