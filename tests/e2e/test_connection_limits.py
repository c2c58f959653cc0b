"""Connections that send nothing, or half a request, to a running server."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from gatepost_client import Gatepost
from tests.support.processes.server import ServerProcess

OPEN_FILES = 128
SILENT_CONNECTIONS = 200
PATIENCE_S = 20


@contextmanager
def connections(server: ServerProcess, *first_bytes: bytes) -> Iterator[list[socket.socket]]:
    """Open connections that send these bytes in turn, and then nothing more."""
    url = urlsplit(server.url)
    with ExitStack() as stack:
        opened = []
        for index in range(SILENT_CONNECTIONS):
            connection = stack.enter_context(socket.create_connection((url.hostname, url.port)))
            connection.sendall(first_bytes[index % len(first_bytes)])
            opened.append(connection)
        yield opened


def wait_until_listening(server: ServerProcess) -> None:
    """Wait until the server accepts connections: it prints its URL a moment earlier."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        with suppress(httpx2.ConnectError):
            httpx2.get(f"{server.url}/health/live")
            return
    raise AssertionError(server.log())


def wait_until_closed(opened: list[socket.socket]) -> float:
    """Return after how many seconds the server had closed all connections."""
    started_at_s = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for connection in opened:
            selector.register(connection, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(PATIENCE_S)
            assert ready, f"{len(selector.get_map())} connections are still open"
            for key, _ in ready:
                if _is_closed(key.fileobj):  # type: ignore[arg-type]  # a socket
                    selector.unregister(key.fileobj)
    return time.monotonic() - started_at_s


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(65536) == b""
    except ConnectionResetError:
        return True


def test_silent_connections_do_not_keep_honest_callers_out(tmp_path: Path) -> None:
    """With 128 file descriptors and 200 connections without a request, callers are served."""
    with ServerProcess(tmp_path / "data", open_files=OPEN_FILES) as server:
        wait_until_listening(server)
        authority = urlsplit(server.url).netloc.encode()
        half_a_head = b"GET /health/live HTTP/1.1\r\nHost: " + authority
        half_a_body = (
            b"POST /sign-in HTTP/1.1\r\nHost: " + authority + b"\r\nOrigin: http://" + authority
        ) + b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nlin"
        with connections(server, b"", half_a_head, half_a_body) as opened:
            for _ in range(50):
                with Gatepost(server.url, token=server.token) as gatepost:
                    assert gatepost.get_me().user.name == "owner"
            assert wait_until_closed(opened) < 11
        assert "internal error" not in server.log()
        assert server.stop() == 0
