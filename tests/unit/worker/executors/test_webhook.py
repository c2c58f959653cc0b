"""The webhook executor: the conversation with a CI engine."""

from __future__ import annotations

import json
import re

import pytest

from gatepost_worker.executors.executor import LostWorkerPolicy, RolloutInconclusive
from gatepost_worker.executors.webhook import (
    MAX_RETRIES,
    POLL_INTERVAL_S,
    WebhookExecutor,
    WebhookSettings,
)
from gatepost_worker.executors.webhook_secrets import WebhookSecrets
from gatepost_worker.executors.webhook_signature import WebhookSigner
from gatepost_worker.http.errors import ConnectionFailed, InvalidUrl
from gatepost_worker.tasks import DeploymentTask, Outcome, StepKind, failed, succeeded
from tests.support.worker import (
    InstantClock,
    ScriptedHttpClient,
    StepLog,
    a_response,
    a_task,
    progress_to,
)

URL = "https://ci.example/hooks/shop"
RUN_URL = "https://ci.example/runs/7"
SIGNER = WebhookSigner("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
ACCEPTED = a_response(202, b"", location="/runs/7")
UNREACHABLE = ConnectionFailed("Could not connect to https://ci.example.")


class Rollout:
    """A webhook executor and an engine that returns the scripted responses and errors."""

    def __init__(self, *script: object, signer: WebhookSigner | None = SIGNER) -> None:
        self.http = ScriptedHttpClient(*script)  # type: ignore[arg-type]  # responses and errors
        self.clock, self.log = InstantClock(), StepLog()
        secrets = WebhookSecrets(shared=signer)
        self.executor = WebhookExecutor(WebhookSettings(url=URL), secrets, self.http, self.clock)

    async def run(self, task: DeploymentTask | None = None) -> Outcome:
        progress = progress_to(self.log, self.clock)
        progress.start(StepKind.EXECUTOR, "webhook")
        return await self.executor.roll_out(task or a_task(), progress)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ([a_response(200, {"state": "succeeded", "detail": "ok"})], succeeded("ok")),
        ([a_response(204, b"")], succeeded()),
        (
            [a_response(200, {"state": "failed", "detail": "no room"})],
            failed("The CI engine reported a failure: no room"),
        ),
        (
            [a_response(201, {"state": "failed"})],
            failed("The CI engine reported a failure: no reason given"),
        ),
        (
            [
                ACCEPTED,
                a_response(200, {"state": "running"}),
                a_response(200, {"state": "failed"}),
            ],
            failed("The CI engine reported a failure: no reason given"),
        ),
    ],
    ids=range(5),
)
async def test_the_engine_decides_the_outcome(script: list[object], outcome: Outcome) -> None:
    """The engine can reply immediately or later, and its detail becomes the deployment's note."""
    assert await Rollout(*script).run() == outcome


async def test_every_request_for_a_rollout_has_the_same_id_and_body() -> None:
    """The id is the build's, so the engine recognizes repeated requests from any worker."""
    rollout = Rollout(UNREACHABLE, a_response(503), a_response(204, b""))
    next_attempt = Rollout(a_response(204, b""))

    await rollout.run()
    await next_attempt.run(a_task(attempt=2))

    sent = rollout.http
    assert sent.requests == [("POST", URL)] * 3
    assert sent.bodies[0] == sent.bodies[1] == sent.bodies[2]
    all_headers = sent.headers + next_attempt.http.headers
    assert {headers["webhook-id"] for headers in all_headers} == {"build-7"}
    assert sent.headers[0]["Content-Type"] == "application/json"
    assert sent.headers[0]["webhook-signature"].startswith("v1,")
    assert json.loads(next_attempt.http.bodies[0] or b"")["data"]["attempt"] == 2
    assert rollout.executor.lost_worker_policy is LostWorkerPolicy.ADOPT


async def test_an_accepted_rollout_is_polled_to_its_end() -> None:
    """Each detail is reported once, and a new status URL replaces the previous one."""
    rollout = Rollout(
        ACCEPTED,
        a_response(200, {"state": "running", "detail": "1 of 2"}),
        a_response(200, {"state": "running", "detail": "1 of 2"}),
        a_response(200, {"state": "running", "detail": "2 of 2", "status_url": "/runs/8"}),
        a_response(200, {"state": "succeeded"}),
    )

    assert await rollout.run() == succeeded()
    assert rollout.http.requests == [
        ("POST", URL),
        ("GET", RUN_URL),
        ("GET", RUN_URL),
        ("GET", RUN_URL),
        ("GET", "https://ci.example/runs/8"),
    ]
    assert rollout.http.headers[1]["webhook-id"] == "build-7"
    assert rollout.clock.sleeps_s == [POLL_INTERVAL_S] * 4
    assert rollout.log.details == ["1 of 2", "2 of 2"]


async def test_the_status_url_may_be_the_url_of_the_request() -> None:
    """The worker polls that URL, and later replies do not need to repeat it."""
    running = a_response(200, {"state": "running"})
    rollout = Rollout(
        a_response(202, {"status_url": URL}), running, a_response(200, {"state": "succeeded"})
    )

    assert await rollout.run() == succeeded()
    assert rollout.http.requests == [("POST", URL), ("GET", URL), ("GET", URL)]


async def test_an_unavailable_engine_is_retried_with_growing_delays() -> None:
    """If the last retry also fails, the outcome of the rollout is unknown."""
    rollout = Rollout(UNREACHABLE)

    with pytest.raises(RolloutInconclusive, match="The outcome of the rollout is unknown"):
        await rollout.run()

    assert len(rollout.http.requests) == MAX_RETRIES + 1
    assert rollout.clock.sleeps_s == [1, 2, 4, 8, 16, 30, 30, 30]
    assert rollout.log.details[0] == "Could not connect to https://ci.example. Retrying."


async def test_polling_continues_when_the_engine_is_available_again() -> None:
    """A restart of the engine does not end the rollout."""
    rollout = Rollout(
        ACCEPTED, UNREACHABLE, a_response(502), a_response(200, {"state": "succeeded"})
    )

    assert await rollout.run() == succeeded()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ([InvalidUrl(URL, "not a URL")], f"The CI engine was not called: Invalid URL {URL}"),
        ([a_response(404)], "The outcome of the rollout is unknown: "),
        ([a_response(302)], "redirects are not followed"),
        ([a_response(202, b"")], "started the rollout without a status URL"),
        ([a_response(200, {"state": "running"})], "started the rollout without a status URL"),
        ([ACCEPTED, a_response(404)], "runs/7 returned 404"),
        (
            [
                a_response(202, b"", location="http://169.254.169.254/"),
                InvalidUrl("x", "not a URL"),
            ],
            "The CI engine was not called: Invalid URL x",
        ),
    ],
    ids=range(7),
)
async def test_an_unknown_outcome_is_not_a_failure(script: list[object], message: str) -> None:
    """The step is errored, because the rollout may have succeeded."""
    with pytest.raises(RolloutInconclusive, match=re.escape(message)):
        await Rollout(*script).run()


async def test_without_a_secret_no_request_is_sent() -> None:
    """The rollout is errored, because the engine could not verify an unsigned request."""
    rollout = Rollout(a_response(204), signer=None)

    with pytest.raises(RolloutInconclusive, match="GATEPOST_WEBHOOK_SECRET"):
        await rollout.run()

    assert rollout.http.requests == []
