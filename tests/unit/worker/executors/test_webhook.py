"""The executor that asks a CI engine."""

from __future__ import annotations

import json
import re

import pytest

from gatepost_worker.executors.executor import CrashPolicy, OutcomeUnknown
from gatepost_worker.executors.webhook import (
    MOST_FAILURES,
    POLL_PAUSE_S,
    WebhookExecutor,
    WebhookSettings,
)
from gatepost_worker.executors.webhook_signature import WebhookSigner
from gatepost_worker.http.errors import ConnectionFailed, InvalidUrl
from gatepost_worker.tasks import Outcome, StepKind, Task, failed, succeeded
from tests.support.worker import (
    QuickClock,
    ScriptedHttpClient,
    StepLog,
    a_response,
    a_task,
    telling,
)

URL = "https://ci.example/hooks/shop"
RUN = "https://ci.example/runs/7"
SIGNER = WebhookSigner("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
ACCEPTED = a_response(202, b"", location="/runs/7")
AWAY = ConnectionFailed("https://ci.example took no connection.")


class Asked:
    """An engine that was asked, by a script of what it says."""

    def __init__(self, *script: object, signer: WebhookSigner | None = SIGNER) -> None:
        self.ask = ScriptedHttpClient(*script)  # type: ignore[arg-type]  # answers and failures
        self.clock, self.told = QuickClock(), StepLog()
        self.executor = WebhookExecutor(WebhookSettings(url=URL), signer, self.ask, self.clock)

    async def roll_out(self, task: Task | None = None) -> Outcome:
        progress = telling(self.told, self.clock)
        progress.begin(StepKind.EXECUTOR, "webhook")
        return await self.executor.roll_out(task or a_task(), progress)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ([a_response(200, {"state": "succeeded", "detail": "ok"})], succeeded("ok")),
        ([a_response(204, b"")], succeeded()),
        (
            [a_response(200, {"state": "failed", "detail": "no room"})],
            failed("The engine says that it failed: no room"),
        ),
        (
            [a_response(201, {"state": "failed"})],
            failed("The engine says that it failed: without responding why"),
        ),
        (
            [ACCEPTED, a_response(200, {"state": "running"}), a_response(200, {"state": "failed"})],
            failed("The engine says that it failed: without responding why"),
        ),
    ],
    ids=range(5),
)
async def test_the_engine_says_how_it_ended(script: list[object], outcome: Outcome) -> None:
    """At once or later, in its own words."""
    assert await Asked(*script).roll_out() == outcome


async def test_a_message_is_signed_and_the_same_however_often_it_is_sent() -> None:
    """Its id is the build's, so the engine knows a repeat, also another worker's."""
    engine = Asked(AWAY, a_response(503), a_response(204, b""))
    other = Asked(a_response(204, b""))

    await engine.roll_out()
    await other.roll_out(a_task(attempt=2))

    assert engine.ask.asked == [("POST", URL)] * 3
    assert engine.ask.bodies[0] == engine.ask.bodies[1] == engine.ask.bodies[2]
    assert {each["webhook-id"] for each in engine.ask.headers + other.ask.headers} == {"build-7"}
    assert engine.ask.headers[0]["Content-Type"] == "application/json"
    assert engine.ask.headers[0]["webhook-signature"].startswith("v1,")
    assert json.loads(other.ask.bodies[0] or b"")["data"]["attempt"] == 2
    assert engine.executor.crash_policy is CrashPolicy.ADOPT


async def test_what_is_accepted_is_followed_to_its_end() -> None:
    """What it says meanwhile is told when it changes, and another place is asked if it says so."""
    engine = Asked(
        ACCEPTED,
        a_response(200, {"state": "running", "detail": "1 of 2"}),
        a_response(200, {"state": "running", "detail": "1 of 2"}),
        a_response(200, {"state": "running", "detail": "2 of 2", "status_url": "/runs/8"}),
        a_response(200, {"state": "succeeded"}),
    )

    assert await engine.roll_out() == succeeded()
    assert engine.ask.asked == [
        ("POST", URL),
        ("GET", RUN),
        ("GET", RUN),
        ("GET", RUN),
        ("GET", "https://ci.example/runs/8"),
    ]
    assert engine.ask.headers[1]["webhook-id"] == "build-7"
    assert engine.clock.slept == [POLL_PAUSE_S] * 4
    assert engine.told.details == ["1 of 2", "2 of 2"]


async def test_an_engine_that_is_away_is_asked_again() -> None:
    """More and more slowly, and not for ever."""
    engine = Asked(AWAY)

    with pytest.raises(OutcomeUnknown, match="could not be found out how the rollout ended"):
        await engine.roll_out()

    assert len(engine.ask.asked) == MOST_FAILURES + 1
    assert engine.clock.slept == [1, 2, 4, 8, 16, 30, 30, 30]
    assert engine.told.details[0] == "https://ci.example took no connection. Asking again."


async def test_an_engine_that_comes_back_while_it_is_followed_is_followed_on() -> None:
    """Its restart does not end the rollout."""
    engine = Asked(ACCEPTED, AWAY, a_response(502), a_response(200, {"state": "succeeded"}))

    assert await engine.roll_out() == succeeded()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([InvalidUrl(URL, "it is none")], f"The engine was not asked: {URL} cannot be called"),
        ([a_response(404)], "could not be found out how the rollout ended: "),
        ([a_response(302)], "redirects are not followed"),
        ([a_response(202, b"")], "runs it, but names no status URL to ask"),
        ([a_response(200, {"state": "running"})], "runs it, but names no status URL to ask"),
        ([ACCEPTED, a_response(404)], "runs/7 answered 404"),
        (
            [
                a_response(202, b"", location="http://169.254.169.254/"),
                InvalidUrl("x", "it is none"),
            ],
            "The engine was not asked: x cannot be called",
        ),
    ],
    ids=range(7),
)
async def test_what_cannot_be_known_is_said_to_be_unclear(script: list[object], words: str) -> None:
    """It is not the same as a rollout that failed."""
    with pytest.raises(OutcomeUnknown, match=re.escape(words)):
        await Asked(*script).roll_out()


async def test_without_a_secret_no_engine_is_asked() -> None:
    """An unsigned message could be anybody's."""
    engine = Asked(a_response(204), signer=None)

    with pytest.raises(OutcomeUnknown, match="GATEPOST_WEBHOOK_SECRET"):
        await engine.roll_out()

    assert engine.ask.asked == []
