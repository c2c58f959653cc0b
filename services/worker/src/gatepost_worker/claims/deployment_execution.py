"""Running a claimed deployment: renewing its lease, reporting its steps and its outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

from gatepost_worker.claims.lease import keep_lease_renewed, retry_until_available
from gatepost_worker.claims.port import ClaimPort, LeaseLost
from gatepost_worker.foundation.backoff import Random
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import DeploymentTask, Outcome, StepReport, StepReporter

RunTask: TypeAlias = Callable[[DeploymentTask, StepReporter], Awaitable[Outcome]]
"""Carries out a task and returns its outcome."""

BATCH_S: Final = 0.05
"""How long a step waits for further steps, so that a burst is sent in one request. The steps of a
task that ends sooner are reported together with its outcome."""

MAX_STEPS_PER_REPORT: Final = 100

_log = logging.getLogger("gatepost.worker")


class ClaimHolder:
    """Holds the claim on one task from its start to its end."""

    def __init__(
        self, task: DeploymentTask, claims: ClaimPort, clock: Clock, jitter: Random
    ) -> None:
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

        Reporting steps does not delay the task. Steps that have not been reported when the task
        ends are reported with the outcome. The result is None if the task was abandoned.
        """
        number = self._task.deployment.number
        reported: Outcome | None = None
        renew = partial(self._claims.renew, self._task)
        try:
            async with asyncio.TaskGroup() as group:
                background = [
                    group.create_task(
                        keep_lease_renewed(renew, lease=self._task.lease, clock=self._clock)
                    ),
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
            _log.warning("%s was abandoned: its lease was lost; another worker takes over.", number)
        except* Exception:  # noqa: BLE001  # an error in one task must not end the worker
            _log.exception("%s was abandoned after an error; its lease will expire.", number)
        return reported

    def _add_step(self, step: StepReport) -> None:
        self._pending_steps.append(step)
        self._has_pending_steps.set()

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
        """Report the outcome with the remaining steps, or without them if they are refused."""
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
            _log.exception("The remaining steps of %s were refused.", self._task.deployment.number)
            await self._retry(lambda: self._claims.finish(self._task, outcome, ()))

    def _take_steps(self) -> Sequence[StepReport]:
        steps = self._pending_steps[:MAX_STEPS_PER_REPORT]
        self._pending_steps = self._pending_steps[MAX_STEPS_PER_REPORT:]
        if not self._pending_steps:
            self._has_pending_steps.clear()
        return steps

    async def _retry(self, call: Callable[[], Awaitable[None]]) -> None:
        await retry_until_available(call, clock=self._clock, jitter=self._jitter)
