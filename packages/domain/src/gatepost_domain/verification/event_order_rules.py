"""The rules for which events can follow in each status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost_domain.verification.transition_tables import (
    DENIALS,
    IMPORTED_STATUSES,
    KINDS_OF_RECORDS,
    MOVES,
    SIDE_EFFECTS,
    STATUSES_KEPT_BY,
    TERMINAL_STATUSES,
)

if TYPE_CHECKING:
    from gatepost_domain.verification.approval_rules import Json
    from gatepost_domain.verification.deployment_from_events import RecordedDeployment


def check_status(deployment: RecordedDeployment, event: Json, kind: str) -> None:
    """Check that the statuses of an event follow from the previous status."""
    if deployment.status is None and event["from_status"] in IMPORTED_STATUSES:
        deployment.status = event["from_status"]
    before, after, status = event["from_status"], event["to_status"], deployment.status
    if deployment.is_record and kind not in KINDS_OF_RECORDS:
        _report_impossible_kind(deployment, event, "a record")
    elif before is None and after is None:
        if kind not in DENIALS and status not in SIDE_EFFECTS.get(kind, ()):
            _report_impossible_kind(deployment, event, f"a deployment with the status {status}")
    elif before != status:
        deployment.add_event_fault(
            "status_gap",
            "from_status",
            f"Event {event['seq']} ({kind}) has the from_status {before}; after the previous "
            f"event, the status was {status}.",
        )
    elif kind in DENIALS:
        _check_that_denial_changed_nothing(deployment, event, kind)
    elif kind in STATUSES_KEPT_BY:
        _check_unchanged_status(deployment, event, kind)
    elif status in TERMINAL_STATUSES:
        deployment.add_event_fault(
            "event_after_end",
            "kind",
            f"Event {event['seq']} is {kind}, but the deployment had ended as {status}.",
        )
    elif (before, kind, after) not in MOVES:
        _report_transition(deployment, event, kind)


def _check_that_denial_changed_nothing(
    deployment: RecordedDeployment, event: Json, kind: str
) -> None:
    """Check that a denied attempt changed nothing."""
    if event["from_status"] != event["to_status"]:
        deployment.add_event_fault(
            "denial_changed_status",
            "to_status",
            f"Event {event['seq']} ({kind}) must keep the status {event['from_status']}; its "
            f"to_status is {event['to_status']}.",
        )


def _check_unchanged_status(deployment: RecordedDeployment, event: Json, kind: str) -> None:
    """Check an event that changes the deployment but must keep its status."""
    if event["from_status"] != event["to_status"]:
        _report_transition(deployment, event, kind)
    elif event["from_status"] not in STATUSES_KEPT_BY[kind]:
        _report_impossible_kind(deployment, event, f"a deployment that is {event['from_status']}")
    elif kind == "hidden" and not deployment.is_record:
        _report_impossible_kind(deployment, event, "a deployment that is not a record")


def _report_transition(deployment: RecordedDeployment, event: Json, kind: str) -> None:
    deployment.add_event_fault(
        "move_not_allowed",
        "to_status",
        f"Event {event['seq']} ({kind}) goes from {event['from_status']} to {event['to_status']}, "
        "which the table of transitions does not contain.",
    )


def _report_impossible_kind(deployment: RecordedDeployment, event: Json, subject: str) -> None:
    deployment.add_event_fault(
        "kind_not_allowed",
        "kind",
        f"Event {event['seq']} is {event['kind']}, which is not possible for {subject}.",
    )
