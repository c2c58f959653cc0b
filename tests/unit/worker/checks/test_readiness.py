"""Waiting until what was rolled out answers."""

from __future__ import annotations

import pytest

from gatepost_worker.checks.readiness import ANSWER_WITHIN_S, wait_until_ready
from gatepost_worker.http.errors import BadUrl, NoConnection
from gatepost_worker.tasks import Outcome, Result
from tests.support.worker import (
    BASE_URL,
    QuickClock,
    Scripted,
    Told,
    a_ready,
    an_answer,
    telling,
)

STARTING = an_answer(503)
REFUSED = NoConnection("http://shop.example/health took no connection (10.0.0.7).")


async def wait(ask: Scripted, told: Told, clock: QuickClock, **changes: float) -> Outcome:
    return await wait_until_ready(
        a_ready(**changes), BASE_URL, ask=ask, clock=clock, progress=telling(told, clock)
    )


@pytest.mark.parametrize("status", [200, 204, 299])
async def test_any_2xx_is_ready(status: int) -> None:
    """At once, without a pause."""
    ask, told, clock = Scripted(an_answer(status)), Told(), QuickClock()

    outcome = await wait(ask, told, clock)

    assert outcome.result is Result.SUCCEEDED
    assert (ask.asked, clock.slept) == ([("GET", "http://shop.example/health")], [])
    assert told.ends == [("ready", 1, "passed")]


async def test_it_is_asked_again_each_interval() -> None:
    """What it says meanwhile is told once, not at every turn."""
    ask = Scripted(REFUSED, REFUSED, STARTING, STARTING, an_answer(200))
    told, clock = Told(), QuickClock()

    outcome = await wait(ask, told, clock)

    assert outcome.result is Result.SUCCEEDED
    assert clock.slept == [2, 2, 2, 2]
    assert told.details == [f"{REFUSED}", "GET /health answered 503."]


async def test_it_is_given_up_when_the_time_is_up() -> None:
    """With what it said at last."""
    ask, told, clock = Scripted(REFUSED, STARTING), Told(), QuickClock()

    outcome = await wait(ask, told, clock, timeout_s=5)

    assert outcome.result is Result.FAILED
    assert outcome.note == "It was not ready within 5 s. At last: GET /health answered 503."
    assert clock.slept == [2, 2, 1]
    assert told.ends == [("ready", 1, "failed")]


async def test_one_that_hangs_leaves_time_for_another_question() -> None:
    """What hung may have been replaced meanwhile; the last question has what time is left."""
    clock, told = QuickClock(), Told()
    ask = Scripted(REFUSED, clock=clock, takes_s=ANSWER_WITHIN_S)

    await wait(ask, told, clock, timeout_s=25)

    assert ask.timeouts_s == [ANSWER_WITHIN_S, ANSWER_WITHIN_S, 1]


async def test_what_may_not_be_asked_is_not_waited_for() -> None:
    """It would be refused however long that went on."""
    ask, told, clock = Scripted(BadUrl("http://x y/", "it is no URL")), Told(), QuickClock()

    outcome = await wait(ask, told, clock)

    assert outcome.note == (
        "It could not be found out whether it is ready: http://x y/ cannot be called: it is no URL."
    )
    assert (told.ends, clock.slept) == ([("ready", 1, "errored")], [])
