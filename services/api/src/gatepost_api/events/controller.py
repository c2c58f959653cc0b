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
from gatepost_api.events.stream import follow_events, read_last_seq
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    Cursor,
    CursorKind,
    Limit,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import END_OF_TEXT
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.storage_errors import StorageError

After = Annotated[
    int,
    QueryParameter(
        ge=0, le=10**18, description="Events after this `seq`; a cursor takes precedence."
    ),
]
StreamAfter = Annotated[
    str | None,
    QueryParameter(
        name="after",
        pattern=rf"^[0-9]{{1,18}}{END_OF_TEXT}",
        description="Events after this `seq`; `Last-Event-ID` takes precedence. Without either, "
        "what happens from now on.",
    ),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        pattern=rf"^[0-9]{{1,18}}{END_OF_TEXT}",
        description="The `seq` that was received last, as a browser sends it by itself when it "
        "comes back.",
    ),
]

EVENT_STREAM_MEDIA_TYPE: Final = "text/event-stream"
_STREAM: Final = ResponseSpec(
    str,
    media_type=EVENT_STREAM_MEDIA_TYPE,
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
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_events(
        self,
        request: ApiRequest,
        after: After = 0,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Cursor = None,
    ) -> Response[EventPage]:
        """All events, oldest first.

        `seq` has no gaps, so a reader that remembers the last one it saw misses nothing.
        """
        wanted = page_request(limit, cursor, CursorKind.EVENTS)
        if cursor is None:
            wanted = PageRequest(limit=limit, after=str(after))
        page = await request.context.reads.entries(wanted)
        following = encode_cursor(page.next_key, CursorKind.EVENTS)
        items = [Event.from_domain(entry) for entry in page.items]
        return page_response(request, EventPage(items=items, next_cursor=following), following)

    @get(
        "/stream",
        media_type=EVENT_STREAM_MEDIA_TYPE,
        summary="Follow events",
        responses={**problem_responses(401, 422), 200: _STREAM},
    )
    async def stream_events(
        self,
        request: ApiRequest,
        after_seq: StreamAfter = None,
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Server-sent events: each event once, in order, within a second of having happened.

        Whoever comes back with the last `id` as `Last-Event-ID` misses nothing. A comment is sent
        now and then, so that it shows where the connection is lost. The stream ends when the token
        opens nothing any more, and when the server is stopped.
        """
        place = after_seq if last_event_id is None else last_event_id
        after = await read_last_seq(request.context.reads) if place is None else int(place)
        return Stream(_sse_messages(request, after), headers={"X-Accel-Buffering": "no"})


async def _sse_messages(request: ApiRequest, after: int) -> AsyncGenerator[bytes]:
    context, token = request.context, request.auth.token.id
    yield b"retry: %d\n\n" % _RETRY_MS
    following = follow_events(context.reads, after, is_shutting_down=context.is_shutting_down)
    try:
        async for entries in following:
            await context.reads.read_snapshot(lambda uow: authenticate(uow, token, context.now()))
            told = [
                b"id: %d\ndata: %s\n\n" % (each.seq, msgspec.json.encode(Event.from_domain(each)))
                for each in entries
            ]
            yield b"".join(told) or b": nothing new\n\n"
    except (Unauthenticated, StorageError):
        return  # whoever comes back is told why
    finally:
        await following.aclose()
