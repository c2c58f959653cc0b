"""Waiting for readiness after the rollout."""

from __future__ import annotations

import pytest

from gatepost_worker.checks.readiness import REQUEST_TIMEOUT_S, wait_until_ready
from gatepost_worker.http.errors import ConnectionFailed, InvalidUrl
from gatepost_worker.tasks import Outcome, Result
from tests.support.worker import (
    BASE_URL,
    InstantClock,
    ScriptedHttpClient,
    StepLog,
    a_readiness,
    a_response,
    progress_to,
)

STARTING = a_response(503)
REFUSED = ConnectionFailed("Could not connect to http://shop.example/health (10.0.0.7): refused.")


async def wait(
    http: ScriptedHttpClient, log: StepLog, clock: InstantClock, **changes: float
) -> Outcome:
    return await wait_until_ready(
        a_readiness(**changes), BASE_URL, http=http, clock=clock, progress=progress_to(log, clock)
    )


@pytest.mark.parametrize("status", [200, 204, 299])
async def test_any_2xx_status_is_ready(status: int) -> None:
    """The first response with a 2xx status ends the wait."""
    http, log, clock = ScriptedHttpClient(a_response(status)), StepLog(), InstantClock()

    outcome = await wait(http, log, clock)

    assert outcome.result is Result.SUCCEEDED
    assert (http.requests, clock.sleeps_s) == ([("GET", "http://shop.example/health")], [])
    assert log.results == [("ready", 1, "passed")]


async def test_the_service_is_polled_at_the_interval() -> None:
    """Requests are sent at the interval, and a result is reported only when it changes."""
    http = ScriptedHttpClient(REFUSED, REFUSED, STARTING, STARTING, a_response(200))
    log, clock = StepLog(), InstantClock()

    outcome = await wait(http, log, clock)

    assert outcome.result is Result.SUCCEEDED
    assert clock.sleeps_s == [2, 2, 2, 2]
    assert log.details == [f"{REFUSED}", "GET /health returned 503."]


async def test_the_wait_fails_at_its_timeout() -> None:
    """The deployment's note contains the last result."""
    http, log, clock = ScriptedHttpClient(REFUSED, STARTING), StepLog(), InstantClock()

    outcome = await wait(http, log, clock, timeout_s=5)

    assert outcome.result is Result.FAILED
    assert outcome.note == "Not ready within 5 s. Last result: GET /health returned 503."
    assert clock.sleeps_s == [2, 2, 1]
    assert log.results == [("ready", 1, "failed")]


async def test_a_request_that_hangs_leaves_time_for_others() -> None:
    """Each request has its own timeout. The last request gets only the remaining time."""
    clock, log = InstantClock(), StepLog()
    http = ScriptedHttpClient(REFUSED, clock=clock, takes_s=REQUEST_TIMEOUT_S)

    await wait(http, log, clock, timeout_s=25)

    assert http.timeouts_s == [REQUEST_TIMEOUT_S, REQUEST_TIMEOUT_S, 1]


async def test_a_refused_request_ends_the_wait() -> None:
    """Because a retry would be refused as well, readiness cannot be determined."""
    http = ScriptedHttpClient(InvalidUrl("http://x y/", "not a URL"))
    log, clock = StepLog(), InstantClock()

    outcome = await wait(http, log, clock)

    assert outcome.note == (
        "Readiness could not be determined: Invalid URL http://x y/: not a URL."
    )
    assert (log.results, clock.sleeps_s) == ([("ready", 1, "errored")], [])
