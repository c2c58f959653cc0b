"""The worker itself: claims what there is to do, several at once, until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Final

from gatepost_worker.claims.lease_keeper import LeaseKeeper, RunTask
from gatepost_worker.claims.port import ClaimPort, ServerUnavailable
from gatepost_worker.foundation.backoff import Random, pauses
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import Task

WAIT_S: Final = 20.0
"""How long one claim waits for work before it is made anew; proxies cut longer silences."""

GRACE_S: Final = 7.0
"""How long tasks may take to end after the worker was told to. With the time that programs have
after SIGTERM it stays below the 10 s that container runtimes grant."""

_log = logging.getLogger("gatepost.worker")


class Worker:
    """Carries out up to `concurrency` tasks at once."""

    def __init__(
        self,
        claims: ClaimPort,
        carry_out: RunTask,
        *,
        concurrency: int,
        clock: Clock,
        grace_s: float = GRACE_S,
        jitter: Random = random.random,
    ) -> None:
        self._claims = claims
        self._carry_out = carry_out
        self._clock = clock
        self._grace_s = grace_s
        self._dice = jitter
        self._room = asyncio.Semaphore(concurrency)
        self._held: set[asyncio.Task[None]] = set()

    async def run(self, told_to_end: asyncio.Event) -> None:
        """Work until told to end, or until Gatepost refuses this worker for good.

        No task is claimed after that. Those under way may end within the grace; the others are
        stopped and left, so that another worker takes over when their leases expire.

        Raises:
            Exception: what a claim was refused with.
        """
        claiming = asyncio.create_task(self._claim_on())
        told = asyncio.create_task(told_to_end.wait())
        try:
            await asyncio.wait([claiming, told], return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
            claiming.cancel()
            await asyncio.wait([claiming, told])
            await self._drain()
        if not claiming.cancelled():
            claiming.result()

    async def _claim_on(self) -> None:
        """Claim whenever there is room, for ever."""
        while True:
            await self._room.acquire()
            task = await self._next()
            it = task.deployment
            _log.info("%s: %s %s to %s.", it.number, it.service, it.version, it.environment)
            hold = LeaseKeeper(task, self._claims, self._clock, self._dice)
            held = asyncio.create_task(hold.carry_out(self._carry_out))
            self._held.add(held)
            held.add_done_callback(self._release)

    async def _next(self) -> Task:
        """The next task, however long it takes until there is one."""
        waits = pauses(self._dice)
        while True:
            try:
                task = await self._claims.claim(WAIT_S)
            except ServerUnavailable as away:
                pause_s = next(waits)
                _log.warning("Gatepost is away (%s); asking again in %.1f s.", away, pause_s)
                await self._clock.sleep(pause_s)
                continue
            if task is not None:
                return task
            waits = pauses(self._dice)

    def _release(self, held: asyncio.Task[None]) -> None:
        self._held.discard(held)
        self._room.release()

    async def _drain(self) -> None:
        if not self._held:
            return
        _log.info("StepLog to end; %d under way.", len(self._held))
        _, left = await asyncio.wait(self._held, timeout=self._grace_s)
        for held in left:
            held.cancel()
        if left:
            _log.warning("%d left for another worker.", len(left))
            await asyncio.wait(left)
