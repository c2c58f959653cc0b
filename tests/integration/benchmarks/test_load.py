"""The load process of the benchmarks, against a small server."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from benchmarks.support.load import UnexpectedResponses, request_bytes, run_load

OK: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
NOT_MODIFIED: Final = b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n'
BROKEN: Final = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


class Responder(socketserver.StreamRequestHandler):
    """Answers each request of a connection with the response that its path names."""

    def handle(self) -> None:
        while line := self.rfile.readline():
            while self.rfile.readline() != b"\r\n":
                pass
            response = {b"/ok": OK, b"/same": NOT_MODIFIED}.get(line.split()[1], BROKEN)
            self.wfile.write(response[:20])
            self.wfile.flush()
            self.wfile.write(response[20:])


class Server(socketserver.ThreadingTCPServer):
    """A server whose threads end with it."""

    daemon_threads = True
    block_on_close = False


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server, and return its URL."""
    with Server(("127.0.0.1", 0), Responder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_unexpected_status_is_an_error() -> None:
    """A figure is worth nothing if some of the requests failed."""
    requests = [request_bytes("GET", path) for path in ("/ok", "/ok", "/broken")]

    with running_server() as url, pytest.raises(UnexpectedResponses, match="500"):
        run_load(url, requests, connections=2, seconds=0.1)


def test_every_request_is_sent_once() -> None:
    """Approvals can succeed only once, so their load ends when all have been sent."""
    requests = [request_bytes("GET", "/ok") for _ in range(70)]

    with running_server() as url:
        result = run_load(url, requests, connections=3, seconds=30, once=True)

    assert (result.requests, result.statuses) == (70, {"200": 70})


def test_load_ends_after_its_time() -> None:
    """Requests are repeated until the time is over, and their times are measured."""
    with running_server() as url:
        result = run_load(url, [request_bytes("GET", "/ok")], connections=4, seconds=0.2)

    assert result.requests > 4
    assert 0.2 <= result.seconds < 10
    assert 0 < result.p50_ms <= result.p99_ms


def test_response_without_a_body_is_complete() -> None:
    """A 304 has no length, and the connection is used again after it."""
    requests = [request_bytes("GET", "/same") for _ in range(5)]

    with running_server() as url:
        result = run_load(url, requests, connections=1, seconds=30, status=304, once=True)

    assert result.requests == 5


def test_body_is_sent_with_its_length() -> None:
    """A request has the headers and the JSON body that were given."""
    request = request_bytes("POST", "/ok", headers={"Authorization": "Bearer x"}, body={"a": 1})

    assert request == (
        b"POST /ok HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\n"
        b'Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}'
    )
