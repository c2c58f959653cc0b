"""A web server and a mail server that keep the messages that they get."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope


class Receiver(ThreadingHTTPServer):
    """A web server that keeps the bodies that it gets, and answers with a status."""

    def __init__(self, status: int = 200, location: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[dict[str, Any]] = []
        self.status = status
        self.location = location

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/secret-path-1?+X-Key=secret-key-1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Receiver)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.bodies.append(json.loads(body))
        self.send_response(server.status)
        if server.location is not None:
            self.send_header("Location", server.location)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # of the base
        """Write nothing."""


@contextmanager
def running(receiver: Receiver) -> Generator[Receiver]:
    """Run a web server."""
    thread = Thread(target=receiver.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()


class Mailbox:
    """Keeps the messages that a mail server gets."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  # of aiosmtpd
        """Accept a message."""
        assert isinstance(envelope.content, bytes)
        self.messages.append(envelope.content)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        """The subjects of the messages."""
        mails = map(message_from_bytes, self.messages)
        return [str(make_header(decode_header(mail["Subject"]))) for mail in mails]


@contextmanager
def running_mail_server(mailbox: Mailbox) -> Generator[str]:
    """Run a mail server in a thread, and yield the URL of a channel that sends to it."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    listening = loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result()
    port = server.sockets[0].getsockname()[1]
    try:
        yield (
            f"mailto://127.0.0.1:{port}"
            "?from=gatepost@example.com&to=qa-people-7@example.com&mode=insecure"
        )
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(server.wait_closed(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
