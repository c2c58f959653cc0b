"""Checks of the deployment in the document against its events and its recorded state."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from gatepost_api.evidence.offline.fields_from_columns import FIELDS, compute_fields
from gatepost_api.evidence.offline.hashed_times import canonical_instant, with_canonical_times
from gatepost_api.evidence.offline.report import Json, Report, join_words
from gatepost_domain.verification.deployment_history import check_history
from gatepost_domain.verification.independence_sentences import describe_dependent_reviews
from gatepost_domain.verification.recorded_rows import RecordedRow, find_row_faults, row_digest

JSON_COLUMNS = (
    "approvals",
    "break_glass",
    "identities",
    "independence",
    "overrides",
    "promotion_blocked",
    "work_references",
)
BOOLEAN_COLUMNS = ("auto_start", "automatic", "unreviewed")
NULLABLE_BOOLEAN_COLUMNS = ("recorded_rollback", "started_in_production")

Values = Mapping[str, Any]


def check_deployment(document: Json, report: Report) -> None:
    """Check that the events form an allowed sequence, and that the deployment matches them."""
    seq = check_state(document, report)
    claimed = _fields_in(document["deployment"])
    for name in sorted(claimed.keys() ^ FIELDS):
        report.add_fault(
            "document_malformed", f"deployment.{name}", f"deployment.{name} is missing or unknown."
        )
    policy = document["policy"]
    result = check_history(document["events"], policy, number=_number(document["deployment"]))
    report.faults += result.faults
    outcome = with_canonical_times(dict(result.outcome))
    from_events = compute_fields(outcome, policy)
    _compare(claimed, from_events, "the events show", report)
    columns = _parse_state_columns(document["state"]["columns"])
    _compare(claimed, compute_fields(columns, policy), "the recorded state has", report)
    for name, expected in outcome.items():
        if not _agrees(columns[name], expected):
            report.add_fault(
                "state_differs",
                f"state.columns.{name}",
                f"state.columns.{name} is {columns[name]!r}, but the events show {expected!r}.",
            )
    _report_proof_of_fields(set(from_events), seq, report)
    report.proved += (
        f"Permanently marked, because the reviewer was not independent: {sentence}"
        for sentence in describe_dependent_reviews(document["deployment"])
    )


def check_state(document: Json, report: Report) -> int | None:
    """Check the recorded state; return the `seq` of the event that proves it, if there is one."""
    state, number = document["state"], _number(document["deployment"])
    digest = row_digest(state["columns"])
    report.compare("state.digest", state["digest"], digest, "the digest of state.columns is")
    recorded = RecordedRow()
    for event in document["events"]:
        for item in event["data"].get("state", ()):
            if item["table"] == "deployments" and item.get("key") == [str(number)]:
                recorded.apply(item, event["seq"])
    seq = recorded.seq or None
    report.compare("state.event", state["event"], seq, "the last event that has its digest is")
    if seq is not None:
        columns = state["columns"]
        report.faults += find_row_faults(
            "deployments", report.subject, columns, recorded, digest=digest
        )
    return seq


def _report_proof_of_fields(determined: set[str], seq: int | None, report: Report) -> None:
    report.proved.append(
        "Each event follows from those before it by the table of transitions, and the rollout, "
        "if it started, started only after break-glass or the approvals that the policy in the "
        f"document requires. The events determine {len(determined)} of the {len(FIELDS)} fields "
        f"of the deployment, and these match."
    )
    missing = sorted(FIELDS - determined)
    if seq is not None:
        report.proved.append(
            f"Event {seq} recorded the digest of the deployment's state. The state in the document "
            "has this digest, and every field of the deployment agrees with it."
        )
        return
    report.unproved.append(
        "The columns of the stored state from which no field of the deployment is computed: no "
        "event in the document has the digest of the state."
    )
    if missing:
        report.unproved.append(
            f"No event in the document determines {join_words(missing)} of the deployment. The "
            "event of an import has one digest for all imported rows, and events of older "
            "versions have no digest."
        )


def _compare(claimed: Values, expected: Values, source: str, report: Report) -> None:
    for name in sorted(claimed.keys() & expected.keys()):
        report.compare(f"deployment.{name}", claimed[name], expected[name], source)


def _fields_in(deployment: Json) -> Values:
    """Return the fields of the deployment; those of its review have dotted names."""
    fields = with_canonical_times(deployment, "deployment")
    review = {f"review.{name}": value for name, value in fields.pop("review").items()}
    return {**fields, **review}


def _parse_state_columns(columns: Values) -> Values:
    """Return the columns of the state with their values parsed; absent columns are null."""
    parsed: dict[str, Any] = defaultdict(lambda: None, columns)
    for name in JSON_COLUMNS:
        if name in columns:
            field = f"state.columns.{name}"
            parsed[name] = with_canonical_times(_parse(columns[name], field), field)
    for name in BOOLEAN_COLUMNS:
        parsed[name] = bool(columns.get(name))
    for name in NULLABLE_BOOLEAN_COLUMNS:
        parsed[name] = None if columns.get(name) is None else bool(columns[name])
    for name in columns:
        if name.endswith("_at"):
            parsed[name] = canonical_instant(columns[name], f"state.columns.{name}")
    return parsed


def _parse(text: str, field: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(f"{field} is not JSON") from None


def _agrees(stored: object, expected: object) -> bool:
    """Return whether a value equals the expected one, which may omit members of objects."""
    if isinstance(expected, dict) and isinstance(stored, dict):
        return all(_agrees(stored.get(name), value) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(stored, list):
        return len(stored) == len(expected) and all(map(_agrees, stored, expected))
    return stored == expected


def _number(deployment: Json) -> int:
    return int(deployment["number"].split("-")[1])
