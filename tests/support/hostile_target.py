"""A target with malformed and malicious responses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Final

JSON: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
RESPONSES: Final = {
    "/broken-json": JSON + b'\r\n{"status": ',
    "/deep-json": JSON + b"\r\n" + b"[" * 50_000,
    "/not-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "/cut-short": JSON + b"Content-Length: 100\r\n\r\n{}",
    "/elsewhere": b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n",
}


@contextmanager
def hostile_target() -> Iterator[str]:
    """Run a target on a free port and yield its URL. Each path returns a different bad response."""
    ending = threading.Event()

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            path = self.rfile.readline().decode("latin-1").split()[1]
            while self.rfile.readline().strip():
                pass
            with suppress(OSError):
                if path == "/endless":
                    self.wfile.write(JSON + b"\r\n")
                    while not ending.is_set():
                        self.wfile.write(b" " * 65536)
                elif path == "/hanging":
                    ending.wait(30)
                else:
                    self.wfile.write(RESPONSES[path])

    class Server(ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        serving = threading.Thread(target=server.serve_forever, args=[0.05])
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            ending.set()
            server.shutdown()
            serving.join()
