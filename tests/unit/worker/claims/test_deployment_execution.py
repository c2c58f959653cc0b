"""The claim holder: the lease, the steps and the outcome of one task."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import random

import pytest

from gatepost_worker.claims.deployment_execution import MAX_STEPS_PER_REPORT, ClaimHolder
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.tasks import (
    DeploymentTask,
    Outcome,
    Progress,
    StepKind,
    StepReporter,
    StepState,
    succeeded,
)
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import a_task

DONE = succeeded("done")


@dataclass
class FakeRollout:
    """A rollout with one step, which ends when a test sets `end`."""

    clock: HandClock
    end: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: bool = False

    async def __call__(self, _: DeploymentTask, report_step: StepReporter) -> Outcome:
        progress = Progress(report_step, self.clock)
        progress.start(StepKind.EXECUTOR, "simulated")
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        progress.finish(StepState.PASSED)
        return DONE


@dataclass
class RunningTask:
    """A task that a claim holder is running."""

    claims: InMemoryClaims
    clock: HandClock
    rollout: FakeRollout
    job: asyncio.Task[Outcome | None]

    @property
    def reported(self) -> list[tuple[int, str]]:
        """The number and state of each step that the server recorded."""
        return [(number, step.state.value) for number, step in self.claims.steps]


@asynccontextmanager
async def a_running_task() -> AsyncIterator[RunningTask]:
    claims, clock = InMemoryClaims(), HandClock()
    rollout = FakeRollout(clock)
    keeper = ClaimHolder(a_task(), claims, clock, lambda: 1.0)
    running = RunningTask(claims, clock, rollout, asyncio.create_task(keeper.run(rollout)))
    yield running
    running.job.cancel()
    await asyncio.wait([running.job])


async def test_a_task_is_run_and_its_steps_and_outcome_are_reported() -> None:
    """Steps are numbered, and the outcome is reported after the last step."""
    async with a_running_task() as running:
        await settle()
        running.rollout.end.set()
        await running.job

        assert running.reported == [(1, "running"), (2, "passed")]
        assert running.claims.outcomes == {"DEP-42": DONE}


async def test_the_lease_is_renewed_after_each_third_of_its_length() -> None:
    """Three renewals are sent within the length of a lease, and none after the task has ended."""
    async with a_running_task() as running:
        await running.clock.turn(16)
        assert len(running.claims.renewed) == 3

        running.rollout.end.set()
        await running.job
        await running.clock.turn(60)

        assert len(running.claims.renewed) == 3


@pytest.mark.parametrize("operation", ["renew", "report", "finish"])
async def test_a_lost_lease_stops_the_task_without_an_outcome(operation: str) -> None:
    """The outcome is left to the worker that takes over."""
    async with a_running_task() as running:
        running.claims.trouble = always(operation, LeaseLost)
        if operation == "finish":
            running.rollout.end.set()
        await running.clock.turn(5)
        await running.job

        assert running.rollout.cancelled is (operation != "finish")
        assert running.claims.outcomes == {}


async def test_a_lease_without_renewal_is_given_up_before_it_expires() -> None:
    """The task stops on this worker before another worker can start it."""
    async with a_running_task() as running:
        running.claims.trouble = always("renew", ServerUnavailable)
        await running.clock.turn(11.9)
        assert not running.rollout.cancelled

        await running.clock.turn(0.2)
        await running.job

        assert running.rollout.cancelled
        assert running.claims.outcomes == {}


async def test_a_renewal_in_time_preserves_the_lease() -> None:
    """A short server outage does not end the task."""
    async with a_running_task() as running:
        running.claims.trouble = failing("renew", *[ServerUnavailable("restarting")] * 5)
        await running.clock.turn(60)
        assert not running.rollout.cancelled

        running.rollout.end.set()
        await running.job

        assert running.claims.outcomes == {"DEP-42": DONE}


async def test_a_renewal_that_hangs_is_limited_by_the_lease() -> None:
    """The lease expires if the server accepts the renewal request but does not respond."""
    claims, rollout = InMemoryClaims(), FakeRollout(HandClock())
    claims.hanging = {"renew"}
    task = a_task(lease=timedelta(milliseconds=30))

    await asyncio.wait_for(ClaimHolder(task, claims, SystemClock(), random).run(rollout), 5)

    assert rollout.cancelled


async def test_reporting_delays_the_end_of_a_task_but_not_the_task() -> None:
    """During an outage the rollout continues, but the task ends only after its reports succeed."""
    async with a_running_task() as running:
        unavailable = ServerUnavailable("restarting")
        running.claims.trouble = failing("report", unavailable, unavailable)
        await running.clock.turn(0.1)
        running.rollout.end.set()
        await settle()
        assert (running.reported, running.claims.outcomes) == ([], {})

        await running.clock.turn(0.5)
        await running.clock.turn(1)
        await running.job

        assert running.reported == [(1, "running"), (2, "passed")]
        assert running.claims.reports == [1]
        assert running.claims.outcomes == {"DEP-42": DONE}


async def test_steps_are_reported_while_the_task_runs() -> None:
    """Steps reach the server before the task ends, so users can follow the deployment."""
    async with a_running_task() as running:
        await running.clock.turn(0.1)

        assert running.reported == [(1, "running")]


async def test_the_steps_of_a_short_task_are_reported_with_its_outcome() -> None:
    """The steps of a short rollout cause no additional requests to the server."""
    async with a_running_task() as running:
        await settle()
        running.rollout.end.set()
        await running.job

        assert (running.claims.reports, len(running.reported)) == ([], 2)


async def test_a_burst_of_steps_is_reported_in_batches() -> None:
    """Many steps are sent in few requests, so that reporting does not slow down a program."""
    claims, clock, end = InMemoryClaims(), HandClock(), asyncio.Event()

    async def burst(_: DeploymentTask, report_step: StepReporter) -> Outcome:
        progress = Progress(report_step, clock)
        progress.start(StepKind.EXECUTOR, "command")
        for line in range(MAX_STEPS_PER_REPORT + 20):
            progress.update(f"line {line}")
        await end.wait()
        for line in range(MAX_STEPS_PER_REPORT + 20):
            progress.update(f"another {line}")
        return DONE

    job = asyncio.create_task(ClaimHolder(a_task(), claims, clock, random).run(burst))
    await clock.turn(0.2)
    assert claims.reports == [MAX_STEPS_PER_REPORT, 21]
    end.set()
    await job

    assert claims.reports == [MAX_STEPS_PER_REPORT, 21, MAX_STEPS_PER_REPORT]
    assert [number for number, _ in claims.steps] == list(range(1, 2 * MAX_STEPS_PER_REPORT + 42))
    assert claims.outcomes == {"DEP-42": DONE}


@pytest.mark.parametrize("operation", ["report", "last steps"])
async def test_a_refused_step_does_not_fail_the_task(operation: str) -> None:
    """The refused step is not recorded, but the outcome is."""
    async with a_running_task() as running:
        running.claims.trouble = failing(operation, ValueError("no such step"))
        await running.clock.turn(0.1)
        running.rollout.end.set()
        await running.job

        assert [state for _, state in running.reported] == (
            ["passed"] if operation == "report" else ["running"]
        )
        assert running.claims.outcomes == {"DEP-42": DONE}


async def test_the_outcome_is_retried_until_it_is_recorded() -> None:
    """While the server is unavailable, the worker retries the report and renews the lease."""
    async with a_running_task() as running:
        running.claims.trouble = failing("finish", *[ServerUnavailable("restarting")] * 6)
        running.rollout.end.set()
        await running.clock.turn(40)
        await running.job

        assert running.claims.outcomes == {"DEP-42": DONE}
        assert len(running.claims.renewed) >= 3


async def test_a_refused_outcome_lets_the_lease_expire(caplog: pytest.LogCaptureFixture) -> None:
    """The worker gives up the task, and logs that the lease will expire."""
    async with a_running_task() as running:
        running.claims.trouble = always("finish", ValueError)
        running.rollout.end.set()
        await running.job

        assert running.claims.outcomes == {}
        assert "DEP-42 was abandoned after an error; its lease will expire." in caplog.text
