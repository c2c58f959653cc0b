"""Callers that misuse a server: silent connections, and floods of requests that are refused."""

from __future__ import annotations

import http.client
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from benchmarks.support.cases import API, bearer
from benchmarks.support.catalog import Dataset

FLOODING_CONNECTIONS: Final = 4
PATIENCE_S: Final = 60.0
LARGE_BODY_BYTES: Final = 256 * 1024 * 1024
CHUNK: Final = b"x" * 65_536
FORM_FIELDS: Final = 100_000

Headers = Mapping[str, str]
RefusedRequest = tuple[str, Headers, bytes | None]
"""The path, the headers and the body of a POST; a body of None is one of `LARGE_BODY_BYTES`."""


class SilentConnections:
    """Connections that are opened and never send anything."""

    def __init__(self, url: str, number: int) -> None:
        address = urlsplit(url)
        self._address = (f"{address.hostname}", int(address.port or 0))
        self._number = number
        self._open: list[socket.socket] = []
        self._opened_at = 0.0

    def __enter__(self) -> Self:
        """Open the connections."""
        self._opened_at = time.perf_counter()
        self._open = [
            socket.create_connection(self._address, timeout=PATIENCE_S) for _ in range(self._number)
        ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        for connection in self._open:
            connection.close()

    def wait_until_closed(self) -> float:
        """Return how many seconds after the first was opened the server had closed the last one."""
        with selectors.DefaultSelector() as selector:
            for connection in self._open:
                selector.register(connection, selectors.EVENT_READ)
            while selector.get_map():
                ready = selector.select(PATIENCE_S)
                if not ready:
                    raise TimeoutError(f"{len(selector.get_map())} connections are still open.")
                for key, _ in ready:
                    with suppress(ConnectionResetError):
                        key.fileobj.recv(1)  # type: ignore[union-attr]  # nothing follows: its end
                    selector.unregister(key.fileobj)
        return time.perf_counter() - self._opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a flood has sent."""

    refused: int
    """The number of responses, or of requests after which the server closed the connection."""
    spooled_bytes: int
    """The largest size of the server's temporary files while the requests were sent."""


class Sender:
    """Threads that send requests which are refused, until they are stopped."""

    def __init__(self, url: str, requests: Iterator[RefusedRequest], spool: Path) -> None:
        self._netloc = urlsplit(url).netloc
        self._requests = requests
        self._spool = spool
        self._lock = Lock()
        self._stop = Event()
        self._refused: list[int] = []
        self._spooled_bytes = 0
        self._threads = [Thread(target=self._send) for _ in range(FLOODING_CONNECTIONS)]
        self._threads.append(Thread(target=self._watch))
        for thread in self._threads:
            thread.start()

    def stop(self) -> Sent:
        """Stop the threads, and return what was sent."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return Sent(refused=len(self._refused), spooled_bytes=self._spooled_bytes)

    def _send(self) -> None:
        connection = http.client.HTTPConnection(self._netloc, timeout=PATIENCE_S)
        while not self._stop.is_set():
            with self._lock:
                path, headers, body = next(self._requests)
            try:
                if body is None:
                    self._send_slowly(connection, path, headers)
                else:
                    connection.request("POST", path, body=body, headers=dict(headers))
                response = connection.getresponse()
                response.read()
                if response.status < http.client.BAD_REQUEST:
                    raise RuntimeError(f"POST {path} returned {response.status}.")
            except (OSError, http.client.HTTPException):
                connection.close()  # the server did not wait for the rest of the body
            self._refused.append(1)
        connection.close()

    def _send_slowly(
        self, connection: http.client.HTTPConnection, path: str, headers: Headers
    ) -> None:
        """Send a large body in chunks, until it ends or the server closes the connection."""
        connection.putrequest("POST", path)
        for name, value in {**headers, "Content-Length": f"{LARGE_BODY_BYTES}"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for _ in range(LARGE_BODY_BYTES // len(CHUNK)):
            if self._stop.is_set():
                connection.close()
                raise ConnectionAbortedError
            connection.send(CHUNK)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            with suppress(FileNotFoundError):
                spooled = sum(file.stat().st_size for file in self._spool.rglob("*"))
                self._spooled_bytes = max(self._spooled_bytes, spooled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """One kind of request that is refused."""

    name: str
    requests: Callable[[Dataset], Iterator[RefusedRequest]]

    def start(self, url: str, dataset: Dataset, spool: Path) -> Sender:
        """Start to send such requests over several connections."""
        return Sender(url, self.requests(dataset), spool)


def _unknown_tokens(_: Dataset) -> Iterator[RefusedRequest]:
    return ((f"{API}/deployments", bearer(f"gp_{number:032}"), b"{}") for number in count())


def _denied_reviews(dataset: Dataset) -> Iterator[RefusedRequest]:
    """Yield approvals by a requester, who has no right to review."""
    headers = {**bearer(dataset.requesters[0]), "Content-Type": "application/json"}
    path = f"{API}/deployments/DEP-{dataset.deployments}/approve"
    while True:
        yield path, headers, b"{}"


def _large_bodies(dataset: Dataset) -> Iterator[RefusedRequest]:
    """Yield imports by a requester, who has no right to import."""
    headers = {**bearer(dataset.requesters[0]), "Content-Type": "text/csv"}
    while True:
        yield f"{API}/deployments/import", headers, None


def _large_forms(_: Dataset) -> Iterator[RefusedRequest]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = b"&".join(b"field%d=1" % number for number in range(FORM_FIELDS))
    while True:
        yield "/sign-in", headers, form


FLOODS: Final = (
    Flood(name="unknown tokens", requests=_unknown_tokens),
    Flood(name="approvals without the right", requests=_denied_reviews),
    Flood(name="imports of 256 MB without the right", requests=_large_bodies),
    Flood(name=f"forms with {FORM_FIELDS:,} fields", requests=_large_forms),
)
