"""A CI engine on this machine that fails, hangs, redirects and goes down, as a test specifies."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from tests.support.http.standard_webhooks import is_authentic

NO_ANSWER, OK, ACCEPTED, REDIRECTED, UNAUTHORIZED, GONE, BROKEN = 0, 200, 202, 301, 401, 410, 500
ERRORS_BEFORE_SUCCESS = 2
POLLS_BEFORE_END = 2


class Conduct(StrEnum):
    """How the engine treats the rollouts of a service."""

    RELIABLE = "reliable"
    FAILING = "failing"
    """It answers 500 to the first requests, also to those for the state."""
    HANGING = "hanging"
    """It does not answer the first request, and closes the connection much later."""
    REDIRECTING = "redirecting"
    GONE = "gone"
    """It answers 410: the receiver does not want such messages any more."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request to start a rollout, as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at_s: float
    authentic: bool


@dataclass
class CiEngine:
    """What the engine received. Its secrets are those of its services."""

    secrets: Mapping[str, str]
    hangs_s: float
    port: int = 0
    deliveries: list[Delivery] = field(default_factory=list[Delivery])
    followed_redirects: int = 0
    _requests: Counter[str] = field(default_factory=Counter[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, conduct: Conduct, service: str) -> str:
        """Return the URL at which rollouts of a service are requested."""
        return f"http://127.0.0.1:{self.port}/{conduct}/{service}"

    def receive(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Record a request, and return the status and the Location of the answer to it."""
        conduct, _, service = path.strip("/").partition("/")
        now_s = time.time()  # noqa: TID251  # the worker uses the system clock
        authentic = is_authentic(self.secrets[service], headers, body, now_s=now_s)
        with self._lock:
            self.deliveries.append(Delivery(path, headers, body, now_s, authentic))
            message = headers.get("webhook-id", "")
            self._requests[message] += 1
            count = self._requests[message]
        if not authentic:
            return UNAUTHORIZED, ""
        match Conduct(conduct):
            case Conduct.GONE:
                return GONE, ""
            case Conduct.REDIRECTING:
                return REDIRECTED, "/elsewhere"
            case Conduct.FAILING if count <= ERRORS_BEFORE_SUCCESS:
                return BROKEN, ""
            case Conduct.HANGING if count == 1:
                return NO_ANSWER, ""
            case _:
                return ACCEPTED, f"/state/{conduct}/{message}"

    def state(self, path: str) -> tuple[int, dict[str, str]]:
        """Return the status and the state of a rollout, which ends after a few requests."""
        with self._lock:
            self._requests[path] += 1
            count = self._requests[path]
        if path.startswith(f"/state/{Conduct.FAILING}/") and count == 1:
            return BROKEN, {}
        return OK, {"state": "running" if count <= POLLS_BEFORE_END else "succeeded"}


class _Handler(BaseHTTPRequestHandler):
    engine: ClassVar[CiEngine]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path == "/elsewhere":
            self.engine.followed_redirects += 1
        status, location = self.engine.receive(self.path, headers, body)
        if status == NO_ANSWER:
            time.sleep(self.engine.hangs_s)
            self.close_connection = True
            return
        self._answer(status, b"" if status == ACCEPTED else b"{}", location)

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.engine.followed_redirects += 1
        status, payload = self.engine.state(self.path)
        self._answer(status, json.dumps(payload).encode(), "")

    def _answer(self, status: int, content: bytes, location: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", f"{len(content)}")
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # the caller has closed the connection
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # some still hang when the test ends
    block_on_close = False


@contextmanager
def listening(engine: CiEngine) -> Iterator[None]:
    """Let the engine listen on its port; the first time, on a free one."""

    class Handler(_Handler):
        pass

    Handler.engine = engine
    with _Server(("127.0.0.1", engine.port), Handler) as server:
        engine.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
