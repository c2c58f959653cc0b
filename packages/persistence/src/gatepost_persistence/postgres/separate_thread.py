"""Running long computations on the database in a separate thread with its own event loop.

On the server's event loop, the computation between two statements would delay all requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from gatepost_domain.storage_errors import ReadTimedOut

T = TypeVar("T")


async def run_in_own_thread(work: Callable[[], Coroutine[Any, Any, T]], *, deadline_s: float) -> T:
    """Return the result of work done in a new thread. Cancelling the caller cancels the work.

    Raises:
        ReadTimedOut: the work took too long.
    """
    runner = asyncio.Runner()
    loop = runner.get_loop()

    async def run_until_deadline() -> T:
        try:
            async with asyncio.timeout(deadline_s):
                return await work()
        except TimeoutError:
            raise ReadTimedOut from None

    task = loop.create_task(run_until_deadline())

    def run() -> T:
        try:
            return loop.run_until_complete(task)
        finally:
            runner.close()

    executor = ThreadPoolExecutor(1, thread_name_prefix="verify")
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, run)
    except asyncio.CancelledError:
        loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        executor.shutdown(wait=False)
