"""A proxy to a PostgreSQL server that can cut a connection during a COMMIT."""

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
    """Forwards all data except a COMMIT, or its response, if a test has it dropped."""

    def __init__(self, server: Path) -> None:
        self.drop_commit = False
        self.drop_commit_reply = False
        self.commit_count = 0
        self._server = server
        self._connections: set[asyncio.Task[None] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection."""
        self._connections.add(asyncio.current_task())
        from_server, to_server = await asyncio.open_unix_connection(str(self._server))
        forwarding = asyncio.create_task(_forward(from_server, writer))
        while data := await reader.read(65536):
            self.commit_count += COMMIT in data
            if COMMIT in data and self.drop_commit:
                break
            to_server.write(data)
            if COMMIT in data and self.drop_commit_reply:
                forwarding.cancel()
                await asyncio.wait({forwarding})
                await from_server.readuntil(b"COMMIT\x00")  # the server has committed
                break
        forwarding.cancel()
        for end in (writer, to_server):
            end.close()
            with suppress(OSError):
                await end.wait_closed()

    async def end(self) -> None:
        """Wait until every connection is closed."""
        await asyncio.wait({task for task in self._connections if task is not None})


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def proxy_to(database: URL) -> AsyncIterator[tuple[CuttableProxy, URL]]:
    """Yield a proxy and the URL of the database through it."""
    proxy = CuttableProxy(Path(str(database.query["host"])) / SOCKET)
    with TemporaryDirectory() as folder:
        async with await asyncio.start_unix_server(proxy.serve, Path(folder) / SOCKET) as server:
            yield proxy, database.update_query_dict({"host": folder})
            await proxy.end()
            server.close()
