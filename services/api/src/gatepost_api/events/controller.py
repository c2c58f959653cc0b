"""The whole history, event by event."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Final

import msgspec
from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from gatepost_api.events.responses import Event, EventPage
from gatepost_api.events.stream import follow, last_seq
from gatepost_api.http.pagination import (
    DEFAULT_PAGE,
    LINK_HEADER,
    Cursor,
    CursorKey,
    Limit,
    next_cursor,
    page_response,
    window,
)
from gatepost_api.http.problems import problems
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import END
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.ports.paging import Window
from gatepost_domain.storage_errors import LedgerError

After = Annotated[
    int,
    QueryParameter(
        ge=0, le=10**18, description="Events behind this `seq`; a cursor takes precedence."
    ),
]
StreamAfter = Annotated[
    str | None,
    QueryParameter(
        name="after",
        pattern=rf"^[0-9]{{1,18}}{END}",
        description="Events behind this `seq`; `Last-Event-ID` takes precedence. Without either, "
        "what happens from now on.",
    ),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        pattern=rf"^[0-9]{{1,18}}{END}",
        description="The `seq` that was received last, as a browser sends it by itself when it "
        "comes back.",
    ),
]

EVENT_STREAM: Final = "text/event-stream"
_STREAM: Final = ResponseSpec(
    str,
    media_type=EVENT_STREAM,
    description="One message an event: its `seq` as `id`, the event as `data`.",
    generate_examples=False,
)
_RETRY_MS: Final = 1000
"""After how long a browser comes back when the stream has ended."""


class EventController(Controller):
    """What happened, to everything."""

    path = "/events"
    tags = ("events",)

    @get(
        summary="List events",
        responses=problems(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_events(
        self,
        request: ApiRequest,
        after: After = 0,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> Response[EventPage]:
        """All events, oldest first.

        `seq` has no gaps, so a reader that remembers the last one it saw misses nothing.
        """
        wanted = window(limit, cursor, CursorKey.EVENTS)
        if cursor is None:
            wanted = Window(limit=limit, after=str(after))
        page = await request.parts.reads.entries(wanted)
        following = next_cursor(page.next_after, CursorKey.EVENTS)
        items = [Event.of(entry) for entry in page.items]
        return page_response(request, EventPage(items=items, next_cursor=following), following)

    @get(
        "/stream",
        media_type=EVENT_STREAM,
        summary="Follow events",
        responses={**problems(401, 422), 200: _STREAM},
    )
    async def stream_events(
        self,
        request: ApiRequest,
        behind: StreamAfter = None,
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Server-sent events: each event once, in order, within a second of having happened.

        Whoever comes back with the last `id` as `Last-Event-ID` misses nothing. A comment is sent
        now and then, so that it shows where the connection is lost. The stream ends when the token
        opens nothing any more, and when the server is stopped.
        """
        place = behind if last_event_id is None else last_event_id
        after = await last_seq(request.parts.reads) if place is None else int(place)
        return Stream(_messages(request, after), headers={"X-Accel-Buffering": "no"})


async def _messages(request: ApiRequest, after: int) -> AsyncGenerator[bytes]:
    parts, token = request.parts, request.auth.token.id
    yield b"retry: %d\n\n" % _RETRY_MS
    following = follow(parts.reads, after, has_ended=parts.is_ending)
    try:
        async for entries in following:
            await parts.reads.look(lambda work: authenticate(work, token, parts.now()))
            told = [
                b"id: %d\ndata: %s\n\n" % (each.seq, msgspec.json.encode(Event.of(each)))
                for each in entries
            ]
            yield b"".join(told) or b": nothing new\n\n"
    except (Unauthenticated, LedgerError):
        return  # whoever comes back is told why
    finally:
        await following.aclose()
