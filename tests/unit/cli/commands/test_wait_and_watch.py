"""`gatepost wait`, `watch` and `events --follow`."""

from __future__ import annotations

import json

import httpx2
import pytest

from tests.support.cli import (
    CliRunner,
    deployment_json,
    event_json,
    gates_json,
    problem_response,
)

STREAM_HEADERS = {"content-type": "text/event-stream"}


def stream(*events: dict[str, object]) -> httpx2.Response:
    messages = "".join(f"id: {each['seq']}\ndata: {json.dumps(each)}\n\n" for each in events)
    return httpx2.Response(200, text=messages, headers=STREAM_HEADERS)


def page(*events: dict[str, object]) -> dict[str, object]:
    return {"items": [*events], "next_cursor": None}


@pytest.mark.parametrize(("status", "exit_code"), [("succeeded", 0), ("failed", 1)])
def test_wait_ends_with_the_outcome(cli: CliRunner, status: str, exit_code: int) -> None:
    """The exit code says how the deployment ended, as with `request --wait`."""
    cli.prepare("GET /deployments/DEP-42", deployment_json(), deployment_json(status))
    cli.prepare("GET /deployments/DEP-42/gates", gates_json())
    cli.prepare("GET /deployments/DEP-42/events", page(event_json("x", status)))

    result = cli("wait", "DEP-42")

    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert f"DEP-42 is {status}" in result.stderr


def test_wait_until_a_status(cli: CliRunner) -> None:
    """The next step of a pipeline can begin when the deployment is approved."""
    cli.prepare("GET /deployments/DEP-42", deployment_json("approved"))
    cli.prepare("GET /deployments/DEP-42/events", page())

    assert cli("wait", "DEP-42", "--until=approved").stdout == "DEP-42 is approved.\n"


def test_wait_until_a_status_that_is_not_reached(cli: CliRunner) -> None:
    """The exit code distinguishes the end of the deployment and of the time."""
    cli.prepare("GET /deployments/DEP-42/events", page())
    cli.prepare("GET /deployments/DEP-42", deployment_json("rejected"))
    rejected = cli("wait", "DEP-42", "--until=approved")
    cli.prepare("GET /deployments/DEP-42", deployment_json())
    late = cli("wait", "DEP-42", "--until=approved", "--timeout=0.01")

    assert (rejected.exit_code, "never approved" in rejected.stderr) == (1, True)
    assert (late.exit_code, "still pending_approval" in late.stderr) == (5, True)


def test_watch_prints_events_until_the_deployment_has_ended(cli: CliRunner) -> None:
    """Past events come first, and those of other deployments are left out."""
    other = "01936f5e-0000-7000-8000-000000000099"
    cli.prepare("GET /deployments/DEP-42", deployment_json())
    cli.prepare("GET /deployments/DEP-42/events", page({**event_json("requested", None), "seq": 5}))
    cli.prepare(
        "GET /events/stream",
        stream(
            {**event_json("approved", "approved"), "seq": 6},
            {**event_json("failed", "failed"), "seq": 7, "deployment_id": other},
            {**event_json("succeeded", "succeeded", "All well"), "seq": 8},
        ),
    )

    result = cli("watch", "DEP-42")

    assert result.exit_code == 0
    assert [line.split("  ")[1:3] for line in result.stdout.splitlines()] == [
        ["5", "requested"],
        ["6", "approved"],
        ["8", "succeeded"],
    ]
    assert cli.requests[-1].headers["Last-Event-ID"] == "5"


def test_followed_events_are_lines_of_json(cli: CliRunner) -> None:
    """A program reads one line after the other; the stream ends with an error here."""
    cli.prepare(
        "GET /events/stream",
        stream(
            {**event_json("approved", None), "seq": 6}, {**event_json("failed", None), "seq": 7}
        ),
        problem_response(401, code="unauthenticated"),
    )

    result = cli("events", "--follow", "--after=5", "--kind=failed", "--json")

    (line, *_) = result.stdout.splitlines()
    assert json.loads(line)["seq"] == 7
    assert result.exit_code == 3


def test_all_events_can_be_listed(cli: CliRunner) -> None:
    """Without a deployment, the list contains all events after a number."""
    events = [{**event_json(kind, None), "seq": 4} for kind in ("approved", "failed")]
    cli.prepare("GET /events", page(*events))

    text = cli("events", "--after=3", "--kind=failed").stdout

    assert (" failed " in text, " approved " in text) == (True, False)
    assert cli.requests[-1].url.params["after"] == "3"
    assert [each["kind"] for each in cli("events", "--json").json["items"]] == [
        "approved",
        "failed",
    ]


def test_number_of_an_event_is_checked(cli: CliRunner) -> None:
    """The error is that of a wrong argument."""
    assert cli("events", "--after=soon").exit_code == 2
