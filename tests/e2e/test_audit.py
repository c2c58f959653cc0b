"""An auditor verifies and exports the record of a running server, through the client."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from gatepost_client import Gatepost, GatepostProblem, open_export
from gatepost_client.models import ExportFormat
from gatepost_client.types import File
from tests.support.http.audit import run_export_verifier
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess

ROWS = 2000


@pytest.fixture
def client(gatepost: Gatepost) -> Gatepost:
    """Return a client of a server with imported history."""
    lines = (
        json.dumps(
            {
                "service": f"service-{n % 7}",
                "environment": "staging",
                "version": f"1.0.{n // 7}",
                "deployed_at": f"2026-01-{1 + n // 1440:02}T{n // 60 % 24:02}:{n % 60:02}:00Z",
                "deployed_by": "jenkins",
            }
        ).encode()
        for n in range(ROWS)
    )
    content = File(payload=BytesIO(b"\n".join(lines)), mime_type="application/x-ndjson")
    assert gatepost.import_history(content, create_missing=True).imported == ROWS
    return gatepost


def test_auditor_verifies_and_exports_the_record(
    server: ServerProcess, client: Gatepost, tmp_path: Path
) -> None:
    """The record has no faults, the archive proves itself, and another server can import it."""
    verification = client.verify_record()
    assert (verification.ok, verification.faults) == (True, [])
    assert verification.checkpoint is not None

    key = (server.data / "signing.pub").read_text("utf-8").strip()
    with open_export(client, format_=ExportFormat.ZIP) as chunks:
        (tmp_path / "export.zip").write_bytes(b"".join(chunks))
    with ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(tmp_path / "export")
    exit_code, output = run_export_verifier(tmp_path / "export", "--public-key", key)
    assert exit_code == 0, output
    assert f"Deployments that match these events: {ROWS}." in output

    lines = BytesIO((tmp_path / "export" / "deployments.jsonl").read_bytes())
    with (
        ServerProcess(tmp_path / "other") as other,
        Gatepost(other.url, token=other.token) as copy,
    ):
        export = File(payload=lines, mime_type="application/x-ndjson")
        result = copy.import_history(export, create_missing=True)
        assert (result.imported, result.skipped) == (ROWS, 0)
        assert live(copy) == live(client)


def live(client: Gatepost) -> list[tuple[str, str, str]]:
    cells = client.get_current_state().cells
    return [(cell.service, cell.version, cell.deployed_at.isoformat()) for cell in cells]


def test_only_auditors_may_verify_and_export(server: ServerProcess) -> None:
    """A user without the role is refused, also in a stream."""
    added = run_program(
        "gatepost_api", "users", "add", "val", "--role=admin", f"--data={server.data}"
    )
    with Gatepost(server.url, token=added.stdout.strip()) as val:
        with pytest.raises(GatepostProblem, match="auditor"):
            val.verify_record()
        with pytest.raises(GatepostProblem, match="auditor"), open_export(val):
            pass
