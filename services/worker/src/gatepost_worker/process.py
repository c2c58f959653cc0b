"""The worker process: creates the worker from its options and stops it on a signal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from typing import Final

from gatepost_worker.check_task_runner import run_check_task
from gatepost_worker.claims.port import ClaimPort
from gatepost_worker.dependencies import Dependencies
from gatepost_worker.deployment_task_runner import run_task
from gatepost_worker.github_protection_answer_task_runner import send_answer
from gatepost_worker.loop import GRACE_S, Worker
from gatepost_worker.notification_task_runner import send_notification
from gatepost_worker.options import Options
from gatepost_worker.tracing.tracing import TaskTracing
from gatepost_worker.webhook_delivery_task_runner import send_message

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


async def run_until_stopped(
    options: Options,
    claims: ClaimPort,
    *,
    grace_s: float = GRACE_S,
    tracing: TaskTracing | None = None,
) -> None:
    """Run a worker until a signal or, with `until_eof`, the end of standard input stops it.

    Tasks in progress then have `grace_s` to end.

    Raises:
        Exception: the server refused this worker.
    """
    dependencies = Dependencies(executor_options=options.executor_options)
    worker = Worker(
        claims,
        partial(run_task, dependencies=dependencies),
        run_checks=partial(run_check_task, dependencies=dependencies),
        send=partial(send_message, dependencies=dependencies),
        notify=send_notification,
        answer=partial(send_answer, dependencies=dependencies),
        concurrency=options.concurrency,
        clock=dependencies.clock,
        grace_s=grace_s,
        tracing=tracing,
    )
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    if options.until_eof:
        loop.add_reader(sys.stdin.fileno(), _stop_at_eof, stop)
    try:
        await worker.run(stop)
    finally:
        # The signal handlers stay until the loop is closed: a second Ctrl-C must change nothing.
        if options.until_eof:
            loop.remove_reader(sys.stdin.fileno())


def _stop_at_eof(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        stop.set()
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
