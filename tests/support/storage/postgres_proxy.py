"""A line to a PostgreSQL server that can be cut where it hurts most."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL

SOCKET = ".s.PGSQL.5432"
COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"


class CuttableProxy:
    """What runs through it arrives, until a COMMIT is to be lost, or its answer."""

    def __init__(self, server: Path) -> None:
        self.drop_commit = False
        self.drop_commit_reply = False
        self.commit_count = 0
        self._server = server
        self._connections: set[asyncio.Task[None] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        self._connections.add(asyncio.current_task())
        to_us, to_server = await asyncio.open_unix_connection(str(self._server))
        back = asyncio.create_task(_forward(to_us, writer))
        while asked := await reader.read(65536):
            self.commit_count += COMMIT in asked
            if COMMIT in asked and self.drop_commit:
                break
            to_server.write(asked)
            if COMMIT in asked and self.drop_commit_reply:
                back.cancel()
                await asyncio.wait({back})
                await to_us.readuntil(b"COMMIT\x00")  # the server has done it
                break
        back.cancel()
        for end in (writer, to_server):
            end.close()
            with suppress(OSError):
                await end.wait_closed()

    async def end(self) -> None:
        """Wait until every connection has been let go of."""
        await asyncio.wait({task for task in self._connections if task is not None})


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while told := await reader.read(65536):
        writer.write(told)
    writer.close()


@asynccontextmanager
async def proxy_to(database: URL) -> AsyncIterator[tuple[CuttableProxy, URL]]:
    """A line, and how to reach the database through it."""
    line = CuttableProxy(Path(str(database.query["host"])) / SOCKET)
    with TemporaryDirectory() as folder:
        async with await asyncio.start_unix_server(line.serve, Path(folder) / SOCKET) as server:
            yield line, database.update_query_dict({"host": folder})
            await line.end()
            server.close()
