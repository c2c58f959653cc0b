"""How each kind of first event begins a deployment: a request, a record or an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gatepost_domain.verification.approval_rules import (
    TARGET_FIELDS,
    Json,
    Person,
    consent_digest,
    to_person,
)
from gatepost_domain.verification.deployment_from_events import (
    RecordedDeployment,
    effective_actor_name,
)
from gatepost_domain.verification.transition_tables import DEPLOYMENT_KINDS

_REQUEST: Final[Mapping[str, Any]] = {
    "external_id": None,
    "triggered_by": None,
    "unmapped_issuer": None,
    "target_version": None,
    "target_digest": None,
    "target_set_at": None,
    "promoted_from": None,
    "automatic": False,
    "rolls_back": None,
    "unreviewed": False,
    "recorded_rollback": None,
    "import_seq": None,
}
"""Maps columns of a request to the default values that its event leaves out."""

_RECORD: Final[Mapping[str, Any]] = {
    **_REQUEST,
    "kind": "record",
    "work_references": [],
    "risk": None,
    "rollback_plan": "",
    "auto_start": False,
}
"""Maps columns of a record to their fixed or default values, which its event leaves out."""

OUTCOME_COLUMNS: Final = ("finished_at", "rolled_back_at", "recorded_rollback")
"""The columns besides `status` that describe how an imported deployment ended."""

_CHANGED_LATER: Final[Mapping[str, Any]] = {
    "revision": 1,
    "attempt": 0,
    "cancel_reason": None,
    "superseded_by": None,
    "approved_stage": None,
    "independence": None,
    "break_glass": None,
    "after_review_state": None,
    "after_review_due_at": None,
    "after_review_verdict": None,
    "after_review_closed_by": None,
    "after_review_closed_at": None,
    "after_review_note": None,
    "promotion_blocked": None,
    "rolled_back_by": None,
    "reviewed_by": None,
    "reviewed_at": None,
    "build_id": None,
    "worker": None,
    "approved_at": None,
    "queued_at": None,
    "started_at": None,
    "started_in_production": None,
    "finished_at": None,
    "rolled_back_at": None,
    "hidden_at": None,
    "hidden_by": None,
    "hidden_reason": None,
}
"""Maps the columns that only later events change to their values after the first event."""


def apply_requested(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Begin a deployment that waits for its reviewers."""
    data, outcome = event["data"], deployment.outcome
    _begin(deployment, event, at, _REQUEST)
    outcome["deployed_at"] = outcome["deployed_by"] = None
    _check_target(deployment, event)
    deployment.digest = consent_digest(data)
    if data["digest"] != deployment.digest:
        deployment.add_event_fault(
            "consent_digest_wrong",
            "data",
            f"Event {event['seq']} has the digest {data['digest']}; the digest of its content is "
            f"{deployment.digest}.",
        )
    deployment.requesters = _requesters(event)
    if data.get("unmapped_issuer") is not None:
        deployment.unmapped_trigger = data["triggered_by"]
    if data.get("automatic"):
        del outcome["on_behalf_of"]  # inherited from the deployment that was promoted
    deployment.set_expiry(at)
    deployment.set_required_stages(data)


def _check_target(deployment: RecordedDeployment, event: Json) -> None:
    """Check that the event contains all data about the target's settings, or none."""
    facts = [event["data"].get(name) for name in (*TARGET_FIELDS, "target_set_at")]
    if facts.count(None) not in {0, len(facts)}:
        deployment.add_event_fault(
            "target_incomplete",
            "data",
            f"Event {event['seq']} must have the version, the digest and the time of the target's "
            f"settings, or none of them; they are {facts}.",
        )


def _requesters(event: Json) -> list[Person]:
    """Return everyone behind a request; people without a recorded identity have only a name."""
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
    if event["to_status"] == "failed":
        deployment.outcome["finished_at"] = event["data"].get("finished_at")


def apply_history_imported(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Begin an imported deployment, whose values are covered by the import's digest."""
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
    outcome.update(_CHANGED_LATER)
    del outcome["unreviewed"], outcome["external_id"]
    deployment.status = "succeeded"
    if data.get("outcomes"):  # the import's digest covers the outcome of each row
        for name in OUTCOME_COLUMNS:
            outcome.pop(name, None)
        deployment.status = None
    outcome["requester"] = effective_actor_name(event)
    outcome["on_behalf_of"] = event["on_behalf_of"]
    outcome["created_at"], outcome["import_seq"] = at, event["seq"]


def _begin(
    deployment: RecordedDeployment, event: Json, at: str, defaults: Mapping[str, Any]
) -> None:
    data, outcome = event["data"], deployment.outcome
    if data["number"] != outcome["number"]:
        deployment.add_fault(
            "number_wrong",
            "number",
            f"Event {event['seq']} records the number {data['number']}, not {outcome['number']}.",
        )
    if data["kind"] not in DEPLOYMENT_KINDS[event["kind"]]:
        deployment.add_fault(
            "deployment_kind_wrong",
            "kind",
            f"Event {event['seq']} is {event['kind']}, which cannot begin a {data['kind']}.",
        )
    version = None if deployment.policy is None else deployment.policy.get("version")
    if version is not None and version != data["policy_version"]:
        deployment.add_fault(
            "policy_version_wrong",
            "policy_version",
            f"Event {event['seq']} records that version {data['policy_version']} of the policy "
            f"applies; the policy's version is {version}.",
        )
    outcome.update(defaults)
    outcome.update(data)
    outcome.update(_CHANGED_LATER)
    outcome["approvals"], outcome["overrides"] = [], []
    for name in ("digest", "ingest", "redeploys", "request_id", "state"):
        outcome.pop(name, None)
    outcome["id"] = event["deployment_id"]
    outcome["on_behalf_of"], outcome["notes"] = event["on_behalf_of"], event["note"]
    outcome["created_at"] = at
    deployment.request = data


FIRST: Final[Mapping[str, Callable[[RecordedDeployment, Json, str], None]]] = {
    "requested": apply_requested,
    "recorded": apply_recorded,
    "history_imported": apply_history_imported,
}
"""Maps each kind of first event to its effect."""
