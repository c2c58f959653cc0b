"""Holding one claim: carrying its task out, keeping its lease, telling its steps and its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from gatepost_worker.claims.port import ClaimPort, LeaseLost, ServerUnavailable
from gatepost_worker.foundation.backoff import Random, pauses
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import Outcome, Step, Task
from gatepost_worker.tasks.progress import StepReporter

RunTask: TypeAlias = Callable[[Task, StepReporter], Awaitable[Outcome]]
"""Carries a task out; see `rollout.carry_out`."""

RENEWALS: Final = 3
"""How often a lease is renewed within its length: two may go astray before it is lost."""

MARGIN: Final = 0.2
"""Which part of a lease is left when it is given up unrenewed: what is under way here has to have
ended before another worker begins."""

GATHERED_S: Final = 0.05
"""How long a step waits for others to be told with it: a burst is one request, and what ends as
soon as it began tells all its steps with its end."""

MOST_STEPS: Final = 100
"""How many steps are told at once at most."""

_log = logging.getLogger("gatepost.worker")


class LeaseKeeper:
    """One claimed task, for as long as it is this worker's."""

    def __init__(self, task: Task, claims: ClaimPort, clock: Clock, jitter: Random) -> None:
        self._task = task
        self._claims = claims
        self._clock = clock
        self._dice = jitter
        self._told = 0
        self._steps: list[Step] = []
        """What is not told yet."""
        self._any = asyncio.Event()
        self._telling = asyncio.Lock()

    async def carry_out(self, carry_out: RunTask) -> None:
        """Carry it out and tell how it ended, unless the lease is lost: then all of it is dropped.

        Telling never holds up what is carried out, only its end: that comes with the last steps.
        """
        number = self._task.deployment.number
        try:
            async with asyncio.TaskGroup() as group:
                aside = [group.create_task(self._keep()), group.create_task(self._tell())]
                outcome = await carry_out(self._task, self._note)
                async with self._telling:
                    await self._end(outcome)
                for each in aside:
                    each.cancel()
            _log.info("%s %s. %s", number, outcome.result, outcome.note)
        except* LeaseLost:
            _log.warning("%s was dropped: its lease is lost, another worker takes over.", number)
        except* Exception:  # noqa: BLE001  # the worker outlives what one task met
            _log.exception("%s was dropped; its lease expires by itself.", number)

    def _note(self, step: Step) -> None:
        self._steps.append(step)
        self._any.set()

    async def _keep(self) -> None:
        """Renew the lease in time, for ever.

        Raises:
            LeaseLost: Gatepost said so, or gave no answer until it is about to expire.
        """
        lease_s = self._task.lease.total_seconds()
        kept_at_s, pause_s = self._clock.monotonic(), lease_s / RENEWALS
        while True:
            until_s = kept_at_s + lease_s * (1 - MARGIN)
            await self._clock.sleep(min(pause_s, until_s - self._clock.monotonic()))
            asked_at_s = self._clock.monotonic()
            if (left_s := until_s - asked_at_s) <= 0:
                raise LeaseLost
            try:
                async with asyncio.timeout(left_s):
                    await self._claims.renew(self._task)
            except (ServerUnavailable, TimeoutError):
                pause_s = lease_s / RENEWALS / 4
            else:
                kept_at_s, pause_s = asked_at_s, lease_s / RENEWALS

    async def _tell(self) -> None:
        """Tell steps soon after they come, in order, for ever."""
        while True:
            await self._any.wait()
            await self._clock.sleep(GATHERED_S)
            async with self._telling:
                await self._report()

    async def _report(self) -> None:
        """Tell the first of what is not told yet, if there is anything."""
        steps, number = self._taken(), self._told + 1
        if not steps:
            return
        self._told += len(steps)
        try:
            await self._insist(lambda: self._claims.report(self._task, steps, number=number))
        except LeaseLost:
            raise
        except Exception:  # noqa: BLE001  # the rollout is not worse for what could not be read
            _log.exception("Step %d of %s was refused.", number, self._task.deployment.number)

    async def _end(self, outcome: Outcome) -> None:
        """Tell how it ended, with the last steps; without them if they are refused."""
        while len(self._steps) > MOST_STEPS:
            await self._report()
        steps = self._taken()
        try:
            await self._insist(lambda: self._claims.finish(self._task, outcome, steps))
        except LeaseLost:
            raise
        except Exception:
            if not steps:
                raise
            _log.exception("The last steps of %s were refused.", self._task.deployment.number)
            await self._insist(lambda: self._claims.finish(self._task, outcome, ()))

    def _taken(self) -> Sequence[Step]:
        taken, self._steps = self._steps[:MOST_STEPS], self._steps[MOST_STEPS:]
        if not self._steps:
            self._any.clear()
        return taken

    async def _insist(self, call: Callable[[], Awaitable[None]]) -> None:
        """Try until it is heard. The lease bounds that: when it is lost, so is this."""
        waits = pauses(self._dice)
        while True:
            try:
                return await call()
            except ServerUnavailable:
                await self._clock.sleep(next(waits))
