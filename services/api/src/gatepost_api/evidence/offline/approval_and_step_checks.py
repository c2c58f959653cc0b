"""Checks of the approvals, gates, recording and steps in the document against its events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from gatepost_api.evidence.offline.event_checks import first_event_of_kinds
from gatepost_api.evidence.offline.hashed_times import canonical_instant, with_canonical_times
from gatepost_api.evidence.offline.report import Json, Report, count_with_noun, join_words
from gatepost_domain.verification.approval_rules import (
    CONSENT_FIELDS,
    TARGET_FIELDS,
    consent_digest,
    normalize_name,
)
from gatepost_domain.verification.event_hash import canonical_json

STEP_FIELDS = frozenset({"kind", "name", "state", "attempt", "tried", "detail", "at", "took_ms"})


ENDING_KINDS = frozenset({"approval_withdrawn", "approval_voided"})
"""The kinds of events that withdraw or void a reviewer's approvals."""


def check_consent(document: Json, report: Report) -> None:
    """Check that every approval has an event, and was given for exactly this content.

    Approvals that were withdrawn or voided before the deployment started are not in `consent`.
    """
    consent, deployment = document["consent"], document["deployment"]
    for name in (*CONSENT_FIELDS, *TARGET_FIELDS):
        source = deployment["review"] if name == "policy_version" else deployment
        report.compare(
            f"consent.to.{name}", consent["to"][name], source[name], "the deployment has"
        )
    digest = consent_digest(consent["to"])
    report.compare("consent.digest", consent["digest"], digest, "the digest of consent.to is")
    events = _approvals_in_effect(document["events"])
    recorded = [_approval_of(event) for event in events]
    approvals = with_canonical_times(consent["approvals"], "consent.approvals")
    report.compare(
        "consent.approvals", len(approvals), len(recorded), "the number of approval events is"
    )
    for index, (claimed, expected) in enumerate(zip(approvals, recorded)):  # noqa: B905  # Python 3.9
        field = f"consent.approvals.{index}"
        for name in sorted(claimed.keys() | expected.keys()):
            report.compare(
                f"{field}.{name}",
                claimed.get(name),
                expected.get(name),
                f"event {events[index]['seq']} has",
            )
    _report_proved_approvals(document, approvals, report)


def _approvals_in_effect(events: Sequence[Json]) -> Sequence[Json]:
    """Return the approval events that no later event withdrew or voided."""
    standing: list[Json] = []
    for event in events:
        if event["kind"] == "approved" and event["stage"] is not None:
            standing.append(event)
        elif event["kind"] in ENDING_KINDS:
            reviewer = normalize_name(event["data"]["reviewer"])
            standing = [each for each in standing if normalize_name(each["actor"]) != reviewer]
    return standing


def _approval_of(event: Json) -> Json:
    approval = {name: event[name] for name in ("stage", "actor", "note")}
    approval["at"] = canonical_instant(event["at"], f"Event {event['seq']}")
    approval["digest"] = event["data"]["digest"]
    return approval


def _report_proved_approvals(document: Json, approvals: Sequence[Json], report: Report) -> None:
    break_glass = document["deployment"]["break_glass"]
    names = [f"{approval['actor']} (stage {approval['stage']})" for approval in approvals]
    if names:
        report.proved.append(
            f"{count_with_noun(len(names), 'approval')}, by {join_words(names)}: each was given "
            "for exactly the content in consent.to, by a person whom the policy in the document "
            "accepts. According to the events, no reviewer requested the deployment or, if the "
            "policy requires distinct reviewers, approved twice."
        )
    for event in document["events"]:
        if event["kind"] == "approved" and event["stage"] is None:
            report.proved.append(
                f"Event {event['seq']} approved the deployment without a reviewer, because the "
                "policy in the document requires none."
            )
    if break_glass is not None:
        report.proved.append(
            f"{break_glass['actor']} used break-glass for the incident {break_glass['incident']}, "
            "so the deployment did not need a complete review."
        )


def check_gates(document: Json, report: Report) -> None:
    """Check that the gates at the start are those that the start event recorded."""
    started = first_event_of_kinds(document["events"], "started")
    gates = None if started is None else started["data"].get("gates")
    if started is not None and gates is not None:
        gates = [{"message": None, **gate} for gate in gates]
        report.proved.append(
            f"Every gate that event {started['seq']} recorded at the start ({len(gates)} in total) "
            "was open, or was overridden by an earlier event."
        )
    elif started is not None:
        report.unproved.append(
            f"The state of the gates at the start: event {started['seq']} did not record it."
        )
    claimed = document["gates_at_start"]
    source = "the start event has"
    if claimed is None or gates is None or len(claimed) != len(gates):
        report.compare("gates_at_start", claimed, gates, source)
        return
    for index, gate in enumerate(gates):
        report.compare(f"gates_at_start.{index}", claimed[index], gate, source)


def check_recording(document: Json, report: Report) -> None:
    """Check who recorded or imported the deployment."""
    event = first_event_of_kinds(document["events"], "recorded", "history_imported")
    expected = None
    if event is not None:
        expected = {name: event[name] for name in ("kind", "actor", "on_behalf_of")}
        expected["at"] = canonical_instant(event["at"], f"Event {event['seq']}")
        expected["event"] = event["seq"]
        report.proved.append(
            f"The deployment was made elsewhere: {event['actor']} {event['kind'].split('_')[-1]} "
            f"it, according to event {event['seq']}. Gatepost reviewed nothing."
        )
    claimed = with_canonical_times(document["recorded_by"], "recorded_by")
    report.compare("recorded_by", claimed, expected, "the events show")


def check_steps(document: Json, report: Report) -> None:
    """Check the steps against the event that contains their digest, if there is one."""
    steps = document["steps"]
    digest = hashlib.sha256(b"".join(_step_lines(steps["items"], report))).hexdigest()
    events = [event for event in document["events"] if "steps_digest" in event["data"]]
    seq = events[0]["seq"] if events else None
    report.compare(
        "steps.vouched_for_by",
        steps["vouched_for_by"],
        seq,
        "the event that contains the digest of the steps is",
    )
    report.compare("steps.digest", steps["digest"], digest, "the digest of steps.items is")
    count = len(steps["items"])
    for event in events:
        seq, data = event["seq"], event["data"]
        if count != data["steps"]:
            report.add_fault(
                "steps_differ",
                "steps.items",
                f"Event {seq} recorded {count_with_noun(data['steps'], 'step')}, "
                f"but there are {count}.",
            )
        elif digest != data["steps_digest"]:
            report.add_fault(
                "steps_differ", "steps.items", f"The steps are not those that event {seq} recorded."
            )
    if events:
        report.proved.append(
            f"Event {seq} recorded the digest of the {count_with_noun(count, 'step')}."
        )
    elif count:
        report.unproved.append(
            f"The {count_with_noun(count, 'step')}: no event has their digest, because the rollout "
            "has not ended or an older release recorded its end."
        )


def _step_lines(steps: Sequence[Json], report: Report) -> Iterator[bytes]:
    """Yield the steps in the form in which they are hashed."""
    for index, step in enumerate(steps):
        if frozenset(step) != STEP_FIELDS:
            report.add_fault(
                "document_malformed",
                f"steps.items.{index}",
                f"steps.items.{index} has missing or unknown fields.",
            )
            continue
        at = canonical_instant(step["at"], f"steps.items.{index}.at")
        yield canonical_json({**step, "at": at}) + b"\n"
