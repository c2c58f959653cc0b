"""`gatepost evidence`."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.support.cli import CliRunner, deployment_json, event_json, problem_response

ROUTE = "GET /deployments/DEP-42/evidence"
ARCHIVE = b"PK, as it came"


def evidence_json() -> dict[str, object]:
    """Return the evidence of a deployment, with a field that the client does not know."""
    policy = {
        "environment": "production",
        "version": 1,
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
        "approval_stages": [],
        "distinct_reviewers": True,
        "independent_reviewers": "marked",
        "reviewer_may_start": True,
        "execution": "operator",
        "lane": "queue",
        "auto_start": False,
        "approval_expires_s": None,
        "requires": [],
        "requires_mode": "all",
        "accept_records": "operators",
        "soak_s": 0,
        "max_age_s": None,
        "promotes_to": None,
        "auto_promote": False,
        "rollback_approvals": "same",
        "after_review_s": 1,
        "max_open_per_requester": None,
        "max_open_per_lane": None,
        "settings_approvals": 0,
        "outgoing_allow": [],
    }
    to = {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "artifact_digest": None,
        "risk": None,
        "rollback_plan": "Redeploy 1.4.1.",
        "work_references": ["SHOP-812"],
        "policy_version": 1,
        "target_version": None,
        "target_digest": None,
    }
    chain = {
        "event_rule": "",
        "chain_rule": "",
        "consent_rule": "",
        "steps_rule": "",
        "state_rule": "",
        "tree_rule": "",
        "events": 1,
        "deployment_hash": "1" * 64,
        "last_seq": 7,
        "last_hash": "1" * 64,
    }
    return {
        "format": "gatepost-evidence-2",
        "generated_at": "2026-11-21T12:00:00Z",
        "deployment": deployment_json(),
        "recorded_by": None,
        "state": {"columns": {"number": 42}, "digest": "0" * 64, "event": 7},
        "policy": policy,
        "policy_event": None,
        "target": None,
        "consent": {"to": to, "digest": "0" * 64, "approvals": []},
        "gates_at_start": None,
        "steps": {"items": [], "digest": "0" * 64, "vouched_for_by": None},
        "events": [event_json("requested", "pending_approval")],
        "chain": chain,
        "inclusion": [{"seq": 7, "index": 6, "hashes": []}],
        "checkpoint": {"note": "", "public_key": ""},
        "new_field": "ü",
    }


@pytest.fixture
def archive(cli: CliRunner) -> CliRunner:
    headers = {"Content-Type": "application/zip"}
    cli.prepare(ROUTE, httpx2.Response(200, content=ARCHIVE, headers=headers))
    return cli


def test_unknown_deployment_leaves_no_file(cli: CliRunner, tmp_path: Path) -> None:
    """The server's refusal ends the command before the file is created."""
    cli.prepare(ROUTE, problem_response(404, code="unknown_deployment"))

    result = cli("evidence", "DEP-42")

    assert result.exit_code == 3
    assert list(tmp_path.iterdir()) == []


def test_file_that_cannot_be_written_is_a_usage_error(archive: CliRunner, tmp_path: Path) -> None:
    """The error names the file that cannot be written."""
    file = tmp_path / "no" / "folder.zip"

    result = archive("evidence", "DEP-42", f"--output={file}")

    assert result.exit_code == 2
    assert f"cannot write {file}" in result.stderr


def test_archive_is_written_to_the_current_folder(archive: CliRunner, tmp_path: Path) -> None:
    """The file name contains the deployment number, and the output explains how to verify it."""
    result = archive("evidence", "DEP-42")

    assert result.exit_code == 0
    assert (tmp_path / "DEP-42-evidence.zip").read_bytes() == ARCHIVE
    assert archive.requests[-1].url.query == b"format=zip"
    assert result.stdout == (
        "DEP-42-evidence.zip has been written. To verify it, unpack it and run: python3 verify.py "
        "--public-key KEY\n"
    )


def test_archive_replaces_an_existing_file(archive: CliRunner, tmp_path: Path) -> None:
    """The file given with `--output` is overwritten."""
    file = tmp_path / "audit.zip"
    file.write_text("old")

    assert archive("evidence", "DEP-42", f"--output={file}").exit_code == 0
    assert file.read_bytes() == ARCHIVE


def test_json_prints_the_document_and_writes_no_file(cli: CliRunner, tmp_path: Path) -> None:
    """The JSON output is the evidence document, unchanged."""
    cli.prepare(ROUTE, evidence_json())

    result = cli("evidence", "DEP-42", "--json")

    assert result.json == evidence_json()
    assert cli.requests[-1].url.query == b""
    assert list(tmp_path.iterdir()) == []


def test_json_with_output_prints_the_document_and_writes_the_archive(
    cli: CliRunner, tmp_path: Path
) -> None:
    """With both options, the JSON document is printed and the archive is written."""
    responses = (
        httpx2.Response(200, json=evidence_json()),
        httpx2.Response(200, content=ARCHIVE),
    )
    cli.prepare(ROUTE, *responses)
    file = tmp_path / "audit.zip"

    result = cli("evidence", "DEP-42", "--json", f"--output={file}")

    assert result.json == evidence_json()
    assert file.read_bytes() == ARCHIVE
