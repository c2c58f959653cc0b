"""The worker: how much it takes on, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gatepost_worker.claims.port import ServerUnavailable
from gatepost_worker.loop import WAIT_S, Worker
from gatepost_worker.tasks import Outcome, Task, succeeded
from gatepost_worker.tasks.progress import StepReporter
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import a_task

DONE = succeeded("done")


class Running:
    """A worker at work; its rollouts end when a test says so."""

    def __init__(self, *numbers: str, concurrency: int = 2, grace_s: float = 5) -> None:
        self.claims = InMemoryClaims(*(a_task(number=number) for number in numbers))
        self.clock, self.told_to_end = HandClock(), asyncio.Event()
        self.begun: list[str] = []
        self.stopped: list[str] = []
        self.ended: dict[str, asyncio.Event] = {}
        worker = Worker(
            self.claims,
            self.carry_out,
            concurrency=concurrency,
            clock=self.clock,
            grace_s=grace_s,
            jitter=lambda: 1.0,
        )
        self.worker = asyncio.create_task(worker.run(self.told_to_end))

    async def carry_out(self, task: Task, _: StepReporter) -> Outcome:
        number = task.deployment.number
        self.begun.append(number)
        try:
            await self.ended.setdefault(number, asyncio.Event()).wait()
        except asyncio.CancelledError:
            self.stopped.append(number)
            raise
        return DONE


@asynccontextmanager
async def running(
    *numbers: str, concurrency: int = 2, grace_s: float = 5
) -> AsyncIterator[Running]:
    it = Running(*numbers, concurrency=concurrency, grace_s=grace_s)
    await settle()
    yield it
    it.told_to_end.set()
    for ended in it.ended.values():
        ended.set()
    await asyncio.wait([it.worker])


async def test_no_more_is_taken_on_than_there_is_room_for() -> None:
    """The next is claimed when one has ended, and not before: another worker may have room."""
    async with running("DEP-1", "DEP-2", "DEP-3") as it:
        assert (it.begun, it.claims.claimed) == (["DEP-1", "DEP-2"], 2)

        it.ended["DEP-1"].set()
        await settle()

        assert it.begun == ["DEP-1", "DEP-2", "DEP-3"]
        assert it.claims.outcomes == {"DEP-1": DONE}


async def test_work_is_waited_for() -> None:
    """And asked for anew when there was none."""
    async with running() as it:
        it.claims.offer(a_task(number="DEP-7"))
        await settle()

        assert it.begun == ["DEP-7"]
        assert 0 < WAIT_S < 30


async def test_no_work_in_time_is_asked_for_again() -> None:
    """A claim that found nothing is no trouble."""
    claims = InMemoryClaims()
    answers: list[Task | None] = [None, None, a_task()]

    async def claim(wait_s: float) -> Task | None:
        assert wait_s == WAIT_S
        if not answers:
            await asyncio.Event().wait()
        return answers.pop(0)

    claims.claim = claim  # type: ignore[method-assign]  # answers in an order of its own
    told = asyncio.Event()

    async def carry_out(_: Task, __: StepReporter) -> Outcome:
        told.set()
        return DONE

    await Worker(claims, carry_out, concurrency=1, clock=HandClock()).run(told)

    assert claims.outcomes == {"DEP-42": DONE}


async def test_a_server_that_is_away_is_asked_again_less_and_less_often() -> None:
    """And at the old pace when it is back."""
    async with running() as it:
        it.claims.trouble = failing("claim", *[ServerUnavailable("restarting")] * 3)
        it.claims.offer(a_task(number="DEP-1"))
        await settle()
        it.claims.offer(a_task(number="DEP-2"))
        assert it.begun == ["DEP-1"]

        await it.clock.turn(0.5)
        await it.clock.turn(1)
        assert it.begun == ["DEP-1"]
        await it.clock.turn(2)

        assert it.begun == ["DEP-1", "DEP-2"]


async def test_told_to_end_nothing_more_is_claimed() -> None:
    """What is under way may end, and is finished."""
    async with running("DEP-1", concurrency=2) as it:
        it.told_to_end.set()
        await settle()
        it.claims.offer(a_task(number="DEP-2"))
        it.ended["DEP-1"].set()
        await it.worker

        assert it.begun == ["DEP-1"]
        assert it.claims.outcomes == {"DEP-1": DONE}


async def test_what_does_not_end_within_the_grace_is_left_for_another_worker() -> None:
    """Stopped here, and reported neither as failed nor otherwise."""
    async with running("DEP-1", "DEP-2", grace_s=0.1) as it:
        it.told_to_end.set()
        await settle()
        it.ended["DEP-1"].set()
        await it.worker

        assert it.stopped == ["DEP-2"]
        assert it.claims.outcomes == {"DEP-1": DONE}


async def test_an_idle_worker_ends_at_once() -> None:
    """It has nothing to wait for."""
    async with running(grace_s=60) as it:
        it.told_to_end.set()

        await asyncio.wait_for(it.worker, 1)


async def test_a_worker_that_is_refused_ends_and_says_why() -> None:
    """With a token that is none there is no use in asking again."""
    async with running(grace_s=0.02) as it:
        it.claims.trouble = always("claim", PermissionError)
        it.claims.offer(a_task())

        with pytest.raises(PermissionError):
            await it.worker

        assert it.stopped == ["DEP-42"]


async def test_what_one_task_meets_ends_no_other() -> None:
    """A refusal that concerns one of them is logged."""
    async with running("DEP-1", "DEP-2") as it:
        it.claims.trouble = failing("finish", ValueError("refused"))
        it.ended["DEP-1"].set()
        await settle()
        it.ended["DEP-2"].set()
        await settle()

        assert it.claims.outcomes == {"DEP-2": DONE}
