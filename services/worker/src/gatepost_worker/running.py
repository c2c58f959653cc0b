"""A worker as a process: made of its options, ended by signals."""

from __future__ import annotations

import asyncio
import signal
from typing import Final

from gatepost_worker.claims import Claims
from gatepost_worker.loop import GRACE_S, Worker
from gatepost_worker.means import Means
from gatepost_worker.options import Options
from gatepost_worker.progress import Report
from gatepost_worker.rollout import carry_out
from gatepost_worker.tasks import Outcome, Task

ENDING: Final = (signal.SIGINT, signal.SIGTERM)
"""What tells a worker to end."""


async def run(options: Options, claims: Claims, *, grace_s: float = GRACE_S) -> None:
    """Work until a signal tells to end; what is under way then has `grace_s` to end by itself.

    Raises:
        Exception: what Gatepost refused this worker with.
    """
    means = Means(signer=options.signer, commands=options.commands)

    async def carry(task: Task, report: Report) -> Outcome:
        return await carry_out(task, means, report)

    worker = Worker(
        claims, carry, concurrency=options.concurrency, clock=means.clock, grace_s=grace_s
    )
    told_to_end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in ENDING:
        loop.add_signal_handler(number, told_to_end.set)
    try:
        await worker.run(told_to_end)
    finally:
        for number in ENDING:
            loop.remove_signal_handler(number)
