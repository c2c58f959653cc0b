"""A sample service on this machine that responds to the five checks of a rollout."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]
"""The status and the JSON body of a response."""


class SampleService:
    """The service and its responses. A test can change `answers` at any time."""

    def __init__(self) -> None:
        self.url = ""
        self.records: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.traceparents: list[str] = []
        """The `traceparent` headers of the requests that had one."""
        self.at_once: Counter[str] = Counter()
        """The highest number of requests in progress at the same time, by path."""
        self.takes_s: Callable[[], float] = lambda: 0.0
        self.answers: dict[str, Callable[[Any], Answer]] = {
            "GET /health": lambda _: (200, {"status": "ok"}),
            "GET /db/status": lambda _: (200, {"database": {"connected": True}}),
            "GET /s3/list": lambda _: (200, {"objects": []}),
            "POST /db/create": self._create,
            "GET /db/read": lambda _: (200, {"records": self.records}),
        }
        self._in_progress: Counter[str] = Counter()
        self._lock = threading.Lock()

    def _create(self, record: Any) -> Answer:
        self.records.append(record)
        return 201, {"created": len(self.records)}

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        with self._lock:
            self.asked.append(f"{method} {path}")
            self._in_progress[path] += 1
            self.at_once[path] = max(self.at_once[path], self._in_progress[path])
            takes_s = self.takes_s()
        time.sleep(takes_s)
        with self._lock:
            self._in_progress[path] -= 1
        answer = self.answers.get(f"{method} {path}")
        if answer is None:
            return 404, {"error": path}
        return answer(json.loads(body or b"null"))


@contextmanager
def a_sample_service() -> Iterator[SampleService]:
    """Run a sample service on a free port."""
    sample = SampleService()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            sample.traceparents += self.headers.get_all("traceparent", [])
            status, payload = sample.answer(self.command, self.path, body)
            content = json.dumps(payload).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # the caller closed the connection
                self.close_connection = True

        do_GET = do_POST = answer  # noqa: N815  # names required by the standard library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sample.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield sample
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
