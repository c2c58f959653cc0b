"""Recompute every hash in the evidence of a deployment. README.txt describes the archive.

Requires only Python 3.8 or newer and its standard library. Exit code 0: the evidence is consistent.
1: it is not; the message names the first mismatch.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

Json = Any
"""An object in the document; `verify` reports missing keys."""

FORMAT = "gatepost-evidence-1"
GENESIS = "0" * 64
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")

EVENT_FIELDS = [
    "seq",
    "deployment_id",
    "kind",
    "actor",
    "on_behalf_of",
    "at",
    "from_status",
    "to_status",
    "stage",
    "note",
    "data",
    "prev_hash",
    "deployment_prev_hash",
]
STEP_FIELDS = ["kind", "name", "state", "attempt", "tried", "detail", "at", "took_ms"]
CONSENT_FIELDS = [
    "service",
    "environment",
    "version",
    "artifact_digest",
    "risk",
    "rollback_plan",
    "work_references",
    "policy_version",
]
TIME_FIELDS = {
    "queued": "queued_at",
    "started": "started_at",
    "succeeded": "deployed_at",
    "rolled_back": "rolled_back_at",
}
"""The time field of the deployment that the last event of each kind determines."""


class VerificationError(Exception):
    """The first mismatch in the evidence."""


def raise_mismatch(message: str) -> NoReturn:
    """Raise `VerificationError`."""
    raise VerificationError(message)


def canonical_json(value: object) -> bytes:
    """Return JSON as Gatepost hashes it: sorted keys, no white space, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value: object) -> str:
    """Return the SHA-256 digest of a value."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def check_equal(subject: str, claimed: object, recorded: object) -> None:
    """Fail unless the claimed value is exactly the recorded one."""
    if canonical_json(claimed) != canonical_json(recorded):
        raise_mismatch(f"{subject} is {claimed!r}, but {recorded!r} was recorded.")


def canonical_time(at: object, subject: str) -> str:
    """Return a time as it is hashed: UTC with six decimals."""
    if not isinstance(at, str) or INSTANT.fullmatch(at) is None:
        raise_mismatch(f"{subject}: the time {at!r} is not in Gatepost's format.")
    return at if "." in at else at[:-1] + ".000000Z"


def read_document(path: Path) -> Json:
    """Read the document, and fail if an object repeats a key."""

    def unique_members(pairs: list[tuple[str, Any]]) -> Json:
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                raise_mismatch(f"An object in the document repeats the key {key!r}.")
        return dict(pairs)

    try:
        document = json.loads(path.read_text("utf-8"), object_pairs_hook=unique_members)
    except (OSError, ValueError, RecursionError) as error:
        raise_mismatch(f"{path} cannot be read: {error}")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise_mismatch(f"{path} is not evidence in the format {FORMAT}.")
    return document


def check_event_hash(event: Json) -> None:
    """Check that the hash of an event matches its contents."""
    subject = f"Event {event.get('seq')!r}"
    if set(event) != {*EVENT_FIELDS, "hash"}:
        raise_mismatch(f"{subject} has missing or unknown fields.")
    hashed = {
        **{name: event[name] for name in EVENT_FIELDS},
        "at": canonical_time(event["at"], subject),
    }
    if digest(hashed) != event["hash"]:
        raise_mismatch(f"{subject} does not match its hash.")


def check_follows_previous(event: Json, previous: Json) -> None:
    """Check that an event follows the previous one, as far as both are in the document."""
    subject = f"Event {event['seq']}"
    if previous is not None and event["seq"] <= previous["seq"]:
        raise_mismatch(f"{subject} is out of order, after event {previous['seq']}.")
    expected_prev_hash = GENESIS if event["seq"] == 1 else None
    if previous is not None and event["seq"] == previous["seq"] + 1:
        expected_prev_hash = previous["hash"]
    if expected_prev_hash is not None and event["prev_hash"] != expected_prev_hash:
        raise_mismatch(f"{subject} does not link to the previous event.")


def check_chain(document: Json) -> None:
    """Check that every event links to the previous one and that none is missing."""
    deployment_id = document["deployment"]["id"]
    previous, deployment_hash = None, GENESIS
    for event in document["events"]:
        check_event_hash(event)
        check_follows_previous(event, previous)
        subject = f"Event {event['seq']}"
        if event["deployment_id"] is None:
            if previous is not None or event["kind"] != "history_imported":
                raise_mismatch(f"{subject} does not belong to this deployment.")
        elif event["deployment_id"] != deployment_id:
            raise_mismatch(f"{subject} belongs to another deployment.")
        elif event["deployment_prev_hash"] != deployment_hash:
            raise_mismatch(
                f"{subject} does not link to the deployment's previous event; one is missing."
            )
        else:
            deployment_hash = event["hash"]
        previous = event
    if previous is None:
        raise_mismatch("There are no events; every deployment has at least one event.")
    check_end(document, previous, deployment_hash)


def check_end(document: Json, last: Json, deployment_hash: str) -> None:
    """Check that the last event matches the recorded end of the chains."""
    chain = document["chain"]
    check_equal("The number of events", chain["events"], len(document["events"]))
    if chain["deployment_hash"] != deployment_hash:
        raise_mismatch("chain.deployment_hash is not the hash of the deployment's last event.")
    if chain["last_seq"] < last["seq"]:
        raise_mismatch(
            f"The event log ends at event {chain['last_seq']}, before event {last['seq']}."
        )
    if chain["last_seq"] == last["seq"] and chain["last_hash"] != last["hash"]:
        raise_mismatch(f"The last hash of the event log is not that of event {last['seq']}.")


def events_of_kind(document: Json, kind: str) -> list[Json]:
    """Return the events of a kind, oldest first."""
    return [event for event in document["events"] if event["kind"] == kind]


def check_request(document: Json) -> None:
    """Check that the request (or the record, for a recorded deployment) matches the first event."""
    first, deployment = document["events"][0], document["deployment"]
    data = {**first["data"]}
    if first["kind"] == "history_imported":
        return
    if first["kind"] not in {"requested", "recorded"}:
        raise_mismatch(
            f"Event {first['seq']}: the first event of a deployment must be its request."
        )
    data["number"] = f"DEP-{data['number']}"
    for name in sorted(set(data) & set(deployment)):
        value = deployment[name]
        if name.endswith("_at") and value is not None:
            value = canonical_time(value, name)
        check_equal(f"The deployment's {name}", value, data[name])
    check_equal("The deployment's on_behalf_of", deployment["on_behalf_of"], first["on_behalf_of"])
    check_equal("The deployment's notes", deployment["notes"], first["note"])
    check_equal("The deployment's created_at", deployment["created_at"], first["at"])
    if first["kind"] == "requested":
        check_consent_against_request(document, data)


def check_consent_against_request(document: Json, data: Json) -> None:
    """Check that the policy and the content for approval match the request event."""
    version = data["policy_version"]
    check_equal("The policy's version", document["policy"]["version"], version)
    review = document["deployment"]["review"]
    check_equal("The review's policy_version", review["policy_version"], version)
    content = document["consent"]["to"]
    for name in CONSENT_FIELDS:
        check_equal(f"The approved {name}", content[name], data[name])
    check_equal("The digest of the request", digest(content), data["digest"])


def check_consent(document: Json) -> None:
    """Check that every approval has an event and was given for exactly this content."""
    consent, deployment = document["consent"], document["deployment"]
    for name in CONSENT_FIELDS:
        source = deployment["review"] if name == "policy_version" else deployment
        check_equal(f"The approved {name}", consent["to"][name], source[name])
    check_equal("The consent digest", consent["digest"], digest(consent["to"]))
    check_equal("The review's digest", deployment["review"]["digest"], consent["digest"])
    approval_events = [
        event for event in events_of_kind(document, "approved") if "digest" in event["data"]
    ]
    check_equal("The number of approvals", len(consent["approvals"]), len(approval_events))
    for count, event in enumerate(approval_events, 1):
        approval = consent["approvals"][count - 1]
        if approval["digest"] != consent["digest"]:
            raise_mismatch(
                f"Approval {count}, by {approval['actor']}, was given for other content."
            )
        recorded = {name: event[name] for name in ("stage", "actor", "at", "note")}
        recorded["digest"] = event["data"]["digest"]
        check_equal(f"Approval {count}", approval, recorded)
    check_counted_approvals(document)


def check_counted_approvals(document: Json) -> None:
    """Check that the review counts only approvals that were given."""
    counted_approvals = [
        {"stage": stage["name"], **approval}
        for stage in document["deployment"]["review"]["stages"]
        for approval in stage["approvals"]
    ]
    known_approvals = [
        {name: value for name, value in approval.items() if name != "digest"}
        for approval in document["consent"]["approvals"]
    ]
    for approval in counted_approvals:
        if approval not in known_approvals:
            raise_mismatch(
                f"The review counts an approval by {approval['actor']} that was never given."
            )


def strip_note(note: str | None) -> str:
    """Return a reason as it is stored, without surrounding white space."""
    return (note or "").strip()


def check_emergencies(document: Json) -> None:
    """Check that every override, break-glass and after-review has an event."""
    deployment = document["deployment"]
    overrides = [
        {
            "gate": event["data"]["gate"],
            "code": event["data"]["code"],
            "actor": event["on_behalf_of"] or event["actor"],
            "at": event["at"],
            "reason": strip_note(event["note"]),
        }
        for event in events_of_kind(document, "overridden")
    ]
    check_equal("The list of overrides", deployment["overrides"], overrides)
    break_glass: Json = None
    for event in events_of_kind(document, "broke_glass"):
        break_glass = {name: event[name] for name in ("actor", "at")}
        break_glass["reason"] = strip_note(event["note"])
        break_glass["incident"] = event["data"]["incident"]
    check_equal("The break-glass", deployment["break_glass"], break_glass)
    after_review = {"verdict": None, "closed_by": None, "closed_at": None}
    for event in events_of_kind(document, "after_reviewed"):
        after_review = {"verdict": event["data"]["verdict"], "closed_by": event["actor"]}
        after_review["closed_at"] = event["at"]
    claimed = deployment["after_review"] or {}
    check_equal(
        "The after-review", {name: claimed.get(name) for name in after_review}, after_review
    )


def check_outcome(document: Json) -> None:
    """Check that the status, times and gates match the events."""
    deployment, events = document["deployment"], document["events"]
    statuses = [event["to_status"] for event in events if event["to_status"] is not None]
    if statuses:
        check_equal("The deployment's status", deployment["status"], statuses[-1])
    if events[0]["kind"] == "requested":
        for kind, name in sorted(TIME_FIELDS.items()):
            times = [event["at"] for event in events_of_kind(document, kind)]
            check_equal(f"The deployment's {name}", deployment[name], times[-1] if times else None)
    started = events_of_kind(document, "started")
    gates = started[0]["data"].get("gates") if started else None
    if gates is not None:
        gates = [{"message": None, **gate} for gate in gates]
    check_equal("The state of the gates at the start", document["gates_at_start"], gates)


def step_lines(steps: list[Json]) -> Iterator[bytes]:
    """Yield the steps as they are hashed."""
    for count, step in enumerate(steps, 1):
        if set(step) != set(STEP_FIELDS):
            raise_mismatch(f"Step {count} has missing or unknown fields.")
        yield canonical_json({**step, "at": canonical_time(step["at"], f"Step {count}")}) + b"\n"


def check_steps(document: Json) -> bool:
    """Check the steps against the event that contains their digest; return whether there is one."""
    steps = document["steps"]
    steps_digest = hashlib.sha256(b"".join(step_lines(steps["items"]))).hexdigest()
    steps_events = [event for event in document["events"] if "steps_digest" in event["data"]]
    steps_event_seq = steps_events[0]["seq"] if steps_events else None
    check_equal(
        "The event that contains the steps digest", steps["vouched_for_by"], steps_event_seq
    )
    count = len(steps["items"])
    for event in steps_events:
        seq, data = event["seq"], event["data"]
        if count != data["steps"]:
            raise_mismatch(f"Event {seq} recorded {data['steps']} steps, but there are {count}.")
        if steps_digest != data["steps_digest"]:
            raise_mismatch(f"The steps are not those that event {seq} recorded.")
    if steps_digest != steps["digest"]:
        raise_mismatch("The steps do not match their digest.")
    return bool(steps_events)


def verify(path: Path) -> str:
    """Return a summary; raise `VerificationError` on the first mismatch."""
    document = read_document(path)
    try:
        check_chain(document)
        check_request(document)
        check_consent(document)
        check_emergencies(document)
        check_outcome(document)
        steps_have_event = check_steps(document)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise_mismatch(f"The document does not have the structure of evidence: {reason}.")
    steps = len(document["steps"]["items"])
    remark = ""
    if steps and not steps_have_event:
        remark = " No event proves the steps, because no worker ended the deployment."
    return (
        f"Verified: {document['deployment']['number']}, {len(document['events'])} events, "
        f"{len(document['consent']['approvals'])} approvals, {steps} steps.{remark} At export, the "
        f"event log ended at event {document['chain']['last_seq']}, hash "
        f"{document['chain']['last_hash']}."
    )


def main(arguments: list[str]) -> int:
    """Verify the given document or, by default, the one beside this program."""
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent / "evidence.json"
    try:
        sys.stdout.write(verify(path) + "\n")
    except VerificationError as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
