"""Recomputes every hash in the evidence of a deployment; see README.txt.

It needs Python 3.8 or newer and nothing but its standard library. Exit code 0: all holds. 1: the
sentence says what does not.
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
"""An object of the document; what it lacks is told where it is missed."""

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
"""Which of the deployment's times the last event of a kind tells."""


class VerificationError(Exception):
    """The first thing that is not as it was written."""


def fail(sentence: str) -> NoReturn:
    """End here."""
    raise VerificationError(sentence)


def canonical(value: object) -> bytes:
    """As Gatepost hashes it: sorted keys, no white space, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value: object) -> str:
    """The SHA-256 of a value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def check_equal(what: str, told: object, recorded: object) -> None:
    """Refuse what is told unless it is what was recorded, to the character."""
    if canonical(told) != canonical(recorded):
        fail(f"{what} is told as {told!r}, but is {recorded!r}.")


def canonical_time(at: object, where: str) -> str:
    """A time as it is hashed: UTC with six decimals."""
    if not isinstance(at, str) or INSTANT.fullmatch(at) is None:
        fail(f"{where}: its time, {at!r}, is not written as Gatepost writes one.")
    return at if "." in at else at[:-1] + ".000000Z"


def read(path: Path) -> Json:
    """The document, in which no key is given twice."""

    def pairs(found: list[tuple[str, Any]]) -> Json:
        keys = [key for key, _ in found]
        for key in keys:
            if keys.count(key) > 1:
                fail(f"The document has the key {key!r} twice in one object.")
        return dict(found)

    try:
        document = json.loads(path.read_text("utf-8"), object_pairs_hook=pairs)
    except (OSError, ValueError, RecursionError) as error:
        fail(f"{path} cannot be read: {error}")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        fail(f"{path} is no evidence in the format {FORMAT}.")
    return document


def check_event(event: Json) -> None:
    """Its hash is that of its contents."""
    where = f"Event {event.get('seq')!r}"
    if set(event) != {*EVENT_FIELDS, "hash"}:
        fail(f"{where}: it has not exactly the fields of an event.")
    hashed = {
        **{name: event[name] for name in EVENT_FIELDS},
        "at": canonical_time(event["at"], where),
    }
    if digest(hashed) != event["hash"]:
        fail(f"{where}: its contents do not match its hash.")


def check_order(event: Json, before: Json) -> None:
    """It follows the event before it, where that is here to be seen."""
    where = f"Event {event['seq']}"
    if before is not None and event["seq"] <= before["seq"]:
        fail(f"{where}: it stands behind event {before['seq']}, out of order.")
    follows = GENESIS if event["seq"] == 1 else None
    if before is not None and event["seq"] == before["seq"] + 1:
        follows = before["hash"]
    if follows is not None and event["prev_hash"] != follows:
        fail(f"{where}: it does not follow the event before it.")


def check_chain(document: Json) -> None:
    """Every event follows the one before it, and none is missing."""
    of, before, own = document["deployment"]["id"], None, GENESIS
    for event in document["events"]:
        check_event(event)
        check_order(event, before)
        where = f"Event {event['seq']}"
        if event["deployment_id"] is None:
            if before is not None or event["kind"] != "history_imported":
                fail(f"{where}: it is none of this deployment.")
        elif event["deployment_id"] != of:
            fail(f"{where}: it is of another deployment.")
        elif event["deployment_prev_hash"] != own:
            fail(f"{where}: it does not follow the deployment's event before it; one is missing.")
        else:
            own = event["hash"]
        before = event
    if before is None:
        fail("There is no event: a deployment has at least one.")
    check_end(document, before, own)


def check_end(document: Json, last: Json, own: str) -> None:
    """The last event is the last that there was, of the deployment and perhaps of all."""
    chain = document["chain"]
    check_equal("The number of events", chain["events"], len(document["events"]))
    if chain["deployment_hash"] != own:
        fail("The deployment's last event is not the one that the document was made with.")
    if chain["last_seq"] < last["seq"]:
        fail(f"The history ends at {chain['last_seq']}, before event {last['seq']}.")
    if chain["last_seq"] == last["seq"] and chain["last_hash"] != last["hash"]:
        fail(f"The last hash of the history is not that of event {last['seq']}.")


def events_of_kind(document: Json, kind: str) -> list[Json]:
    """The events of a kind, oldest first."""
    return [event for event in document["events"] if event["kind"] == kind]


def check_request(document: Json) -> None:
    """What was asked for, or recorded, is what the first event says."""
    first, told = document["events"][0], document["deployment"]
    data = {**first["data"]}
    if first["kind"] == "history_imported":
        return
    if first["kind"] not in {"requested", "recorded"}:
        fail(f"Event {first['seq']}: a deployment begins with its request.")
    data["number"] = f"DEP-{data['number']}"
    for name in sorted(set(data) & set(told)):
        of = told[name]
        if name.endswith("_at") and of is not None:
            of, data[name] = canonical_time(of, name), data[name]
        check_equal(f"The deployment's {name}", of, data[name])
    check_equal("The deployment's on_behalf_of", told["on_behalf_of"], first["on_behalf_of"])
    check_equal("The deployment's notes", told["notes"], first["note"])
    check_equal("The deployment's created_at", told["created_at"], first["at"])
    if first["kind"] == "requested":
        version = data["policy_version"]
        check_equal("The policy's version", document["policy"]["version"], version)
        check_equal("The review's policy_version", told["review"]["policy_version"], version)
        for name in CONSENT_FIELDS:
            check_equal(
                f"What was consented to, {name},", document["consent"]["to"][name], data[name]
            )
        check_equal(
            "The digest of what was asked for", digest(document["consent"]["to"]), data["digest"]
        )


def check_consent(document: Json) -> None:
    """Every approval was given to exactly what is told, by an event of its own."""
    consent, told = document["consent"], document["deployment"]
    for name in CONSENT_FIELDS:
        known = told["review"] if name == "policy_version" else told
        check_equal(f"What was consented to, {name},", consent["to"][name], known[name])
    check_equal("The digest of consent", consent["digest"], digest(consent["to"]))
    check_equal("The review's digest", told["review"]["digest"], consent["digest"])
    given = [each for each in events_of_kind(document, "approved") if "digest" in each["data"]]
    check_equal("The number of approvals", len(consent["approvals"]), len(given))
    for count, event in enumerate(given, 1):
        approval = consent["approvals"][count - 1]
        if approval["digest"] != consent["digest"]:
            fail(f"Approval {count}, by {approval['actor']}, was given to something else.")
        recorded = {name: event[name] for name in ("stage", "actor", "at", "note")}
        recorded["digest"] = event["data"]["digest"]
        check_equal(f"Approval {count}", approval, recorded)
    counted = [
        {"stage": stage["name"], **approval}
        for stage in told["review"]["stages"]
        for approval in stage["approvals"]
    ]
    known_ones = [{k: v for k, v in each.items() if k != "digest"} for each in consent["approvals"]]
    for each in counted:
        if each not in known_ones:
            fail(f"The review counts an approval by {each['actor']} that nobody gave.")


def strip_note(note: str | None) -> str:
    """A reason as it is kept."""
    return (note or "").strip()


def check_emergencies(document: Json) -> None:
    """Every way round was taken as is told, by an event of its own."""
    told = document["deployment"]
    passed = [
        {
            "gate": event["data"]["gate"],
            "code": event["data"]["code"],
            "actor": event["on_behalf_of"] or event["actor"],
            "at": event["at"],
            "reason": strip_note(event["note"]),
        }
        for event in events_of_kind(document, "overridden")
    ]
    check_equal("What was overridden", told["overrides"], passed)
    broken: Json = None
    for event in events_of_kind(document, "broke_glass"):
        broken = {name: event[name] for name in ("actor", "at")}
        broken["reason"] = strip_note(event["note"])
        broken["incident"] = event["data"]["incident"]
    check_equal("The break-glass", told["break_glass"], broken)
    judged = {"verdict": None, "closed_by": None, "closed_at": None}
    for event in events_of_kind(document, "after_reviewed"):
        judged = {"verdict": event["data"]["verdict"], "closed_by": event["actor"]}
        judged["closed_at"] = event["at"]
    review = told["after_review"] or {}
    check_equal("The after-review", {name: review.get(name) for name in judged}, judged)


def check_outcome(document: Json) -> None:
    """What became of it is what its events say."""
    told, events = document["deployment"], document["events"]
    stood = [event["to_status"] for event in events if event["to_status"] is not None]
    if stood:
        check_equal("The deployment's status", told["status"], stood[-1])
    if events[0]["kind"] == "requested":
        for kind, name in sorted(TIME_FIELDS.items()):
            at = [event["at"] for event in events_of_kind(document, kind)]
            check_equal(f"The deployment's {name}", told[name], at[-1] if at else None)
    started = events_of_kind(document, "started")
    gates = started[0]["data"].get("gates") if started else None
    if gates is not None:
        gates = [{"message": None, **gate} for gate in gates]
    check_equal("How the gates stood at the start", document["gates_at_start"], gates)


def step_lines(steps: list[Json]) -> Iterator[bytes]:
    """The steps as they are hashed."""
    for count, step in enumerate(steps, 1):
        if set(step) != set(STEP_FIELDS):
            fail(f"Step {count} has not exactly the fields of a step.")
        yield canonical({**step, "at": canonical_time(step["at"], f"Step {count}")}) + b"\n"


def check_steps(document: Json) -> bool:
    """What workers told is what the ending event vouches for; whether one does."""
    told = document["steps"]
    found = hashlib.sha256(b"".join(step_lines(told["items"]))).hexdigest()
    vouching = [event for event in document["events"] if "steps_digest" in event["data"]]
    by = vouching[0]["seq"] if vouching else None
    check_equal("Which event vouches for the steps", told["vouched_for_by"], by)
    for event in vouching:
        seq, data = event["seq"], event["data"]
        if len(told["items"]) != data["steps"]:
            count = len(told["items"])
            fail(f"Event {seq} vouches for {data['steps']} steps, but there are {count}.")
        if found != data["steps_digest"]:
            fail(f"The steps are not those that event {seq} vouches for.")
    if found != told["digest"]:
        fail("The steps do not match their digest.")
    return bool(vouching)


def verify(path: Path) -> str:
    """What holds, in a sentence; `VerificationError` says what does not."""
    document = read(path)
    try:
        check_chain(document)
        check_request(document)
        check_consent(document)
        check_emergencies(document)
        check_outcome(document)
        vouched = check_steps(document)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        fail(f"The document has not the shape of evidence: {type(error).__name__}: {error}.")
    steps = len(document["steps"]["items"])
    aside = "" if vouched or not steps else " No event vouches for the steps: no worker ended it."
    return (
        f"All holds: {document['deployment']['number']}, {len(document['events'])} events, "
        f"{len(document['consent']['approvals'])} approvals, {steps} steps.{aside} The history "
        f"stood at event {document['chain']['last_seq']}, hash {document['chain']['last_hash']}."
    )


def main(arguments: list[str]) -> int:
    """Verify the document named, or the one beside this program."""
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent / "evidence.json"
    try:
        sys.stdout.write(verify(path) + "\n")
    except VerificationError as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
