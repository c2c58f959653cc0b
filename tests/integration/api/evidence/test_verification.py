"""The verifier in evidence archives: it accepts evidence, and says what it proves and what not."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, ok_json
from tests.support.http.evidence import (
    create_emergency_deployment,
    create_hidden_record,
    create_reviewed_deployment,
    create_worker_deployment,
    get_evidence,
    import_deployment,
    run_verifier,
    unpack_archive,
)
from tests.support.http.worker_claims import STEP_BODY, claim_queued_deployment, post_to_claim

LATER = "That nothing happened to the deployment after its last event"


@pytest.fixture
async def reviewed(api: Api, tmp_path: Path) -> Path:
    """Return the evidence of a deployment that was reviewed and started despite a freeze."""
    return await unpack_archive(api, await create_reviewed_deployment(api), tmp_path / "reviewed")


def verify_unchanged(folder: Path, *arguments: str) -> str:
    """Assert that the verifier succeeds, and return its output."""
    code, output = run_verifier(folder, *arguments)
    assert code == 0, output
    return output


def public_key_in(folder: Path) -> str:
    """Return the public key in the document of an archive."""
    key: str = json.loads((folder / "evidence.json").read_text("utf-8"))["checkpoint"]["public_key"]
    return key


def test_with_the_known_key_the_proofs_are_those_of_its_holder(reviewed: Path) -> None:
    """The output names the key, and what its signature proves."""
    key = public_key_in(reviewed)

    output = verify_unchanged(reviewed, "--public-key", key)

    assert output.startswith("Evidence of DEP-1: 1.0.0 of shop in production, succeeded.")
    assert f"Verified with the given key, {key}. Proved by its holder's signature:" in output
    assert "The document has 6 events of the deployment." in output
    assert "2 approvals, by quinn (stage qa) and devin (stage devops)" in output
    assert "The text of the policy is the one that event" in output
    assert "All these events are part of the log gatepost/" in output
    assert LATER in output


def test_without_a_key_nothing_is_proved_about_who_signed(reviewed: Path) -> None:
    """The output says that anybody can sign a document with a key of their own."""
    output = verify_unchanged(reviewed)

    assert "This does not prove who created it" in output
    assert "Proved by" not in output


def test_public_key_can_be_in_a_file(reviewed: Path, tmp_path: Path) -> None:
    """The file `signing.pub` of the data folder can be passed as it is."""
    (tmp_path / "signing.pub").write_text(f"{public_key_in(reviewed)}\n", "utf-8")

    output = verify_unchanged(reviewed, "--public-key", f"{tmp_path / 'signing.pub'}")

    assert "Verified with the given key" in output


def test_output_as_json(reviewed: Path) -> None:
    """Programs get the same findings."""
    code, output = run_verifier(reviewed, "--json")

    report = json.loads(output)
    assert (code, report["ok"], report["faults"]) == (0, True, [])
    assert report["deployment"] == "DEP-1"
    assert report["public_key"] is None
    assert len(report["proved"]) > 5
    assert any(text.startswith(LATER) for text in report["unproved"])


def test_faults_as_json(reviewed: Path) -> None:
    """Every fault has a code, a table, a subject, a field and a sentence, and nothing is proved."""
    file = reviewed / "evidence.json"
    document = json.loads(file.read_text("utf-8"))
    document["deployment"]["risk"] = "None."
    file.write_text(json.dumps(document), "utf-8")

    code, output = run_verifier(reviewed, "--json")

    report = json.loads(output)
    assert (code, report["ok"], report["proved"]) == (1, False, [])
    assert {fault["field"] for fault in report["faults"]} == {"deployment.risk", "consent.to.risk"}
    assert report["faults"][0].keys() == {"code", "table", "subject", "field", "detail"}


def test_nothing_is_called_proved_if_there_is_a_fault(reviewed: Path) -> None:
    """The output lists every contradiction, and then nothing else."""
    file = reviewed / "evidence.json"
    file.write_text(file.read_text("utf-8").replace('"status": "succeeded"', '"status": "failed"'))

    code, output = run_verifier(reviewed)

    assert code == 1
    assert output.startswith("NOT VERIFIED. ")
    assert "deployment.status is 'failed', but the events show 'succeeded'." in output
    assert output.endswith("As long as there is a contradiction, the document proves nothing.")


async def test_steps_and_target_of_a_worker(api: Api, tmp_path: Path) -> None:
    """The event that ended the deployment proves the steps, and the first one the target."""
    folder = await unpack_archive(api, await create_worker_deployment(api), tmp_path)

    output = verify_unchanged(folder)

    assert "recorded the digest of the 3 steps." in output
    assert "Version 1 of the target's settings, which workers use for the" in output
    assert "approved the deployment without a reviewer, because the policy" in output


@pytest.mark.parametrize("status", Status)
async def test_evidence_is_accepted_in_every_status(
    api: Api, tmp_path: Path, status: Status
) -> None:
    """A deployment has valid evidence from the time of its creation."""
    await api.deployment(status)

    verify_unchanged(await unpack_archive(api, "1", tmp_path))


async def test_evidence_of_a_break_glass_is_accepted(api: Api, tmp_path: Path) -> None:
    """Evidence with an after-review, a rollback and a redeployment passes the verification."""
    number = await create_emergency_deployment(api)

    for each in ("DEP-1", number, "DEP-3"):
        output = verify_unchanged(await unpack_archive(api, each, tmp_path / each))
        assert ("eve used break-glass for the incident INC-1" in output) == (each == number)


async def test_evidence_of_a_record_says_who_recorded_it(api: Api, tmp_path: Path) -> None:
    """Gatepost did not review a record, and the output says so."""
    folder = await unpack_archive(api, await create_hidden_record(api), tmp_path)

    output = verify_unchanged(folder)

    assert "The deployment was made elsewhere: owner recorded it" in output
    assert "Gatepost reviewed nothing" in output


async def test_evidence_of_an_import_says_which_fields_are_not_proved(
    api: Api, tmp_path: Path
) -> None:
    """The event of an import has one digest of all rows, so it cannot prove a single one."""
    number = await import_deployment(api)
    folder = await unpack_archive(api, number, tmp_path)

    output = verify_unchanged(folder)

    events = json.loads((folder / "evidence.json").read_text("utf-8"))["events"]
    assert [event["kind"] for event in events] == ["history_imported"]
    assert "owner imported it" in output
    assert "No event in the document determines" in output
    assert "deployed_at" in output
    assert "no event in the document has the digest of the state" in output


async def test_steps_without_a_final_event_are_reported_as_unproved(
    api: Api, tmp_path: Path
) -> None:
    """While a rollout is in progress, no event proves its steps."""
    task = await claim_queued_deployment(api)
    ok_json(await post_to_claim(api, task, "steps", steps=[STEP_BODY]))

    output = verify_unchanged(await unpack_archive(api, "1", tmp_path))

    assert "The 1 step: no event has their digest" in " ".join(output.split())


async def test_evidence_after_a_change_of_the_policy_has_the_earlier_event(
    api: Api, tmp_path: Path
) -> None:
    """The event is that of the policy version of the request, not of the current one."""
    await api.create_deployment()
    policy = ok_json(await api.get("/environments/production/policy"))
    server_set = ("environment", "version", "created_at", "created_by")
    body = {name: value for name, value in policy.items() if name not in server_set}
    ok_json(await api.put("/environments/production/policy", body | {"approval_stages": []}))
    await api.create_deployment()

    first, second = await get_evidence(api, "DEP-1"), await get_evidence(api, "DEP-2")
    verify_unchanged(await unpack_archive(api, "DEP-1", tmp_path / "first"))
    verify_unchanged(await unpack_archive(api, "DEP-2", tmp_path / "second"))
    assert first["policy_event"]["kind"] == "environment_created"
    assert second["policy_event"]["kind"] == "policy_changed"
    assert second["deployment"]["status"] == "approved"


def test_other_formats_are_left_to_their_own_verifier(reviewed: Path) -> None:
    """A document of an older release is verified by the program in its own archive."""
    file = reviewed / "evidence.json"
    file.write_text(file.read_text("utf-8").replace("gatepost-evidence-2", "gatepost-evidence-1"))

    code, output = run_verifier(reviewed)

    assert code == 1
    assert "not gatepost-evidence-2. Use the verify.py from its own archive." in output


def test_malformed_key_is_reported(reviewed: Path) -> None:
    """The output is a message, not a traceback."""
    assert run_verifier(reviewed, "--public-key", "other") == (1, "A key is NAME+ID+BASE64.")


def test_document_with_a_duplicate_member_is_refused(reviewed: Path) -> None:
    """The document is refused, because two programs could use different values of the member."""
    file = reviewed / "evidence.json"
    file.write_text(file.read_text("utf-8").replace('"risk": ', '"risk": "None.", "risk": '))

    assert "repeats the member 'risk'" in run_verifier(reviewed)[1]


@pytest.mark.parametrize("content", [b"\xff", b"", b"[]", b"[" * 100_000])
def test_unreadable_document_is_reported(reviewed: Path, content: bytes) -> None:
    """The output is a message, not a traceback."""
    (reviewed / "evidence.json").write_bytes(content)

    code, output = run_verifier(reviewed)

    assert code == 1
    assert "cannot be read" in output or "is not evidence" in output


def test_missing_document_is_reported(reviewed: Path) -> None:
    """The path is in the message."""
    assert "nowhere.json cannot be read" in run_verifier(reviewed, "nowhere.json")[1]


def test_verifier_leaves_nothing_behind(reviewed: Path) -> None:
    """The folder contains the files of the archive and no others."""
    before = sorted(reviewed.rglob("*"))

    verify_unchanged(reviewed)

    assert sorted(reviewed.rglob("*")) == before


def test_modules_run_on_python_3_9_and_import_only_the_standard_library(reviewed: Path) -> None:
    """An auditor needs nothing but Python."""
    modules = list(reviewed.rglob("*.py"))

    assert len(modules) > 20
    for module in modules:
        tree = ast.parse(module.read_text("utf-8"), feature_version=(3, 9))
        for name in imported_modules(tree):
            own = reviewed / f"{name.replace('.', '/')}.py"
            assert own.exists() or name.split(".")[0] in sys.stdlib_module_names, (module, name)


def imported_modules(tree: ast.AST) -> list[str]:
    """Return the names of the modules that a module imports."""
    imported: list[Any] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append(node.module)
    return imported
