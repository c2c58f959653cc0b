"""A read connection that stays open, for the short queries that every request needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util.concurrency import greenlet_spawn

from gatepost_persistence.postgres.engine import is_connection_lost, translate_errors

T = TypeVar("T")


class PersistentReadConnection:
    """Runs one query at a time, with prepared statements only; replaces a lost connection."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query; run it again on a new connection if the old one was lost.

        Raises:
            StorageUnreachable: the server does not respond.
        """
        with translate_errors():
            async with self._lock:
                return await self._run_twice_if_lost(query)

    async def _run_twice_if_lost(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query, on a new connection if the old one was lost."""
        try:
            return await self._run(query)
        except Exception as error:
            if not is_connection_lost(error):
                raise
        return await self._run(query)

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close()

    async def _run(self, query: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = await self._engine.connect()
        connection: Any = self._connection.sync_connection
        try:
            return await greenlet_spawn(query, connection)
        except BaseException:
            await self._discard()
            raise

    async def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(Exception):
            await connection.invalidate()
        with suppress(Exception):
            await connection.close()
