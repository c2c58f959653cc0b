"""The claim holder: runs a claimed task, renews its lease, and reports its steps and outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from gatepost_worker.claims.port import ClaimPort, LeaseLost, ServerUnavailable
from gatepost_worker.foundation.backoff import Random, backoff
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import Outcome, StepReport, StepReporter, Task

RunTask: TypeAlias = Callable[[Task, StepReporter], Awaitable[Outcome]]
"""Carries out a task and returns its outcome."""

RENEWALS_PER_LEASE: Final = 3
"""The number of renewals within the length of a lease, so that two renewals may fail."""

SAFETY_MARGIN: Final = 0.2
"""The fraction of the lease left when a task is abandoned because its lease was not renewed. The
task has then stopped here before another worker starts it."""

BATCH_S: Final = 0.05
"""How long a step waits for further steps, so that a burst is sent in one request. The steps of a
task that ends sooner are reported together with its outcome."""

MAX_STEPS_PER_REPORT: Final = 100

_log = logging.getLogger("gatepost.worker")


class ClaimHolder:
    """Holds the claim on one task from its start to its end."""

    def __init__(self, task: Task, claims: ClaimPort, clock: Clock, jitter: Random) -> None:
        self._task = task
        self._claims = claims
        self._clock = clock
        self._jitter = jitter
        self._reported_steps = 0
        self._pending_steps: list[StepReport] = []
        self._has_pending_steps = asyncio.Event()
        self._report_lock = asyncio.Lock()

    async def run(self, run_task: RunTask) -> Outcome | None:
        """Run the task and report its outcome; stop the task if the lease is lost.

        Reporting steps does not delay the task. The outcome is reported with the last steps. The
        result is None if the task was abandoned.
        """
        number = self._task.deployment.number
        reported: Outcome | None = None
        try:
            async with asyncio.TaskGroup() as group:
                background = [
                    group.create_task(self._keep_lease_renewed()),
                    group.create_task(self._report_steps()),
                ]
                outcome = await run_task(self._task, self._add_step)
                async with self._report_lock:
                    await self._finish(outcome)
                for job in background:
                    job.cancel()
            _log.info("%s %s. %s", number, outcome.result, outcome.note)
            reported = outcome
        except* LeaseLost:
            _log.warning("%s abandoned: its lease is lost; another worker takes over.", number)
        except* Exception:  # noqa: BLE001  # an error in one task must not end the worker
            _log.exception("%s abandoned after an error; its lease will expire.", number)
        return reported

    def _add_step(self, step: StepReport) -> None:
        self._pending_steps.append(step)
        self._has_pending_steps.set()

    async def _keep_lease_renewed(self) -> None:
        """Renew the lease until cancelled.

        Raises:
            LeaseLost: the server reported it, or no renewal was confirmed before the lease nearly
                expired.
        """
        lease_s = self._task.lease.total_seconds()
        renewed_at_s, delay_s = self._clock.monotonic(), lease_s / RENEWALS_PER_LEASE
        while True:
            give_up_at_s = renewed_at_s + lease_s * (1 - SAFETY_MARGIN)
            await self._clock.sleep(min(delay_s, give_up_at_s - self._clock.monotonic()))
            requested_at_s = self._clock.monotonic()
            if (left_s := give_up_at_s - requested_at_s) <= 0:
                raise LeaseLost
            try:
                async with asyncio.timeout(left_s):
                    await self._claims.renew(self._task)
            except (ServerUnavailable, TimeoutError):
                delay_s = lease_s / RENEWALS_PER_LEASE / 4
            else:
                renewed_at_s, delay_s = requested_at_s, lease_s / RENEWALS_PER_LEASE

    async def _report_steps(self) -> None:
        """Report pending steps in order until cancelled."""
        while True:
            await self._has_pending_steps.wait()
            await self._clock.sleep(BATCH_S)
            async with self._report_lock:
                await self._report_batch()

    async def _report_batch(self) -> None:
        steps, number = self._take_steps(), self._reported_steps + 1
        if not steps:
            return
        self._reported_steps += len(steps)
        try:
            await self._retry(lambda: self._claims.report(self._task, steps, number=number))
        except LeaseLost:
            raise
        except Exception:  # noqa: BLE001  # an unreported step does not fail the rollout
            _log.exception("Step %d of %s was refused.", number, self._task.deployment.number)

    async def _finish(self, outcome: Outcome) -> None:
        """Report the outcome with the last steps, or without them if they are refused."""
        while len(self._pending_steps) > MAX_STEPS_PER_REPORT:
            await self._report_batch()
        steps = self._take_steps()
        try:
            await self._retry(lambda: self._claims.finish(self._task, outcome, steps))
        except LeaseLost:
            raise
        except Exception:
            if not steps:
                raise
            _log.exception("The last steps of %s were refused.", self._task.deployment.number)
            await self._retry(lambda: self._claims.finish(self._task, outcome, ()))

    def _take_steps(self) -> Sequence[StepReport]:
        steps = self._pending_steps[:MAX_STEPS_PER_REPORT]
        self._pending_steps = self._pending_steps[MAX_STEPS_PER_REPORT:]
        if not self._pending_steps:
            self._has_pending_steps.clear()
        return steps

    async def _retry(self, call: Callable[[], Awaitable[None]]) -> None:
        """Repeat the call until the server is available; cancelled when the lease is lost."""
        delays = backoff(self._jitter)
        while True:
            try:
                return await call()
            except ServerUnavailable:
                await self._clock.sleep(next(delays))
