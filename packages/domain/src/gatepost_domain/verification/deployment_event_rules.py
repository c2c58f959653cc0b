"""How each kind of event after the request changes a deployment, and the rules for that kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gatepost_domain.verification.approval_events import apply_approved
from gatepost_domain.verification.approval_removals import (
    apply_approval_voided,
    apply_approval_withdrawn,
    apply_auto_start_cancelled,
    check_auto_start_is_not_cancelled,
)
from gatepost_domain.verification.approval_rules import Json
from gatepost_domain.verification.deployment_from_events import (
    RecordedDeployment,
    effective_actor_name,
)
from gatepost_domain.verification.emergency_events import (
    apply_after_review_overdue,
    apply_after_reviewed,
    apply_broke_glass,
)
from gatepost_domain.verification.start_rules import check_gates, check_review_is_complete
from gatepost_domain.verification.transition_tables import NEVER_OVERRIDDEN


def apply_rejected(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that the deployment was rejected."""
    outcome = deployment.outcome
    outcome["reviewed_by"], outcome["reviewed_at"] = event["actor"], at


def apply_queued(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that the deployment was queued for a worker."""
    outcome = deployment.outcome
    check_auto_start_is_not_cancelled(deployment, event)
    outcome["queued_at"], outcome["build_id"] = at, event["data"]["build_id"]


def apply_started(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that the rollout started, by an operator or by a worker."""
    data, outcome = event["data"], deployment.outcome
    check_auto_start_is_not_cancelled(deployment, event)
    check_review_is_complete(deployment, event)
    check_gates(deployment, event)
    deployment.gates_at_start = data.get("gates")
    outcome["started_at"], outcome["deployed_by"] = at, effective_actor_name(event)
    outcome["started_in_production"] = data.get("was_production")
    if event["from_status"] == "queued":
        outcome["attempt"], outcome["worker"] = data["attempt"], event["actor"]
    else:
        outcome["attempt"], outcome["build_id"] = 1, data["build_id"]


def apply_taken_over(deployment: RecordedDeployment, event: Json, _at: str) -> None:
    """Record that another worker took over the rollout."""
    outcome, attempt = deployment.outcome, event["data"]["attempt"]
    check_review_is_complete(deployment, event)
    if attempt != outcome.get("attempt", 0) + 1:
        deployment.add_fault(
            "attempt_wrong",
            "attempt",
            f"Event {event['seq']} begins attempt {attempt}; the previous attempt was "
            f"{outcome.get('attempt')}.",
        )
    outcome["attempt"] = attempt
    outcome["worker"] = outcome["deployed_by"] = event["actor"]


def apply_succeeded(deployment: RecordedDeployment, _event: Json, at: str) -> None:
    """Record that the rollout succeeded."""
    deployment.outcome["finished_at"] = deployment.outcome["deployed_at"] = at


def apply_failed(deployment: RecordedDeployment, _event: Json, at: str) -> None:
    """Record that the rollout failed."""
    deployment.outcome["finished_at"] = at


def apply_rolled_back(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that the deployment was rolled back."""
    outcome = deployment.outcome
    outcome["finished_at"] = outcome.get("finished_at") or at
    outcome["rolled_back_at"] = at
    outcome["rolled_back_by"] = event["data"].get("rolled_back_by")


def apply_rollback_retried(deployment: RecordedDeployment, event: Json, _at: str) -> None:
    """Record the new rollback of this deployment, which replaces one that did not succeed."""
    data, outcome = event["data"], deployment.outcome
    if outcome.get("rolled_back_by") != data["instead_of"]:
        deployment.add_fault(
            "retry_of_another_rollback",
            "rolled_back_by",
            f"Event {event['seq']} retries the rollback {data['instead_of']}, but rolled_back_by "
            f"was {outcome.get('rolled_back_by')}.",
        )
    outcome["rolled_back_by"] = data["rolled_back_by"]


def apply_cancelled(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that the deployment was cancelled before it started."""
    outcome, data = deployment.outcome, event["data"]
    outcome["finished_at"], outcome["cancel_reason"] = at, data["reason"]
    outcome["superseded_by"] = data.get("superseded_by")


def apply_overridden(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that a gate was overridden; this applies only while the gate's code stays the same."""
    gate, code = event["data"]["gate"], event["data"]["code"]
    if gate in NEVER_OVERRIDDEN:
        deployment.add_fault(
            "gate_not_overridable",
            "overrides",
            f"Event {event['seq']} overrides the {gate} gate, which nobody can override.",
        )
    deployment.overridden.add((gate, code))
    deployment.outcome["overrides"].append(
        {
            "gate": gate,
            "code": code,
            "actor": effective_actor_name(event),
            "at": at,
            "reason": (event["note"] or "").strip(),
        }
    )


def apply_promotion_blocked(deployment: RecordedDeployment, event: Json, _at: str) -> None:
    """Record that an automatic promotion was not possible."""
    data = event["data"]
    deployment.outcome["promotion_blocked"] = {
        "environment": data["environment"],
        "code": data["code"],
        "reason": event["note"],
    }


def apply_hidden(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that a wrong record was hidden; hiding it again is a fault."""
    outcome = deployment.outcome
    if outcome.get("hidden_at") is not None:
        deployment.add_fault(
            "hidden_twice",
            "hidden_at",
            f"Event {event['seq']} hides a record already hidden at {outcome['hidden_at']}.",
        )
    outcome["hidden_at"], outcome["hidden_by"] = at, effective_actor_name(event)
    outcome["hidden_reason"] = event["note"]


LATER: Final[Mapping[str, Callable[[RecordedDeployment, Json, str], None]]] = {
    "approved": apply_approved,
    "rejected": apply_rejected,
    "approval_withdrawn": apply_approval_withdrawn,
    "approval_voided": apply_approval_voided,
    "auto_start_cancelled": apply_auto_start_cancelled,
    "queued": apply_queued,
    "started": apply_started,
    "taken_over": apply_taken_over,
    "succeeded": apply_succeeded,
    "failed": apply_failed,
    "rolled_back": apply_rolled_back,
    "rollback_retried": apply_rollback_retried,
    "cancelled": apply_cancelled,
    "overridden": apply_overridden,
    "broke_glass": apply_broke_glass,
    "after_review_overdue": apply_after_review_overdue,
    "after_reviewed": apply_after_reviewed,
    "promotion_blocked": apply_promotion_blocked,
    "hidden": apply_hidden,
}
"""Maps each kind of event after the request to its effect. Only these events create a new
revision."""
