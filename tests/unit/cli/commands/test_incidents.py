"""`gatepost incident` and `gatepost report`."""

from __future__ import annotations

import json
from typing import Any, Final

import httpx2

from tests.support.cli import CliRunner

ID: Final = "0197f5c8-b1d2-7c6e-9a3f-5d2e8c4b1a07"
INCIDENT: Final[dict[str, Any]] = {
    "id": ID,
    "service": "shop",
    "environment": "production",
    "title": "It is slow.",
    "external_id": None,
    "url": None,
    "started_at": "2026-11-20T09:30:00Z",
    "detected_at": None,
    "resolved_at": None,
    "caused_by": None,
    "opened_at": "2026-11-20T09:31:00Z",
    "opened_by": "olga",
    "resolved_by": None,
}


def test_incident_is_reported(cli: CliRunner) -> None:
    """The options are sent, and the id is written."""
    cli.prepare("POST /incidents", httpx2.Response(201, json=INCIDENT))

    result = cli(
        "incident",
        "open",
        "shop",
        "production",
        "It is slow.",
        "--caused-by=DEP-42",
        "--started=2026-11-20T09:30:00Z",
    )

    assert (result.exit_code, result.stdout) == (0, f"{ID}\n")
    body = json.loads(cli.requests[0].content)
    assert (body["title"], body["caused_by"]) == ("It is slow.", "DEP-42")


def test_incidents_are_listed(cli: CliRunner) -> None:
    """Each incident is a line."""
    cli.prepare("GET /incidents", {"items": [INCIDENT], "next_cursor": None})

    result = cli("incident", "list", "--open", "--service=shop")

    assert ID in result.stdout
    assert dict(cli.requests[0].url.params)["open"] == "true"


def test_incident_is_resolved(cli: CliRunner) -> None:
    """The time of the end is written."""
    cli.prepare(
        f"POST /incidents/{ID}/resolve",
        INCIDENT | {"resolved_at": "2026-11-20T10:00:00Z", "resolved_by": "olga"},
    )

    result = cli("incident", "resolve", ID, "--note=Rolled back.")

    assert result.stdout.startswith(f"{ID}: resolved at ")
    assert json.loads(cli.requests[0].content)["note"] == "Rolled back."


def test_incident_is_linked(cli: CliRunner) -> None:
    """The word `none` states that no deployment caused it."""
    cli.prepare(f"POST /incidents/{ID}/link", INCIDENT)

    result = cli("incident", "link", ID, "none")

    assert result.stdout == f"{ID}: caused by no deployment.\n"
    assert json.loads(cli.requests[0].content)["deployment"] is None
