"""Reading server-sent events (HTML standard, section 9.2), and resuming a lost stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from .connection import Request
from .errors import UnexpectedAnswer
from .models import Event, EventKind

Kinds: TypeAlias = Iterable[EventKind | str]

EVENT_STREAM: Final = "text/event-stream"
STREAM_PATH: Final = "/api/v1/events/stream"

BEGIN_HEADER: Final = "Gatepost-Stream-After"
"""The response header with the `seq` after which a stream begins."""

READ_TIMEOUT_S: Final = 45.0
"""The longest silence before the connection counts as lost; the server writes every 15 seconds."""

_OK: Final = 200


class EventReader:
    """Turns chunks from successive streams into events: each once, in ascending order."""

    def __init__(self, after: int | None, kinds: Kinds | None) -> None:
        """Begin after the event with this `seq`; None means only new events."""
        self._last_seq = after
        self._kinds = None if kinds is None else {f"{kind}" for kind in _as_kinds(kinds)}
        self._buffer = b""
        self._data: list[str] = []

    def request(self) -> Request:
        """Return the request for the events after the latest one; drop any incomplete message."""
        self._buffer, self._data = b"", []
        headers = {"Accept": EVENT_STREAM, "Accept-Encoding": "identity"}
        if self._last_seq is not None:
            headers["Last-Event-ID"] = f"{self._last_seq}"
        return {"method": "get", "url": STREAM_PATH, "headers": headers}

    def start_after(self, after: str | None) -> None:
        """Remember where the stream begins, unless the position is already known."""
        if self._last_seq is None and after is not None and after.isdigit():
            self._last_seq = int(after)

    def read(self, chunk: bytes) -> Iterator[Event]:
        """Yield the events that are complete with this chunk.

        Raises:
            UnexpectedAnswer: A message does not contain a valid event.
        """
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        for line in lines:
            event = self._read_line(line.removesuffix(b"\r"))
            if event is not None:
                yield event

    def _read_line(self, line: bytes) -> Event | None:
        """Read a field of a message; return the event if the line ends its message."""
        if not line:
            return self._end_message()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value.decode())
        return None

    def _end_message(self) -> Event | None:
        if not self._data:
            return None
        text, self._data = "\n".join(self._data), []
        try:
            event = Event.from_dict(json.loads(text))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnexpectedAnswer(
                _OK, text.encode(), fault="A message is not an event."
            ) from error
        if self._last_seq is not None and event.seq <= self._last_seq:
            return None
        self._last_seq = event.seq
        return event if self._kinds is None or f"{event.kind}" in self._kinds else None


def parse_non_stream(**_: object) -> None:
    """Return None for a response that is neither a stream nor a problem from Gatepost."""


def _as_kinds(kinds: Kinds) -> Kinds:
    return [kinds] if isinstance(kinds, str) else kinds
