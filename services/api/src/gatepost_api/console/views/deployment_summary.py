"""A one-sentence summary of a deployment: what happens next, or how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_api.console.views.labels import STATUS, Label, approval_count, gate_label
from gatepost_api.console.views.status_details import StatusDetails
from gatepost_api.console.views.who_can_act import (
    PeopleByRole,
    describe_who_can_act,
    join_names,
)
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.deployments.review import ReviewProgress
from gatepost_domain.deployments.rollback_state import RollbackState
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.gate import GateState
from gatepost_domain.lifecycle.explanation import Explanation
from gatepost_domain.status_transitions import Action, CancelReason, Status

_ENDING_EVENTS: Final = frozenset(
    {EventKind.FAILED, EventKind.REJECTED, EventKind.CANCELLED, EventKind.ROLLED_BACK}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSummary:
    """A sentence about what happens next with a deployment, or how it ended."""

    sentence: str
    label: Label
    """The label of the status, which provides the colour and icon."""
    opens_at: datetime | None = None
    """When the gate that the deployment is waiting for opens automatically, if known."""
    expires_at: datetime | None = None
    """When the request expires if nothing happens before then."""


RECORD_SENTENCES: Final[Mapping[Status, str]] = {
    Status.SUCCEEDED: "Deployed outside Gatepost, and recorded here.",
    Status.FAILED: "The deployment failed outside Gatepost, and was recorded here.",
    Status.ROLLED_BACK: "Deployed and rolled back outside Gatepost, and recorded here.",
}
"""The sentences for recorded deployments, by status."""


def summarize_deployment(
    deployment: Deployment,
    explanation: Explanation,
    review: ReviewProgress,
    events: Iterable[LedgerEntry],
    status_details: StatusDetails,
    people: PeopleByRole,
    *,
    has_worker: bool = True,
) -> DeploymentSummary:
    """Return the sentence at the top of a deployment's page. `events` are in order.

    `people` are those who hold the roles that the gates name. `has_worker` says whether a worker
    is online, for a deployment that waits for one.
    """
    status = deployment.status
    label = status_details.status(deployment)
    if deployment.kind is DeploymentKind.RECORD:
        return DeploymentSummary(sentence=RECORD_SENTENCES[status], label=label)
    if status is Status.PENDING_APPROVAL:
        never_opens = (gate for gate in explanation.gates if gate.state is GateState.CLOSED)
        closed = next(never_opens, None)
        first = GateKind.APPROVAL if closed is None else closed.kind
        sentence = (
            _describe_review(explanation, review, people)
            if closed is None
            else _with_people(closed.message, describe_who_can_act(closed.who_can_act, people))
        )
        return DeploymentSummary(
            sentence=f"{sentence}{_name_other_gates(explanation, first)}",
            label=label,
            expires_at=deployment.expires_at,
        )
    if status in {Status.APPROVED, Status.QUEUED}:
        closed = next((gate for gate in explanation.gates if not gate.allows_start), None)
        sentence = (
            _describe_start(deployment, explanation, has_worker=has_worker)
            if closed is None
            else _with_people(closed.message, describe_who_can_act(closed.who_can_act, people))
            + _name_other_gates(explanation, closed.kind)
        )
        return DeploymentSummary(
            sentence=sentence,
            label=label,
            opens_at=None if closed is None else closed.opens_at,
            expires_at=deployment.expires_at,
        )
    if status is Status.STARTED:
        return DeploymentSummary(sentence=_describe_rollout(deployment, explanation), label=label)
    return DeploymentSummary(
        sentence=_describe_end(deployment, events, status_details), label=label
    )


def _describe_review(explanation: Explanation, review: ReviewProgress, people: PeopleByRole) -> str:
    gate = next((gate for gate in explanation.gates if gate.kind is GateKind.APPROVAL), None)
    open_stage = review.open_stage
    if open_stage is None or gate is None:
        return "Waiting for approval."
    names = describe_who_can_act(gate.who_can_act, people)
    who = f"{names} can approve" if names else "nobody can approve it now"
    later = [
        progress.stage.name
        for progress in review.stages
        if not progress.satisfied and progress.stage != open_stage.stage
    ]
    then = f" Then {join_names(later, word='and')}." if later else ""
    given = f" ({approval_count(open_stage)})" if open_stage.approvals else ""
    return f"Waiting for {open_stage.stage.name}{given}: {who}.{then}"


def _name_other_gates(explanation: Explanation, first: GateKind) -> str:
    """Return a sentence that names the gates that are not open, other than `first`."""
    others = [
        gate_label(gate.kind)
        for gate in explanation.gates
        if not gate.allows_start and gate.kind is not first
    ]
    return f" Also not open: {', '.join(others)}." if others else ""


def _describe_start(deployment: Deployment, explanation: Explanation, *, has_worker: bool) -> str:
    if deployment.status is Status.QUEUED:
        missing = "" if has_worker else " No worker is online."
        return f"All gates are open. Waiting for a worker.{missing}"
    if _may(explanation, Action.START):
        return "All gates are open. You can start it."
    return "All gates are open. An operator can start it."


def _describe_rollout(deployment: Deployment, explanation: Explanation) -> str:
    if deployment.worker is not None:
        return f"In progress, carried out by the worker {deployment.worker}."
    if _may(explanation, Action.SUCCEED):
        return "In progress. Report the outcome when it is known."
    return "In progress. An operator reports the outcome."


def _describe_end(
    deployment: Deployment, events: Iterable[LedgerEntry], status_details: StatusDetails
) -> str:
    review = deployment.after_review
    if deployment.status is Status.SUCCEEDED:
        if review is not None and review.closed_at is None:
            return "Succeeded after break-glass, which must still be reviewed."
        return "Succeeded."
    ending = [entry.event for entry in events if entry.event.kind in _ENDING_EVENTS]
    text = STATUS[deployment.status].text
    if not ending:
        return f"{text}."
    rollback = status_details.incomplete_rollback(deployment)
    if rollback is not None:
        text = _describe_rollback(rollback, status_details.status(deployment).text)
    elif deployment.cancel_reason not in {None, CancelReason.WITHDRAWN}:
        text = f"{text} ({deployment.cancel_reason})"
    reason = f": {ending[-1].note}" if ending[-1].note else "."
    if deployment.status is Status.FAILED:
        return f"{text} (reported by {ending[-1].actor}){reason}"
    return f"{text} by {ending[-1].actor}{reason}"


def _describe_rollback(rollback: RollbackState, label: str) -> str:
    number = format_number(rollback.number)
    if rollback.is_waiting or rollback.status is Status.STARTED:
        state = STATUS[rollback.status].text.lower()
        return f"Rollback to {rollback.version} ({number}, {state}) requested"
    return f"{label}: {number} has not restored {rollback.version}. Requested"


def _with_people(message: str, names: str) -> str:
    return f"{message} Who can act: {names}." if names else message


def _may(explanation: Explanation, action: Action) -> bool:
    return any(offer.action is action and offer.allowed for offer in explanation.actions)
