"""The worker process with real rollouts, signals and the end of standard input."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.executors.webhook import WebhookSettings
from gatepost_worker.options import read_options
from gatepost_worker.process import run_until_stopped
from gatepost_worker.tasks import Result
from tests.support.claiming import InMemoryClaims
from tests.support.worker import (
    a_check,
    a_readiness,
    a_target,
    a_task,
    a_test_server,
    http_response,
    respond_with,
)

OPTIONS = read_options(
    ["--name=w1"],
    {
        "GATEPOST_TOKEN": "gp_s_test",
        "GATEPOST_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    },
)
LOOPBACK = ("127.0.0.0/8",)
INSTANT = SimulatedSettings(duration_s=0, succeeds=True)


async def wait_for_outcome(claims: InMemoryClaims) -> None:
    async with asyncio.timeout(10):
        while not claims.outcomes:  # noqa: ASYNC110  # the worker has no event to wait for
            await asyncio.sleep(0.005)


async def run_to_outcome(claims: InMemoryClaims) -> None:
    """Run a worker until the first outcome, then stop it with a signal."""
    worker = asyncio.create_task(run_until_stopped(OPTIONS, claims))
    await wait_for_outcome(claims)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(worker, 5)


async def test_a_deployment_is_rolled_out_and_verified() -> None:
    """The webhook rollout, the readiness probe and the checks succeed over real connections."""
    engine_reply = http_response(body=b'{"state":"succeeded","detail":"run 7"}')
    async with (
        a_test_server(respond_with(engine_reply)) as engine,
        a_test_server(respond_with(http_response(body=b'{"db":"up"}'))) as shop,
    ):
        target = a_target(
            base_url=shop.url,
            executor=WebhookSettings(url=f"{engine.url}/hooks"),
            ready=a_readiness(),
            checks=(a_check(expect_json={"/db": '"up"'}), a_check("again", attempts=2)),
        )
        claims = InMemoryClaims(a_task(target=target, outgoing_allow=LOOPBACK))
        await run_to_outcome(claims)

    outcome = claims.outcomes["DEP-42"]
    assert (outcome.result, outcome.note) == (Result.SUCCEEDED, "run 7")
    assert "webhook-id: build-7" in engine.heads[0]
    assert [head.split()[1] for head in shop.heads] == ["/health", "/db/read", "/db/read"]
    assert [number for number, _ in claims.steps] == list(range(1, len(claims.steps) + 1))


async def test_a_check_of_an_address_that_is_not_listed_is_refused() -> None:
    """No request is sent, and the note says which address the policy would have to allow."""
    async with a_test_server(respond_with(http_response())) as shop:
        target = a_target(base_url=shop.url, executor=INSTANT, checks=(a_check(),))
        claims = InMemoryClaims(a_task(target=target))
        await run_to_outcome(claims)

    assert shop.heads == []
    assert claims.outcomes["DEP-42"].note == (
        "Check db-read errored: 127.0.0.1 is a loopback address of the worker's machine; to "
        "allow it, add 127.0.0.1 to outgoing_allow in the policy of test."
    )


async def test_the_end_of_standard_input_stops_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker ignores its input and stops when it ends, as it does if the server is killed."""
    read_fd, write_fd = os.pipe()
    with os.fdopen(read_fd) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        options = read_options(["--until-eof"], {"GATEPOST_TOKEN": "gp_s_test"})
        worker = asyncio.create_task(run_until_stopped(options, InMemoryClaims()))
        os.write(write_fd, b"input is ignored")
        await asyncio.sleep(0)
        os.close(write_fd)

        await asyncio.wait_for(worker, 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_leaves_running_tasks_to_another_worker(number: signal.Signals) -> None:
    """A stopped worker reports no outcome of a running task, so another worker can take over."""
    target = a_target(executor=SimulatedSettings(duration_s=60, succeeds=True))
    claims = InMemoryClaims(a_task(target=target))
    worker = asyncio.create_task(run_until_stopped(OPTIONS, claims, grace_s=0.02))
    async with asyncio.timeout(5):
        while not claims.steps:  # noqa: ASYNC110  # the worker has no event to wait for
            await asyncio.sleep(0.005)

    os.kill(os.getpid(), number)
    await asyncio.wait_for(worker, 5)

    assert claims.outcomes == {}
