"""Sharing one query among all callers that need a result at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SharedQuery(Generic[K, V]):
    """Runs one query at a time. Callers that arrive while it runs share the next one.

    A caller never gets the result of a query that started before its call.
    """

    def __init__(self, query: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._query = query
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._task: asyncio.Task[None] | None = None

    async def find(self, key: K) -> V:
        """Return the result for a key, or raise the error from the query."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._run_until_nobody_waits())
        return await asyncio.shield(future)  # other callers may wait for the result

    async def _run_until_nobody_waits(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                try:
                    found = await self._query(waiting.keys())
                except Exception as error:  # noqa: BLE001  # every caller must get an error, of any kind
                    for future in waiting.values():
                        future.set_exception(error)
                        future.exception()  # retrieved, in case no caller is left
                else:
                    for key, future in waiting.items():
                        future.set_result(found[key])
        finally:
            self._task = None
