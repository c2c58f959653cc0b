"""The checks: what is asked, what is held of the answer, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from gatepost_worker.checks.runner import PAUSE_S, make_checks
from gatepost_worker.http.errors import (
    ConnectionFailed,
    HostNotFound,
    InvalidUrl,
    RequestFailed,
    RequestTimedOut,
    ResponseTooLarge,
)
from gatepost_worker.tasks import Check, Outcome, Result
from tests.support.worker import (
    BASE_URL,
    QuickClock,
    ScriptedHttpClient,
    StepLog,
    a_check,
    a_response,
    telling,
)

PASSED = a_response()
BROKEN = a_response(500, {"error": "no database"})


class CheckRun:
    """Checks that were made, and all that came of them."""

    outcome: Outcome

    def __init__(self, ask: ScriptedHttpClient) -> None:
        self.ask, self.told, self.clock = ask, StepLog(), QuickClock()


async def make(
    checks: Sequence[Check], ask: ScriptedHttpClient, *, base_url: str = BASE_URL
) -> CheckRun:
    made = CheckRun(ask)
    progress = telling(made.told, made.clock)
    made.outcome = await make_checks(checks, base_url, ask=ask, clock=made.clock, progress=progress)
    return made


@pytest.mark.parametrize(
    ("changes", "answer", "note"),
    [
        ({}, BROKEN, "GET /db/read answered 500, expected 200."),
        ({"expect_status": 404}, PASSED, "GET /db/read answered 200, expected 404."),
        ({}, a_response(302), "GET /db/read answered 302, expected 200."),
        ({"max_latency_ms": 11}, PASSED, "GET /db/read took 12 ms, allowed are 11 ms."),
        (
            {"max_latency_ms": 11},
            BROKEN,
            "GET /db/read answered 500, expected 200; took 12 ms, allowed are 11 ms.",
        ),
        (
            {"expect_json": {"/ok": "true"}},
            a_response(body={"ok": 1}),
            "GET /db/read answered 1 at /ok, expected true.",
        ),
        (
            {"expect_json": {"": '{"a":1}'}},
            a_response(body=[]),
            'GET /db/read answered [] at the top, expected {"a": 1}.',
        ),
        (
            {"expect_json": {"/ok": "true", "/db/name": '"shop"'}},
            a_response(body={"ok": False, "db": {}}),
            (
                "GET /db/read answered false at /ok, expected true; answered without /db/name: "
                "there is no 'name' at /db."
            ),
        ),
        (
            {"expect_json": {"/ok": "true"}},
            a_response(body=b"<html>\nBad gateway"),
            (
                "GET /db/read answered with what is no JSON (Expecting value: line 1 column 1 "
                "(char 0)): '<html> Bad gateway'."
            ),
        ),
        (
            {"expect_json": {"/ok": "true"}},
            a_response(body=b""),
            (
                "GET /db/read answered with what is no JSON (Expecting value: line 1 column 1 "
                "(char 0)): ''."
            ),
        ),
        (
            {"expect_json": {"/ok": "yes"}},
            a_response(body={"ok": True}),
            (
                "GET /db/read cannot be held against what is expected at /ok, which is no JSON "
                "(Expecting value: line 1 column 1 (char 0))."
            ),
        ),
        (
            {},
            RequestTimedOut("http://x did not answer within 5 s."),
            "http://x did not answer within 5 s.",
        ),
        ({}, ConnectionFailed("It took no connection."), "It took no connection."),
        ({}, ResponseTooLarge("It is too long."), "It is too long."),
    ],
    ids=range(14),
)
async def test_a_check_that_does_not_work_says_what_was_wrong(
    changes: dict[str, Any], answer: Any, note: str
) -> None:
    """In the words that the deployment's note then has."""
    made = await make([a_check(**changes)], ScriptedHttpClient(answer))

    assert made.outcome.result is Result.FAILED
    assert made.outcome.note == f"Check db-read failed: {note}"
    assert made.told.ends == [("db-read", 1, "failed")]
    assert made.told.steps[-1].detail == note


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, PASSED),
        ({"expect_status": 500}, BROKEN),
        ({"max_latency_ms": 12}, PASSED),
        ({"expect_json": {"/ok": "true", "/n": "1.0"}}, a_response(body={"ok": True, "n": 1})),
        ({}, a_response(body=b"no JSON, and none expected")),
    ],
    ids=range(5),
)
async def test_a_check_passes_if_the_answer_is_as_expected(
    changes: dict[str, Any], answer: Any
) -> None:
    """Nothing but what it expects matters."""
    made = await make([a_check(**changes)], ScriptedHttpClient(answer))

    assert made.outcome.result is Result.SUCCEEDED
    assert made.told.ends == [("db-read", 1, "passed")]
    assert made.told.steps[-1].detail == f"GET /db/read answered {answer.status} in 12 ms."


async def test_every_attempt_is_told_as_it_happens() -> None:
    """Its beginning and its end, with the pauses between them."""
    made = await make([a_check(attempts=3)], ScriptedHttpClient(BROKEN, BROKEN, PASSED))

    assert made.outcome.result is Result.SUCCEEDED
    assert [(step.attempt, step.state.value) for step in made.told.steps] == [
        (1, "running"),
        (1, "failed"),
        (2, "running"),
        (2, "failed"),
        (3, "running"),
        (3, "passed"),
    ]
    assert made.clock.slept == [PAUSE_S, PAUSE_S]


async def test_a_required_check_fails_the_deployment_after_its_last_attempt() -> None:
    """No later check is made."""
    checks = [a_check(attempts=3), a_check("later")]

    made = await make(checks, ScriptedHttpClient(BROKEN))

    assert made.outcome.note == (
        "Check db-read failed after 3 attempts: GET /db/read answered 500, expected 200."
    )
    assert [name for name, _, _ in made.told.ends] == ["db-read"] * 3


async def test_a_check_that_is_not_required_is_told_and_passed_over() -> None:
    """The next one is made, and decides."""
    checks = [a_check("nice", required=False), a_check("needed")]

    made = await make(checks, ScriptedHttpClient(BROKEN, PASSED))

    assert made.outcome.result is Result.SUCCEEDED
    assert made.told.ends == [("nice", 1, "failed"), ("needed", 1, "passed")]


@pytest.mark.parametrize(
    ("failure", "attempts"),
    [
        (InvalidUrl("http://x y/", "it is no URL"), 1),
        (HostNotFound("shop.example", "Name or service not known"), 3),
    ],
)
async def test_what_could_not_be_asked_is_errored_not_failed(
    failure: RequestFailed, attempts: int
) -> None:
    """What is refused stays refused; a name may be known a moment later."""
    made = await make([a_check(attempts=3)], ScriptedHttpClient(failure))

    assert made.outcome.result is Result.FAILED
    assert f"Check db-read errored after {attempts} attempt" in made.outcome.note
    assert f"{failure}" in made.outcome.note
    assert made.told.ends == [("db-read", each + 1, "errored") for each in range(attempts)]


async def test_checks_are_made_in_their_order() -> None:
    """A later one may read what an earlier one wrote."""
    checks = [
        a_check("db-create", method="POST", path="/db/create?x=1", body='{"name":"a"}'),
        a_check("db-read", timeout_s=7),
    ]

    made = await make(checks, ScriptedHttpClient(PASSED), base_url="http://shop.example/app/")

    assert made.ask.asked == [
        ("POST", "http://shop.example/app/db/create?x=1"),
        ("GET", "http://shop.example/app/db/read"),
    ]
    assert made.ask.bodies == [b'{"name":"a"}', None]
    assert made.ask.headers == [{"Content-Type": "application/json"}, {}]
    assert made.ask.timeouts_s == [5, 7]


async def test_nothing_to_check_is_no_failure() -> None:
    """A target need not have checks."""
    made = await make([], ScriptedHttpClient(BROKEN))

    assert (made.outcome.result, made.ask.asked) == (Result.SUCCEEDED, [])
