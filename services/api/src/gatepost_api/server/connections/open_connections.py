"""The server's open connections: their maximum number, and periodic checks of their timeouts."""

from __future__ import annotations

import asyncio
import logging
from itertools import chain
from typing import Final, Protocol

CHECK_INTERVAL_S: Final = 1.0
"""How often timeouts are checked, in seconds; a timeout can take effect this much later."""

WARNING_INTERVAL_S: Final = 60.0
"""The minimum time, in seconds, between two warnings that the maximum has been reached."""

_log = logging.getLogger("gatepost")


class Connection(Protocol):
    """A connection that can be closed."""

    def close_if_overdue(self, now_s: float) -> None:
        """Close the connection if one of its timeouts has passed."""
        ...

    def drop(self) -> None:
        """Close the connection immediately, without a response."""
        ...


class OpenConnections:
    """All open connections, at most `max_connections`.

    If there are too many, the connection that has been waiting longest for a request is dropped,
    or, if none is waiting, the one that has been sending a request the longest. Connections whose
    request is being answered, such as event streams, are never dropped.
    """

    def __init__(self, max_connections: int) -> None:
        self.max_connections = max_connections
        self._all: set[Connection] = set()
        self._waiting: dict[Connection, None] = {}  # longest waiting first
        self._receiving: dict[Connection, None] = {}
        self._warned_at_s: float | None = None

    def __len__(self) -> int:
        return len(self._all)

    def add(self, connection: Connection, now_s: float) -> bool:
        """Add a connection, making room if necessary; return whether there is room for it."""
        self._all.add(connection)
        self._waiting[connection] = None
        if len(self._all) <= self.max_connections:
            return True
        self._warn_at_limit(now_s)
        oldest = next(chain(self._waiting, self._receiving))
        if oldest is connection and self._receiving:
            oldest = next(iter(self._receiving))
        if oldest is connection:
            return False
        self.remove(oldest)
        oldest.drop()
        return True

    def remove(self, connection: Connection) -> None:
        """Remove a connection that was closed."""
        self._all.discard(connection)
        self._waiting.pop(connection, None)
        self._receiving.pop(connection, None)

    def mark_waiting(self, connection: Connection) -> None:
        """Record that the connection is waiting for its next request."""
        self._receiving.pop(connection, None)
        if connection in self._all:
            self._waiting[connection] = None

    def mark_receiving(self, connection: Connection) -> None:
        """Record that the head of a request has arrived, but not its entire body."""
        if connection in self._waiting:
            del self._waiting[connection]
            self._receiving[connection] = None

    def mark_answering(self, connection: Connection) -> None:
        """Record that an entire request has arrived."""
        self._waiting.pop(connection, None)
        self._receiving.pop(connection, None)

    def close_overdue(self, now_s: float) -> None:
        """Close every connection that has reached a timeout."""
        for connection in tuple(self._all):
            connection.close_if_overdue(now_s)

    async def close_overdue_periodically(self) -> None:
        """Close overdue connections periodically until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(CHECK_INTERVAL_S)
            self.close_overdue(loop.time())

    def _warn_at_limit(self, now_s: float) -> None:
        if self._warned_at_s is None or now_s - self._warned_at_s >= WARNING_INTERVAL_S:
            self._warned_at_s = now_s
            _log.warning(
                "all %d connections are in use; closing the oldest without a complete request",
                self.max_connections,
            )
