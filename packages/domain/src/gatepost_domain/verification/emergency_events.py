"""The rules for events about break-glass and its after-review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost_domain.verification.approval_rules import may_be_same_person
from gatepost_domain.verification.deployment_from_events import (
    actor_of,
    check_requester_is_known,
    people_behind,
)
from gatepost_domain.verification.independence_rules import apply_dependence_mark

if TYPE_CHECKING:
    from gatepost_domain.verification.approval_rules import Json
    from gatepost_domain.verification.deployment_from_events import RecordedDeployment

_PENDING = frozenset({"open", "overdue"})
_VERDICTS = frozenset({"justified", "unjustified"})


def apply_broke_glass(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Apply a break-glass approval, which approves the deployment and opens an after-review."""
    data, outcome = event["data"], deployment.outcome
    deployment.breaker = actor_of(event)
    reason, incident = (event["note"] or "").strip(), data["incident"]
    if not reason or not incident:
        deployment.add_fault(
            "break_glass_without_reason",
            "break_glass",
            f"Event {event['seq']}: break-glass requires a reason and an incident; they are "
            f"{reason!r} and {incident!r}.",
        )
    break_glass = {"actor": event["actor"], "at": at, "reason": reason, "incident": incident}
    if "identity" in data:
        break_glass["identity"] = data["identity"]
    deployment.set_approval_time_and_expiry(at)
    outcome["break_glass"] = break_glass
    outcome["after_review_state"] = "open"
    outcome["after_review_due_at"] = data["after_review_due_at"]


def apply_after_review_overdue(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Mark the after-review as overdue."""
    if not _check_after_review_is_open(deployment, event):
        return
    due_at = deployment.outcome["after_review_due_at"]
    if at < due_at:
        deployment.add_fault(
            "after_review_not_due",
            "after_review_state",
            f"Event {event['seq']} records at {at} that the break-glass review is overdue; "
            f"it is due {due_at}.",
        )
    deployment.outcome["after_review_state"] = "overdue"


def apply_after_reviewed(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Close the after-review, which must be done by an independent person."""
    if not _check_after_review_is_open(deployment, event):
        return
    reviewer, outcome = actor_of(event), deployment.outcome
    verdict = event["data"]["verdict"]
    if deployment.breaker is not None and may_be_same_person(reviewer, deployment.breaker):
        _report_own_after_review(deployment, event, "after_review_by_breaker", "used break-glass")
    check_requester_is_known(deployment, event, "after_review_closed_by")
    if any(may_be_same_person(reviewer, person) for person in people_behind(deployment, event)):
        code, deed = "after_review_by_requester", "requested the deployment"
        _report_own_after_review(deployment, event, code, deed)
    apply_dependence_mark(deployment, event, reviewer, "after_review_closed_by")
    if verdict not in _VERDICTS:
        deployment.add_fault(
            "after_review_verdict_unknown",
            "after_review_verdict",
            f"Event {event['seq']}: the verdict is {verdict}; it must be justified or unjustified.",
        )
    outcome["after_review_state"], outcome["after_review_verdict"] = "closed", verdict
    outcome["after_review_closed_by"], outcome["after_review_closed_at"] = event["actor"], at
    outcome["after_review_note"] = (event["note"] or "").strip()


def _report_own_after_review(
    deployment: RecordedDeployment, event: Json, code: str, deed: str
) -> None:
    deployment.add_fault(
        code,
        "after_review_closed_by",
        f"Event {event['seq']}: {event['actor']} closed the break-glass review, but may be the "
        f"person who {deed}.",
    )


def _check_after_review_is_open(deployment: RecordedDeployment, event: Json) -> bool:
    state = deployment.outcome.get("after_review_state")
    if state in _PENDING:
        return True
    deployment.add_fault(
        "after_review_not_open",
        "after_review_state",
        f"Event {event['seq']} requires an open break-glass review; "
        f"the review is {state or 'absent'}.",
    )
    return False
