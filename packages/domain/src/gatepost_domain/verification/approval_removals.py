"""The rules for events that withdraw or void approvals, or cancel automatic starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost_domain.verification.approval_rules import normalize_name

if TYPE_CHECKING:
    from gatepost_domain.verification.approval_rules import Json
    from gatepost_domain.verification.deployment_from_events import RecordedDeployment


def apply_approval_withdrawn(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Remove the approvals that a reviewer withdraws."""
    reviewer = event["data"]["reviewer"]
    names = (event["actor"], event["data"].get("former_name") or event["actor"])
    if normalize_name(reviewer) not in map(normalize_name, names):
        deployment.add_event_fault(
            "withdrawn_by_another",
            "actor",
            f"Event {event['seq']}: {event['actor']} withdrew the approval of {reviewer}; only "
            "the reviewer can.",
        )
    if deployment.breaker is not None:
        deployment.add_event_fault(
            "withdrawn_after_break_glass",
            "kind",
            f"Event {event['seq']} withdrew an approval after break-glass, which is not allowed.",
        )
    if not (event["note"] or "").strip():
        deployment.add_event_fault(
            "withdrawn_without_reason",
            "note",
            f"Event {event['seq']} withdrew an approval without a note that states the reason.",
        )
    _remove_approvals(deployment, event, reviewer, at)


def apply_approval_voided(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Remove a reviewer's voided approvals."""
    _check_is_by_system(deployment, event)
    _remove_approvals(deployment, event, event["data"]["reviewer"], at)


def apply_auto_start_cancelled(deployment: RecordedDeployment, event: Json, _at: str) -> None:
    """Cancel the automatic start, and take the deployment out of the queue."""
    outcome = deployment.outcome
    _check_is_by_system(deployment, event)
    if not outcome.get("auto_start", True):
        deployment.add_fault(
            "auto_start_not_set",
            "auto_start",
            f"Event {event['seq']} cancelled an automatic start that was not set.",
        )
    outcome["auto_start"], deployment.has_auto_start_cancelled = False, True
    if event["from_status"] == "queued":
        outcome["queued_at"] = outcome["build_id"] = None


def check_auto_start_is_not_cancelled(deployment: RecordedDeployment, event: Json) -> None:
    """Check that the system did not start or queue a deployment whose automatic start is off."""
    if event["actor"] == "system" and deployment.has_auto_start_cancelled:
        deployment.add_event_fault(
            "auto_start_was_cancelled",
            "actor",
            f"Event {event['seq']} ({event['kind']}) is by system, although the automatic start "
            "had been cancelled.",
        )


def _remove_approvals(deployment: RecordedDeployment, event: Json, reviewer: str, at: str) -> None:
    name, stages = normalize_name(reviewer), list(event["data"]["stages"])
    removed = [
        index for index, (_, person) in enumerate(deployment.reviewers) if person.name == name
    ]
    found = list(dict.fromkeys(deployment.reviewers[index][0] for index in removed))
    if not removed or found != stages:
        deployment.add_fault(
            "ended_approval_unknown",
            "approvals",
            f"Event {event['seq']} removed the approval by {reviewer} in {stages}; the earlier "
            f"events have approvals by {reviewer} in {found}.",
        )
    deployment.remove_approvals(removed)
    if event["from_status"] != "pending_approval" and event["to_status"] == "pending_approval":
        deployment.return_to_reviewers(at)
    _check_returned_to_review(deployment, event)


def _check_returned_to_review(deployment: RecordedDeployment, event: Json) -> None:
    """Check that the deployment returned to its reviewers, unless its review is still complete."""
    if deployment.stages is None or event["from_status"] not in {"approved", "queued"}:
        return
    is_complete = deployment.first_incomplete_stage() is None or deployment.breaker is not None
    expected = event["from_status"] if is_complete else "pending_approval"
    if event["to_status"] != expected:
        deployment.is_review_reported = True
        deployment.add_fault(
            "status_after_ended_approval",
            "status",
            f"Event {event['seq']} removed an approval, after which the status must be {expected}; "
            f"it is {event['to_status']}.",
        )


def _check_is_by_system(deployment: RecordedDeployment, event: Json) -> None:
    if event["actor"] != "system":
        deployment.add_event_fault(
            "not_by_system",
            "actor",
            f"Event {event['seq']} ({event['kind']}) must be by system; it is by {event['actor']}.",
        )
