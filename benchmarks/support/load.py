"""Load on a server from a separate process: keep-alive connections that send prepared requests.

Each connection sends its next request when the response to the previous one has arrived. Only the
status and the length of responses are parsed, so one core can saturate a server on another core.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import msgspec

from benchmarks.support.figures import percentile

SILENCE_S: Final = 30.0
"""The time without any response after which the load is aborted."""
RECEIVE_BYTES: Final = 262_144

Requests: TypeAlias = Sequence[bytes]


class UnexpectedResponses(Exception):
    """Not every response had the expected status, so the results would be meaningless."""


class LoadResult(msgspec.Struct, frozen=True, kw_only=True):
    """The responses to a load, and the CPU use of the load process."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    statuses: dict[str, int]
    generator_busy: float
    """The share of the time during which the load process itself used a CPU. If it is close to 1,
    the load process limits the rate, and only the server's CPU time per request is meaningful."""

    @property
    def rate(self) -> float:
        """The number of responses per second."""
        return self.requests / self.seconds


def request_bytes(
    method: str, path: str, *, headers: dict[str, str] | None = None, body: object = None
) -> bytes:
    """Return an HTTP/1.1 request, with a JSON body if there is one."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def run_load(
    url: str,
    requests: Requests,
    *,
    connections: int,
    seconds: float,
    status: int = 200,
    once: bool = False,
) -> LoadResult:
    """Send the requests for `seconds`, repeatedly or each at most once, and return the result.

    Raises:
        UnexpectedResponses: a response had a status other than `status`.
    """
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        file.write(msgspec.msgpack.encode(list(requests)))
        file.flush()
        address = urlsplit(url)
        command = [sys.executable, "-m", "benchmarks.support.load", file.name]
        command += [f"{address.hostname}", f"{address.port}", f"{connections}", f"{seconds}"]
        output = subprocess.run(  # noqa: S603  # this module
            [*command, "once" if once else "cycle"], check=True, stdout=subprocess.PIPE
        ).stdout
    result = msgspec.json.decode(output, type=LoadResult)
    if set(result.statuses) != {f"{status}"}:
        first = requests[0].partition(b"\r\n")[0].decode()
        raise UnexpectedResponses(f"{first}: {result.statuses} instead of only {status}")
    return result


@dataclass(slots=True)
class _Connection:
    """One keep-alive connection and the response that it is receiving."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytes = b""
    expected: int = 0
    """The total length of the response; 0 while its head is incomplete."""
    status: str = ""


@dataclass(slots=True)
class _Tally:
    """The responses so far."""

    times_s: list[float] = field(default_factory=list[float])
    statuses: Counter[str] = field(default_factory=Counter[str])


def generate(
    address: tuple[str, int], requests: Iterator[bytes], *, connections: int, seconds: float
) -> LoadResult:
    """Send requests until the time is over or none are left, and return the result."""
    tally, selector = _Tally(), selectors.DefaultSelector()
    busy_before, start = time.process_time(), time.perf_counter()
    active = 0
    for _ in range(connections):
        connection = _Connection(socket.create_connection(address, timeout=SILENCE_S))
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _send(connection, requests):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            active += 1
    end = start + seconds
    while active:
        events = selector.select(SILENCE_S)
        if not events:
            raise TimeoutError(f"No response for {SILENCE_S} seconds.")
        for key, _ in events:
            connection = key.data
            if not _receive(connection, tally):
                continue
            if time.perf_counter() >= end or not _send(connection, requests):
                selector.unregister(connection.socket)
                connection.socket.close()
                active -= 1
    duration = time.perf_counter() - start
    return LoadResult(
        requests=len(tally.times_s),
        seconds=duration,
        p50_ms=percentile(tally.times_s, 50) * 1000,
        p99_ms=percentile(tally.times_s, 99) * 1000,
        statuses=dict(tally.statuses),
        generator_busy=(time.process_time() - busy_before) / duration,
    )


def _send(connection: _Connection, requests: Iterator[bytes]) -> bool:
    """Send the next request. Return whether there was one."""
    request = next(requests, None)
    if request is None:
        return False
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(request)
    return True


def _receive(connection: _Connection, tally: _Tally) -> bool:
    """Receive a part of a response. If the response is complete, count it and return True."""
    part = connection.socket.recv(RECEIVE_BYTES)
    if not part:
        raise ConnectionError(f"The server closed a connection after {connection.received!r:.200}")
    received = connection.received = connection.received + part if connection.received else part
    if not connection.expected:
        end_of_head = received.find(b"\r\n\r\n")
        if end_of_head < 0:
            return False
        head_length = end_of_head + 4
        connection.status = received[9:12].decode()
        connection.expected = head_length + _body_length(received[:head_length])
    if len(received) < connection.expected:
        return False
    tally.times_s.append(time.perf_counter() - connection.sent_at)
    tally.statuses[connection.status] += 1
    connection.received, connection.expected = b"", 0
    return True


def _body_length(head: bytes) -> int:
    if head[9:12] in {b"204", b"304"}:
        return 0
    begin = head.lower().find(b"\r\ncontent-length:")
    if begin < 0:
        raise ValueError(f"The response has no Content-Length: {head!r}")
    return int(head[begin + 17 : head.index(b"\r\n", begin + 2)])


def main(arguments: list[str]) -> None:
    """Generate one load for `run_load`, and print the result as JSON."""
    file, host, port, connections, seconds, mode = arguments
    stored: Any = msgspec.msgpack.decode(Path(file).read_bytes(), type=list[bytes])
    requests = cycle(stored) if mode == "cycle" else iter(stored)
    result = generate(
        (host, int(port)), requests, connections=int(connections), seconds=float(seconds)
    )
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main(sys.argv[1:])
