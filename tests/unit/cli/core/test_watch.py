"""Waiting for a deployment: why it waits, how it ends, and what if nobody answers meanwhile."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from gatepost_cli.following import LONGEST_PAUSE_S, PATIENCE_S
from tests.support.command import (
    Answer,
    Command,
    Ran,
    a_deployment,
    a_problem,
    an_event,
    gates,
)

DEPLOYMENT = "GET /deployments/DEP-42"
GATES = "GET /deployments/DEP-42/gates"
EVENTS = "GET /deployments/DEP-42/events"
REQUEST = ["request", "shop", "1.4.2", "--to=production", "--work=A", "--rollback-plan=B", "--wait"]
NO_EVENTS: dict[str, Any] = {"items": [], "next_cursor": None}
AWAY = "Gatepost does not answer; asking again.\n"


@pytest.fixture
def asked(gatepost: Command) -> Command:
    """A command whose server takes the request."""
    gatepost.says("POST /deployments", a_deployment())
    gatepost.says(GATES, gates("Waits for qa."))
    gatepost.says(EVENTS, NO_EVENTS)
    return gatepost


def wait(gatepost: Command, *options: str) -> Ran:
    return gatepost(*REQUEST, *options)


@pytest.mark.parametrize("status", ["failed", "rejected", "cancelled", "rolled_back"])
def test_a_deployment_that_does_not_succeed_fails_the_pipeline(asked: Command, status: str) -> None:
    """It ends with 1 and the words of whoever ended it, whatever was said before."""
    said = [
        an_event("approved", "approved", "Fine."),
        an_event(status, status, "Not on a Friday."),
        an_event("review_denied", None, "I insist."),
    ]
    asked.says(DEPLOYMENT, a_deployment(status))
    asked.says(EVENTS, {"items": said, "next_cursor": None})

    ran = wait(asked)

    assert (ran.code, ran.out) == (1, "DEP-42\n")
    assert ran.err == f"DEP-42 is {status}: Not on a Friday.\n"


def test_how_it_ended_is_told_although_its_events_cannot_be_read(asked: Command) -> None:
    """The outcome stands; only the words about it are missing."""
    asked.says(DEPLOYMENT, a_deployment("failed"))
    asked.says(EVENTS, httpx2.ConnectError("refused"))

    ran = wait(asked)

    assert (ran.code, ran.err) == (1, "DEP-42 is failed.\n")


def test_why_it_waits_is_told_whenever_that_changes(asked: Command) -> None:
    """A log holds a line for each change, and none for each look."""
    asked.says(
        DEPLOYMENT,
        a_deployment(),
        a_deployment(),
        a_deployment(),
        a_deployment("approved"),
        a_deployment("started"),
        a_deployment("succeeded"),
    )
    by_qa, by_devops = gates("Waits for qa."), gates("Waits for devops.")
    asked.says(GATES, by_qa, by_qa, by_devops, gates())

    ran = wait(asked)

    assert (ran.code, ran.out) == (0, "DEP-42\n")
    assert ran.err == (
        "DEP-42 is pending_approval.\n  approval: Waits for qa.\n"
        "DEP-42 is pending_approval.\n  approval: Waits for devops.\n"
        "DEP-42 is approved.\n"
        "DEP-42 is started.\n"
        "DEP-42 is succeeded.\n"
    )


def test_a_reader_of_json_gets_the_deployment_as_it_ended(asked: Command) -> None:
    """One document, and the way there on standard error."""
    ended = a_deployment("succeeded")
    asked.says(DEPLOYMENT, a_deployment("started"), ended)

    ran = wait(asked, "--json")

    assert (ran.code, ran.document) == (0, ended)


def test_looks_become_rare_while_nothing_changes(asked: Command) -> None:
    """An approval may take hours; the server is not asked every second of them."""
    asked.says(DEPLOYMENT, *[a_deployment()] * 6, a_deployment("started"), a_deployment("failed"))

    wait(asked)

    assert asked.clock.slept == [1, 2, 4, 8, LONGEST_PAUSE_S, LONGEST_PAUSE_S, 1]


def test_a_deployment_that_does_not_end_in_time_goes_on(asked: Command) -> None:
    """The command ends with 5 at the instant that was named, and cancels nothing."""
    asked.says(DEPLOYMENT, a_deployment())

    people, programs = wait(asked, "--timeout=10"), wait(asked, "--timeout=10", "--json")

    assert (people.code, programs.code) == (5, 5)
    assert people.err.endswith("DEP-42 has not ended within 10 s. It goes on without you.\n")
    assert programs.document == a_deployment()
    assert asked.clock.at_s == 20
    assert {question for question in asked.questions if question.startswith("POST")} == {
        "POST /deployments"
    }


@pytest.mark.parametrize(
    "away",
    [
        httpx2.ConnectError("refused"),
        httpx2.Response(502, text="<html>Bad gateway</html>"),
        a_problem(503),
        a_problem(429),
    ],
)
def test_a_server_that_is_away_for_a_while_is_waited_for(asked: Command, away: Answer) -> None:
    """An upgrade of Gatepost fails no pipeline; that it is away is told once."""
    asked.says(DEPLOYMENT, a_deployment("started"), away, away, a_deployment("succeeded"))
    asked.says(GATES, gates())

    ran = wait(asked)

    assert ran.code == 0
    assert ran.err == f"DEP-42 is started.\n{AWAY}DEP-42 is succeeded.\n"


def test_a_server_that_stays_away_is_given_up(asked: Command) -> None:
    """After five minutes without an answer the command ends with 4, and with the cause."""
    asked.says(DEPLOYMENT, httpx2.ConnectError("refused"))

    ran = wait(asked)

    assert (ran.code, ran.out) == (4, "DEP-42\n")
    assert ran.err.startswith(f"{AWAY}gatepost: http://gatepost.example")
    assert PATIENCE_S < asked.clock.at_s < PATIENCE_S + 2 * LONGEST_PAUSE_S


def test_time_runs_out_while_the_server_is_away(asked: Command) -> None:
    """The timeout holds then too, and the deployment is told as it was asked for."""
    asked.says(DEPLOYMENT, httpx2.ConnectError("refused"))

    ran = wait(asked, "--timeout=10", "--json")

    assert (ran.code, ran.document) == (5, a_deployment())


def test_a_token_that_ends_meanwhile_ends_the_waiting(asked: Command) -> None:
    """A no is not waited out: it will be the same the next time."""
    asked.says(DEPLOYMENT, a_problem(401))

    ran = wait(asked)

    assert (ran.code, ran.out) == (3, "DEP-42\n")
    assert ran.err.startswith("gatepost: 401 ")
