"""Linters of others find no error in the API contract."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.support.processes.node import ROOT, run_tool

CONTRACT: Final = ROOT / "openapi/openapi.json"
RULES: Final = Path(__file__).with_name("spectral.yaml")


def test_spectral_finds_no_error(tmp_path: Path) -> None:
    """Spectral finds neither an error nor a warning by its rules for OpenAPI documents."""
    linted = run_tool(
        "spectral", "lint", "--fail-severity=warn", "--ruleset", RULES, CONTRACT, folder=tmp_path
    )

    assert linted.returncode == 0, linted.stdout


def test_spectral_finds_an_error_in_a_faulty_document(tmp_path: Path) -> None:
    """The test above can fail: a document without a required field is refused."""
    faulty = tmp_path / "faulty.json"
    faulty.write_text('{"openapi": "3.1.0", "info": {"title": "Gatepost"}, "paths": {}}', "utf-8")

    linted = run_tool("spectral", "lint", "--ruleset", RULES, faulty, folder=tmp_path)

    assert linted.returncode == 1
    assert "oas3-schema" in linted.stdout


def test_redocly_finds_no_error(tmp_path: Path) -> None:
    """Redocly finds nothing by its strict rules, in which each warning is an error."""
    linted = run_tool("redocly", "lint", "--extends=recommended-strict", CONTRACT, folder=tmp_path)

    assert linted.returncode == 0, linted.stdout
    assert "Your API description is valid" in linted.stdout
