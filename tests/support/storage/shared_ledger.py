"""A PostgreSQL ledger whose connections are shared by tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import URL

from gatepost_persistence.postgres.ledger import PostgresLedger


@contextmanager
def shared_ledger(url: URL) -> Iterator[PostgresLedger]:
    """Yield a ledger whose coroutines can be awaited in the event loop of any test.

    It has an event loop of its own. Connecting to the server and preparing the statements take
    longer than most tests need for everything else.
    """
    loop = asyncio.new_event_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="ledger") as thread:
        running = thread.submit(loop.run_forever)
        try:
            forwarded = _Forwarded(PostgresLedger(url, on_failure=lambda _: None), loop)
            yield cast("PostgresLedger", forwarded)
            asyncio.run(forwarded.close())
        finally:
            loop.call_soon_threadsafe(loop.stop)
            running.result()
            loop.close()


class _Forwarded:
    """An object whose coroutines run in another event loop."""

    def __init__(self, target: object, loop: asyncio.AbstractEventLoop) -> None:
        self._target, self._loop = target, loop

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._target, name)
        if not callable(member):
            return _Forwarded(member, self._loop)

        async def call(*arguments: Any, **named: Any) -> Any:
            return await self._run(member(*arguments, **named))

        return call

    async def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return await asyncio.wrap_future(future)
