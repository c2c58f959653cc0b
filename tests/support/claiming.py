"""An in-memory claim port for tests of the worker, and a clock that tests advance."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import TypeAlias

from gatepost_worker.tasks import (
    CheckReport,
    CheckTask,
    DeliveryReport,
    DeliveryTask,
    DeploymentTask,
    NotificationReport,
    NotificationTask,
    Outcome,
    ProtectionAnswerReport,
    ProtectionAnswerTask,
    StepReport,
    TaskKind,
)
from tests.support.worker import AT


class HandClock:
    """A clock that only moves when a test advances it."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s

    async def sleep(self, seconds: float, /) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.passed_s + seconds, next(self._numbers), woken))
        await woken

    async def turn(self, seconds: float) -> None:
        """Advance the clock and wake the tasks whose sleep ends within this time."""
        until_s = self.passed_s + seconds
        await settle()
        while self._waiting and self._waiting[0][0] <= until_s + 1e-9:
            self.passed_s, _, woken = heapq.heappop(self._waiting)
            if not woken.done():
                woken.set_result(None)
                await settle()
        self.passed_s = until_s


async def settle() -> None:
    """Let other tasks run until they wait for time or an event."""
    for _ in range(30):
        await asyncio.sleep(0)


AnyTask: TypeAlias = (
    DeploymentTask | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask
)


class InMemoryClaims:
    """Hands out tasks, and records the steps and outcomes that are reported."""

    def __init__(self, *tasks: AnyTask) -> None:
        self._tasks = list(tasks)
        self._more = asyncio.Event()
        self.claimed = 0
        self.renewed: list[str] = []
        self.steps: list[tuple[int, StepReport]] = []
        self.reports: list[int] = []
        """The number of steps in each report."""
        self.outcomes: dict[str, Outcome] = {}
        self.delivery_reports: dict[str, DeliveryReport] = {}
        self.notification_reports: dict[str, NotificationReport] = {}
        self.answer_reports: dict[str, ProtectionAnswerReport] = {}
        self.check_reports: dict[str, Sequence[CheckReport]] = {}
        self.trouble: Callable[[str], BaseException | None] = lambda _: None
        """Returns the error to raise for an operation, or None."""
        self.hanging: set[str] = set()
        """The operations that never return."""

    def offer(self, task: AnyTask) -> None:
        self._tasks.append(task)
        self._more.set()

    async def claim(self, wait_s: float, kinds: Sequence[TaskKind]) -> AnyTask | None:
        await self._hear("claim")
        while True:
            for task in self._tasks:
                if _kind_of(task) in kinds:
                    self._tasks.remove(task)
                    self.claimed += 1
                    return task
            if wait_s <= 0:
                return None
            self._more.clear()
            await self._more.wait()

    async def renew(self, task: DeploymentTask) -> None:
        await self._hear("renew")
        self.renewed.append(task.deployment.number)

    async def report(
        self, task: DeploymentTask, steps: Sequence[StepReport], *, number: int
    ) -> None:
        del task
        await self._hear("report")
        self.steps += enumerate(steps, number)
        self.reports.append(len(steps))

    async def finish(
        self, task: DeploymentTask, outcome: Outcome, steps: Sequence[StepReport]
    ) -> None:
        await self._hear("finish")
        if steps:
            await self._hear("last steps")
        self.steps += enumerate(steps, len(self.steps) + 1)
        self.outcomes[task.deployment.number] = outcome

    async def renew_check_run(self, task: CheckTask) -> None:
        await self._hear("renew")
        self.renewed.append(task.check_run_id)

    async def finish_check_run(self, task: CheckTask, reports: Sequence[CheckReport]) -> None:
        await self._hear("finish")
        self.check_reports[task.check_run_id] = reports

    async def finish_delivery(self, task: DeliveryTask, report: DeliveryReport) -> None:
        await self._hear("finish")
        self.delivery_reports[task.delivery_id] = report

    async def finish_notifications(
        self, task: NotificationTask, report: NotificationReport
    ) -> None:
        await self._hear("finish")
        self.notification_reports[task.channel_id] = report

    async def finish_answer(
        self, task: ProtectionAnswerTask, report: ProtectionAnswerReport
    ) -> None:
        await self._hear("finish")
        self.answer_reports[task.answer_id] = report

    async def _hear(self, word: str) -> None:
        if word in self.hanging:
            await asyncio.Event().wait()
        if (trouble := self.trouble(word)) is not None:
            raise trouble


def _kind_of(task: AnyTask) -> TaskKind:
    if isinstance(task, CheckTask):
        return TaskKind.CHECK_RUN
    if isinstance(task, NotificationTask):
        return TaskKind.NOTIFICATION
    if isinstance(task, ProtectionAnswerTask):
        return TaskKind.PROTECTION_ANSWER
    return TaskKind.WEBHOOK_DELIVERY if isinstance(task, DeliveryTask) else TaskKind.DEPLOYMENT


def failing(word: str, *failures: BaseException | None) -> Callable[[str], BaseException | None]:
    """Return a function that returns these failures in order for one operation, and then None."""
    left = list(failures)
    return lambda asked: left.pop(0) if asked == word and left else None


def always(word: str, kind: type[BaseException]) -> Callable[[str], BaseException | None]:
    """Return a function that raises an error for every call of one operation."""
    return lambda asked: kind(asked) if asked == word else None
