"""The task runner, from the executor to the last check."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.deployment_task_runner import NOT_RERUN, run_task
from gatepost_worker.executors.allowed_programs import allow_everywhere
from gatepost_worker.executors.command import CommandOptions, CommandSettings
from gatepost_worker.executors.executor import LostWorkerPolicy
from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.executors.webhook import NO_SECRET, WebhookSettings
from gatepost_worker.executors.webhook_secrets import WebhookSecrets
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.errors import HostNotFound
from gatepost_worker.http.ip_addresses import Address
from gatepost_worker.tasks import DeploymentTask, Outcome, Result, failed, succeeded
from tests.support.claiming import HandClock
from tests.support.worker import InstantClock, StepLog, a_check, a_readiness, a_target, a_task

TLS_CONTEXT = httpx2.create_ssl_context()
WORKING = SimulatedSettings(duration_s=1, succeeds=True)
FAILING = SimulatedSettings(duration_s=1, succeeds=False)
PROGRAM = CommandSettings(arguments=("/bin/deploy",))
NO_PROGRAMS = CommandOptions(allowed=())


async def resolve_nothing(host: str, _: int, /) -> Sequence[Address]:
    raise HostNotFound(host, "Name or service not known")


async def run(
    task: DeploymentTask,
    log: StepLog,
    *,
    clock: Clock | None = None,
    command: CommandOptions = NO_PROGRAMS,
) -> Outcome:
    dependencies = Dependencies(
        executor_options={"command": command, "simulated": None, "webhook": WebhookSecrets()},
        clock=clock or InstantClock(),
        resolver=resolve_nothing,
        tls_context=TLS_CONTEXT,
    )
    return await run_task(task, log, dependencies=dependencies)


@pytest.mark.parametrize(
    ("target", "note", "results"),
    [
        (
            {"executor": FAILING, "ready": a_readiness(), "checks": (a_check(),)},
            "The target's simulated executor is set to fail.",
            [("simulated", 1, "failed")],
        ),
        (
            {"executor": PROGRAM, "checks": (a_check(),)},
            (
                "This worker does not allow the program /bin/deploy; start the worker with "
                "--allow-command /bin/deploy."
            ),
            [("command", 1, "errored")],
        ),
        (
            {"executor": CommandSettings(arguments=("deploy",))},
            (
                "This worker does not allow the program deploy; start the worker with "
                "--allow-command /PATH/TO/PROGRAM."
            ),
            [("command", 1, "errored")],
        ),
        (
            {"executor": WebhookSettings(url="https://ci.example/")},
            NO_SECRET,
            [("webhook", 1, "errored")],
        ),
        (
            {"ready": a_readiness(timeout_s=3), "checks": (a_check(),)},
            (
                "Not ready within 3 s. Last result: The host shop.example could not be "
                "resolved: Name or service not known."
            ),
            [("simulated", 1, "passed"), ("ready", 1, "failed")],
        ),
        (
            {"checks": (a_check(), a_check("later"))},
            (
                "Check db-read errored: The host shop.example could not be resolved: "
                "Name or service not known."
            ),
            [("simulated", 1, "passed"), ("db-read", 1, "errored")],
        ),
    ],
    ids=range(6),
)
async def test_the_first_part_that_does_not_succeed_ends_the_task(
    target: dict[str, Any], note: str, results: list[tuple[str, int, str]]
) -> None:
    """The reason of the part that did not succeed becomes the deployment's note."""
    log = StepLog()

    assert await run(a_task(target=a_target(**target)), log) == failed(note)
    assert log.results == results


@pytest.mark.parametrize(
    "target",
    [{}, {"base_url": None}, {"checks": (a_check(required=False),)}],
    ids=["no checks", "no base URL", "no required check"],
)
async def test_a_task_succeeds_with_the_note_of_its_executor(target: dict[str, Any]) -> None:
    """The outcome has the executor's note, even without checks or a base URL."""
    log = StepLog()

    assert await run(a_task(target=a_target(**target)), log) == succeeded("Simulated for 1 s.")
    assert log.results[0] == ("simulated", 1, "passed")
    assert log.details[0] == "Simulating the rollout of 1.4.2; nothing is deployed."


@pytest.mark.parametrize(
    ("executor", "command", "note"),
    [
        (PROGRAM, CommandOptions(allowed=(allow_everywhere("/bin/deploy"),)), NOT_RERUN),
        (
            CommandSettings(arguments=("/bin/echo", "again")),
            CommandOptions(
                allowed=(allow_everywhere("/bin/echo"),), lost_worker_policy=LostWorkerPolicy.RERUN
            ),
            "again",
        ),
        (WORKING, NO_PROGRAMS, "Simulated for 1 s."),
    ],
    ids=["a program", "a program that may be rerun", "a simulation"],
)
async def test_a_later_attempt_follows_the_lost_worker_policy(
    executor: Any, command: CommandOptions, note: str
) -> None:
    """After a lost worker, a program is not run again unless the policy says so."""
    task, log = a_task(attempt=2, target=a_target(executor=executor)), StepLog()

    outcome = await run(task, log, command=command)

    assert outcome.note == note
    assert (outcome.result is Result.FAILED) is (note == NOT_RERUN)


async def test_a_finished_rollout_is_not_repeated_by_a_later_attempt() -> None:
    """The later attempt only runs the readiness check and the target's checks."""
    target = a_target(executor=PROGRAM, checks=(a_check(required=False),))
    log = StepLog()

    outcome = await run(a_task(attempt=2, rolled_out=True, target=target), log)

    assert outcome == succeeded()
    assert log.results == [("db-read", 1, "errored")]


async def test_the_deadline_fails_the_task() -> None:
    """The running step fails with the same reason as the task."""
    task, log = a_task(time_left=timedelta(milliseconds=20)), StepLog()

    outcome = await run(task, log, clock=HandClock())

    assert outcome == failed("The deadline has passed: the rollout had not finished after 0.02 s.")
    assert log.results == [("simulated", 1, "failed")]
    assert log.steps[-1].detail == outcome.note


@pytest.mark.parametrize("error", [ZeroDivisionError, TimeoutError])
async def test_an_internal_error_fails_the_deployment(
    error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """The deployment fails, so no worker claims it again. The log contains the traceback."""

    class BrokenClock(InstantClock):
        async def sleep(self, seconds: float, /) -> None:
            raise error(seconds)

    log = StepLog()

    outcome = await run(a_task(), log, clock=BrokenClock())

    name = error.__name__
    assert outcome == failed(f"Internal error in the worker ({name}); see the worker's log.")
    assert log.results == [("simulated", 1, "errored")]
    assert name in caplog.text


async def test_a_cancelled_task_reports_nothing_more() -> None:
    """The outcome is left to the worker that takes over."""
    log = StepLog()
    running = asyncio.create_task(run(a_task(), log, clock=HandClock()))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert log.results == []
