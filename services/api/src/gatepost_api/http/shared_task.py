"""A long-running task whose result is shared by all callers waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class SharedTask(Generic[T]):
    """Runs one task at a time. The task is cancelled when no caller is waiting for it any more."""

    def __init__(self) -> None:
        self._task: asyncio.Task[T] | None = None
        self._waiting = 0

    async def join_or_start(self, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the result of the running task, or of a new one if none is running."""
        task = self._task
        if task is None or task.done() or task.cancelling():
            task = self._task = asyncio.create_task(start())
            self._waiting = 0
        self._waiting += 1
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task is self._task and self._waiting == 1:
                task.cancel()
            raise
        finally:
            if task is self._task:
                self._waiting -= 1
