"""`gatepost freeze`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from gatepost_cli.core.exit_code import ExitCode
from tests.support.cli import CliRunner

ID: Final = "01936f5e-0000-7000-8000-000000000042"
PERIOD: Final = {"starts_at": "2026-11-27T23:00:00Z", "ends_at": "2026-11-29T23:00:00Z"}
FREEZE: Final[dict[str, Any]] = {
    "id": ID,
    "effect": "deny",
    "scope": {"service": "shop", "environment": None, "tier": "production"},
    "active": False,
    "next": [PERIOD],
    "starts_at": PERIOD["starts_at"],
    "ends_at": None,
    "rrule": "FREQ=WEEKLY;BYDAY=SA",
    "duration": "P2D",
    "duration_s": None,
    "timezone": "Europe/Berlin",
    "reason": "Nobody is there.",
    "created_at": "2026-11-21T12:00:00Z",
    "created_by": "olga",
    "lifted_at": None,
    "lifted_by": None,
    "lift_reason": None,
}
OPTIONS: Final = (
    "--reason=Nobody is there.",
    "--service=shop",
    "--tier=production",
    "--from=2026-11-28T00:00:00",
    "--rrule=FREQ=WEEKLY;BYDAY=SA",
    "--duration=P2D",
    "--timezone=Europe/Berlin",
)


def test_freeze_is_imposed(cli: CliRunner) -> None:
    """A start without an offset is sent as it is, because the server reads it in the time zone."""
    cli.prepare("POST /freezes", httpx2.Response(201, json=FREEZE))

    result = cli("freeze", "impose", *OPTIONS)

    assert "shop in tier production" in result.stdout
    assert "2026-11-27 23:00:00Z to 2026-11-29 23:00:00Z" in result.stdout
    given = {name: value for name, value in cli.last_body.items() if value is not None}
    assert given == {
        "reason": "Nobody is there.",
        "effect": "deny",
        "scope": {"service": "shop", "environment": None, "tier": "production"},
        "starts_at": "2026-11-28T00:00:00",
        "rrule": "FREQ=WEEKLY;BYDAY=SA",
        "duration": "P2D",
        "timezone": "Europe/Berlin",
    }


def test_freeze_is_previewed(cli: CliRunner) -> None:
    """The periods, the scope and what waits there are shown."""
    waiting = {
        "deployment_id": ID,
        "number": "DEP-7",
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "status": "approved",
    }
    stops = {"services": 1, "environments": 2, "waiting": [waiting]}
    cli.prepare("POST /freezes/preview", {"first": PERIOD, "next": [PERIOD], "stops": stops})

    text = cli("freeze", "preview", *OPTIONS).stdout

    assert "2026-11-27 23:00:00Z to 2026-11-29 23:00:00Z" in text
    assert "DEP-7 shop 1.0.0 to production" in text


def test_freezes_of_all_pages_are_listed(cli: CliRunner) -> None:
    """There is one line per freeze, with its next period."""
    cli.prepare(
        "GET /freezes",
        {"items": [FREEZE], "next_cursor": "n"},
        {"items": [FREEZE | {"next": [], "scope": dict.fromkeys(FREEZE["scope"])}]}
        | {"next_cursor": None},
    )

    lines = cli("freeze", "list", "--active").stdout.splitlines()

    assert len(lines) == 3
    assert "2026-11-27 23:00:00Z" in lines[1]
    assert "everything" in lines[2]
    assert {request.url.params["active"] for request in cli.requests} == {"true"}


def test_freeze_is_shown(cli: CliRunner) -> None:
    """The rule, the duration and the time zone are named."""
    cli.prepare(f"GET /freezes/{ID}", FREEZE)

    text = cli("freeze", "show", ID).stdout

    assert all(value in text for value in ("FREQ=WEEKLY;BYDAY=SA", "P2D", "Europe/Berlin"))


def test_freeze_is_lifted(cli: CliRunner) -> None:
    """The reason is sent."""
    cli.prepare(f"POST /freezes/{ID}/lift", FREEZE)

    result = cli("freeze", "lift", ID, "--reason=Over.")

    assert result.stdout == "The freeze of shop in tier production has been lifted.\n"
    assert cli.last_body["reason"] == "Over."


@pytest.mark.parametrize("arguments", [("impose",), ("impose", "--reason=x", "--from=soon"), ()])
def test_incomplete_command_is_refused(cli: CliRunner, arguments: tuple[str, ...]) -> None:
    """Nothing is sent."""
    result = cli("freeze", *arguments)

    assert (result.exit_code, cli.requests) == (ExitCode.USAGE, [])


def test_calendar_is_sent_with_its_scope(cli: CliRunner, tmp_path: Path) -> None:
    """The output counts the events; options are the parameters of the API."""
    file = tmp_path / "holidays.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    result = {
        "series": "Holidays",
        "created": ["a", "b"],
        "changed": [],
        "unchanged": ["c"],
        "lifted": [],
        "past": ["d"],
        "freezes_added": 2,
        "freezes_lifted": 0,
    }
    cli.prepare("POST /freezes/import", result)

    ran = cli(
        "freeze",
        "import",
        str(file),
        "--tier=production",
        "--timezone=Europe/Berlin",
        "--series=Holidays",
        "--remove-missing",
    )

    request = cli.requests[0]
    assert request.url.params.multi_items() == [
        ("series", "Holidays"),
        ("tier", "production"),
        ("effect", "deny"),
        ("timezone", "Europe/Berlin"),
        ("remove_missing", "true"),
    ]
    assert request.headers["Content-Type"] == "text/calendar"
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["series", "Holidays"],
        ["created", "2"],
        ["changed", "0"],
        ["unchanged", "1"],
        ["lifted", "0"],
        ["past", "1"],
    ]


def test_calendar_that_cannot_be_read_is_a_usage_error(cli: CliRunner, tmp_path: Path) -> None:
    """The error names the file, and nothing is sent."""
    result = cli("freeze", "import", str(tmp_path / "nowhere.ics"))

    assert (result.exit_code, cli.requests) == (2, [])
    assert "nowhere.ics" in result.stderr
