"""`gatepost audit`: faults decide the exit code, and exports are written while they arrive."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.support.cli import CliRunner

CHECKPOINT = "gatepost/abc\n7\nAAAA\n\n— gatepost/abc BBBB\n"
FAULT = {
    "code": "row_differs",
    "table": "deployments",
    "subject": "DEP-42",
    "field": "version",
    "detail": "version is stored as '2', but the events recorded '1'.",
}


def verification(*faults: dict[str, str]) -> dict[str, object]:
    return {
        "ok": not faults,
        "events": 7,
        "faults": list(faults),
        "notices": [],
        "checkpoint": None if faults else CHECKPOINT,
    }


def file_response(content: bytes, media_type: str) -> httpx2.Response:
    return httpx2.Response(200, content=content, headers={"Content-Type": media_type})


def test_intact_record_is_a_success(cli: CliRunner) -> None:
    """The message says what was verified."""
    cli.prepare("GET /audit/verify", verification())

    result = cli("audit", "verify")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "Verified 7 events: the log is intact, and everything stored matches it.\n"
    )


def test_faults_are_listed_with_exit_code_1(cli: CliRunner) -> None:
    """Each fault is named by subject and column."""
    cli.prepare("GET /audit/verify", verification(FAULT, FAULT | {"field": ""}))

    result = cli("audit", "verify")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"DEP-42 (deployments.version): {FAULT['detail']}"
    assert result.stdout.splitlines()[-1] == "2 faults found."


def test_notices_are_listed_but_are_no_faults(cli: CliRunner) -> None:
    """The exit code is 0."""
    cli.prepare("GET /audit/verify", verification() | {"notices": [FAULT]})

    result = cli("audit", "verify")

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["DEP-42", "Verified"]


def test_json_of_a_verification_is_the_document_of_the_server(cli: CliRunner) -> None:
    """The exit code is the same with `--json`."""
    cli.prepare("GET /audit/verify", verification(FAULT))

    result = cli("audit", "verify", "--json")

    assert (result.exit_code, result.json) == (1, verification(FAULT))


def test_checkpoint_is_printed_as_it_was_signed(cli: CliRunner) -> None:
    """Standard output can be stored as a file, byte for byte."""
    response = httpx2.Response(200, text=CHECKPOINT, headers={"Content-Type": "text/plain"})
    cli.prepare("GET /audit/checkpoint", response)

    assert cli("audit", "checkpoint").stdout == CHECKPOINT
    assert cli("audit", "checkpoint", "--json").json == {"checkpoint": CHECKPOINT}


def test_export_is_written_to_standard_output_with_the_filters(cli: CliRunner) -> None:
    """By default, lines are written, and nothing else."""
    cli.prepare("GET /audit/export", file_response(b'{"number":"DEP-1"}\n', "application/x-ndjson"))

    result = cli(
        "audit", "export", "--service", "shop", "--service", "cart", "--since=2026-01-01T00:00:00Z"
    )

    assert (result.exit_code, result.stdout) == (0, '{"number":"DEP-1"}\n')
    parameters = cli.requests[0].url.params
    assert parameters.get_list("service") == ["shop", "cart"]
    assert parameters["since"] == "2026-01-01T00:00:00+00:00"
    assert parameters["format"] == "jsonl"


def test_export_is_written_to_a_file(cli: CliRunner, tmp_path: Path) -> None:
    """The file is complete when it appears under its name."""
    cli.prepare("GET /audit/export", file_response(b"PK", "application/zip"))
    file = tmp_path / "export.zip"

    result = cli("audit", "export", "--format", "zip", "--output", str(file))

    assert (result.exit_code, file.read_bytes()) == (0, b"PK")
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_refused_export_leaves_no_file(cli: CliRunner, tmp_path: Path) -> None:
    """The reason of the server is shown."""
    problem = {
        "type": "/docs/problems#forbidden",
        "title": "Forbidden",
        "status": 403,
        "detail": "You need the role auditor.",
        "instance": "/api/v1/audit/export",
        "request_id": "r-1",
        "code": "forbidden",
        "errors": [],
        "deployment_status": None,
        "allowed_actions": None,
    }
    headers = {"Content-Type": "application/problem+json"}
    cli.prepare("GET /audit/export", httpx2.Response(403, json=problem, headers=headers))

    result = cli("audit", "export", "--output", str(tmp_path / "export.jsonl"))

    assert result.exit_code == 3
    assert "You need the role auditor." in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_file_that_cannot_be_written_is_a_usage_error(cli: CliRunner, tmp_path: Path) -> None:
    """The message names the file."""
    cli.prepare("GET /audit/export", file_response(b"", "application/x-ndjson"))

    result = cli("audit", "export", "--output", str(tmp_path / "missing" / "export.jsonl"))

    assert result.exit_code == 2
    assert "cannot write" in result.stderr


def test_archive_is_not_written_to_a_terminal(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is requested; the message names the option."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    result = cli("audit", "export", "--format", "zip")

    assert result.exit_code == 2
    assert "--output" in result.stderr
    assert cli.requests == []


def test_group_without_a_command_is_a_usage_error(cli: CliRunner) -> None:
    """The help of the group lists its commands."""
    assert cli.run("audit").exit_code == 2
    help_page = cli.run("audit", "--help").stdout
    assert all(f"    {name}" in help_page for name in ("verify", "export", "checkpoint"))
