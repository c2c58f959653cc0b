"""Checking the history of a deployment from its events alone.

Every event must follow from the ones before it, and every start must have been approved as the
request's policy requires. Events have the same form as in API responses, with their `data` parsed.

The check is weaker where data is missing. Without the policy, any approval is sufficient for a
start. Approvals recorded by older versions do not name the rules that accepted the reviewer, so
every rule for a group is assumed to; people without a recorded identity are compared only by name.
An imported deployment is covered by the digest of its import, which must be verified separately.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gatepost_domain.verification.approval_rules import Json
from gatepost_domain.verification.deployment_event_rules import LATER
from gatepost_domain.verification.deployment_from_events import RecordedDeployment, canonical_time
from gatepost_domain.verification.event_order_rules import check_status
from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.first_events import FIRST
from gatepost_domain.verification.transition_tables import FIRST_STATUSES, WAITING_STATUSES


@dataclass(frozen=True)
class HistoryCheckResult:
    """The faults in a history, and the current state of the deployment according to its events."""

    faults: list[Fault]
    outcome: Mapping[str, Any]
    """Maps columns in the table `deployments` to values, with lists and objects parsed and times
    with six decimals. Columns that the events do not determine are absent."""
    gates_at_start: Sequence[Json] | None
    """The gates recorded when the deployment started; None if it has not started, or if no gates
    were recorded."""
    steps_event: Json | None
    """The event that contains the number and the digest of the steps; None if there is none."""


def check_history(
    events: Sequence[Json], policy: Json | None, *, number: int
) -> HistoryCheckResult:
    """Check all events of a deployment, oldest first; an import's event may be the first.

    `policy` is the version of the policy that was current at the request, or None if unknown.
    """
    deployment = RecordedDeployment(number, policy)
    seq = None
    try:
        for event in events:
            seq = event["seq"]
            _check_event(deployment, event)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        deployment.add_event_fault(
            "event_malformed",
            "data",
            f"Event {seq} does not have the structure of an event, so it and later events "
            f"were not checked: {reason}.",
        )
    if seq is None:
        deployment.add_fault(
            "no_events", None, "There are no events; every deployment has at least one."
        )
    outcome = deployment.outcome
    if deployment.status is not None:
        outcome["status"] = deployment.status
    if deployment.status not in WAITING_STATUSES:
        outcome["expires_at"] = None
    return HistoryCheckResult(
        deployment.faults, outcome, deployment.gates_at_start, deployment.steps_event
    )


def _check_event(deployment: RecordedDeployment, event: Json) -> None:
    kind, at = event["kind"], canonical_time(event["at"])
    if not deployment.is_begun:
        _check_first_event(deployment, event, kind, at)
    else:
        _check_order(deployment, event, at)
        _check_adjacent_link(deployment, event)
        _check_link(deployment, event)
        if kind in FIRST:
            _report_second_first_event(deployment, event)
        else:
            check_status(deployment, event, kind)
            apply = LATER.get(kind)
            if apply is not None:
                deployment.outcome["revision"] += 1
                apply(deployment, event, at)
            if event["to_status"] is not None:
                deployment.status = event["to_status"]
    if "steps_digest" in event["data"]:
        deployment.steps_event = event
    deployment.seq, deployment.at = event["seq"], at
    deployment.last_hash = event["hash"]
    if event["deployment_id"] is not None:
        deployment.hash = event["hash"]


def _check_first_event(deployment: RecordedDeployment, event: Json, kind: str, at: str) -> None:
    """Check that the first event can begin a deployment, and apply it."""
    deployment.is_begun = True
    if event["seq"] == 1:
        _check_adjacent_link(deployment, event)
    deployment.is_record = kind in {"recorded", "history_imported"}
    deployment.deployment_id = event["deployment_id"]
    deployment.status = event["to_status"]
    if event["deployment_id"] is not None:
        _check_link(deployment, event)
    apply = FIRST.get(kind)
    expected_id = kind == "history_imported"
    if (
        apply is None
        or event["from_status"] is not None
        or event["to_status"] not in FIRST_STATUSES[kind]
        or (event["deployment_id"] is None) != expected_id
    ):
        deployment.add_event_fault(
            "first_event_wrong",
            "kind",
            f"Event {event['seq']}, the first, must be a request with to_status "
            "pending_approval, a record with to_status succeeded or failed, or an import; it is "
            f"{kind} with to_status {event['to_status']}.",
        )
    if apply is not None:
        apply(deployment, event, at)


def _check_order(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Check that sequence numbers increase, and that times do not go backward."""
    if event["seq"] <= deployment.seq:
        deployment.add_event_fault(
            "seq_not_rising",
            "seq",
            f"Event {event['seq']} is out of order, after event {deployment.seq}.",
        )
    if at < deployment.at:
        deployment.add_event_fault(
            "time_went_back",
            "at",
            f"Event {event['seq']} is dated {at}, before the previous event ({deployment.at}).",
        )


def _check_adjacent_link(deployment: RecordedDeployment, event: Json) -> None:
    """Check the link to the log's previous event, if it is also the deployment's previous one."""
    if event["seq"] == deployment.seq + 1 and event["prev_hash"] != deployment.last_hash:
        deployment.add_event_fault(
            "link_broken",
            "prev_hash",
            f"Event {event['seq']} links to {event['prev_hash']}; the hash of the previous event "
            f"is {deployment.last_hash}.",
        )


def _check_link(deployment: RecordedDeployment, event: Json) -> None:
    """Check that the event belongs to the deployment and links to the one before it."""
    if deployment.deployment_id is None:
        deployment.deployment_id = event["deployment_id"]
    if event["deployment_id"] is None or event["deployment_id"] != deployment.deployment_id:
        deployment.add_event_fault(
            "event_of_another_deployment",
            "deployment_id",
            f"Event {event['seq']} belongs to the deployment {event['deployment_id']}; expected "
            f"{deployment.deployment_id}.",
        )
    elif event["deployment_prev_hash"] != deployment.hash:
        deployment.add_event_fault(
            "deployment_link_broken",
            "deployment_prev_hash",
            f"Event {event['seq']} links to {event['deployment_prev_hash']}; the hash of the "
            f"deployment's previous event is {deployment.hash}.",
        )


def _report_second_first_event(deployment: RecordedDeployment, event: Json) -> None:
    deployment.add_event_fault(
        "begun_twice",
        "kind",
        f"Event {event['seq']} has the kind {event['kind']}, which only a first event can have.",
    )
