"""uvicorn's HTTP protocol with timeouts for unfinished requests and unread responses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from gatepost_api.http.identical_bytes_cache import (
    MAX_REQUEST_BYTES,
    ReceivedRequest,
    set_received_request,
)
from gatepost_api.http.problems import PROBLEM_JSON, Problem
from gatepost_api.observability.request_ids import identify_request
from gatepost_api.problem_catalog.problem_lookup import problem_title, problem_type
from gatepost_api.server.connections.open_connections import OpenConnections

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _HttpProtocol
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
else:
    _HttpProtocol = object

REQUEST_TIMEOUT_S: Final = 9.0
"""The time limit, in seconds, for silence on a connection and for the head of a request."""

MIN_BODY_BYTES_PER_S: Final = 1024
"""The minimum rate for a body. A connection may fall behind by `REQUEST_TIMEOUT_S`."""

SEND_TIMEOUT_S: Final = 30.0
"""How long, in seconds, a client may go without reading any of its response."""


RespondImmediately: TypeAlias = Callable[
    [ReceivedRequest, Sequence[tuple[bytes, bytes]]], bytes | None
]
"""Returns the encoded response to a request, with the server's own headers, or None if there is no
response yet."""


def no_immediate_response(
    _request: ReceivedRequest, _server_headers: Sequence[tuple[bytes, bytes]]
) -> None:
    """Return None, so that every request is parsed."""


class TimedProtocol(_HttpProtocol):
    """A mixin that closes silent, slow and surplus connections, and answers identical requests.

    It uses only what uvicorn's protocols for httptools and h11 have in common: `cycle` is the
    request whose head arrived last, `more_body` is whether its body is incomplete, and
    `response_complete` is whether its response was sent. Only the parser of httptools also reports
    where each request begins and ends; with it, a request whose bytes were received before is
    answered without being parsed.
    """

    cycle: RequestResponseCycle | None  # type: ignore[assignment]  # None before the first request

    def __init__(
        self,
        open_connections: OpenConnections,
        *,
        respond_immediately: RespondImmediately = no_immediate_response,
        **options: Any,  # noqa: ANN401  # uvicorn's
    ) -> None:
        super().__init__(**options)
        self._open_connections = open_connections
        self._respond_immediately = respond_immediately
        self._begun = self._completed = 0
        """How many requests the parser has begun, and how many it has completed."""
        self._deadline_s: float | None = None
        self._request_in_transfer: object = None
        self._unsent_bytes = 0
        self._stalled_since_s: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Start the timeout for the first request, or refuse the connection."""
        super().connection_made(transport)
        now_s = self.loop.time()
        self._deadline_s = now_s + REQUEST_TIMEOUT_S
        if not self._open_connections.add(self, now_s):
            self._close_with_problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too_many_connections",
                "The server has too many connections; retry later.",
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the open ones."""
        self._open_connections.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process the bytes, then start, extend or stop the timeout for the request."""
        request = self._next_request(data)
        if request is not None and self._send_immediately(request):
            return
        begun = self._begun
        super().data_received(data)
        cycle = self.cycle
        is_one_request = self._begun == self._completed == begun + 1
        if request is not None and is_one_request and cycle is not None and cycle.keep_alive:
            set_received_request(cycle.scope.setdefault("state", {}), request)
        if cycle is None or cycle.response_complete:  # a part of a head, or the rest of a body
            if self._deadline_s is None:
                self._deadline_s = self.loop.time() + REQUEST_TIMEOUT_S
        elif cycle.more_body:
            self._extend_deadline(len(data))
        else:
            self._deadline_s = None
            self._open_connections.mark_answering(self)

    def on_message_begin(self) -> None:
        """Count the beginning of a request."""
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Count the end of a request."""
        self._completed += 1
        super().on_message_complete()

    def _next_request(self, data: bytes) -> ReceivedRequest | None:
        """Return the bytes as a request, or None if they continue one or are too long to keep."""
        if self._begun != self._completed or len(data) > MAX_REQUEST_BYTES:
            return None
        return ReceivedRequest(data, self.client[0] if self.client else None, self.scheme)

    def _send_immediately(self, request: ReceivedRequest) -> bool:
        """Respond if the same bytes were received before; return whether the response was sent."""
        cycle = self.cycle
        is_idle = cycle is not None and cycle.response_complete
        if not is_idle or self.flow.write_paused or self.transport.is_closing():
            return False
        response = self._respond_immediately(request, self.server_state.default_headers)
        if response is None:
            return False
        self.transport.write(response)
        self.on_response_complete()
        return True

    def on_response_complete(self) -> None:
        """Mark the connection as waiting for the next request."""
        super().on_response_complete()
        cycle = self.cycle
        if cycle is not None and cycle.response_complete:  # if not, a pipelined request follows
            self._open_connections.mark_waiting(self)
            if cycle.more_body:
                self._deadline_s = self.loop.time() + REQUEST_TIMEOUT_S

    def close_if_overdue(self, now_s: float) -> None:
        """Close the connection if sending the request or reading the response takes too long."""
        if self._is_stalled(now_s):
            self.transport.abort()
        elif self._deadline_s is None or now_s < self._deadline_s or self.transport.is_closing():
            return
        elif self._is_reading_paused():
            self._deadline_s = now_s + REQUEST_TIMEOUT_S
        elif self.cycle is None or self.cycle.response_started:
            self.abort()
        else:
            self._close_with_problem(
                HTTPStatus.REQUEST_TIMEOUT,
                "request_timeout",
                f"The body did not arrive; it must arrive at {MIN_BODY_BYTES_PER_S} bytes/s or "
                "faster.",
            )

    def abort(self) -> None:
        """Close the connection immediately, without a response."""
        self.transport.abort()

    def _extend_deadline(self, received_bytes: int) -> None:
        """Extend the deadline for a body by the time these bytes take at the minimum rate."""
        latest_s = self.loop.time() + REQUEST_TIMEOUT_S
        if self._request_in_transfer is not self.cycle or self._deadline_s is None:
            self._request_in_transfer = self.cycle
            self._deadline_s = latest_s
            self._open_connections.mark_receiving(self)
        else:
            extended_s = self._deadline_s + received_bytes / MIN_BODY_BYTES_PER_S
            self._deadline_s = min(extended_s, latest_s)

    def _is_stalled(self, now_s: float) -> bool:
        """Return whether the client has read nothing, or kept the connection open, for too long."""
        unsent_bytes = self.transport.get_write_buffer_size()
        has_progress = unsent_bytes < self._unsent_bytes
        self._unsent_bytes = unsent_bytes
        if has_progress or not (unsent_bytes or self.transport.is_closing()):
            self._stalled_since_s = None
        elif self._stalled_since_s is None:
            self._stalled_since_s = now_s
        return self._stalled_since_s is not None and now_s - self._stalled_since_s >= SEND_TIMEOUT_S

    def _is_reading_paused(self) -> bool:
        """Return whether the request is incomplete because the server has paused reading it."""
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete and self.flow.read_paused

    def _close_with_problem(self, status: HTTPStatus, code: str, detail: str) -> None:
        """Send a response, bypassing the application, and close the connection."""
        self.transport.write(_problem_response(status, code, detail))
        self.transport.close()


def timed_protocol(base: type[asyncio.Protocol] = AutoHTTPProtocol) -> type[TimedProtocol]:
    """Return a uvicorn protocol with timeouts, by default based on the one uvicorn would choose."""
    return type("TimedHttpProtocol", (TimedProtocol, base), {})


def _problem_response(status: HTTPStatus, code: str, detail: str) -> bytes:
    identity = identify_request(())
    problem = Problem(
        type=problem_type(code),
        title=problem_title(code),
        status=status,
        detail=detail,
        instance="",
        code=code,
        errors=[],
        deployment_status=None,
        allowed_actions=None,
        request_id=identity.id,
    )
    body = msgspec.json.encode(problem)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {PROBLEM_JSON}\r\n"
        f"content-length: {len(body)}\r\nretry-after: 1\r\n"
        f"x-request-id: {identity.id}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
