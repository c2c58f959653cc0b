"""One task, from the executor to the last check."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.executors.command import CommandOptions, CommandSettings
from gatepost_worker.executors.executor import CrashPolicy
from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.executors.webhook import WebhookSettings
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.addresses import Address
from gatepost_worker.http.errors import HostNotFound
from gatepost_worker.rollout import NOT_REPEATED, carry_out
from gatepost_worker.tasks import (
    Outcome,
    Result,
    Task,
    failed,
    succeeded,
)
from tests.support.claiming import HandClock
from tests.support.worker import QuickClock, StepLog, a_check, a_readiness, a_target, a_task

TRUST = httpx2.create_ssl_context()
WORKS = SimulatedSettings(duration_s=1, succeeds=True)
FAILS = SimulatedSettings(duration_s=1, succeeds=False)
PROGRAM = CommandSettings(arguments=("/bin/deploy",))


async def nowhere(host: str, _: int, /) -> Sequence[Address]:
    raise HostNotFound(host, "Name or service not known")


def means(clock: Clock | None = None, *, commands: CommandOptions | None = None) -> Dependencies:
    return Dependencies(
        executor_options={
            "command": commands or CommandOptions(allowed=frozenset()),
            "simulated": None,
            "webhook": None,
        },
        clock=clock or QuickClock(),
        resolve_host=nowhere,
        trust=TRUST,
    )


async def run(task: Task, told: StepLog, having: Dependencies | None = None) -> Outcome:
    return await carry_out(task, having or means(), told)


@pytest.mark.parametrize(
    ("target", "note", "ends"),
    [
        (
            {"executor": FAILS, "ready": a_readiness(), "checks": (a_check(),)},
            "The target's simulated executor is set to fail.",
            [("simulated", 1, "failed")],
        ),
        (
            {"executor": PROGRAM, "checks": (a_check(),)},
            (
                "This worker does not run /bin/deploy. It runs only what it was started with: "
                "--allow-command /bin/deploy."
            ),
            [("command", 1, "errored")],
        ),
        (
            {"executor": CommandSettings(arguments=("deploy",))},
            (
                "This worker does not run deploy. It runs only what it was started with: "
                "--allow-command /PATH/TO/PROGRAM."
            ),
            [("command", 1, "errored")],
        ),
        (
            {"executor": WebhookSettings(url="https://ci.example/")},
            (
                "This worker has no webhook secret, and asks no engine unsigned. Start it with "
                "GATEPOST_WEBHOOK_SECRET, the same as the engine's."
            ),
            [("webhook", 1, "errored")],
        ),
        (
            {"ready": a_readiness(timeout_s=3), "checks": (a_check(),)},
            (
                "It was not ready within 3 s. At last: shop.example has no address that this "
                "worker can find: Name or service not known."
            ),
            [("simulated", 1, "passed"), ("ready", 1, "failed")],
        ),
        (
            {"checks": (a_check(), a_check("later"))},
            (
                "Check db-read errored: shop.example has no address that this worker can find: "
                "Name or service not known."
            ),
            [("simulated", 1, "passed"), ("db-read", 1, "errored")],
        ),
    ],
    ids=range(6),
)
async def test_the_first_part_that_does_not_work_is_the_last(
    target: dict[str, Any], note: str, ends: list[tuple[str, int, str]]
) -> None:
    """Its words are the deployment's note."""
    told = StepLog()

    assert await run(a_task(target=a_target(**target)), told) == failed(note)
    assert told.ends == ends


@pytest.mark.parametrize(
    "target",
    [{}, {"base_url": None}, {"checks": (a_check(required=False),)}],
    ids=["nothing to ask", "nowhere to ask", "nothing required"],
)
async def test_what_works_has_succeeded(target: dict[str, Any]) -> None:
    """With the executor's words."""
    told = StepLog()

    assert await run(a_task(target=a_target(**target)), told) == succeeded("Simulated for 1 s.")
    assert told.ends[0] == ("simulated", 1, "passed")
    assert told.details[0] == "Nothing is rolled out: 1.4.2 is simulated."


@pytest.mark.parametrize(
    ("executor", "rules", "note"),
    [
        (PROGRAM, CommandOptions(allowed=frozenset({"/bin/deploy"})), NOT_REPEATED),
        (
            CommandSettings(arguments=("/bin/echo", "again")),
            CommandOptions(allowed=frozenset({"/bin/echo"}), crash_policy=CrashPolicy.RERUN),
            "again",
        ),
        (WORKS, CommandOptions(allowed=frozenset()), "Simulated for 1 s."),
    ],
    ids=["a program", "a program that may", "a simulation"],
)
async def test_a_takeover_repeats_only_what_may_be_repeated(
    executor: Any, rules: CommandOptions, note: str
) -> None:
    """A half-run program is left to people, unless the worker is told otherwise."""
    task, told = a_task(attempt=2, target=a_target(executor=executor)), StepLog()

    outcome = await run(task, told, means(commands=rules))

    assert outcome.note == note
    assert (outcome.result is Result.FAILED) is (note == NOT_REPEATED)


async def test_what_was_rolled_out_before_the_worker_was_lost_is_not_repeated() -> None:
    """Only what is left is done: to see that it works."""
    target = a_target(executor=PROGRAM, checks=(a_check(required=False),))
    told = StepLog()

    outcome = await run(a_task(attempt=2, rolled_out=True, target=target), told)

    assert outcome == succeeded()
    assert told.ends == [("db-read", 1, "errored")]


async def test_the_deadline_ends_what_hangs() -> None:
    """The step that was under way is cut off, and says so."""
    task, told = a_task(time_left=timedelta(milliseconds=20)), StepLog()

    outcome = await run(task, told, means(HandClock()))

    assert outcome == failed("The deadline has passed: it had not ended after 0.02 s.")
    assert told.ends == [("simulated", 1, "failed")]
    assert told.steps[-1].detail == outcome.note


@pytest.mark.parametrize("mistake", [ZeroDivisionError, TimeoutError])
async def test_a_mistake_of_the_worker_fails_the_deployment(
    mistake: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """Else it would be claimed again and again. The log has the particulars."""

    class Broken(QuickClock):
        async def sleep(self, seconds: float, /) -> None:
            raise mistake(seconds)

    told = StepLog()

    outcome = await run(a_task(), told, means(Broken()))

    name = mistake.__name__
    assert outcome == failed(f"The worker met a mistake of its own, {name}; its log has more.")
    assert told.ends == [("simulated", 1, "errored")]
    assert name in caplog.text


async def test_being_cancelled_tells_nothing_more() -> None:
    """Whoever takes over tells how it ended."""
    told = StepLog()
    running = asyncio.create_task(run(a_task(), told, means(HandClock())))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert told.ends == []


def test_a_worker_comes_with_the_means_of_its_machine() -> None:
    """Its clock, its resolver, the authorities that it trusts."""
    own = Dependencies(executor_options={})

    assert own.clock.now().tzinfo is not None
    assert replace(own, trust=TRUST).resolve_host is own.resolve_host
    assert own.trust.check_hostname
