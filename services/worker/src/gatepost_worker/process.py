"""A worker as a process: made of its options, ended by signals."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Final

from gatepost_worker.claims.port import ClaimPort
from gatepost_worker.dependencies import Dependencies
from gatepost_worker.loop import GRACE_S, Worker
from gatepost_worker.options import Options
from gatepost_worker.rollout import carry_out
from gatepost_worker.tasks import Outcome, Task
from gatepost_worker.tasks.progress import StepReporter

ENDING: Final = (signal.SIGINT, signal.SIGTERM)
"""What tells a worker to end."""


async def run(options: Options, claims: ClaimPort, *, grace_s: float = GRACE_S) -> None:
    """Work until a signal tells to end, or the end of standard input where that is asked for.

    What is under way then has `grace_s` to end by itself.

    Raises:
        Exception: what Gatepost refused this worker with.
    """
    means = Dependencies(executor_options=options.executor_options)

    async def carry(task: Task, report: StepReporter) -> Outcome:
        return await carry_out(task, means, report)

    worker = Worker(
        claims, carry, concurrency=options.concurrency, clock=means.clock, grace_s=grace_s
    )
    told_to_end, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in ENDING:
        loop.add_signal_handler(number, told_to_end.set)
    if options.until_eof:
        loop.add_reader(sys.stdin.fileno(), _end_at_eof, told_to_end)
    try:
        await worker.run(told_to_end)
    finally:
        for number in ENDING:
            loop.remove_signal_handler(number)
        if options.until_eof:
            loop.remove_reader(sys.stdin.fileno())


def _end_at_eof(told_to_end: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        told_to_end.set()
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
