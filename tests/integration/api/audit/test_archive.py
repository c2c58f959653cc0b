"""The archive of an export: its verifier accepts it, and names whatever somebody changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, Json, ok_json
from tests.support.http.audit import import_rows, run_export_verifier, tamper, unpack_export
from tests.support.http.evidence import create_reviewed_deployment, create_worker_deployment

IMPORTED = b"service,environment,version,deployed_at\n" + b"".join(
    b"moon,staging,2.0.%d,2026-11-20T09:3%d:00Z\n" % (n, n) for n in range(5)
)


@pytest.fixture
async def folder(api: Api, tmp_path: Path) -> Path:
    """An unpacked export of everything."""
    await create_worker_deployment(api)
    await create_reviewed_deployment(api)
    await api.deployment(Status.REJECTED)
    ok_json(await import_rows(api, IMPORTED, "text/csv"))
    await api.create_deployment()
    return await unpack_export(api, tmp_path / "export")


def public_key(api: Api) -> str:
    return str(api.app.state.context.checkpoint_signer.verifier_key)


async def test_whole_export_is_proved(api: Api, folder: Path) -> None:
    """With the public key of the server, everything but the approvals is proved."""
    exit_code, output = run_export_verifier(folder, "--public-key", public_key(api))

    assert exit_code == 0, output
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    size, deployments = manifest["events"], manifest["deployments"]
    assert output.splitlines() == [
        f"The checkpoint is signed by {public_key(api)}.",
        f"{size} events are in the log of the checkpoint, which has {size} events.",
        f"Deployments that match these events: {deployments}.",
        "No event and no deployment is missing.",
        "Not checked: approvals against the policies. Verify each deployment's evidence for that.",
    ]


async def test_result_is_also_a_document(folder: Path) -> None:
    """Programs read the result with `--json`. Without a key, the signer is not proved."""
    exit_code, output = run_export_verifier(folder, "--json")

    result = json.loads(output)
    assert (exit_code, result["ok"], result["faults"]) == (0, True, [])
    assert any("--public-key" in line for line in result["report"])


async def test_part_of_the_record_has_its_events_and_proofs(
    api: Api, folder: Path, tmp_path: Path
) -> None:
    """A filtered export has the events of its deployments, and does not claim to be complete."""
    part = await unpack_export(api, tmp_path / "part", service="shop", environment="production")

    exit_code, output = run_export_verifier(part, "--public-key", public_key(api))

    lines = read_lines(part / "events.jsonl")
    assert exit_code == 0, output
    assert "Not proved: that the export contains every deployment that it should." in output
    assert 0 < len(lines) < len(read_lines(folder / "events.jsonl"))
    assert all(line["event"]["deployment_id"] for line in lines)


@pytest.mark.usefixtures("folder")
async def test_rows_of_an_import_are_proved_if_all_are_exported(api: Api, tmp_path: Path) -> None:
    """Without the other rows, the digest of an import proves nothing."""
    whole = await unpack_export(api, tmp_path / "whole", service="moon")
    part = await unpack_export(api, tmp_path / "part", service="moon", until="2026-11-20T09:32:00Z")

    assert "imported" not in run_export_verifier(whole)[1]
    assert "imports were not exported in full (2)" in run_export_verifier(part)[1]


Edit = Callable[[list[Json]], None]


def read_lines(file: Path) -> list[Json]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def edit_lines(file: Path, edit: Edit) -> None:
    lines = read_lines(file)
    edit(lines)
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")


def set_field(index: int, name: str, value: object) -> Edit:
    return lambda lines: lines[index].__setitem__(name, value)


def set_event_field(index: int, name: str, value: object) -> Edit:
    return lambda lines: lines[index]["event"].__setitem__(name, value)


@pytest.mark.parametrize(
    ("name", "edit", "fault"),
    [
        ("deployments", set_field(0, "deployed_by", "eve"), "DEP-1: deployed_by is 'eve'"),
        ("deployments", set_field(0, "status", "failed"), "DEP-1: status is 'failed'"),
        ("deployments", set_field(0, "risk", None), "DEP-1: risk is None"),
        ("deployments", set_field(0, "work_references", []), "DEP-1: work_references is"),
        ("deployments", set_field(-2, "version", "9"), " are not what event "),
        ("deployments", lambda lines: lines.pop(1), "DEP-2 is missing."),
        ("deployments", lambda lines: lines.reverse(), "DEP-1 is out of order."),
        ("events", set_event_field(3, "actor", "eve"), "The hash of event 4 does not match"),
        ("events", set_event_field(3, "extra", 1), "Event 4 has missing or unknown fields."),
        ("events", lambda lines: lines.pop(3), "Event 4 is missing; event 5 follows."),
        ("events", set_field(3, "proof", []), "Event 4 is not in the log of the checkpoint."),
    ],
)
async def test_change_of_a_file_is_named(folder: Path, name: str, edit: Edit, fault: str) -> None:
    """The verifier names the deployment or the event, and what is wrong."""
    edit_lines(folder / f"{name}.jsonl", edit)

    exit_code, output = run_export_verifier(folder)

    assert exit_code == 1, output
    assert fault in output


async def test_checkpoint_of_another_key_is_refused(api: Api, folder: Path) -> None:
    """A forged export does not verify with the key of the server."""
    key = public_key(api)
    note = (folder / "checkpoint.txt").read_text("utf-8")
    (folder / "checkpoint.txt").write_text(note.replace("\n\n", "x\n\n", 1), "utf-8")

    exit_code, output = run_export_verifier(folder, "--public-key", key)

    assert exit_code == 1
    assert "is not a checkpoint that" in output


@pytest.mark.usefixtures("folder")
async def test_row_that_was_changed_in_the_database_does_not_match(
    api: Api, tmp_path: Path
) -> None:
    """The export of a database that somebody changed contradicts its events."""
    tamper(api.file, "UPDATE deployments SET deployed_by = 'eve' WHERE number = 1")

    changed = await unpack_export(api, tmp_path / "changed")

    exit_code, output = run_export_verifier(changed)
    assert (exit_code, "DEP-1: deployed_by is 'eve'" in output) == (1, True)


@pytest.mark.parametrize("content", ["{}", "[]", "nonsense"])
async def test_file_that_is_not_an_export_is_unreadable(folder: Path, content: str) -> None:
    """The exit code differs from that of a fault."""
    (folder / "manifest.json").write_text(content, "utf-8")

    exit_code, output = run_export_verifier(folder)

    assert exit_code == 2
    assert output.startswith("The export cannot be read: ")
