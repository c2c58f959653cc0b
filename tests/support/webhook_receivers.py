"""Receivers of webhooks on this machine that fail, hang, redirect and go down, as a test says."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

HANGING_MESSAGES = 1
"""How many messages a hanging receiver does not answer at first."""


class Conduct(StrEnum):
    """How a receiver treats messages."""

    RELIABLE = "reliable"
    FAILING = "failing"
    """It answers 500 to the first attempt of every message."""
    HANGING = "hanging"
    """It does not answer the first attempt of some messages."""
    REDIRECTING = "redirecting"
    GONE = "gone"
    """It answers 410: it does not want such messages any more."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request, as it arrived."""

    message_id: str
    seq: int
    is_authentic: bool
    is_accepted: bool


@dataclass
class Receivers:
    """What receivers got, by conduct."""

    hangs_s: float
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    port: int = 0
    arrivals: dict[str, list[Arrival]] = field(
        default_factory=lambda: defaultdict[str, list[Arrival]](list)
    )
    elsewhere: int = 0
    """The number of requests to the address to which a receiver redirects."""
    _attempts: Counter[str] = field(default_factory=Counter[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, conduct: Conduct) -> str:
        """Return the URL of a receiver."""
        return f"http://127.0.0.1:{self.port}/{conduct}"

    def receive(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Record a request, and return the status of the answer, or 0 for none."""
        conduct = Conduct(path.strip("/"))
        message_id = headers["webhook-id"]
        seq = json.loads(body)["data"]["event"]["seq"]
        with self._lock:
            self._attempts[message_id] += 1
            is_first = self._attempts[message_id] == 1
            seen = len({arrival.message_id for arrival in self.arrivals[conduct]})
            status = _status(conduct, is_first=is_first, seen=seen)
            self.arrivals[conduct].append(
                Arrival(
                    message_id=message_id,
                    seq=seq,
                    is_authentic=_verify(self.secrets[conduct], headers, body),
                    is_accepted=status == 204,  # No Content
                )
            )
        return status


def _status(conduct: Conduct, *, is_first: bool, seen: int) -> int:
    match conduct:
        case Conduct.GONE:
            return 410
        case Conduct.REDIRECTING:
            return 307
        case Conduct.FAILING if is_first:
            return 500
        case Conduct.HANGING if is_first and seen < HANGING_MESSAGES:
            return 0
        case _:
            return 204


def _verify(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether the reference library of Standard Webhooks accepts the message now."""
    try:
        Webhook(secret).verify(body, dict(headers))
    except WebhookVerificationError:
        return False
    return True


class _Handler(BaseHTTPRequestHandler):
    receivers: ClassVar[Receivers]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path == "/elsewhere":
            self.receivers.elsewhere += 1
            self._answer(204)
            return
        status = self.receivers.receive(self.path, headers, body)
        if status == 0:
            time.sleep(self.receivers.hangs_s)
            self.close_connection = True
            return
        self._answer(status)

    def do_GET(self) -> None:
        self.do_POST()

    def _answer(self, status: int) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", "/elsewhere")
            self.end_headers()
        except OSError:  # the caller has closed the connection
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # some still hang when the test ends
    block_on_close = False


@contextmanager
def listening(receivers: Receivers) -> Iterator[None]:
    """Let the receivers listen on their port; the first time, on a free one."""

    class Handler(_Handler):
        pass

    Handler.receivers = receivers
    with _Server(("127.0.0.1", receivers.port), Handler) as server:
        receivers.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def forbidden_listener(host: str) -> Iterator[list[str]]:
    """Listen on an address that is not allowed; yield the list of the connections to it."""
    connections: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            super().setup()
            connections.append(f"{self.client_address}")

        def log_message(self, *_: object) -> None:
            pass

    with _Server((host, 0), Handler) as server:
        connections.append(f"http://{host}:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield connections
        finally:
            server.shutdown()
            thread.join()
