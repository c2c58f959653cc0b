"""Holding one claim: carrying its task out, keeping its lease, telling its steps and its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from gatepost_worker.claims import Away, Claims, LeaseLost
from gatepost_worker.clock import Clock
from gatepost_worker.pauses import Dice, pauses
from gatepost_worker.progress import Report
from gatepost_worker.tasks import Outcome, Step, Task

CarryOut: TypeAlias = Callable[[Task, Report], Awaitable[Outcome]]
"""Carries a task out; see `rollout.carry_out`."""

RENEWALS: Final = 3
"""How often a lease is renewed within its length: two may go astray before it is lost."""

MARGIN: Final = 0.2
"""Which part of a lease is left when it is given up unrenewed: what is under way here has to have
ended before another worker begins."""

_log = logging.getLogger("gatepost.worker")


class Hold:
    """One claimed task, for as long as it is this worker's."""

    def __init__(self, task: Task, claims: Claims, clock: Clock, dice: Dice) -> None:
        self._task = task
        self._claims = claims
        self._clock = clock
        self._dice = dice
        self._steps: asyncio.Queue[Step] = asyncio.Queue()

    async def carry_out(self, carry_out: CarryOut) -> None:
        """Carry it out and tell how it ended, unless the lease is lost: then all of it is dropped.

        Telling never holds up what is carried out, only its end: that comes after the last step.
        """
        number = self._task.deployment.number
        try:
            async with asyncio.TaskGroup() as group:
                aside = [group.create_task(self._keep()), group.create_task(self._tell())]
                outcome = await carry_out(self._task, self._steps.put_nowait)
                await self._steps.join()
                await self._insist(lambda: self._claims.finish(self._task, outcome))
                for each in aside:
                    each.cancel()
            _log.info("%s %s. %s", number, outcome.result, outcome.note)
        except* LeaseLost:
            _log.warning("%s was dropped: its lease is lost, another worker takes over.", number)
        except* Exception:  # noqa: BLE001  # the worker outlives what one task met
            _log.exception("%s was dropped; its lease expires by itself.", number)

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
            except (Away, TimeoutError):
                pause_s = lease_s / RENEWALS / 4
            else:
                kept_at_s, pause_s = asked_at_s, lease_s / RENEWALS

    async def _tell(self) -> None:
        """Tell each step as it comes, in order, for ever."""
        number = 0
        while True:
            number += 1
            step = await self._steps.get()
            await self._told(step, number)
            self._steps.task_done()

    async def _told(self, step: Step, number: int) -> None:
        try:
            await self._insist(lambda: self._claims.report(self._task, step, number=number))
        except LeaseLost:
            raise
        except Exception:  # noqa: BLE001  # the rollout is not worse for what could not be read
            _log.exception("Step %s of %s was refused.", number, self._task.deployment.number)

    async def _insist(self, call: Callable[[], Awaitable[None]]) -> None:
        """Try until it is heard. The lease bounds that: when it is lost, so is this."""
        waits = pauses(self._dice)
        while True:
            try:
                return await call()
            except Away:
                await self._clock.sleep(next(waits))
