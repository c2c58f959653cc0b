"""`gatepost import`."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.cli import CliRunner, problem_response

RESULT: Final = {
    "imported": 2,
    "repeated": 1,
    "repeated_in_file": 0,
    "repeated_records": 0,
    "differing": 0,
    "conflicts": [],
    "skipped": 0,
    "services_created": 1,
    "environments_created": 0,
    "versions_created": 2,
}


@pytest.fixture
def history(tmp_path: Path) -> Path:
    file = tmp_path / "history.csv"
    file.write_text("service,environment,version,deployed_at\n")
    return file


@pytest.mark.parametrize("name", ["nowhere.csv", "history.xlsx", "."])
def test_file_that_cannot_be_imported_is_a_usage_error(
    cli: CliRunner, tmp_path: Path, name: str
) -> None:
    """The error names the file, and nothing is sent."""
    result = cli("import", str(tmp_path / name))

    assert (result.exit_code, cli.requests) == (2, [])
    assert str(tmp_path) in result.stderr


def test_invalid_rows_are_reported_as_the_server_describes_them(
    cli: CliRunner, history: Path
) -> None:
    """The error shows the pointer and the description of each invalid row."""
    detail = "Row 2: deployed_at is 'x'."
    errors = [{"pointer": "#/rows/2/deployed_at", "detail": detail}]
    problem = problem_response(422, code="bad_time", detail=detail, errors=errors)
    cli.prepare("POST /deployments/import", problem)

    result = cli("import", str(history))

    assert result.exit_code == 3
    assert f"#/rows/2/deployed_at: {detail}\n" in result.stderr
    assert result.stderr.count(detail) == 1


def test_file_is_imported(cli: CliRunner, history: Path) -> None:
    """The file is sent unchanged, and the output summarizes the import."""
    cli.prepare("POST /deployments/import", RESULT)

    result = cli("import", str(history), "--create-missing")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "imported              2\n"
        "already recorded      1; with other values, which were ignored: 0\n"
        "services created      1\n"
        "environments created  0\n"
        "versions created      2\n"
    )
    (request,) = cli.requests
    assert request.content == history.read_bytes()
    assert request.headers["Content-Type"] == "text/csv"
    assert dict(request.url.params) == {"create_missing": "true"}


def test_skipped_rows_of_an_export_are_counted(cli: CliRunner, history: Path) -> None:
    """The output says how many rows were not imported, and why."""
    cli.prepare("POST /deployments/import", RESULT | {"skipped": 3})

    result = cli("import", str(history))

    skipped = "skipped               3: never live, or since rolled back, hidden or retired\n"
    assert skipped in result.stdout


def test_terminal_shows_the_progress_of_an_import(
    cli: CliRunner, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The progress bar reaches its end and is followed by a line break."""
    cli.prepare("POST /deployments/import", RESULT)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    result = cli("import", str(history))

    bar = "#" * 30
    assert f"\r[{bar}] 100%  sent; waiting for the server" in result.stderr
    assert result.stderr.endswith("\n")


def test_media_type_follows_from_the_extension(cli: CliRunner, tmp_path: Path) -> None:
    """An `.ndjson` file is sent as NDJSON, regardless of the case of its extension."""
    file = tmp_path / "history.NDJSON"
    file.write_text("{}\n")
    cli.prepare("POST /deployments/import", RESULT)

    cli("import", str(file))

    assert cli.requests[0].headers["Content-Type"] == "application/x-ndjson"


def test_tiers_and_conflicts_are_sent_and_listed(cli: CliRunner, history: Path) -> None:
    """Each tier is a query parameter, and each row that was left out is a line."""
    conflict = {
        "row": 3,
        "service": "shop",
        "environment": "prod-us",
        "external_id": "ci/1",
        "number": "DEP-4",
        "differs": ["version", "notes"],
    }
    cli.prepare("POST /deployments/import", RESULT | {"differing": 1, "conflicts": [conflict]})

    result = cli(
        "import",
        str(history),
        "--create-missing",
        "--on-conflict=skip",
        "--tier=prod-us=production",
        "--tier=eu=test",
    )

    assert result.stdout.startswith(
        "row 3: ci/1 of shop in prod-us belongs to DEP-4, which differs in version, notes\n"
    )
    (request,) = cli.requests
    assert dict(request.url.params) == {
        "create_missing": "true",
        "on_conflict": "skip",
        "tier.prod-us": "production",
        "tier.eu": "test",
    }


def test_standard_input_is_imported(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` stands for the standard input, whose format the server recognises."""
    content = b"service;environment\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    cli.prepare("POST /deployments/import", RESULT)

    result = cli("import", "-", "--ignore-unknown", "--timezone=Europe/Berlin")

    assert (result.exit_code, result.stderr) == (0, "")
    (request,) = cli.requests
    assert request.content == content
    assert request.headers["Content-Type"] == "application/octet-stream"
    assert dict(request.url.params) == {"ignore_unknown": "true", "timezone": "Europe/Berlin"}


def test_equal_rows_are_counted(cli: CliRunner, history: Path) -> None:
    """The output says how many rows without an external id were not imported again."""
    counts = {"repeated_in_file": 2, "repeated_records": 3}
    cli.prepare("POST /deployments/import", RESULT | counts)

    result = cli("import", str(history))

    assert "equal to an earlier row  2, without external ID\n" in result.stdout
    assert "equal to a record        3, without external ID\n" in result.stdout


def test_workbook_is_a_usage_error(cli: CliRunner, tmp_path: Path) -> None:
    """The error says how to save it, and nothing is sent."""
    result = cli("import", str(tmp_path / "history.xlsx"))

    assert (result.exit_code, cli.requests) == (2, [])
    assert "save the sheet as CSV UTF-8" in result.stderr


@pytest.mark.parametrize("tier", ["prod-us", "prod-us=prod", "=test"])
def test_tier_that_is_none_is_a_usage_error(cli: CliRunner, history: Path, tier: str) -> None:
    """Nothing is sent."""
    result = cli("import", str(history), f"--tier={tier}")

    assert (result.exit_code, cli.requests) == (2, [])
