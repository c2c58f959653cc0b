"""A one-sentence summary of a deployment: what happens next, or how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_api.console.views.labels import STATUS, Label, approver_label
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.review import ReviewProgress
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.lifecycle.explanation import Explanation
from gatepost_domain.status import Action, Status

_ENDING_EVENTS: Final = frozenset(
    {EventKind.FAILED, EventKind.REJECTED, EventKind.CANCELLED, EventKind.ROLLED_BACK}
)
_MAX_NAMES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSummary:
    """A sentence about what happens next with a deployment, or how it ended."""

    sentence: str
    label: Label
    """The label of the status, which provides the colour and icon."""
    opens_at: datetime | None = None
    """When the gate that the deployment is waiting for opens automatically, if known."""
    expires_at: datetime | None = None
    """When the request expires if nothing happens before."""


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
) -> DeploymentSummary:
    """Return the sentence at the top of a deployment's page. `events` are in order."""
    status = deployment.status
    label = STATUS[status]
    if deployment.kind is DeploymentKind.RECORD:
        return DeploymentSummary(sentence=RECORD_SENTENCES[status], label=label)
    if status is Status.PENDING_APPROVAL:
        return DeploymentSummary(
            sentence=_describe_review(explanation, review),
            label=label,
            expires_at=deployment.expires_at,
        )
    if status in {Status.APPROVED, Status.QUEUED}:
        closed = next((gate for gate in explanation.gates if not gate.allows_start), None)
        return DeploymentSummary(
            sentence=_describe_start(deployment, explanation)
            if closed is None
            else _with_people(closed.message, closed.who_can_act),
            label=label,
            opens_at=None if closed is None else closed.opens_at,
            expires_at=deployment.expires_at,
        )
    if status is Status.STARTED:
        return DeploymentSummary(sentence=_describe_rollout(deployment, explanation), label=label)
    return DeploymentSummary(sentence=_describe_end(deployment, events), label=label)


def _describe_review(explanation: Explanation, review: ReviewProgress) -> str:
    gate = next((gate for gate in explanation.gates if gate.kind is GateKind.APPROVAL), None)
    open_stage = review.open_stage
    if open_stage is None or gate is None:
        return "Waiting for approval."
    names = [approver_label(name) for name in gate.who_can_act]
    who = f"{join_names(names)} can approve" if names else "nobody can approve it now"
    later = [
        progress.stage.name
        for progress in review.stages
        if not progress.satisfied and progress.stage != open_stage.stage
    ]
    then = f" Then {join_names(later, word='and')}." if later else ""
    return f"Waiting for {open_stage.stage.name}: {who}.{then}"


def _describe_start(deployment: Deployment, explanation: Explanation) -> str:
    if deployment.status is Status.QUEUED:
        return "All gates are open. Waiting for a worker."
    if _may(explanation, Action.START):
        return "All gates are open. You can start it."
    return "All gates are open. An operator can start it."


def _describe_rollout(deployment: Deployment, explanation: Explanation) -> str:
    if deployment.worker is not None:
        return f"In progress, carried out by the worker {deployment.worker}."
    if _may(explanation, Action.SUCCEED):
        return "In progress. Report the outcome when it is known."
    return "In progress. An operator reports the outcome."


def _describe_end(deployment: Deployment, events: Iterable[LedgerEntry]) -> str:
    review = deployment.after_review
    if deployment.status is Status.SUCCEEDED:
        if review is not None and review.closed_at is None:
            return "Succeeded after break-glass, which must still be reviewed."
        return "Succeeded."
    ending = [entry.event for entry in events if entry.event.kind in _ENDING_EVENTS]
    text = STATUS[deployment.status].text
    if not ending:
        return f"{text}."
    reason = f": {ending[-1].note}" if ending[-1].note else "."
    if deployment.status is Status.FAILED:
        return f"{text} (reported by {ending[-1].actor}){reason}"
    return f"{text} by {ending[-1].actor}{reason}"


def _with_people(message: str, who_can_act: Sequence[str]) -> str:
    if not who_can_act:
        return message
    names = join_names([approver_label(name) for name in who_can_act])
    return f"{message} Who can act: {names}."


def _may(explanation: Explanation, action: Action) -> bool:
    return any(offer.action is action and offer.allowed for offer in explanation.actions)


def join_names(names: Sequence[str], *, word: str = "or") -> str:
    """Join names for use in a sentence; if there are many, end with the number of the others."""
    if len(names) > _MAX_NAMES + 1:
        return f"{', '.join(names[:_MAX_NAMES])} {word} {len(names) - _MAX_NAMES} others"
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
