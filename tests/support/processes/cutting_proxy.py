"""A proxy in front of a server that cuts connections, as failing networks and restarts do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_CHUNK_BYTES = 65536


class CuttingProxy:
    """Forwards each request, until it is told to cut the connection before or after it."""

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        self._server = (str(parts.hostname), int(parts.port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.cut_requests = 0
        """How many further requests to cut before the server has received them."""
        self.cut_responses = 0
        """How many further responses to cut, after the server has executed the request."""
        self.cuts = 0

    def serve(self) -> None:
        """Forward connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):  # wakes up `accept`
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _forward(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._server) as server:
            answers = threading.Thread(target=self._answer, args=(server, client), daemon=True)
            answers.start()
            while data := client.recv(_CHUNK_BYTES):
                if self.cut_requests:
                    self.cut_requests -= 1
                    self.cuts += 1
                    break
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(_CHUNK_BYTES):
                if self.cut_responses:
                    self.cut_responses -= 1
                    self.cuts += 1
                    break
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting_proxy(server_url: str) -> Iterator[CuttingProxy]:
    """Run a proxy in front of a server."""
    proxy = CuttingProxy(server_url)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
