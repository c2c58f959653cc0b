"""Forged evidence: every changed field is found and named, and so is a history that never was."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest

from gatepost_api.evidence.offline.event_checks import event_hash_of
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.status_transitions import Status
from gatepost_domain.verification.checkpoint import parse_checkpoint
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.recorded_rows import row_digest
from gatepost_domain.verification.signed_note import parse_note
from tests.support.http.api import Api, Json, ok_json
from tests.support.http.evidence import (
    JsonPath,
    create_emergency_deployment,
    create_hidden_record,
    create_reviewed_deployment,
    create_worker_deployment,
    different_value,
    find_faults,
    get_evidence,
    import_deployment,
    key_of,
    paths_of_leaves,
    set_value,
    value_at,
)

SCENARIOS: Final[dict[str, Callable[[Api], Any]]] = {
    "reviewed": create_reviewed_deployment,
    "worker": create_worker_deployment,
    "emergency": create_emergency_deployment,
    "record": create_hidden_record,
    "import": import_deployment,
}
UNPROVED: Final = ("format", "generated_at", "target")
"""The fields that only the signature of an envelope covers; the format is checked on its own."""


@pytest.fixture
async def reviewed(api: Api) -> Json:
    """Return the evidence of a deployment that was reviewed and started despite a freeze."""
    return await get_evidence(api, await create_reviewed_deployment(api))


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_changed_field_is_found_and_named(api: Api, scenario: str) -> None:
    """There is no field that can be changed, except those that are reported as unproved."""
    document = await get_evidence(api, await SCENARIOS[scenario](api))
    paths = [
        path
        for path in paths_of_leaves(document)
        if path[0] not in {*UNPROVED, "events", "policy_event"}
    ]

    # Without an event that proves the state, only its own digest is wrong.
    digest: set[JsonPath] = {("state", "digest")} if document["state"]["event"] is None else set()

    assert find_faults(document) == []
    assert len(paths) > 100
    for path in paths:
        forged = copy.deepcopy(document)
        set_value(different_value(value_at(path, document)), path, forged)
        faults = find_faults(forged)
        fields = {path} if path[:2] != ("state", "columns") else {path, *digest}
        assert any(names(fault, each) for fault in faults for each in fields), (path, faults)


def names(fault: Fault, path: JsonPath) -> bool:
    """Return whether a fault is about a field, or about one that it belongs to."""
    dotted = ".".join(map(str, path))
    if fault.field is None or dotted in fault.detail:
        return dotted in fault.detail
    if fault.table == "deployments":
        return path[:2] == ("state", "columns") and fault.field == path[-1]
    return is_within(dotted, fault.field) or is_within(fault.field, dotted)


def is_within(dotted: str, other: str) -> bool:
    """Return whether a field is another one or belongs to it."""
    return dotted == other or dotted.startswith(f"{other}.")


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_changed_field_of_an_event_is_found(api: Api, scenario: str) -> None:
    """The fault names the event, also that of the policy."""
    document = await get_evidence(api, await SCENARIOS[scenario](api))
    places: list[JsonPath] = [("events", index) for index in range(len(document["events"]))]
    for place in [*places, ("policy_event",)]:
        event = value_at(place, document)
        for field, value in event.items():
            forged = copy.deepcopy(document)
            set_value(different_value(value), (*place, field), forged)
            details = [fault.detail for fault in find_faults(forged)]
            seq = value_at(place, forged)["seq"]
            assert any(f"Event {seq}" in detail for detail in details), (place, field, details)


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_missing_or_additional_member_is_found(api: Api, scenario: str) -> None:
    """A program that reads the document cannot be misled by what is not verified."""
    document = await get_evidence(api, await SCENARIOS[scenario](api))
    for name in document:
        if name not in {"format", "target", "generated_at"}:
            without = {key: value for key, value in document.items() if key != name}
            assert find_faults(without), name
    for name in document["deployment"]:
        forged = copy.deepcopy(document)
        del forged["deployment"][name]
        assert find_faults(forged), name

    assert find_faults({**document, "approved": True})
    assert find_faults({**document, "deployment": {**document["deployment"], "approved": True}})


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("consent approvals 0 digest", "0" * 64, "consent.approvals.0.digest is '000"),
        ("consent approvals 1 actor", "eve", "consent.approvals.1.actor is 'eve', but event "),
        ("consent approvals", [], "consent.approvals is 0, but the number of approval events is 2"),
        ("consent to risk", "None.", "consent.to.risk is 'None.', but the deployment has 'Check"),
        (
            "deployment risk",
            "None.",
            "deployment.risk is 'None.', but the events show 'Check",
        ),
        (
            "deployment reviewed_by",
            "eve",
            "deployment.reviewed_by is 'eve', but the events show",
        ),
        (
            "deployment reviewed_at",
            None,
            "deployment.reviewed_at is None, but the events show",
        ),
        (
            "deployment deployed_by",
            "eve",
            "deployment.deployed_by is 'eve', but the events show",
        ),
        (
            "deployment approved_at",
            None,
            "deployment.approved_at is None, but the events show",
        ),
        (
            "deployment finished_at",
            None,
            "deployment.finished_at is None, but the events show",
        ),
        (
            "deployment unreviewed",
            True,
            "deployment.unreviewed is True, but the events show F",
        ),
        ("deployment break_glass", {"actor": "eve"}, "deployment.break_glass is {'actor': 'eve'}"),
        ("deployment review label", "approved_by_qa", "deployment.review.label is 'approved_by_qa"),
        (
            "deployment review stages",
            [],
            "deployment.review.stages is [], but the events show",
        ),
        ("gates_at_start 0 state", "overridden", "gates_at_start.0 is {"),
        ("gates_at_start", None, "gates_at_start is None, but the start event has ["),
        ("policy approval_stages", [], "policy.approval_stages is [], but the policy of event 4"),
        ("policy distinct_reviewers", False, "policy.distinct_reviewers is False, but the policy"),
        (
            "recorded_by",
            {"actor": "eve"},
            "recorded_by is {'actor': 'eve'}, but the events show N",
        ),
        ("events", [], "There are no events; every deployment has at least one."),
        ("steps", None, "does not have the structure of evidence, so its steps could not"),
        ("chain last_seq", 1, "chain.last_seq is 1, but there is an event 29."),
        ("checkpoint note", "x", "checkpoint.note: "),
    ],
)
def test_message_names_the_claimed_and_the_recorded_value(
    reviewed: Json, path: str, value: object, message: str
) -> None:
    """An auditor can read from the message what was forged."""
    steps = tuple(int(step) if step.isdigit() else step for step in path.split())
    set_value(value, steps, reviewed)

    details = [fault.detail for fault in find_faults(reviewed)]

    assert any(message in detail for detail in details), details


@pytest.mark.parametrize("at", ["2026-11-21T13:00:00+01:00", "2026-11-21 12:00:00Z", 5])
@pytest.mark.parametrize("path", ["events 0 at", "deployment created_at", "policy created_at"])
def test_time_in_another_notation_is_found(reviewed: Json, path: str, at: object) -> None:
    """Another notation of the same instant is reported as a change."""
    steps = tuple(int(step) if step.isdigit() else step for step in path.split())
    set_value(at, steps, reviewed)

    assert any("is not in Gatepost's notation" in fault.detail for fault in find_faults(reviewed))


def test_removed_and_moved_events_are_found(reviewed: Json) -> None:
    """The first event, the last one and any in between; and two neighbours in the wrong order."""
    for index in range(len(reviewed["events"])):
        forged = copy.deepcopy(reviewed)
        forged["events"].pop(index)
        assert find_faults(forged), index
    for index in range(len(reviewed["events"]) - 1):
        forged = copy.deepcopy(reviewed)
        events = forged["events"]
        events[index], events[index + 1] = events[index + 1], events[index]
        assert "events_not_in_order" in {fault.code for fault in find_faults(forged)}


async def test_removed_and_moved_steps_are_found(api: Api) -> None:
    """The event proves the number and the order of the steps too."""
    document = await get_evidence(api, await create_worker_deployment(api))
    fewer, moved = copy.deepcopy(document), copy.deepcopy(document)
    fewer["steps"]["items"].pop()
    moved["steps"]["items"].reverse()

    assert "recorded 3 steps, but there are 2" in details_of(find_faults(fewer))
    assert "The steps are not those that event" in details_of(find_faults(moved))


def details_of(faults: Iterable[Fault]) -> str:
    """Return the sentences about all faults."""
    return " ".join(fault.detail for fault in faults)


def recompute(document: Json) -> None:
    """Recompute the hashes and links of the events, the digests and the end of the chain."""
    deployment_hash = GENESIS_HASH
    seqs: dict[int, str] = {}
    for event in document["events"]:
        event["prev_hash"] = seqs.get(event["seq"] - 1, event["prev_hash"])
        event["deployment_prev_hash"] = deployment_hash
        event["hash"] = deployment_hash = seqs[event["seq"]] = event_hash_of(event)
    chain = document["chain"]
    chain["events"], chain["deployment_hash"] = len(document["events"]), deployment_hash
    chain["last_hash"] = seqs.get(chain["last_seq"], chain["last_hash"])


def forge_approver(document: Json) -> None:
    """Replace the second reviewer everywhere, with all hashes and digests recomputed."""
    text = json.dumps(document).replace('"devin"', '"mallory"').replace('"devin\\"', '"mallory\\"')
    text = text.replace('\\"devin\\"', '\\"mallory\\"')
    document.update(json.loads(text))
    digest = row_digest(document["state"]["columns"])
    document["state"]["digest"] = digest
    columns: Json = {}
    for event in document["events"]:
        for item in event["data"].get("state", ()):
            columns.update(item.get("row", item.get("changes")))
            item["digest"] = row_digest(columns)
    recompute(document)


def test_recomputed_history_is_not_part_of_the_signed_log(reviewed: Json) -> None:
    """Whoever recomputes all hashes cannot sign the other log."""
    first_forged = next(event for event in reviewed["events"] if event["actor"] == "devin")

    forge_approver(reviewed)

    faults = find_faults(reviewed)
    assert {fault.code for fault in faults} == {"event_not_in_log"}
    assert f"the hash of event {first_forged['seq']} to the root hash" in details_of(faults)


def sign_anew(document: Json, signer: CheckpointSigner) -> None:
    """Sign the checkpoint of a document with another key."""
    checkpoint = parse_checkpoint(parse_note(document["checkpoint"]["note"]).text)
    document["checkpoint"] = {
        "note": signer.sign(checkpoint.size, checkpoint.root),
        "public_key": str(signer.verifier_key),
    }


@pytest.mark.parametrize("instance", ["unnamed", "other"])
def test_document_of_another_signer_is_found_with_the_known_key(
    reviewed: Json, instance: str
) -> None:
    """Without the key, such a document only agrees with itself."""
    known = key_of(reviewed)
    sign_anew(reviewed, CheckpointSigner.with_new_key(instance))

    assert find_faults(reviewed) == []
    faults = {(fault.code, fault.field) for fault in find_faults(reviewed, known)}
    assert faults == {
        ("document_differs", "checkpoint.public_key"),
        ("signature_wrong", "checkpoint.note"),
    }


def test_signature_of_another_text_is_found(reviewed: Json) -> None:
    """A checkpoint of another root hash has no valid signature."""
    root = parse_note(reviewed["checkpoint"]["note"]).text.splitlines()[2]
    forged = f"A{root[1:]}" if root[0] != "A" else f"B{root[1:]}"
    reviewed["checkpoint"]["note"] = reviewed["checkpoint"]["note"].replace(root, forged)

    assert "is not valid for this text" in details_of(find_faults(reviewed))


async def test_event_of_another_policy_is_found(api: Api, reviewed: Json) -> None:
    """An event that set another version, or that of another environment, proves nothing."""
    await api.create_deployment(environment="staging")
    other = await get_evidence(api, "DEP-2")

    reviewed["policy_event"] = other["policy_event"]

    details = details_of(find_faults(reviewed))
    assert "did not set version 1 of the policy of production" in details


async def test_policy_that_was_set_after_the_request_is_found(api: Api) -> None:
    """A deployment cannot be subject to a policy of the future."""
    await api.deployment(Status.APPROVED)
    document = await get_evidence(api, "DEP-1")
    policy = {
        name: value
        for name, value in document["policy"].items()
        if name not in {"environment", "version", "created_at", "created_by"}
    }
    ok_json(await api.put("/environments/production/policy", policy | {"approval_stages": []}))
    await api.create_deployment()
    lax = await get_evidence(api, "DEP-2")

    for name in ("policy", "policy_event"):
        document[name] = lax[name]

    details = details_of(find_faults(document))
    assert "set the policy after event" in details
    assert "policy.version is 2, but the deployment is subject to 1" in details


def test_proofs_of_other_events_are_found(reviewed: Json) -> None:
    """Every event needs its own proof, and there is no other one."""
    proofs = reviewed["inclusion"]
    fewer, more = copy.deepcopy(reviewed), copy.deepcopy(reviewed)
    fewer["inclusion"].pop(0)
    more["inclusion"].append(proofs[0])

    assert "has no proof that it is part of the log" in details_of(find_faults(fewer))
    assert "is not in the document or already has a proof" in details_of(find_faults(more))
