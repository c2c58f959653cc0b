"""`gatepost events`."""

from __future__ import annotations

from tests.support.cli import CliRunner, event_json


def test_events_of_all_pages_are_listed(cli: CliRunner) -> None:
    """The text output has one line per event, and the JSON output is one list of all events."""
    requested = event_json("requested", "pending_approval")
    rejected = event_json("rejected", "rejected", "Not on\na Friday.")
    pages = (
        {"items": [requested], "next_cursor": "c2"},
        {"items": [rejected], "next_cursor": None},
    )
    cli.prepare("GET /deployments/DEP-42/events", *pages, *pages)

    text, document = cli("events", "DEP-42").stdout, cli("events", "DEP-42", "--json").json

    assert text == (
        "AT                    EVENT      ACTOR  STAGE  NOTE\n"
        "2026-11-21 12:05:00Z  requested  quinn  -      -\n"
        "2026-11-21 12:05:00Z  rejected   quinn  -      Not on a Friday.\n"
    )
    assert document == {"items": [requested, rejected], "next_cursor": None}
