"""Waiting for a deployment with `gatepost request --wait`."""

from __future__ import annotations

from typing import Any, Final

import httpx2
import pytest

from gatepost_cli.core.watch import MAX_INTERVAL_S, OUTAGE_LIMIT_S
from tests.support.cli import (
    CliRunner,
    Response,
    Result,
    deployment_json,
    event_json,
    gates_json,
    problem_response,
)

DEPLOYMENT = "GET /deployments/DEP-42"
GATES = "GET /deployments/DEP-42/gates"
EVENTS = "GET /deployments/DEP-42/events"
REQUEST = ["request", "shop", "1.4.2", "--to=production", "--work=A", "--rollback-plan=B", "--wait"]
NO_EVENTS: Final[dict[str, Any]] = {"items": [], "next_cursor": None}
RETRYING = "Gatepost is not responding; retrying.\n"


@pytest.fixture
def server(cli: CliRunner) -> CliRunner:
    """A runner whose server has accepted a deployment request."""
    cli.prepare("POST /deployments", deployment_json())
    cli.prepare(GATES, gates_json("Waiting for qa."))
    cli.prepare(EVENTS, NO_EVENTS)
    return cli


def wait(cli: CliRunner, *options: str) -> Result:
    return cli(*REQUEST, *options)


@pytest.mark.parametrize("status", ["failed", "rejected", "cancelled", "rolled_back"])
def test_deployment_that_does_not_succeed_fails_the_pipeline(
    server: CliRunner, status: str
) -> None:
    """The exit code is 1, and the message contains the note of the event that ended it."""
    events = [
        event_json("approved", "approved", "Fine."),
        event_json(status, status, "Not on a Friday."),
        event_json("review_denied", None, "I insist."),
    ]
    server.prepare(DEPLOYMENT, deployment_json(status))
    server.prepare(EVENTS, {"items": events, "next_cursor": None})

    result = wait(server)

    assert (result.exit_code, result.stdout) == (1, "DEP-42\n")
    assert result.stderr == f"DEP-42 is {status}: Not on a Friday.\n"


def test_refusal_ends_the_wait(server: CliRunner) -> None:
    """After a refusal, such as for a revoked token, the command exits without a retry."""
    server.prepare(DEPLOYMENT, problem_response(401))

    result = wait(server)

    assert (result.exit_code, result.stdout) == (3, "DEP-42\n")
    assert result.stderr.startswith("gatepost: 401 ")


def test_long_outage_ends_the_wait(server: CliRunner) -> None:
    """After five minutes without a response the exit code is 4, and the cause is printed."""
    server.prepare(DEPLOYMENT, httpx2.ConnectError("refused"))

    result = wait(server)

    assert (result.exit_code, result.stdout) == (4, "DEP-42\n")
    assert result.stderr.startswith(f"{RETRYING}gatepost: http://gatepost.example")
    assert OUTAGE_LIMIT_S < server.clock.now_s < OUTAGE_LIMIT_S + 2 * MAX_INTERVAL_S


@pytest.mark.parametrize(
    "failure",
    [
        httpx2.ConnectError("refused"),
        httpx2.Response(502, text="<html>Bad gateway</html>"),
        problem_response(503),
        problem_response(429),
    ],
)
def test_short_outage_is_tolerated(server: CliRunner, failure: Response) -> None:
    """The command retries until the server responds again, and reports the outage once."""
    server.prepare(
        DEPLOYMENT, deployment_json("started"), failure, failure, deployment_json("succeeded")
    )
    server.prepare(GATES, gates_json())

    result = wait(server)

    assert result.exit_code == 0
    assert result.stderr == f"DEP-42 is started.\n{RETRYING}DEP-42 is succeeded.\n"


def test_timeout_applies_during_an_outage(server: CliRunner) -> None:
    """After a timeout during an outage, the JSON output is the deployment as it was created."""
    server.prepare(DEPLOYMENT, httpx2.ConnectError("refused"))

    result = wait(server, "--timeout=10", "--json")

    assert (result.exit_code, result.json) == (5, deployment_json())


def test_timeout_does_not_cancel_the_deployment(server: CliRunner) -> None:
    """The command exits with 5 when the time is up, and sends no further action."""
    server.prepare(DEPLOYMENT, deployment_json())

    text, document = wait(server, "--timeout=10"), wait(server, "--timeout=10", "--json")

    assert (text.exit_code, document.exit_code) == (5, 5)
    assert text.stderr.endswith(
        "Timed out after 10 s. DEP-42 has not ended and continues on the server.\n"
    )
    assert document.json == deployment_json()
    assert server.clock.now_s == 20
    assert {route for route in server.routes if route.startswith("POST")} == {"POST /deployments"}


def test_outcome_is_reported_although_its_events_cannot_be_read(server: CliRunner) -> None:
    """If the events cannot be read, the outcome is printed without its note."""
    server.prepare(DEPLOYMENT, deployment_json("failed"))
    server.prepare(EVENTS, httpx2.ConnectError("refused"))

    result = wait(server)

    assert (result.exit_code, result.stderr) == (1, "DEP-42 is failed.\n")


def test_each_change_is_reported_once(server: CliRunner) -> None:
    """The log has one line per change, and none for a poll without a change."""
    server.prepare(
        DEPLOYMENT,
        deployment_json(),
        deployment_json(),
        deployment_json(),
        deployment_json("approved"),
        deployment_json("started"),
        deployment_json("succeeded"),
    )
    qa, devops = gates_json("Waiting for qa."), gates_json("Waiting for devops.")
    server.prepare(GATES, qa, qa, devops, gates_json())

    result = wait(server)

    assert (result.exit_code, result.stdout) == (0, "DEP-42\n")
    assert result.stderr == (
        "DEP-42 is pending_approval.\n  approval: Waiting for qa.\n"
        "DEP-42 is pending_approval.\n  approval: Waiting for devops.\n"
        "DEP-42 is approved.\n"
        "DEP-42 is started.\n"
        "DEP-42 is succeeded.\n"
    )


def test_json_is_the_deployment_at_its_end(server: CliRunner) -> None:
    """Standard output contains one JSON document. The changes are on standard error."""
    succeeded = deployment_json("succeeded")
    server.prepare(DEPLOYMENT, deployment_json("started"), succeeded)

    result = wait(server, "--json")

    assert (result.exit_code, result.json) == (0, succeeded)
    assert result.stderr.startswith("DEP-42 is started.\n")


def test_polls_become_less_frequent_while_nothing_changes(server: CliRunner) -> None:
    """The polling interval grows while nothing changes, and a change resets it."""
    polls = [deployment_json()] * 6
    server.prepare(DEPLOYMENT, *polls, deployment_json("started"), deployment_json("failed"))

    wait(server)

    assert server.clock.sleeps == [1, 2, 4, 8, MAX_INTERVAL_S, MAX_INTERVAL_S, 1]
