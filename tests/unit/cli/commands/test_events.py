"""`gatepost events`."""

from __future__ import annotations

from tests.support.cli import CliRunner, deployment_json, event_json


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


def test_only_events_after_a_number_are_listed(cli: CliRunner) -> None:
    """`--after` also applies to the events of one deployment, past and followed."""
    events = [
        {**event_json("requested", "pending_approval"), "seq": 3},
        {**event_json("rejected", "rejected"), "seq": 7},
    ]
    page = {"items": events, "next_cursor": None}
    cli.prepare("GET /deployments/DEP-42", deployment_json(status="rejected"))
    cli.prepare("GET /deployments/DEP-42/events", page, page, page)

    listed = cli("events", "DEP-42", "--after=3").stdout
    document = cli("events", "DEP-42", "--after=3", "--json").json
    followed = cli("events", "DEP-42", "--after=3", "--follow").stdout

    assert (" rejected " in listed, " requested " in listed) == (True, False)
    assert [each["seq"] for each in document["items"]] == [7]
    assert [line.split("  ")[1] for line in followed.splitlines()] == ["7"]
