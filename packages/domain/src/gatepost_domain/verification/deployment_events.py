"""What each kind of event does to a deployment, and the rules for that kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gatepost_domain.verification.approval_rules import (
    Json,
    Person,
    consent_digest,
    to_person,
)
from gatepost_domain.verification.move_table import DEPLOYMENT_KINDS, NEVER_OVERRIDDEN
from gatepost_domain.verification.recorded_deployment import (
    RecordedDeployment,
    effective_actor_name,
)
from gatepost_domain.verification.review_events import (
    apply_after_review_overdue,
    apply_after_reviewed,
    apply_approved,
    apply_broke_glass,
)
from gatepost_domain.verification.start_rules import check_gates, check_review_is_complete

_NULL_AT_FIRST: Final = (
    "external_id",
    "promoted_from",
    "rolls_back",
    "import_seq",
    "cancel_reason",
    "superseded_by",
    "approved_stage",
    "break_glass",
    "after_review_state",
    "after_review_due_at",
    "after_review_verdict",
    "after_review_closed_by",
    "after_review_closed_at",
    "after_review_note",
    "promotion_blocked",
    "rolled_back_by",
    "reviewed_by",
    "reviewed_at",
    "build_id",
    "worker",
    "approved_at",
    "queued_at",
    "started_at",
    "finished_at",
    "deployed_at",
    "deployed_by",
    "rolled_back_at",
    "hidden_at",
    "hidden_by",
    "hidden_reason",
)
_AT_FIRST: Final[Mapping[str, Any]] = {
    **dict.fromkeys(_NULL_AT_FIRST),
    "automatic": False,
    "unreviewed": False,
    "attempt": 0,
}
"""The columns of a new deployment that its first event does not mention."""

_RECORD: Final[Mapping[str, Any]] = {
    **_AT_FIRST,
    "kind": "record",
    "status": "succeeded",
    "work_references": [],
    "risk": None,
    "rollback_plan": "",
    "auto_start": False,
    "expires_at": None,
}
"""The same for a record."""


def apply_requested(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Begin a deployment that waits for its reviewers."""
    data, outcome = event["data"], deployment.outcome
    _begin(deployment, event, at, _AT_FIRST)
    deployment.digest = consent_digest(data)
    if data["digest"] != deployment.digest:
        deployment.add_fault(
            "consent_digest_wrong",
            "data",
            f"Event {event['seq']} has the digest {data['digest']}; the digest of its content is "
            f"{deployment.digest}.",
            table="events",
        )
    deployment.requesters = _requesters(event)
    if data.get("automatic"):
        del outcome["on_behalf_of"]  # inherited from the promoted deployment
    deployment.set_expiry(at)
    deployment.begin_review(data)


def _requesters(event: Json) -> list[Person]:
    """Return everyone behind a request; those without a recorded identity have only a name."""
    data = event["data"]
    names = [data["requester"]]
    if event["on_behalf_of"] is not None:
        names.append(event["actor"])
    identities = data.get("identities", ())
    return [
        to_person(
            names[index] if index < len(names) else "",
            identities[index] if index < len(identities) else None,
        )
        for index in range(max(len(names), len(identities)))
    ]


def apply_recorded(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Begin a record of a deployment made elsewhere."""
    _begin(deployment, event, at, _RECORD)


def apply_history_imported(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Begin an imported deployment, whose facts are covered by the digest of the import."""
    data, number = event["data"], deployment.outcome["number"]
    first, last = data["first_number"], data["last_number"]
    if not first <= number <= last:
        deployment.add_fault(
            "import_of_others",
            "import_seq",
            f"Event {event['seq']} imported DEP-{first} to DEP-{last}, not this deployment.",
        )
    outcome = deployment.outcome
    outcome.update(_RECORD)
    for name in ("unreviewed", "deployed_at", "deployed_by", "external_id"):
        del outcome[name]
    outcome["requester"] = effective_actor_name(event)
    outcome["on_behalf_of"] = event["on_behalf_of"]
    outcome["created_at"], outcome["import_seq"] = at, event["seq"]
    deployment.status = "succeeded"


def _begin(
    deployment: RecordedDeployment, event: Json, at: str, defaults: Mapping[str, Any]
) -> None:
    data, outcome = event["data"], deployment.outcome
    if data["number"] != outcome["number"]:
        deployment.add_fault(
            "number_wrong",
            "number",
            f"Event {event['seq']} says that the number is {data['number']}.",
        )
    if data["kind"] not in DEPLOYMENT_KINDS[event["kind"]]:
        deployment.add_fault(
            "deployment_kind_wrong",
            "kind",
            f"Event {event['seq']} is {event['kind']}, which a {data['kind']} does not begin with.",
        )
    version = None if deployment.policy is None else deployment.policy.get("version")
    if version is not None and version != data["policy_version"]:
        deployment.add_fault(
            "policy_version_wrong",
            "policy_version",
            f"Event {event['seq']} says that version {data['policy_version']} of the policy "
            f"applies; the policy is in version {version}.",
        )
    outcome.update(defaults)
    outcome.update(data)
    for name in ("digest", "state"):
        outcome.pop(name, None)
    outcome["number"] = data["number"]
    outcome["id"] = event["deployment_id"]
    outcome["on_behalf_of"], outcome["notes"] = event["on_behalf_of"], event["note"]
    outcome["created_at"] = at
    deployment.request = data


def apply_rejected(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """End the deployment by a rejection."""
    outcome = deployment.outcome
    outcome["reviewed_by"], outcome["reviewed_at"] = event["actor"], at


def apply_queued(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Queue the deployment for a worker."""
    outcome = deployment.outcome
    outcome["queued_at"], outcome["build_id"] = at, event["data"]["build_id"]


def apply_started(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Start the rollout, by an operator or for a worker."""
    data, outcome = event["data"], deployment.outcome
    check_review_is_complete(deployment, event)
    check_gates(deployment, event)
    outcome["started_at"], outcome["deployed_by"] = at, effective_actor_name(event)
    if event["from_status"] == "queued":
        outcome["attempt"], outcome["worker"] = data["attempt"], event["actor"]
    else:
        outcome["attempt"], outcome["build_id"] = 1, data["build_id"]


def apply_taken_over(deployment: RecordedDeployment, event: Json, _at: str) -> None:
    """Continue the rollout with another worker."""
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
    """End the rollout with a success."""
    deployment.outcome["finished_at"] = deployment.outcome["deployed_at"] = at


def apply_failed(deployment: RecordedDeployment, _event: Json, at: str) -> None:
    """End the rollout with a failure."""
    deployment.outcome["finished_at"] = at


def apply_rolled_back(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Record that the change was reverted."""
    outcome = deployment.outcome
    outcome["finished_at"] = outcome.get("finished_at") or at
    outcome["rolled_back_at"] = at
    outcome["rolled_back_by"] = event["data"].get("rolled_back_by")


def apply_cancelled(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """End the deployment before it starts."""
    outcome, data = deployment.outcome, event["data"]
    outcome["finished_at"], outcome["cancel_reason"] = at, data["reason"]
    outcome["superseded_by"] = data.get("superseded_by")


def apply_overridden(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Override one gate as long as it has the same code."""
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
    """Record why the automatic promotion was not possible."""
    data = event["data"]
    deployment.outcome["promotion_blocked"] = {
        "environment": data["environment"],
        "code": data["code"],
        "reason": event["note"],
    }


def apply_hidden(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Hide a record that is wrong, which is possible once."""
    outcome = deployment.outcome
    if outcome.get("hidden_at") is not None:
        deployment.add_fault(
            "hidden_twice",
            "hidden_at",
            f"Event {event['seq']} hides a record that was hidden {outcome['hidden_at']}.",
        )
    outcome["hidden_at"], outcome["hidden_by"] = at, effective_actor_name(event)
    outcome["hidden_reason"] = event["note"]


FIRST: Final[Mapping[str, Callable[[RecordedDeployment, Json, str], None]]] = {
    "requested": apply_requested,
    "recorded": apply_recorded,
    "history_imported": apply_history_imported,
}
"""What each kind of first event does."""

LATER: Final[Mapping[str, Callable[[RecordedDeployment, Json, str], None]]] = {
    "approved": apply_approved,
    "rejected": apply_rejected,
    "queued": apply_queued,
    "started": apply_started,
    "taken_over": apply_taken_over,
    "succeeded": apply_succeeded,
    "failed": apply_failed,
    "rolled_back": apply_rolled_back,
    "cancelled": apply_cancelled,
    "overridden": apply_overridden,
    "broke_glass": apply_broke_glass,
    "after_review_overdue": apply_after_review_overdue,
    "after_reviewed": apply_after_reviewed,
    "promotion_blocked": apply_promotion_blocked,
    "hidden": apply_hidden,
}
"""What each kind of later event does. Each of them makes a new revision; no others do."""
