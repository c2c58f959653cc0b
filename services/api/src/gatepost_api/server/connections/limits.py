"""Connection limits, derived from the process's limit on file descriptors."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

MAX_CONNECTIONS: Final = 10_000
"""The limit where file descriptors are plentiful, because each connection also uses memory."""

RESERVED_DESCRIPTORS: Final = 48
"""File descriptors for everything else: the database, temporary files, the worker and outgoing
calls."""

DESCRIPTORS_WITHOUT_LIMIT: Final = 2 * MAX_CONNECTIONS
"""The number of descriptors assumed on systems that do not limit them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """The maximum numbers of open connections and of connections waiting to be accepted."""

    max_connections: int
    backlog: int
    """The length of the listening queue. The whole queue can be accepted before the first
    connection above the limit is closed, so descriptors are set aside for the queue."""

    @classmethod
    def for_descriptors(cls, descriptors: int) -> ConnectionLimits:
        """Return the limits that keep a process within this number of file descriptors."""
        backlog = min(max(descriptors // 8, 8), 1024)
        available = descriptors - RESERVED_DESCRIPTORS - backlog
        return cls(max_connections=min(max(available, 8), MAX_CONNECTIONS), backlog=backlog)


def connection_limits() -> ConnectionLimits:
    """Return the limits for this process, derived from its soft limit on open files."""
    return ConnectionLimits.for_descriptors(_descriptor_limit())


def _descriptor_limit() -> int:
    if sys.platform == "win32":
        return DESCRIPTORS_WITHOUT_LIMIT
    import resource  # noqa: PLC0415  # not available on Windows

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return DESCRIPTORS_WITHOUT_LIMIT if soft == resource.RLIM_INFINITY else soft
