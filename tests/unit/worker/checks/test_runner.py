"""The check runner: requests, expectations, retries and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from gatepost_worker.checks.runner import RETRY_DELAY_S, run_checks
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
    InstantClock,
    ScriptedHttpClient,
    StepLog,
    a_check,
    a_response,
    progress_to,
)

OK = a_response()
BROKEN = a_response(500, {"error": "no database"})


@dataclass
class CheckRun:
    """The outcome of a run, with its reported steps and its clock."""

    outcome: Outcome
    log: StepLog
    clock: InstantClock


async def run(
    checks: Sequence[Check], http: ScriptedHttpClient, *, base_url: str = BASE_URL
) -> CheckRun:
    log, clock = StepLog(), InstantClock()
    progress = progress_to(log, clock)
    outcome = await run_checks(checks, base_url, http=http, clock=clock, progress=progress)
    return CheckRun(outcome, log, clock)


@pytest.mark.parametrize(
    ("changes", "item", "reason"),
    [
        ({}, BROKEN, "GET /db/read returned 500, expected 200."),
        ({"expect_status": 404}, OK, "GET /db/read returned 200, expected 404."),
        ({}, a_response(302), "GET /db/read returned 302, expected 200."),
        ({"max_latency_ms": 11}, OK, "GET /db/read took 12 ms, expected at most 11 ms."),
        (
            {"max_latency_ms": 11},
            BROKEN,
            "GET /db/read returned 500, expected 200; took 12 ms, expected at most 11 ms.",
        ),
        (
            {"expect_json": {"/ok": "true"}},
            a_response(body={"ok": 1}),
            "GET /db/read returned 1 at /ok, expected true.",
        ),
        (
            {"expect_json": {"": '{"a":1}'}},
            a_response(body=[]),
            'GET /db/read returned [] at the root, expected {"a": 1}.',
        ),
        (
            {"expect_json": {"/ok": "true", "/db/name": '"shop"'}},
            a_response(body={"ok": False, "db": {}}),
            (
                "GET /db/read returned false at /ok, expected true; returned no value at "
                "/db/name: the object at /db has no member 'name'."
            ),
        ),
        (
            {"expect_json": {"/ok": "true"}},
            a_response(body=b"<html>\nBad gateway"),
            (
                "GET /db/read returned invalid JSON (Expecting value: line 1 column 1 "
                "(char 0)): '<html> Bad gateway'."
            ),
        ),
        (
            {"expect_json": {"/ok": "true"}},
            a_response(body=b""),
            ("GET /db/read returned invalid JSON (Expecting value: line 1 column 1 (char 0)): ''."),
        ),
        (
            {"expect_json": {"/ok": "yes"}},
            a_response(body={"ok": True}),
            (
                "GET /db/read could not be compared: the expected value at /ok is invalid JSON "
                "(Expecting value: line 1 column 1 (char 0))."
            ),
        ),
        (
            {},
            RequestTimedOut("http://x did not respond within 5 s."),
            "http://x did not respond within 5 s.",
        ),
        ({}, ConnectionFailed("Could not connect."), "Could not connect."),
        ({}, ResponseTooLarge("It is too large."), "It is too large."),
    ],
    ids=range(14),
)
async def test_a_failed_check_says_what_was_wrong(
    changes: dict[str, Any], item: Any, reason: str
) -> None:
    """The reason appears in the step's detail and in the deployment's note."""
    result = await run([a_check(**changes)], ScriptedHttpClient(item))

    assert result.outcome.result is Result.FAILED
    assert result.outcome.note == f"Check db-read failed: {reason}"
    assert result.log.results == [("db-read", 1, "failed")]
    assert result.log.steps[-1].detail == reason


@pytest.mark.parametrize(
    ("changes", "response"),
    [
        ({}, OK),
        ({"expect_status": 500}, BROKEN),
        ({"max_latency_ms": 12}, OK),
        ({"expect_json": {"/ok": "true", "/n": "1.0"}}, a_response(body={"ok": True, "n": 1})),
        ({}, a_response(body=b"not JSON, but none is expected")),
    ],
    ids=range(5),
)
async def test_a_check_passes_if_the_response_is_as_expected(
    changes: dict[str, Any], response: Any
) -> None:
    """Parts of the response that the check does not mention are ignored."""
    result = await run([a_check(**changes)], ScriptedHttpClient(response))

    assert result.outcome.result is Result.SUCCEEDED
    assert result.log.results == [("db-read", 1, "passed")]
    assert result.log.steps[-1].detail == f"GET /db/read returned {response.status} in 12 ms."


async def test_every_attempt_is_reported_at_its_start_and_end() -> None:
    """Each attempt is reported as running and then with its result. A delay precedes a retry."""
    result = await run([a_check(attempts=3)], ScriptedHttpClient(BROKEN, BROKEN, OK))

    assert result.outcome.result is Result.SUCCEEDED
    assert [(step.attempt, step.state.value) for step in result.log.steps] == [
        (1, "running"),
        (1, "failed"),
        (2, "running"),
        (2, "failed"),
        (3, "running"),
        (3, "passed"),
    ]
    assert result.clock.sleeps_s == [RETRY_DELAY_S, RETRY_DELAY_S]


async def test_a_required_check_fails_the_deployment_after_its_last_attempt() -> None:
    """The checks after the failed one do not run."""
    checks = [a_check(attempts=3), a_check("later")]

    result = await run(checks, ScriptedHttpClient(BROKEN))

    assert result.outcome.note == (
        "Check db-read failed after 3 attempts: GET /db/read returned 500, expected 200."
    )
    assert [name for name, _, _ in result.log.results] == ["db-read"] * 3


async def test_an_optional_check_does_not_fail_the_deployment() -> None:
    """The failed check is reported, and the next check runs."""
    checks = [a_check("optional", required=False), a_check("required")]

    result = await run(checks, ScriptedHttpClient(BROKEN, OK))

    assert result.outcome.result is Result.SUCCEEDED
    assert result.log.results == [("optional", 1, "failed"), ("required", 1, "passed")]


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (InvalidUrl("http://x y/", "not a URL"), 1),
        (HostNotFound("shop.example", "Name or service not known"), 3),
    ],
)
async def test_a_request_that_could_not_be_sent_is_errored_and_not_failed(
    error: RequestFailed, attempts: int
) -> None:
    """A refused request is not retried. A request to an unresolved host is retried."""
    result = await run([a_check(attempts=3)], ScriptedHttpClient(error))

    assert result.outcome.result is Result.FAILED
    assert f"Check db-read errored after {attempts} attempt" in result.outcome.note
    assert f"{error}" in result.outcome.note
    assert result.log.results == [
        ("db-read", attempt, "errored") for attempt in range(1, attempts + 1)
    ]


async def test_checks_run_in_order() -> None:
    """Requests are sent in the order of the checks, so that one check can prepare the next."""
    checks = [
        a_check("db-create", method="POST", path="/db/create?x=1", body='{"name":"a"}'),
        a_check("db-read", timeout_s=7),
    ]
    http = ScriptedHttpClient(OK)

    await run(checks, http, base_url="http://shop.example/app/")

    assert http.requests == [
        ("POST", "http://shop.example/app/db/create?x=1"),
        ("GET", "http://shop.example/app/db/read"),
    ]
    assert http.bodies == [b'{"name":"a"}', None]
    assert http.headers == [{"Content-Type": "application/json"}, {}]
    assert http.timeouts_s == [5, 7]


async def test_a_target_without_checks_succeeds() -> None:
    """Without checks, the run succeeds and sends no request."""
    http = ScriptedHttpClient(BROKEN)

    result = await run([], http)

    assert (result.outcome.result, http.requests) == (Result.SUCCEEDED, [])
