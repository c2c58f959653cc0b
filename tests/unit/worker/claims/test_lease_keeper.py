"""Holding a claim: the lease, the steps, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import random

import pytest

from gatepost_worker.claims.lease_keeper import MOST_STEPS, LeaseKeeper
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.tasks import Outcome, StepKind, StepState, Task, succeeded
from gatepost_worker.tasks.progress import Progress, StepReporter
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import a_task

DONE = succeeded("done")


@dataclass
class Rollout:
    """One that ends when a test says so, after two steps."""

    clock: HandClock
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: bool = False

    async def __call__(self, _: Task, report: StepReporter) -> Outcome:
        progress = Progress(report, self.clock)
        progress.begin(StepKind.EXECUTOR, "simulated")
        try:
            await self.ended.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise
        progress.end(StepState.PASSED)
        return DONE


@dataclass
class Held:
    claims: InMemoryClaims
    clock: HandClock
    rollout: Rollout
    hold: asyncio.Task[None]

    @property
    def heard(self) -> list[tuple[int, str]]:
        return [(number, step.state.value) for number, step in self.claims.steps]


@asynccontextmanager
async def holding() -> AsyncIterator[Held]:
    claims, clock = InMemoryClaims(), HandClock()
    rollout = Rollout(clock)
    hold = LeaseKeeper(a_task(), claims, clock, lambda: 1.0)
    held = Held(claims, clock, rollout, asyncio.create_task(hold.carry_out(rollout)))
    yield held
    held.hold.cancel()
    await asyncio.wait([held.hold])


async def test_a_task_is_carried_out_told_and_finished() -> None:
    """Each step with its number, and the end after the last of them."""
    async with holding() as held:
        await settle()
        held.rollout.ended.set()
        await held.hold

        assert held.heard == [(1, "running"), (2, "passed")]
        assert held.claims.outcomes == {"DEP-42": DONE}


async def test_the_lease_is_renewed_at_a_third_of_its_length() -> None:
    """For as long as the task takes, and not a moment longer."""
    async with holding() as held:
        await held.clock.turn(16)
        assert len(held.claims.renewed) == 3

        held.rollout.ended.set()
        await held.hold
        await held.clock.turn(60)

        assert len(held.claims.renewed) == 3


@pytest.mark.parametrize("word", ["renew", "report", "finish"])
async def test_a_lost_lease_ends_the_task_and_finishes_nothing(word: str) -> None:
    """Another worker carries it on: this one leaves no mark any more."""
    async with holding() as held:
        held.claims.trouble = always(word, LeaseLost)
        if word == "finish":
            held.rollout.ended.set()
        await held.clock.turn(5)
        await held.hold

        assert held.rollout.stopped is (word != "finish")
        assert held.claims.outcomes == {}


async def test_no_answer_for_the_length_of_a_lease_is_a_lost_lease() -> None:
    """And is given up a little earlier: all has ended here before another worker begins."""
    async with holding() as held:
        held.claims.trouble = always("renew", ServerUnavailable)
        await held.clock.turn(11.9)
        assert not held.rollout.stopped

        await held.clock.turn(0.2)
        await held.hold

        assert held.rollout.stopped
        assert held.claims.outcomes == {}


async def test_an_answer_in_time_keeps_the_lease() -> None:
    """A server that restarts meanwhile costs nothing."""
    async with holding() as held:
        held.claims.trouble = failing("renew", *[ServerUnavailable("restarting")] * 5)
        await held.clock.turn(60)
        assert not held.rollout.stopped

        held.rollout.ended.set()
        await held.hold

        assert held.claims.outcomes == {"DEP-42": DONE}


async def test_a_renewal_that_hangs_is_bounded_by_the_lease() -> None:
    """A server that takes a question and says nothing keeps no lease."""
    claims, rollout = InMemoryClaims(), Rollout(HandClock())
    claims.hanging = {"renew"}
    task = a_task(lease=timedelta(milliseconds=30))

    await asyncio.wait_for(LeaseKeeper(task, claims, SystemClock(), random).carry_out(rollout), 5)

    assert rollout.stopped


async def test_telling_does_not_hold_up_the_rollout_but_its_end() -> None:
    """Steps are told again until they are heard, in order and by the same number."""
    async with holding() as held:
        held.claims.trouble = failing(
            "report", ServerUnavailable("away"), ServerUnavailable("away")
        )
        await held.clock.turn(0.1)
        held.rollout.ended.set()
        await settle()
        assert (held.heard, held.claims.outcomes) == ([], {})

        await held.clock.turn(0.5)
        await held.clock.turn(1)
        await held.hold

        assert held.heard == [(1, "running"), (2, "passed")]
        assert held.claims.reports == [1]
        assert held.claims.outcomes == {"DEP-42": DONE}


async def test_steps_are_told_while_it_goes_on() -> None:
    """Whoever looks sees how far it is, not only how it ended."""
    async with holding() as held:
        await held.clock.turn(0.1)

        assert held.heard == [(1, "running")]


async def test_what_ends_at_once_is_told_in_one_breath() -> None:
    """Its steps come with its end: a short rollout costs Gatepost one write more, not one each."""
    async with holding() as held:
        await settle()
        held.rollout.ended.set()
        await held.hold

        assert (held.claims.reports, len(held.heard)) == ([], 2)


async def test_a_burst_of_steps_is_told_at_once() -> None:
    """A program that says a lot does not get slower by it."""
    claims, clock, ended = InMemoryClaims(), HandClock(), asyncio.Event()

    async def burst(_: Task, report: StepReporter) -> Outcome:
        progress = Progress(report, clock)
        progress.begin(StepKind.EXECUTOR, "command")
        for line in range(MOST_STEPS + 20):
            progress.tell(f"line {line}")
        await ended.wait()
        for line in range(MOST_STEPS + 20):
            progress.tell(f"another {line}")
        return DONE

    hold = asyncio.create_task(LeaseKeeper(a_task(), claims, clock, random).carry_out(burst))
    await clock.turn(0.2)
    assert claims.reports == [MOST_STEPS, 21]
    ended.set()
    await hold

    assert claims.reports == [MOST_STEPS, 21, MOST_STEPS]
    assert [number for number, _ in claims.steps] == list(range(1, 2 * MOST_STEPS + 42))
    assert claims.outcomes == {"DEP-42": DONE}


@pytest.mark.parametrize("word", ["report", "last steps"])
async def test_a_step_that_is_refused_fails_no_rollout(word: str) -> None:
    """It is missing for those who read; what it told of happened all the same."""
    async with holding() as held:
        held.claims.trouble = failing(word, ValueError("no such step"))
        await held.clock.turn(0.1)
        held.rollout.ended.set()
        await held.hold

        assert [state for _, state in held.heard] == (
            ["passed"] if word == "report" else ["running"]
        )
        assert held.claims.outcomes == {"DEP-42": DONE}


async def test_the_end_is_told_until_it_is_heard() -> None:
    """The lease is kept meanwhile."""
    async with holding() as held:
        held.claims.trouble = failing("finish", *[ServerUnavailable("away")] * 6)
        held.rollout.ended.set()
        await held.clock.turn(40)
        await held.hold

        assert held.claims.outcomes == {"DEP-42": DONE}
        assert len(held.claims.renewed) >= 3


async def test_an_end_that_is_refused_is_left_to_the_lease(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The worker goes on with other tasks."""
    async with holding() as held:
        held.claims.trouble = always("finish", ValueError)
        held.rollout.ended.set()
        await held.hold

        assert held.claims.outcomes == {}
        assert "DEP-42 was dropped; its lease expires by itself." in caplog.text
