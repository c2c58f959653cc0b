"""Background writes during a measurement."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Final
from urllib.parse import urlsplit

PAUSE_S: Final = 0.05
"""The time between two writes, which allows at most 20 per second."""


@dataclass(slots=True)
class Writes:
    """The number of writes so far."""

    count: int = 0
    failures: int = 0


@contextmanager
def background_writes(
    url: str, requests: Sequence[bytes], *, status: int
) -> Generator[Writes, None, None]:
    """Send the requests in turn, with pauses, until the context exits.

    Raises:
        RuntimeError: a response had a status other than `status`, or there was no response.
    """
    address, writes, stop = urlsplit(url), Writes(), threading.Event()

    def write() -> None:
        connection = http.client.HTTPConnection(f"{address.hostname}", address.port, timeout=30)
        for request in cycle(requests):
            if stop.wait(PAUSE_S):
                break
            if not connection.sock:
                connection.connect()
            connection.sock.sendall(request)
            response = http.client.HTTPResponse(connection.sock)
            response.begin()
            response.read()
            writes.count += 1
            writes.failures += response.status != status
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield writes
    finally:
        stop.set()
        thread.join()
    if writes.failures or not writes.count:
        raise RuntimeError(f"{writes.failures} of {writes.count} writes failed.")
