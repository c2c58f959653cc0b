"""Checks of the document's events: their hashes, their order and the end of their chains."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from gatepost_api.evidence.offline.document_format import RULES
from gatepost_api.evidence.offline.hashed_times import canonical_instant
from gatepost_api.evidence.offline.report import Json, Report, count_with_noun
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_json

EVENT_FIELDS = frozenset(
    {
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
        "hash",
    }
)


def check_events(document: Json, report: Report) -> None:
    """Check that every event has the right hash and links to the previous one."""
    events = document["events"]
    previous = None
    for event in events:
        check_hash(event, report)
        _check_follows(event, previous, report)
        previous = event
    if previous is None:
        report.add_fault(
            "no_events", "events", "There are no events; every deployment has at least one."
        )
        return
    _check_end(document, previous, report)
    number = count_with_noun(len(events), "event")
    report.proved.append(
        f"The document has {number} of the deployment. None of them was changed, and none "
        "between the first and the last is missing."
    )


def check_hash(event: Json, report: Report, field: str = "events") -> None:
    """Check that the hash of an event matches its contents."""
    subject = f"Event {event.get('seq')!r}"
    if event.keys() != EVENT_FIELDS:
        names = sorted(event.keys() ^ EVENT_FIELDS)
        report.add_fault(
            "event_malformed", field, f"{subject} has missing or unknown fields: {names}."
        )
        return
    if event_hash_of(event) != event["hash"]:
        report.add_fault(
            "event_hash_wrong", field, f"{subject} was changed: it does not match its hash."
        )


def event_hash_of(event: Json) -> str:
    """Return the hash that an event must have."""
    at = canonical_instant(event["at"], f"Event {event['seq']}")
    hashed = {name: value for name, value in event.items() if name != "hash"}
    return hashlib.sha256(canonical_json({**hashed, "at": at})).hexdigest()


def first_event_of_kinds(events: Sequence[Json], *kinds: str) -> Json:
    """Return the first event of one of these kinds, or None if there is none."""
    return next((event for event in events if event["kind"] in kinds), None)


def _check_follows(event: Json, previous: Json, report: Report) -> None:
    """Check that an event follows the previous one, and links to it if no event lies between."""
    seq = event["seq"]
    if previous is not None and seq <= previous["seq"]:
        report.add_fault(
            "events_not_in_order",
            "events",
            f"Event {seq} is listed after event {previous['seq']}.",
        )
    expected = GENESIS_HASH if seq == 1 else None
    if previous is not None and seq == previous["seq"] + 1:
        expected = previous["hash"]
    if expected is not None and event["prev_hash"] != expected:
        report.add_fault(
            "link_broken", "events", f"Event {seq} does not link to the previous event."
        )


def _check_end(document: Json, last: Json, report: Report) -> None:
    """Check the document's fields about the end of the deployment's chain and of the log."""
    chain, events = document["chain"], document["events"]
    own = [event["hash"] for event in events if event["deployment_id"] is not None]
    report.compare("chain.events", chain["events"], len(events), "the number of events is")
    report.compare(
        "chain.deployment_hash",
        chain["deployment_hash"],
        own[-1] if own else GENESIS_HASH,
        "the hash of the deployment's last event is",
    )
    if chain["last_seq"] < last["seq"]:
        report.add_fault(
            "log_too_short",
            "chain.last_seq",
            f"chain.last_seq is {chain['last_seq']}, but there is an event {last['seq']}.",
        )
    if chain["last_seq"] == last["seq"]:
        report.compare(
            "chain.last_hash", chain["last_hash"], last["hash"], "the hash of that event is"
        )
    for name, rule in RULES.items():
        report.compare(f"chain.{name}", chain[name], rule, "this format has the rule")
