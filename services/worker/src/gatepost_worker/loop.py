"""The worker's loop: claims tasks and runs several at once, until the worker is stopped."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Coroutine
from functools import partial
from typing import Any, Final, TypeAlias

from gatepost_worker.claims.check_run_execution import RunChecks, run_and_report_checks
from gatepost_worker.claims.delivery_sending import SendMessage, send_and_report_delivery
from gatepost_worker.claims.deployment_execution import ClaimHolder, RunTask
from gatepost_worker.claims.github_protection_answer_sending import (
    SendAnswer,
    send_and_report_answer,
)
from gatepost_worker.claims.notification_sending import (
    SendNotification,
    send_and_report_notification,
)
from gatepost_worker.claims.port import ClaimPort, ServerUnavailable
from gatepost_worker.foundation.backoff import Random, backoff
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.trace import Trace, traced
from gatepost_worker.slots import Slots
from gatepost_worker.tasks import (
    CheckTask,
    DeliveryTask,
    DeploymentTask,
    NotificationTask,
    ProtectionAnswerTask,
    TaskKind,
)
from gatepost_worker.tracing.tracing import LogOnlyTracing, TaskTracing

CLAIM_WAIT_S: Final = 20.0
"""How long one claim waits for a task; proxies cut connections that are silent for longer."""

POLL_INTERVAL_S: Final = 1.0
"""The interval between claims while only some kinds have a free slot."""

GRACE_S: Final = 7.0
"""How long tasks may take to end after the worker is stopped. Together with the time that
programs have after SIGTERM, this is less than the 10 s that container runtimes allow."""

AnyTask: TypeAlias = (
    DeploymentTask | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask
)
"""A task of any kind."""

_log = logging.getLogger("gatepost.worker")


class Worker:
    """Runs up to `concurrency` rollouts and check runs at once, and also sends messages."""

    def __init__(
        self,
        claims: ClaimPort,
        run_task: RunTask,
        *,
        run_checks: RunChecks,
        send: SendMessage,
        notify: SendNotification,
        answer: SendAnswer,
        concurrency: int,
        clock: Clock,
        grace_s: float = GRACE_S,
        jitter: Random = random.random,
        tracing: TaskTracing | None = None,
    ) -> None:
        self._claims = claims
        self._run_task = run_task
        self._run_checks = run_checks
        self._send = send
        self._notify = notify
        self._answer = answer
        self._tracing = tracing or LogOnlyTracing()
        self._clock = clock
        self._grace_s = grace_s
        self._jitter = jitter
        self._slots = Slots(concurrency)
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set or the server refuses this worker permanently.

        No further tasks are then claimed, and running tasks get a grace period in which to end.
        Tasks that exceed it are cancelled without an outcome, so that another worker takes over
        when their leases expire.

        Raises:
            Exception: the server refused a claim.
        """
        claiming = asyncio.create_task(self._claim_and_start_tasks())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([claiming, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            claiming.cancel()
            await asyncio.wait([claiming, stopping])
            await self._finish_or_cancel_running()
        if not claiming.cancelled():
            claiming.result()

    async def _claim_and_start_tasks(self) -> None:
        """Claim and start a task whenever a slot is free, until cancelled."""
        delays = backoff(self._jitter)
        while True:
            try:
                task = await self._claim()
            except ServerUnavailable as error:
                delay_s = next(delays)
                _log.warning("Gatepost is unavailable (%s); retrying in %.1f s.", error, delay_s)
                await self._clock.sleep(delay_s)
                continue
            delays = backoff(self._jitter)
            if task is not None:
                self._start(task)

    async def _claim(self) -> AnyTask | None:
        """Wait until some kind has a free slot, and claim a task of such a kind, if there is one.

        If only some kinds have a free slot, the claim does not wait for a task, because it would
        then ignore slots of the other kinds that become free in the meantime. If there is no task,
        wait for a second or until a slot is released.
        """
        self._slots.forget_releases()
        while not (kinds := self._slots.free_kinds):
            await self._slots.wait_for_release()
            self._slots.forget_releases()
        if self._slots.has_slot_for_every_kind:
            return await self._claims.claim(CLAIM_WAIT_S, kinds)
        task = await self._claims.claim(0, kinds)
        if task is None:
            await self._wait_for_release_or(POLL_INTERVAL_S)
        return task

    async def _wait_for_release_or(self, seconds: float) -> None:
        """Wait until a slot is released, or for this many seconds."""
        waits = [
            asyncio.ensure_future(self._slots.wait_for_release()),
            asyncio.ensure_future(self._clock.sleep(seconds)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _start(self, task: AnyTask) -> None:
        """Run a task in a slot of its kind."""
        job, kind = self._create_job(task)
        self._slots.take(kind)
        running = asyncio.create_task(job)
        self._running.add(running)
        running.add_done_callback(partial(self._release, kind))

    def _create_job(self, task: AnyTask) -> tuple[Coroutine[Any, Any, None], TaskKind]:
        if isinstance(task, CheckTask):
            return self._run_traced_checks(task), TaskKind.CHECK_RUN
        if isinstance(task, DeliveryTask):
            return self._send_delivery_traced(task), TaskKind.WEBHOOK_DELIVERY
        if isinstance(task, NotificationTask):
            return self._send_notification_traced(task), TaskKind.NOTIFICATION
        if isinstance(task, ProtectionAnswerTask):
            return self._answer_traced(task), TaskKind.PROTECTION_ANSWER
        return self._run_traced(task), TaskKind.DEPLOYMENT

    async def _run_traced(self, task: DeploymentTask) -> None:
        """Run a task in a trace of its own."""
        deployment = task.deployment
        with self._tracing.trace(task) as record_outcome:
            _log.info(
                "%s: deploying %s %s to %s.",
                deployment.number,
                deployment.service,
                deployment.version,
                deployment.environment,
            )
            holder = ClaimHolder(task, self._claims, self._clock, self._jitter)
            record_outcome(await holder.run(self._run_task))

    async def _run_traced_checks(self, task: CheckTask) -> None:
        """Run the checks of a target in a trace of their own."""
        with traced(Trace()):
            _log.info("Running the checks of %s in %s.", task.service, task.environment)
            await run_and_report_checks(
                task, self._run_checks, self._claims, clock=self._clock, jitter=self._jitter
            )

    async def _send_delivery_traced(self, task: DeliveryTask) -> None:
        """Send a message in a trace of its own."""
        with traced(Trace()):
            await send_and_report_delivery(
                task, self._send, self._claims, clock=self._clock, jitter=self._jitter
            )

    async def _send_notification_traced(self, task: NotificationTask) -> None:
        """Send a message to people in a trace of its own."""
        with traced(Trace()):
            await send_and_report_notification(
                task, self._notify, self._claims, clock=self._clock, jitter=self._jitter
            )

    async def _answer_traced(self, task: ProtectionAnswerTask) -> None:
        """Answer a GitHub job in a trace of its own."""
        with traced(Trace()):
            await send_and_report_answer(
                task, self._answer, self._claims, clock=self._clock, jitter=self._jitter
            )

    def _release(self, kind: TaskKind, job: asyncio.Task[None]) -> None:
        self._running.discard(job)
        self._slots.release(kind)

    async def _finish_or_cancel_running(self) -> None:
        """Wait for running tasks, and cancel those that exceed the grace period."""
        if not self._running:
            return
        _log.info("Stopping; tasks in progress: %d.", len(self._running))
        _, unfinished = await asyncio.wait(self._running, timeout=self._grace_s)
        for job in unfinished:
            job.cancel()
        if unfinished:
            _log.warning("Tasks left for another worker: %d.", len(unfinished))
            await asyncio.wait(unfinished)
