"""The verifier shipped with evidence: it accepts unchanged evidence and names any change."""

from __future__ import annotations

import ast
import json
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import pytest

from gatepost_domain.status import Action, Status
from tests.support.http.api import Api, Json, created_json, ok_json
from tests.support.http.evidence import (
    create_reviewed_deployment,
    create_worker_deployment,
    run_verifier,
    unpack_archive,
    verify_tampered,
)
from tests.support.http.worker_claims import STEP_BODY, claim_queued_deployment, post_to_claim

HISTORY: Final = "service,environment,version,deployed_at\nshop,production,1.0.0,2026-11-20\n"


@pytest.fixture
async def reviewed_evidence(api: Api, tmp_path: Path) -> Path:
    """Return the evidence for a deployment that was reviewed and started despite a freeze."""
    return await unpack_archive(api, await create_reviewed_deployment(api), tmp_path / "reviewed")


@pytest.fixture
async def worker_evidence(api: Api, tmp_path: Path) -> Path:
    """Return the evidence for a deployment that a worker ran."""
    return await unpack_archive(api, await create_worker_deployment(api), tmp_path / "carried out")


def verify_unchanged(folder: Path) -> str:
    """Assert that the verifier succeeds, and return its output."""
    code, output = run_verifier(folder)
    assert code == 0, output
    return output


def set_value(value: object, *path: str | int | Json) -> None:
    """Set the value at a path in the document, which is the last argument."""
    *parents, last, target = path
    for step in parents:
        target = cast("Any", target)[step]
    cast("Any", target)[last] = value


def remove_event(index: int, document: Json) -> None:
    """Remove an event from the document."""
    document["events"].pop(index)


def different_value(value: object) -> object:
    """Return a different value of the same kind."""
    match value:
        case str():
            return f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"
        case int():
            return value + 1
        case dict():
            return {**value, "other": 1}
        case _:
            return "other"


def test_unchanged_evidence_is_accepted(reviewed_evidence: Path) -> None:
    """The output contains a summary and the checkpoint, to compare with a stored one."""
    output = verify_unchanged(reviewed_evidence)

    evidence = json.loads((reviewed_evidence / "evidence.json").read_text("utf-8"))
    assert output.startswith("Verified: DEP-1, 6 events, 2 approvals, 0 steps.")
    assert evidence["chain"]["last_hash"] in output


def test_steps_of_a_worker_are_accepted(worker_evidence: Path) -> None:
    """The event that ended the deployment proves its steps."""
    output = verify_unchanged(worker_evidence)

    assert " 3 steps. At export" in output


@pytest.mark.parametrize("status", Status)
async def test_evidence_is_accepted_in_every_status(
    api: Api, tmp_path: Path, status: Status
) -> None:
    """A deployment has valid evidence from the time of its creation."""
    await api.deployment(status)

    verify_unchanged(await unpack_archive(api, "1", tmp_path))


async def test_evidence_of_a_break_glass_is_accepted(api: Api, tmp_path: Path) -> None:
    """Evidence with an after-review, a rollback and a redeployment passes the verification."""
    first = await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    bad = await api.create_deployment(version="2.0.0")
    for action in (Action.BREAK_GLASS, Action.START, Action.SUCCEED):
        ok_json(await api.perform(bad, action, actor="eve"))
    ok_json(await api.perform(bad, Action.AFTER_REVIEW, actor="quinn"))
    rollback = {"note": "Errors.", "redeploy": True}
    ok_json(await api.post(f"/deployments/{bad['number']}/rollback", rollback))

    for number in (first["number"], bad["number"], "DEP-3"):
        verify_unchanged(await unpack_archive(api, number, tmp_path / number))


async def test_evidence_of_a_record_and_an_import_is_accepted(api: Api, tmp_path: Path) -> None:
    """A hidden record has evidence too, and that of an imported row includes the import event."""
    body = {"service": "cart", "environment": "production", "version": "1.0.0"}
    record = created_json(await api.post("/deployments/record", body))
    path = f"/deployments/{record['number']}/hide"
    ok_json(await api.post(path, {"reason": "It was another service."}))
    headers = {"Content-Type": "text/csv"}
    rows = HISTORY.replace("2026-11-20", "2026-11-20T00:00:00Z")
    await api.client.post("/api/v1/deployments/import", headers=headers, content=rows)

    verify_unchanged(await unpack_archive(api, record["number"], tmp_path / "record"))
    folder = await unpack_archive(api, "DEP-2", tmp_path / "import")
    verify_unchanged(folder)
    events = json.loads((folder / "evidence.json").read_text("utf-8"))["events"]
    assert [event["kind"] for event in events] == ["history_imported"]


async def test_steps_without_a_final_event_are_reported_as_unproven(
    api: Api, tmp_path: Path
) -> None:
    """If a person ended a worker's deployment, no event proves its steps."""
    task = await claim_queued_deployment(api)
    ok_json(await post_to_claim(api, task, "steps", steps=[STEP_BODY]))
    ok_json(await api.perform(task["deployment"], Action.FAIL))

    assert "No event proves the steps" in verify_unchanged(await unpack_archive(api, "1", tmp_path))


def test_change_of_any_event_field_is_detected(reviewed_evidence: Path) -> None:
    """The output names the changed event."""
    events = json.loads((reviewed_evidence / "evidence.json").read_text("utf-8"))["events"]
    for index, event in enumerate(events):
        for field, value in event.items():
            code, output = verify_tampered(
                reviewed_evidence,
                partial(set_value, different_value(value), "events", index, field),
            )

            seq = different_value(value) if field == "seq" else event["seq"]
            assert code == 1, (index, field)
            assert f"Event {seq}" in output, (index, field, output)


def test_removed_event_is_detected(reviewed_evidence: Path) -> None:
    """The removal of the first event, the last one or any in between is detected."""
    events = json.loads((reviewed_evidence / "evidence.json").read_text("utf-8"))["events"]
    for index in range(len(events)):
        code, output = verify_tampered(reviewed_evidence, partial(remove_event, index))

        assert code == 1, index
        assert "event" in output.lower()


def test_swapped_events_are_detected(reviewed_evidence: Path) -> None:
    """Two neighbouring events in the wrong order are reported as a mismatch."""
    for index in range(5):

        def swap(evidence: Json, index: int = index) -> None:
            events = evidence["events"]
            events[index], events[index + 1] = events[index + 1], events[index]

        code, output = verify_tampered(reviewed_evidence, swap)

        assert code == 1
        assert output.startswith("Event ")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("consent approvals 0 digest", "0" * 64, "Approval 1, by quinn, was given for other"),
        ("consent approvals 1 actor", "eve", "Approval 2 is {"),
        ("consent approvals 1 note", "Fine.", "Approval 2 is {"),
        ("consent digest", "0" * 64, "The consent digest"),
        ("consent to risk", "None.", "The approved risk is"),
        ("deployment risk", "None.", "The deployment's risk is 'None.'"),
        ("deployment requester", "eve", "The deployment's requester"),
        ("deployment notes", None, "The deployment's notes"),
        ("deployment status", "failed", "The deployment's status"),
        ("deployment started_at", "2026-11-20T12:00:00Z", "The deployment's started_at"),
        ("deployment review digest", "0" * 64, "The review's digest"),
        ("deployment review stages 0 approvals 0 actor", "eve", "approval by eve that was never"),
        ("deployment overrides 0 reason", "No reason.", "The list of overrides"),
        ("deployment overrides", [], "The list of overrides"),
        ("deployment break_glass", {"actor": "eve"}, "The break-glass"),
        ("deployment after_review", {"verdict": "justified"}, "The after-review"),
        ("gates_at_start 0 state", "overridden", "The state of the gates at the start"),
        ("gates_at_start", None, "The state of the gates at the start"),
        ("policy version", 7, "The policy's version"),
        ("chain last_hash", "0" * 64, "The last hash of the event log"),
        ("chain last_seq", 1, "The event log ends at event 1"),
        ("chain events", 7, "The number of events"),
        ("steps digest", "0" * 64, "The steps do not match their digest"),
        ("format", "other", "is not evidence in the format"),
        ("events", [], "There are no events"),
        ("events", {}, "There are no events"),
        ("steps", None, "does not have the structure of evidence"),
    ],
)
def test_change_outside_the_events_is_detected(
    reviewed_evidence: Path, path: str, value: object, message: str
) -> None:
    """The output names the changed field."""
    keys = [int(key) if key.isdigit() else key for key in path.split()]

    code, output = verify_tampered(reviewed_evidence, partial(set_value, value, *keys))

    assert code == 1
    assert message in output


@pytest.mark.parametrize("at", ["2026-11-21T13:00:00+01:00", "2026-11-21 12:00:00Z", None, 5])
def test_time_in_another_notation_is_detected(reviewed_evidence: Path, at: object) -> None:
    """Another notation of the same instant is reported as a change."""
    code, output = verify_tampered(reviewed_evidence, partial(set_value, at, "events", 0, "at"))

    assert code == 1
    assert "is not in Gatepost's format" in output


@pytest.mark.parametrize(
    "field", ["kind", "name", "state", "attempt", "tried", "detail", "took_ms"]
)
def test_change_of_any_step_field_is_detected(worker_evidence: Path, field: str) -> None:
    """The output names the event that proves the steps."""

    def edit(evidence: Json) -> None:
        step = evidence["steps"]["items"][1]
        step[field] = different_value(step[field])

    code, output = verify_tampered(worker_evidence, edit)

    assert code == 1
    assert output.startswith("The steps are not those that event ")


def test_removed_or_moved_step_is_detected(worker_evidence: Path) -> None:
    """The event proves the number and the order of the steps too."""
    code, output = verify_tampered(
        worker_evidence, lambda evidence: evidence["steps"]["items"].pop()
    )
    moved, _ = verify_tampered(
        worker_evidence, lambda evidence: evidence["steps"]["items"].reverse()
    )

    assert (code, moved) == (1, 1)
    assert "recorded 3 steps, but there are 2" in output


def test_document_with_a_duplicate_key_is_refused(reviewed_evidence: Path) -> None:
    """The document is refused, because two programs could use different values of the key."""
    file = reviewed_evidence / "evidence.json"
    file.write_text(file.read_text("utf-8").replace('"risk": ', '"risk": "None.", "risk": '))

    assert run_verifier(reviewed_evidence)[0] == 1


def test_unreadable_document_is_reported(reviewed_evidence: Path) -> None:
    """The output is a message, not a traceback."""
    (reviewed_evidence / "evidence.json").write_bytes(b"\xff")

    assert "cannot be read" in run_verifier(reviewed_evidence)[1]
    assert (
        "cannot be read"
        in run_verifier(reviewed_evidence, f"{reviewed_evidence / 'nowhere.json'}")[1]
    )


def test_verifier_runs_on_python_3_8(reviewed_evidence: Path) -> None:
    """The verifier needs only Python 3.8 and its standard library."""
    tree = ast.parse((reviewed_evidence / "verify.py").read_text("utf-8"), feature_version=(3, 8))

    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported == {
        "__future__",
        "collections.abc",
        "hashlib",
        "json",
        "pathlib",
        "re",
        "sys",
        "typing",
    }
