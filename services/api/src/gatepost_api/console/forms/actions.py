"""What a form on a deployment's page asks for, as the action of the API that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_api.console.forms.form import Form
from gatepost_api.deployments.actions import NO_WORD
from gatepost_api.deployments.perform_action import Act
from gatepost_api.deployments.requests import (
    ActionBody,
    AfterReviewBody,
    ApproveBody,
    BreakGlassBody,
    OverrideBody,
    PromoteBody,
    ReasonBody,
    RollbackBody,
)
from gatepost_api.tracking.requests import HideBody
from gatepost_domain.actions.deployments import emergency, promotion, review, rollback, rollout
from gatepost_domain.actions.tracking.record import hide_record
from gatepost_domain.status import Action

NewId = Callable[[], UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An action that was asked for, and what was said with it."""

    note: str | None
    act: Act


def _approve(form: Form, new_id: NewId) -> Asked:
    said = form.read(ApproveBody, "note", "stage")
    act = partial(review.approve_deployment, stage=said.stage, new_id=new_id)
    return Asked(note=said.note, act=act)


def _reject(form: Form, _: NewId) -> Asked:
    return Asked(note=form.read(ReasonBody, "note").note, act=review.reject_deployment)


def _start(form: Form, new_id: NewId) -> Asked:
    act = partial(rollout.start_deployment, build_id=new_id())
    return Asked(note=_word(form), act=act)


def _succeed(form: Form, new_id: NewId) -> Asked:
    return Asked(note=_word(form), act=partial(rollout.succeed_deployment, new_id=new_id))


def _fail(form: Form, new_id: NewId) -> Asked:
    act = partial(rollout.fail_deployment, new_id=new_id)
    return Asked(note=form.read(ReasonBody, "note").note, act=act)


def _roll_back(form: Form, new_id: NewId) -> Asked:
    said = form.read(RollbackBody, "note", "redeploy")
    act = partial(rollback.roll_back_deployment, new_id=new_id, redeploy=said.redeploy)
    return Asked(note=said.note, act=act)


def _cancel(form: Form, _: NewId) -> Asked:
    return Asked(note=form.read(ReasonBody, "note").note, act=rollout.cancel_deployment)


def _promote(form: Form, new_id: NewId) -> Asked:
    said = form.read(PromoteBody, "note", "environment", "risk")
    act = partial(
        promotion.promote_deployment,
        environment=said.environment,
        risk=said.risk,
        id=new_id(),
        new_id=new_id,
    )
    return Asked(note=said.note, act=act)


def _override(form: Form, new_id: NewId) -> Asked:
    said = form.read(OverrideBody, "gate", "reason")
    act = partial(emergency.override_gate, gate=said.gate, new_id=new_id)
    return Asked(note=said.reason, act=act)


def _break_glass(form: Form, new_id: NewId) -> Asked:
    said = form.read(BreakGlassBody, "reason", "incident")
    act = partial(emergency.break_glass, incident=said.incident, new_id=new_id)
    return Asked(note=said.reason, act=act)


def _after_review(form: Form, new_id: NewId) -> Asked:
    said = form.read(AfterReviewBody, "verdict", "note")
    act = partial(emergency.close_after_review, verdict=said.verdict, new_id=new_id)
    return Asked(note=said.note, act=act)


def _hide(form: Form, _: NewId) -> Asked:
    return Asked(note=form.read(HideBody, "reason").reason, act=hide_record)


def _word(form: Form) -> str | None:
    return form.read(ActionBody, "note").note if form.get("note") else NO_WORD.note


ACTS: Final[Mapping[str, Callable[[Form, NewId], Asked]]] = {
    Action.APPROVE: _approve,
    Action.REJECT: _reject,
    Action.START: _start,
    Action.SUCCEED: _succeed,
    Action.FAIL: _fail,
    Action.ROLLBACK: _roll_back,
    Action.CANCEL: _cancel,
    Action.PROMOTE: _promote,
    Action.OVERRIDE: _override,
    Action.BREAK_GLASS: _break_glass,
    Action.AFTER_REVIEW: _after_review,
    "hide": _hide,
}
"""Every action that the explanation can offer and, of records, hiding."""
