"""Reading of an event stream: each event once, wherever the chunks and the streams end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest

from gatepost_client import AsyncGatepost, Gatepost, GatepostProblem, UnexpectedAnswer
from gatepost_client.event_stream import EventReader
from tests.support.cli import event_json, problem_response

STREAM_HEADERS = {"content-type": "text/event-stream", "Gatepost-Stream-After": "40"}


def message(seq: int, kind: str = "deployment_approved") -> bytes:
    event = {**event_json(kind, None, "line\u2028separator"), "seq": seq}
    return f"id: {seq}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_chunks_can_end_anywhere(size: int) -> None:
    """A character or a message that is cut in two is read when its rest has arrived."""
    stream = b"retry: 1000\n\n" + message(1) + b": keep-alive\n\n" + message(2)
    reader = EventReader(0, None)

    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    events = [event for chunk in chunks for event in reader.read(chunk)]

    assert [event.seq for event in events] == [1, 2]
    assert {event.note for event in events} == {"line\u2028separator"}


def test_line_ends_of_a_proxy_are_read() -> None:
    """A proxy may change the line ends."""
    (event,) = EventReader(None, None).read(message(1).replace(b"\n", b"\r\n"))

    assert event.seq == 1


def test_incomplete_message_is_forgotten_and_requested_again() -> None:
    """The half of a message from a lost connection is not joined with the next stream."""
    reader = EventReader(0, None)
    events = [*reader.read(message(1) + message(2)[:-9])]

    headers = reader.request()["headers"]
    events += reader.read(message(2))

    assert headers["Last-Event-ID"] == "1"
    assert [event.seq for event in events] == [1, 2]


def test_repeated_event_is_dropped() -> None:
    """A server that sends too much does not lead to repeated events."""
    reader = EventReader(1, None)

    events = [*reader.read(message(1) + message(2) + message(2) + message(3))]

    assert [event.seq for event in events] == [2, 3]


def test_kinds_are_selected() -> None:
    """Only the events of these kinds are returned, and the others count as read."""
    stream = message(1) + message(2, "service_registered") + message(3)
    for kinds in (["service_registered"], "service_registered"):
        reader = EventReader(0, kinds)

        assert [event.seq for event in reader.read(stream)] == [2]
        assert reader.request()["headers"]["Last-Event-ID"] == "3"


def test_message_that_is_no_event_is_unexpected() -> None:
    """The content is shown."""
    with pytest.raises(UnexpectedAnswer, match="not an event"):
        list(EventReader(0, None).read(b"data: {}\n\n"))


class Streams:
    """Responds with one stream after another, and at last with a refusal."""

    def __init__(self, *responses: httpx2.Response) -> None:
        self._responses: Iterator[httpx2.Response] = iter(responses)
        self.positions: list[str | None] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.positions.append(request.headers.get("Last-Event-ID"))
        return next(self._responses, problem_response(401, code="unauthenticated"))


def stream(content: bytes) -> httpx2.Response:
    return httpx2.Response(200, content=content, headers=STREAM_HEADERS)


def test_following_goes_on_after_the_last_event() -> None:
    """Each new stream begins after the last event; a stream without events, where the first did."""
    streams = Streams(stream(b""), stream(message(41)), problem_response(503), stream(message(42)))
    transport, seqs = httpx2.MockTransport(streams), list[int]()

    with (
        Gatepost("http://gatepost.example", token="t", transport=transport) as gatepost,
        pytest.raises(GatepostProblem),
    ):
        seqs.extend(event.seq for event in gatepost.follow_events())

    assert streams.positions == [None, "40", "41", "41", "42"]


async def test_following_with_asyncio_goes_on_too() -> None:
    """The rules are the same."""
    streams = Streams(stream(message(1)), stream(message(1) + message(2)))
    transport = httpx2.MockTransport(streams)

    async with AsyncGatepost("http://gatepost.example", token="t", transport=transport) as gatepost:
        events = gatepost.follow_events(after=0)
        seqs = [(await anext(events)).seq for _ in range(2)]
        with pytest.raises(GatepostProblem):
            await anext(events)

    assert (seqs, streams.positions) == ([1, 2], ["0", "1", "2"])


def test_page_in_place_of_a_stream_is_unexpected() -> None:
    """A sign-in page with status 200 is not read as a stream without events."""
    page = httpx2.Response(200, text="<html>", headers={"content-type": "text/html"})
    transport = httpx2.MockTransport(lambda _: page)

    with (
        Gatepost("http://gatepost.example", token="t", transport=transport) as gatepost,
        pytest.raises(UnexpectedAnswer, match="not a stream of events"),
    ):
        next(gatepost.follow_events())
