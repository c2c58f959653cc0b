"""A server that forwards requests to another one and removes a field from its JSON responses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2


class FieldRemover(ThreadingHTTPServer):
    """Forwards requests to the server at `url`, and removes `field` from the responses."""

    daemon_threads = True

    def __init__(self, url: str, field: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = httpx2.Client(base_url=url, trust_env=False)
        self.field = field

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FieldRemover

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Handle every method alike: the base class looks up `do_GET` and so on."""
        if name.startswith("do_"):
            return self._forward
        raise AttributeError(name)

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = [(name, text) for name, text in self.headers.items() if name.lower() != "host"]
        response = self.server.target.request(
            self.command, self.path, content=body, headers=headers
        )
        content = response.content
        if response.headers.get("Content-Type") == "application/json":
            content = json.dumps(without(self.server.field, response.json())).encode()
        self.send_response(response.status_code)
        for name, text in response.headers.items():
            if name not in {"content-length", "content-encoding", "transfer-encoding"}:
                self.send_header(name, text)
        self.send_header("Content-Length", f"{len(content)}")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def field_removed(url: str, field: str) -> Iterator[str]:
    """Run such a server and return its URL."""
    with FieldRemover(url, field) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()
            server.target.close()


def without(field: str, value: Any) -> Any:
    """Return a JSON value without a field, at any depth."""
    match value:
        case list():
            return [without(field, item) for item in value]
        case dict():
            return {name: without(field, item) for name, item in value.items() if name != field}
        case _:
            return value
