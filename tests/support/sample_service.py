"""A service as teams deploy them, on this machine: it answers the five probes of a rollout."""

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


class SampleService:
    """What it answers with, by method and path; a test may change that meanwhile."""

    def __init__(self) -> None:
        self.url = ""
        self.records: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.at_once: Counter[str] = Counter()
        """How many were ever being answered at the same time, by path."""
        self.takes_s: Callable[[], float] = lambda: 0.0
        self.answers: dict[str, Callable[[Any], Answer]] = {
            "GET /health": lambda _: (200, {"status": "ok"}),
            "GET /db/status": lambda _: (200, {"database": {"connected": True}}),
            "GET /s3/list": lambda _: (200, {"objects": []}),
            "POST /db/create": self._create,
            "GET /db/read": lambda _: (200, {"records": self.records}),
        }
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()

    def _create(self, told: Any) -> Answer:
        self.records.append(told)
        return 201, {"created": len(self.records)}

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        with self._lock:
            self.asked.append(f"{method} {path}")
            self._now[path] += 1
            self.at_once[path] = max(self.at_once[path], self._now[path])
            takes_s = self.takes_s()
        time.sleep(takes_s)
        with self._lock:
            self._now[path] -= 1
        found = self.answers.get(f"{method} {path}")
        return (404, {"error": path}) if found is None else found(json.loads(body or b"null"))


@contextmanager
def a_sample_service() -> Iterator[SampleService]:
    """One that runs on a free port, until it is left."""
    sample = SampleService()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, said = sample.answer(self.command, self.path, body)
            content = json.dumps(said).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # whoever asked is gone
                self.close_connection = True

        do_GET = do_POST = answer  # noqa: N815  # the standard library's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sample.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, args=[0.05])
    serving.start()
    try:
        yield sample
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
