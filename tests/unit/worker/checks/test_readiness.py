"""Waiting until what was rolled out answers."""

from __future__ import annotations

import pytest

from gatepost_worker.checks.readiness import ANSWER_WITHIN_S, wait_until_ready
from gatepost_worker.http.errors import ConnectionFailed, InvalidUrl
from gatepost_worker.tasks import Outcome, Result
from tests.support.worker import (
    BASE_URL,
    QuickClock,
    ScriptedHttpClient,
    StepLog,
    a_readiness,
    a_response,
    telling,
)

STARTING = a_response(503)
REFUSED = ConnectionFailed("http://shop.example/health took no connection (10.0.0.7).")


async def wait(
    ask: ScriptedHttpClient, told: StepLog, clock: QuickClock, **changes: float
) -> Outcome:
    return await wait_until_ready(
        a_readiness(**changes), BASE_URL, ask=ask, clock=clock, progress=telling(told, clock)
    )


@pytest.mark.parametrize("status", [200, 204, 299])
async def test_any_2xx_is_ready(status: int) -> None:
    """At once, without a pause."""
    ask, told, clock = ScriptedHttpClient(a_response(status)), StepLog(), QuickClock()

    outcome = await wait(ask, told, clock)

    assert outcome.result is Result.SUCCEEDED
    assert (ask.asked, clock.slept) == ([("GET", "http://shop.example/health")], [])
    assert told.ends == [("ready", 1, "passed")]


async def test_it_is_asked_again_each_interval() -> None:
    """What it says meanwhile is told once, not at every turn."""
    ask = ScriptedHttpClient(REFUSED, REFUSED, STARTING, STARTING, a_response(200))
    told, clock = StepLog(), QuickClock()

    outcome = await wait(ask, told, clock)

    assert outcome.result is Result.SUCCEEDED
    assert clock.slept == [2, 2, 2, 2]
    assert told.details == [f"{REFUSED}", "GET /health answered 503."]


async def test_it_is_given_up_when_the_time_is_up() -> None:
    """With what it said at last."""
    ask, told, clock = ScriptedHttpClient(REFUSED, STARTING), StepLog(), QuickClock()

    outcome = await wait(ask, told, clock, timeout_s=5)

    assert outcome.result is Result.FAILED
    assert outcome.note == "It was not ready within 5 s. At last: GET /health answered 503."
    assert clock.slept == [2, 2, 1]
    assert told.ends == [("ready", 1, "failed")]


async def test_one_that_hangs_leaves_time_for_another_question() -> None:
    """What hung may have been replaced meanwhile; the last question has what time is left."""
    clock, told = QuickClock(), StepLog()
    ask = ScriptedHttpClient(REFUSED, clock=clock, takes_s=ANSWER_WITHIN_S)

    await wait(ask, told, clock, timeout_s=25)

    assert ask.timeouts_s == [ANSWER_WITHIN_S, ANSWER_WITHIN_S, 1]


async def test_what_may_not_be_asked_is_not_waited_for() -> None:
    """It would be refused however long that went on."""
    ask, told, clock = (
        ScriptedHttpClient(InvalidUrl("http://x y/", "it is no URL")),
        StepLog(),
        QuickClock(),
    )

    outcome = await wait(ask, told, clock)

    assert outcome.note == (
        "It could not be found out whether it is ready: http://x y/ cannot be called: it is no URL."
    )
    assert (told.ends, clock.slept) == ([("ready", 1, "errored")], [])
