"""`gatepost current`."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.support.cli import CliRunner

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
    "rolling_back_to": None,
}
IN_PROGRESS: Final = {
    "deployment_id": CELL["deployment_id"],
    "number": "DEP-43",
    "version": "1.4.3",
    "status": "started",
}


REQUESTED: Final = "rollback to 1.4.1 requested (DEP-44)"


@pytest.mark.parametrize("at", ["yesterday", "2026-11-21", "2026-11-21T12:00:00"])
def test_time_without_a_zone_is_refused(cli: CliRunner, at: str) -> None:
    """A time without a zone is a usage error, because the zone is never guessed."""
    result = cli("current", f"--at={at}")

    assert (result.exit_code, cli.requests) == (2, [])
    assert "is not an RFC 3339 timestamp with a time zone" in result.stderr


def test_current_shows_the_live_and_the_next_version(cli: CliRunner) -> None:
    """Each line shows the live version and the deployment in progress, if there is one."""
    state = {
        "at": "2026-11-21T12:00:00Z",
        "seq": 7,
        "cells": [CELL, CELL | {"in_progress": IN_PROGRESS}],
    }
    cli.prepare("GET /deployments/current", state)

    result = cli("current", "--service=shop", "--tier=production", "--at=2026-11-21T12:00:00Z")

    first, second = result.stdout.splitlines()[1:]
    assert first.split() == [
        "shop",
        "production",
        "1.4.2",
        "2026-11-20",
        "09:30:00Z",
        "-",
        "fresh",
        "-",
    ]
    assert second.endswith("DEP-43 1.4.3 started")
    assert dict(cli.requests[0].url.params) == {
        "service": "shop",
        "tier": "production",
        "at": "2026-11-21T12:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("in_progress", "expected"),
    [
        (None, REQUESTED),
        (IN_PROGRESS, f"DEP-43 1.4.3 started, {REQUESTED}"),
        ({"number": "DEP-44", "version": "1.4.1", "status": "queued"}, REQUESTED),
        ({"number": "DEP-44", "version": "1.4.1"}, "rolling back to 1.4.1 (DEP-44)"),
    ],
)
def test_current_shows_what_a_bad_version_is_rolled_back_to(
    cli: CliRunner, in_progress: dict[str, Any] | None, expected: str
) -> None:
    """Until the rollback has succeeded, the bad version is the live one."""
    rollback = {"deployment_id": CELL["deployment_id"], "number": "DEP-44", "version": "1.4.1"}
    progress = None if in_progress is None else IN_PROGRESS | in_progress
    state = {
        "at": "2026-11-21T12:00:00Z",
        "seq": 7,
        "cells": [CELL | {"rolling_back_to": rollback, "in_progress": progress}],
    }
    cli.prepare("GET /deployments/current", state)

    assert cli("current").stdout.splitlines()[1].endswith(f"fresh  {expected}")
