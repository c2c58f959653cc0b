"""A worker as a process is: it rolls out for real, and ends by a signal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.executors.webhook import WebhookSettings
from gatepost_worker.options import read
from gatepost_worker.process import run
from gatepost_worker.tasks import Result
from tests.support.claiming import InMemoryClaims
from tests.support.worker import (
    a_check,
    a_readiness,
    a_target,
    a_task,
    a_test_server,
    http,
    responding,
)

OPTIONS = read(["--name=w1"], {"GATEPOST_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
HERE = ("127.0.0.0/8",)
NOTHING = SimulatedSettings(duration_s=0, succeeds=True)


async def finished(claims: InMemoryClaims, number: int = 1) -> None:
    async with asyncio.timeout(10):
        while len(claims.outcomes) < number:  # noqa: ASYNC110  # by the worker, which has no event
            await asyncio.sleep(0.005)


async def test_a_deployment_is_rolled_out_and_looked_at() -> None:
    """By a CI engine, then by readiness and a check, over real connections."""
    async with (
        a_test_server(responding(http(body=b'{"state":"succeeded","detail":"run 7"}'))) as engine,
        a_test_server(responding(http(body=b'{"db":"up"}'))) as shop,
    ):
        target = a_target(
            base_url=shop.url,
            executor=WebhookSettings(url=f"{engine.url}/hooks"),
            ready=a_readiness(),
            checks=(a_check(expect_json={"/db": '"up"'}), a_check("again", attempts=2)),
        )
        claims = InMemoryClaims(a_task(target=target, outgoing_allow=HERE))
        working = asyncio.create_task(run(OPTIONS, claims))
        await finished(claims)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(working, 5)

    outcome = claims.outcomes["DEP-42"]
    assert (outcome.result, outcome.note) == (Result.SUCCEEDED, "run 7")
    assert "webhook-id: build-7" in engine.heads[0]
    assert [head.split()[1] for head in shop.heads] == ["/health", "/db/read", "/db/read"]
    assert [number for number, _ in claims.steps] == list(range(1, len(claims.steps) + 1))


async def test_a_check_of_a_place_that_is_not_listed_is_not_made() -> None:
    """The environment's policy decides, not who set the target up."""
    async with a_test_server(responding(http())) as shop:
        target = a_target(base_url=shop.url, executor=NOTHING, checks=(a_check(),))
        claims = InMemoryClaims(a_task(target=target))
        working = asyncio.create_task(run(OPTIONS, claims))
        await finished(claims)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(working, 5)

    assert shop.heads == []
    assert claims.outcomes["DEP-42"].note == (
        "Check db-read errored: 127.0.0.1 is an address of the worker's own machine; list "
        "127.0.0.1 in outgoing_allow of test's policy to have it called."
    )


async def test_a_worker_ends_with_whoever_holds_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was killed leaves no worker of its own behind."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end) as held:
        monkeypatch.setattr(sys, "stdin", held)
        working = asyncio.create_task(run(read(["--until-eof"], {}), InMemoryClaims()))
        os.write(write_end, b"still here")
        await asyncio.sleep(0)
        os.close(write_end)

        await asyncio.wait_for(working, 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_leaves_what_is_under_way_for_another_worker(number: signal.Signals) -> None:
    """Nothing is told to have failed that was only interrupted; the process stays in control."""
    target = a_target(executor=SimulatedSettings(duration_s=60, succeeds=True))
    claims = InMemoryClaims(a_task(target=target))
    working = asyncio.create_task(run(OPTIONS, claims, grace_s=0.02))
    async with asyncio.timeout(5):
        while not claims.steps:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.005)

    os.kill(os.getpid(), number)
    await asyncio.wait_for(working, 5)

    assert claims.outcomes == {}
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
