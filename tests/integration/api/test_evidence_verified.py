"""The program that goes with evidence: it says what holds, and names what somebody changed."""

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
async def audited(api: Api, tmp_path: Path) -> Path:
    """The evidence of a deployment that was reviewed, and started past a freeze."""
    return await unpack_archive(api, await create_reviewed_deployment(api), tmp_path / "reviewed")


@pytest.fixture
async def audited_steps(api: Api, tmp_path: Path) -> Path:
    """The evidence of a deployment that a worker carried out."""
    return await unpack_archive(api, await create_worker_deployment(api), tmp_path / "carried out")


def holds(folder: Path) -> str:
    """What the program says of what nobody changed."""
    code, said = run_verifier(folder)
    assert code == 0, said
    return said


def put(value: object, *path: str | int | Json) -> None:
    """Put a value somewhere into the document, which comes last."""
    *steps, last, place = path
    for step in steps:
        place = cast("Any", place)[step]
    cast("Any", place)[last] = value


def leave_out(index: int, document: Json) -> None:
    """Remove an event from the document."""
    document["events"].pop(index)


def other_than(value: object) -> object:
    """Something else that could stand in its place."""
    match value:
        case str():
            return f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"
        case int():
            return value + 1
        case dict():
            return {**value, "other": 1}
        case _:
            return "other"


def test_what_nobody_changed_holds(audited: Path) -> None:
    """It says what it found, with the checkpoint to hold against one that was kept."""
    said = holds(audited)

    told = json.loads((audited / "evidence.json").read_text("utf-8"))
    assert said.startswith("All holds: DEP-1, 6 events, 2 approvals, 0 steps.")
    assert told["chain"]["last_hash"] in said


def test_the_steps_that_a_worker_told_hold(audited_steps: Path) -> None:
    """They are vouched for by the event that ended it."""
    said = holds(audited_steps)

    assert " 3 steps. The history" in said


@pytest.mark.parametrize("status", Status)
async def test_evidence_holds_wherever_a_deployment_stands(
    api: Api, tmp_path: Path, status: Status
) -> None:
    """From the request on, however it ended."""
    await api.deployment(status)

    holds(await unpack_archive(api, "1", tmp_path))


async def test_evidence_of_an_emergency_holds(api: Api, tmp_path: Path) -> None:
    """With the broken glass and its review, and what was rolled back and redeployed."""
    first = await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    bad = await api.create_deployment(version="2.0.0")
    for action in (Action.BREAK_GLASS, Action.START, Action.SUCCEED):
        ok_json(await api.perform(bad, action, actor="eve"))
    ok_json(await api.perform(bad, Action.AFTER_REVIEW, actor="quinn"))
    again = {"note": "Errors.", "redeploy": True}
    ok_json(await api.post(f"/deployments/{bad['number']}/rollback", again))

    for number in (first["number"], bad["number"], "DEP-3"):
        holds(await unpack_archive(api, number, tmp_path / number))


async def test_evidence_of_what_happened_elsewhere_holds(api: Api, tmp_path: Path) -> None:
    """Of a record, hidden afterwards, and of a row of an import with the import's event."""
    told = {"service": "cart", "environment": "production", "version": "1.0.0"}
    record = created_json(await api.post("/deployments/record", told))
    path = f"/deployments/{record['number']}/hide"
    ok_json(await api.post(path, {"reason": "It was another service."}))
    sent = {"Content-Type": "text/csv"}
    rows = HISTORY.replace("2026-11-20", "2026-11-20T00:00:00Z")
    await api.client.post("/api/v1/deployments/import", headers=sent, content=rows)

    holds(await unpack_archive(api, record["number"], tmp_path / "record"))
    folder = await unpack_archive(api, "DEP-2", tmp_path / "import")
    holds(folder)
    events = json.loads((folder / "evidence.json").read_text("utf-8"))["events"]
    assert [each["kind"] for each in events] == ["history_imported"]


async def test_steps_that_no_event_vouches_for_are_told(api: Api, tmp_path: Path) -> None:
    """Where people ended what a worker had begun, nobody is told that its steps are proven."""
    task = await claim_queued_deployment(api)
    ok_json(await post_to_claim(api, task, "steps", steps=[STEP_BODY]))
    ok_json(await api.perform(task["deployment"], Action.FAIL))

    assert "No event vouches for the steps" in holds(await unpack_archive(api, "1", tmp_path))


def test_every_field_of_every_event_is_held(audited: Path) -> None:
    """Whichever is changed, the event is named."""
    events = json.loads((audited / "evidence.json").read_text("utf-8"))["events"]
    for index, event in enumerate(events):
        for field, value in event.items():
            code, said = verify_tampered(
                audited, partial(put, other_than(value), "events", index, field)
            )

            named = other_than(value) if field == "seq" else event["seq"]
            assert code == 1, (index, field)
            assert f"Event {named}" in said, (index, field, said)


def test_no_event_can_be_left_out(audited: Path) -> None:
    """The first, one between or the last."""
    events = json.loads((audited / "evidence.json").read_text("utf-8"))["events"]
    for index in range(len(events)):
        code, said = verify_tampered(audited, partial(leave_out, index))

        assert code == 1, index
        assert "event" in said.lower()


def test_no_two_events_can_be_swapped(audited: Path) -> None:
    """They stand in the order in which they were written."""
    for index in range(5):

        def swap(told: Json, index: int = index) -> None:
            events = told["events"]
            events[index], events[index + 1] = events[index + 1], events[index]

        code, said = verify_tampered(audited, swap)

        assert code == 1
        assert said.startswith("Event ")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("consent approvals 0 digest", "0" * 64, "Approval 1, by quinn, was given to something"),
        ("consent approvals 1 actor", "eve", "Approval 2 is told as"),
        ("consent approvals 1 note", "Fine.", "Approval 2 is told as"),
        ("consent digest", "0" * 64, "The digest of consent"),
        ("consent to risk", "None.", "What was consented to, risk,"),
        ("deployment risk", "None.", "The deployment's risk is told as 'None.'"),
        ("deployment requester", "eve", "The deployment's requester"),
        ("deployment notes", None, "The deployment's notes"),
        ("deployment status", "failed", "The deployment's status"),
        ("deployment started_at", "2026-11-20T12:00:00Z", "The deployment's started_at"),
        ("deployment review digest", "0" * 64, "The review's digest"),
        ("deployment review stages 0 approvals 0 actor", "eve", "approval by eve that nobody"),
        ("deployment overrides 0 reason", "No reason.", "What was overridden"),
        ("deployment overrides", [], "What was overridden"),
        ("deployment break_glass", {"actor": "eve"}, "The break-glass"),
        ("deployment after_review", {"verdict": "justified"}, "The after-review"),
        ("gates_at_start 0 state", "overridden", "How the gates stood at the start"),
        ("gates_at_start", None, "How the gates stood at the start"),
        ("policy version", 7, "The policy's version"),
        ("chain last_hash", "0" * 64, "The last hash of the history"),
        ("chain last_seq", 1, "The history ends at 1"),
        ("chain events", 7, "The number of events"),
        ("steps digest", "0" * 64, "The steps do not match their digest"),
        ("format", "other", "is no evidence in the format"),
        ("events", [], "There is no event"),
        ("events", {}, "There is no event"),
        ("steps", None, "has not the shape of evidence"),
    ],
)
def test_what_is_told_is_held_against_the_events(
    audited: Path, path: str, value: object, said: str
) -> None:
    """Whatever is changed beside them is named, with what was written."""
    steps = [int(each) if each.isdigit() else each for each in path.split()]

    code, answer = verify_tampered(audited, partial(put, value, *steps))

    assert code == 1
    assert said in answer


@pytest.mark.parametrize("at", ["2026-11-21T13:00:00+01:00", "2026-11-21 12:00:00Z", None, 5])
def test_a_time_is_written_in_one_way(audited: Path, at: object) -> None:
    """Another spelling of the same instant is not taken for what was written."""
    code, said = verify_tampered(audited, partial(put, at, "events", 0, "at"))

    assert code == 1
    assert "is not written as Gatepost writes one" in said


@pytest.mark.parametrize(
    "field", ["kind", "name", "state", "attempt", "tried", "detail", "took_ms"]
)
def test_every_field_of_a_step_is_held(audited_steps: Path, field: str) -> None:
    """The event that vouches for the steps is named."""

    def edit(told: Json) -> None:
        step = told["steps"]["items"][1]
        step[field] = other_than(step[field])

    code, said = verify_tampered(audited_steps, edit)

    assert code == 1
    assert said.startswith("The steps are not those that event ")


def test_no_step_can_be_left_out_or_moved(audited_steps: Path) -> None:
    """Their number and their order are vouched for too."""
    code, said = verify_tampered(audited_steps, lambda told: told["steps"]["items"].pop())
    moved, _ = verify_tampered(audited_steps, lambda told: told["steps"]["items"].reverse())

    assert (code, moved) == (1, 1)
    assert "vouches for 3 steps, but there are 2" in said


def test_a_document_that_reads_two_ways_is_refused(audited: Path) -> None:
    """A key that is given twice shows one value to one reader and another to the next."""
    file = audited / "evidence.json"
    file.write_text(file.read_text("utf-8").replace('"risk": ', '"risk": "None.", "risk": '))

    assert run_verifier(audited)[0] == 1


def test_a_document_that_is_not_there_is_told(audited: Path) -> None:
    """In a sentence, not by a traceback."""
    (audited / "evidence.json").write_bytes(b"\xff")

    assert "cannot be read" in run_verifier(audited)[1]
    assert "cannot be read" in run_verifier(audited, f"{audited / 'nowhere.json'}")[1]


def test_the_program_runs_on_an_old_python(audited: Path) -> None:
    """What auditors have is often some years old: 3.8, and nothing beside it."""
    tree = ast.parse((audited / "verify.py").read_text("utf-8"), feature_version=(3, 8))

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
