"""The evidence of a deployment, written into a file or answered as a document."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.support.command import Command, a_deployment, a_problem, an_event

QUESTION = "GET /deployments/DEP-42/evidence"
ARCHIVE = b"PK, as it came"


def document() -> dict[str, object]:
    """Evidence on the wire, with something that only a newer server tells."""
    asked = a_deployment()
    policy = {
        "environment": "production",
        "version": 1,
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
        "approval_stages": [],
        "distinct_reviewers": True,
        "reviewer_may_start": True,
        "execution": "operator",
        "lane": "queue",
        "auto_start": False,
        "approval_expires_s": None,
        "requires": [],
        "requires_mode": "all",
        "soak_s": 0,
        "max_age_s": None,
        "promotes_to": None,
        "auto_promote": False,
        "rollback_approvals": "same",
        "after_review_s": 1,
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
    }
    chain = {
        "event_rule": "",
        "chain_rule": "",
        "consent_rule": "",
        "steps_rule": "",
        "events": 1,
        "deployment_hash": "1" * 64,
        "last_seq": 7,
        "last_hash": "1" * 64,
    }
    return {
        "format": "gatepost-evidence-1",
        "generated_at": "2026-11-21T12:00:00Z",
        "deployment": asked,
        "policy": policy,
        "consent": {"to": to, "digest": "0" * 64, "approvals": []},
        "gates_at_start": None,
        "steps": {"items": [], "digest": "0" * 64, "vouched_for_by": None},
        "events": [an_event("requested", "pending_approval")],
        "chain": chain,
        "added_by_a_newer_server": "ü",
    }


@pytest.fixture
def audited(gatepost: Command) -> Command:
    kind = {"Content-Type": "application/zip"}
    gatepost.says(QUESTION, httpx2.Response(200, content=ARCHIVE, headers=kind))
    return gatepost


def test_a_deployment_that_is_not_there_writes_nothing(gatepost: Command, tmp_path: Path) -> None:
    """The server's sentence is told, and no empty file is left behind."""
    gatepost.says(QUESTION, a_problem(404, code="unknown_deployment"))

    ran = gatepost("evidence", "DEP-42")

    assert ran.code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told(audited: Command, tmp_path: Path) -> None:
    """By its name."""
    ran = audited("evidence", "DEP-42", f"--output={tmp_path / 'no' / 'folder.zip'}")

    assert ran.code == 2
    assert "cannot write" in ran.err


def test_the_archive_is_written_beside_the_caller(audited: Command, tmp_path: Path) -> None:
    """As it came, under the deployment's name; the answer says what to do with it."""
    ran = audited("evidence", "DEP-42")

    assert ran.code == 0
    assert (tmp_path / "DEP-42-evidence.zip").read_bytes() == ARCHIVE
    assert audited.asked[-1].url.query == b"format=zip"
    assert ran.out.startswith("DEP-42-evidence.zip: unpack it, and verify it with")


def test_the_archive_is_written_where_it_is_wanted(audited: Command, tmp_path: Path) -> None:
    """Over what was there before."""
    file = tmp_path / "audit.zip"
    file.write_text("old")

    assert audited("evidence", "DEP-42", f"--output={file}").code == 0
    assert file.read_bytes() == ARCHIVE


def test_a_program_gets_the_document(gatepost: Command, tmp_path: Path) -> None:
    """Exactly as the server said it, and no file that was not asked for."""
    gatepost.says(QUESTION, document())

    ran = gatepost("evidence", "DEP-42", "--json")

    assert ran.document == document()
    assert gatepost.asked[-1].url.query == b""
    assert list(tmp_path.iterdir()) == []


def test_a_program_gets_both_where_it_names_a_file(gatepost: Command, tmp_path: Path) -> None:
    """The document is the answer, the archive is in the file."""
    answers = httpx2.Response(200, json=document()), httpx2.Response(200, content=ARCHIVE)
    gatepost.says(QUESTION, *answers)
    file = tmp_path / "audit.zip"

    ran = gatepost("evidence", "DEP-42", "--json", f"--output={file}")

    assert ran.document == document()
    assert file.read_bytes() == ARCHIVE
