"""What stands where, and what happened elsewhere, from a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.support.command import Command, a_deployment, a_problem

CELL: Final[dict[str, Any]] = {
    "service": "shop",
    "environment": "production",
    "tier": "production",
    "deployment_id": "01936f5e-0000-7000-8000-000000000042",
    "number": "DEP-42",
    "version": "1.4.2",
    "deployed_at": "2026-11-20T09:30:00Z",
    "deployed_by": None,
    "age": "fresh",
    "in_progress": None,
}
RESULT: Final = {
    "imported": 2,
    "repeated": 1,
    "differing": 0,
    "services_created": 1,
    "environments_created": 0,
    "versions_created": 2,
}
VERSION: Final = {
    "service": "shop",
    "version": "1.4.2",
    "commit_sha": None,
    "committed_at": None,
    "artifact_digest": None,
    "notes": None,
    "created_at": "2026-11-20T09:30:00Z",
    "created_by": "ada",
}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "history.csv"
    file.write_text("service,environment,version,deployed_at\n")
    return file


def test_current_shows_a_line_for_each_cell(gatepost: Command) -> None:
    """With what is on its way beside it; filters and the instant go to the server."""
    coming = {
        "deployment_id": CELL["deployment_id"],
        "number": "DEP-43",
        "version": "1.4.3",
        "status": "started",
    }
    state = {
        "at": "2026-11-21T12:00:00Z",
        "seq": 7,
        "cells": [CELL, CELL | {"in_progress": coming}],
    }
    gatepost.says("GET /deployments/current", state)

    ran = gatepost("current", "--service=shop", "--tier=production", "--at=2026-11-21T12:00:00Z")

    lines = ran.out.splitlines()
    assert lines[1].split() == [
        "shop",
        "production",
        "1.4.2",
        "2026-11-20",
        "09:30:00Z",
        "-",
        "fresh",
        "-",
    ]
    assert lines[2].endswith("DEP-43 1.4.3 started")
    assert dict(gatepost.asked[0].url.params) == {
        "service": "shop",
        "tier": "production",
        "at": "2026-11-21T12:00:00+00:00",
    }


@pytest.mark.parametrize("at", ["yesterday", "2026-11-21", "2026-11-21T12:00:00"])
def test_a_time_without_a_zone_is_refused(gatepost: Command, at: str) -> None:
    """Nobody is told what stood at another instant."""
    ran = gatepost("current", f"--at={at}")

    assert (ran.code, gatepost.asked) == (2, [])
    assert "is no time with a zone" in ran.err


def test_record_tells_what_happened(gatepost: Command) -> None:
    """The number and where it stands are the answer."""
    told = a_deployment("succeeded", kind="record", deployed_at="2026-11-20T09:30:00Z")
    gatepost.says("POST /deployments/record", httpx2.Response(201, json=told))

    ran = gatepost(
        "record", "shop", "1.4.2", "--in=production", "--at=2026-11-20T09:30:00Z", "--by=bo"
    )

    assert ran.out == "DEP-42: shop 1.4.2 in production since 2026-11-20 09:30:00Z.\n"
    assert gatepost.sent == {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "deployed_at": "2026-11-20T09:30:00+00:00",
        "deployed_by": "bo",
        "notes": None,
        "external_id": None,
    }


def test_a_file_is_imported(gatepost: Command, rows: Path) -> None:
    """As it is; what became of its rows is the answer, and without a terminal nothing else."""
    gatepost.says("POST /deployments/import", RESULT)

    ran = gatepost("import", str(rows), "--create-missing")

    assert ran.code == 0
    assert ran.out.startswith("2 imported, 1 known already, 0 of them told otherwise; 1 services")
    assert ran.err == ""
    (request,) = gatepost.asked
    assert request.content == rows.read_bytes()
    assert request.headers["Content-Type"] == "text/csv"
    assert dict(request.url.params) == {"create_missing": "true"}


def test_on_a_terminal_an_import_shows_how_far_it_is(
    gatepost: Command, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar that fills, and then a line of its own."""
    gatepost.says("POST /deployments/import", RESULT)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    ran = gatepost("import", str(rows))

    assert "\r[##############################] 100%  sent; being taken in" in ran.err
    assert ran.err.endswith("\n")


def test_lines_of_json_are_imported_as_that(gatepost: Command, tmp_path: Path) -> None:
    """The name of the file tells its kind."""
    file = tmp_path / "history.NDJSON"
    file.write_text("{}\n")
    gatepost.says("POST /deployments/import", RESULT)

    gatepost("import", str(file))

    assert gatepost.asked[0].headers["Content-Type"] == "application/x-ndjson"


@pytest.mark.parametrize("name", ["nowhere.csv", "history.xlsx", "."])
def test_a_file_that_cannot_be_imported_is_told(
    gatepost: Command, tmp_path: Path, name: str
) -> None:
    """Before anything is sent."""
    ran = gatepost("import", str(tmp_path / name))

    assert (ran.code, gatepost.asked) == (2, [])
    assert str(tmp_path) in ran.err


def test_every_wrong_row_is_told(gatepost: Command, rows: Path) -> None:
    """As the server says it."""
    wrong = a_problem(
        422,
        code="bad_time",
        detail="Row 2: deployed_at is 'x'.",
        errors=[{"pointer": "#/rows/2/deployed_at", "detail": "Row 2: deployed_at is 'x'."}],
    )
    gatepost.says("POST /deployments/import", wrong)

    ran = gatepost("import", str(rows))

    assert ran.code == 3
    assert "Row 2: deployed_at is 'x'." in ran.err


def test_a_version_is_registered(gatepost: Command) -> None:
    """With what is known of the build."""
    gatepost.says("POST /services/shop/versions", httpx2.Response(201, json=VERSION))

    ran = gatepost("version", "shop", "1.4.2", "--commit=f00d")

    assert ran.out == "shop 1.4.2 can be deployed.\n"
    sent = {name: value for name, value in gatepost.sent.items() if value is not None}
    assert sent == {"version": "1.4.2", "commit_sha": "f00d"}


def test_a_version_that_is_known_ends_well_where_that_is_fine(gatepost: Command) -> None:
    """A pipeline may run again; any other refusal stays one."""
    gatepost.says("POST /services/shop/versions", a_problem(409, code="version_exists"))

    assert gatepost("version", "shop", "1.4.2").code == 3
    assert gatepost("version", "shop", "1.4.2", "--known-is-fine").code == 0

    gatepost.says("POST /services/shop/versions", a_problem(404, code="unknown_service"))
    assert gatepost("version", "shop", "1.4.2", "--known-is-fine").code == 3
