"""The worker's loop: how many tasks run at the same time and how the loop stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from gatepost_worker.claims.port import ServerUnavailable
from gatepost_worker.loop import CLAIM_WAIT_S, POLL_INTERVAL_S, Worker
from gatepost_worker.slots import MESSAGE_SLOTS
from gatepost_worker.tasks import (
    CheckReport,
    CheckTask,
    DeliveryReport,
    DeliveryTask,
    DeploymentTask,
    Outcome,
    StepReporter,
    TaskKind,
    succeeded,
)
from tests.support.claiming import HandClock, InMemoryClaims, always, failing, settle
from tests.support.worker import (
    a_check_report,
    a_check_task,
    a_delivery_report,
    a_delivery_task,
    a_task,
    answer_nothing,
    notify_nobody,
    run_no_checks,
    send_nothing,
)

DONE = succeeded("done")


class RunningWorker:
    """A worker whose tasks end when a test sets the events in `ends`."""

    def __init__(self, *numbers: str, concurrency: int = 2, grace_s: float = 5) -> None:
        self.claims = InMemoryClaims(*(a_task(number=number) for number in numbers))
        self.clock, self.stop = HandClock(), asyncio.Event()
        self.started: list[str] = []
        self.cancelled: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        worker = Worker(
            self.claims,
            self.run_task,
            run_checks=run_no_checks,
            send=self.send,
            notify=notify_nobody,
            answer=answer_nothing,
            concurrency=concurrency,
            clock=self.clock,
            grace_s=grace_s,
            jitter=lambda: 1.0,
        )
        self.sent: list[str] = []
        self.receivers_hang = False
        self.job = asyncio.create_task(worker.run(self.stop))

    async def send(self, task: DeliveryTask) -> DeliveryReport:
        self.sent.append(task.delivery_id)
        if self.receivers_hang:
            await asyncio.Event().wait()
        return a_delivery_report()

    async def run_task(self, task: DeploymentTask, _: StepReporter) -> Outcome:
        number = task.deployment.number
        self.started.append(number)
        try:
            await self.ends.setdefault(number, asyncio.Event()).wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        return DONE


@asynccontextmanager
async def a_running_worker(
    *numbers: str, concurrency: int = 2, grace_s: float = 5
) -> AsyncIterator[RunningWorker]:
    worker = RunningWorker(*numbers, concurrency=concurrency, grace_s=grace_s)
    await settle()
    yield worker
    worker.stop.set()
    for end in worker.ends.values():
        end.set()
    await asyncio.wait([worker.job])


async def test_no_more_tasks_are_claimed_than_can_run() -> None:
    """A task beyond the limit stays available to other workers until a running task ends."""
    async with a_running_worker("DEP-1", "DEP-2", "DEP-3") as worker:
        assert (worker.started, worker.claims.claimed) == (["DEP-1", "DEP-2"], 2)

        worker.ends["DEP-1"].set()
        await settle()

        assert worker.started == ["DEP-1", "DEP-2", "DEP-3"]
        assert worker.claims.outcomes == {"DEP-1": DONE}


async def test_an_idle_worker_waits_for_tasks() -> None:
    """The claim waits on the server, for less time than proxies allow."""
    async with a_running_worker() as worker:
        worker.claims.offer(a_task(number="DEP-7"))
        await settle()

        assert worker.started == ["DEP-7"]
        assert 0 < CLAIM_WAIT_S < 30


async def test_a_claim_without_a_task_is_repeated() -> None:
    """After responses without a task, the worker keeps claiming until it gets one."""
    claims = InMemoryClaims()
    responses: list[DeploymentTask | None] = [None, None, a_task()]

    async def claim(wait_s: float, kinds: Sequence[TaskKind]) -> DeploymentTask | None:
        if not responses:
            await asyncio.Event().wait()
        assert (wait_s, set(kinds)) == (CLAIM_WAIT_S, set(TaskKind))
        return responses.pop(0)

    claims.claim = claim  # type: ignore[method-assign]  # returns these responses in order
    stop = asyncio.Event()

    async def run_task(_: DeploymentTask, __: StepReporter) -> Outcome:
        stop.set()
        return DONE

    await Worker(
        claims,
        run_task,
        run_checks=run_no_checks,
        send=send_nothing,
        notify=notify_nobody,
        answer=answer_nothing,
        concurrency=1,
        clock=HandClock(),
    ).run(stop)

    assert claims.outcomes == {"DEP-42": DONE}


async def test_an_unavailable_server_is_retried_with_growing_delays() -> None:
    """The delays grow until a claim succeeds; the next claim is then sent at once."""
    async with a_running_worker() as worker:
        worker.claims.trouble = failing("claim", *[ServerUnavailable("restarting")] * 3)
        worker.claims.offer(a_task(number="DEP-1"))
        await settle()
        worker.claims.offer(a_task(number="DEP-2"))
        assert worker.started == ["DEP-1"]

        await worker.clock.turn(0.5)
        await worker.clock.turn(1)
        assert worker.started == ["DEP-1"]
        await worker.clock.turn(2)

        assert worker.started == ["DEP-1", "DEP-2"]


async def test_a_stopped_worker_claims_nothing_more() -> None:
    """Running tasks can end, and their outcomes are reported."""
    async with a_running_worker("DEP-1", concurrency=2) as worker:
        worker.stop.set()
        await settle()
        worker.claims.offer(a_task(number="DEP-2"))
        worker.ends["DEP-1"].set()
        await worker.job

        assert worker.started == ["DEP-1"]
        assert worker.claims.outcomes == {"DEP-1": DONE}


async def test_a_task_that_exceeds_the_grace_period_is_left_for_another_worker() -> None:
    """The worker cancels the task without reporting an outcome."""
    async with a_running_worker("DEP-1", "DEP-2", grace_s=0.1) as worker:
        worker.stop.set()
        await settle()
        worker.ends["DEP-1"].set()
        await worker.job

        assert worker.cancelled == ["DEP-2"]
        assert worker.claims.outcomes == {"DEP-1": DONE}


async def test_an_idle_worker_stops_at_once() -> None:
    """Without running tasks, the worker does not use its grace period."""
    async with a_running_worker(grace_s=60) as worker:
        worker.stop.set()

        await asyncio.wait_for(worker.job, 1)


async def test_a_refused_claim_ends_the_worker_with_the_refusal() -> None:
    """The worker stops its tasks and does not retry, as the server would refuse the token again."""
    async with a_running_worker(grace_s=0.02) as worker:
        worker.claims.trouble = always("claim", PermissionError)
        worker.claims.offer(a_task())

        with pytest.raises(PermissionError):
            await worker.job

        assert worker.cancelled == ["DEP-42"]


async def test_an_error_in_one_task_does_not_affect_others() -> None:
    """The error is logged, and the other task succeeds."""
    async with a_running_worker("DEP-1", "DEP-2") as worker:
        worker.claims.trouble = failing("finish", ValueError("refused"))
        worker.ends["DEP-1"].set()
        await settle()
        worker.ends["DEP-2"].set()
        await settle()

        assert worker.claims.outcomes == {"DEP-2": DONE}


async def test_checks_run_beside_deployments() -> None:
    """A check task takes a place like a rollout, and its results are reported."""
    claims = InMemoryClaims(a_check_task("run-1"), a_task(number="DEP-1"))
    stop = asyncio.Event()

    async def run_task(_: DeploymentTask, __: StepReporter) -> Outcome:
        stop.set()
        return DONE

    async def run_checks(_: CheckTask) -> tuple[CheckReport, ...]:
        return (a_check_report(),)

    worker = Worker(
        claims,
        run_task,
        run_checks=run_checks,
        send=send_nothing,
        notify=notify_nobody,
        answer=answer_nothing,
        concurrency=1,
        clock=HandClock(),
    )
    await worker.run(stop)

    assert claims.check_reports == {"run-1": (a_check_report(),)}
    assert claims.outcomes == {"DEP-1": DONE}


async def test_messages_are_sent_while_all_rollout_slots_are_taken() -> None:
    """They have slots of their own, and the next rollout still starts as soon as one is free."""
    async with a_running_worker("DEP-1", "DEP-2", "DEP-3") as worker:
        worker.claims.offer(a_delivery_task("delivery-1"))
        await worker.clock.turn(POLL_INTERVAL_S)

        assert worker.sent == ["delivery-1"]
        assert worker.started == ["DEP-1", "DEP-2"]

        worker.ends["DEP-2"].set()
        await settle()

        assert worker.started == ["DEP-1", "DEP-2", "DEP-3"]


async def test_hanging_receivers_delay_no_rollout() -> None:
    """When all slots for messages are taken, rollouts are still claimed."""
    async with a_running_worker() as worker:
        worker.receivers_hang = True
        for index in range(MESSAGE_SLOTS + 1):
            worker.claims.offer(a_delivery_task(f"delivery-{index}"))
        await settle()
        worker.claims.offer(a_task(number="DEP-1"))
        await worker.clock.turn(POLL_INTERVAL_S)

        assert len(worker.sent) == MESSAGE_SLOTS
        assert worker.started == ["DEP-1"]
