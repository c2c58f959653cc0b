"""The event log as a list and as a stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Final

from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from gatepost_api.events.responses import Event, EventPage
from gatepost_api.events.stream import follow_events
from gatepost_api.http.event_feed import read_last_seq
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import END_OF_TEXT
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.storage_errors import StorageError

After = Annotated[
    int,
    QueryParameter(
        ge=0, le=10**18, description="Return events after this `seq`. `cursor` takes precedence."
    ),
]
StreamAfter = Annotated[
    str | None,
    QueryParameter(
        name="after",
        pattern=rf"^[0-9]{{1,18}}{END_OF_TEXT}",
        description="Send events after this `seq`. `Last-Event-ID` takes precedence. Without "
        "either, only new events are sent.",
    ),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        pattern=rf"^[0-9]{{1,18}}{END_OF_TEXT}",
        description="The last `seq` received. Browsers send it automatically when they reconnect.",
    ),
]

BEGIN_HEADER: Final = "Gatepost-Stream-After"
"""The `seq` after which a stream begins. A client that loses the connection before the first event
resumes from there and misses no event."""

EVENT_STREAM_MEDIA_TYPE: Final = "text/event-stream"
_STREAM: Final = ResponseSpec(
    str,
    media_type=EVENT_STREAM_MEDIA_TYPE,
    description="One message per event, with its `seq` as `id` and the event as `data`.",
    generate_examples=False,
)
_RETRY_MS: Final = 1000
"""The delay after which a browser reconnects when the stream has ended."""


class EventController(Controller):
    """Operations on the event log."""

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
        cursor: Annotated[str | None, cursor_parameter(CursorKind.EVENTS)] = None,
    ) -> Response[EventPage]:
        """List all events, oldest first.

        `seq` has no gaps: a client that stores the last `seq` it received can resume without
        missing events.
        """
        requested_page = page_request(limit, cursor, CursorKind.EVENTS)
        if cursor is None:
            requested_page = PageRequest(limit=limit, after=str(after))
        page = await request.context.reads.entries(requested_page)
        next_cursor = encode_cursor(page.next_key, CursorKind.EVENTS)
        items = [Event.from_domain(entry) for entry in page.items]
        return page_response(request, EventPage(items=items, next_cursor=next_cursor), next_cursor)

    @get(
        "/stream",
        media_type=EVENT_STREAM_MEDIA_TYPE,
        summary="Stream events",
        responses={**problem_responses(401, 422), 200: _STREAM},
    )
    async def stream_events(
        self,
        request: ApiRequest,
        after_seq: StreamAfter = None,
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Stream events as server-sent events: each event once, in order, within a second.

        A client that reconnects with the last `id` as `Last-Event-ID` misses no events. Before it
        has received an `id`, it sends the `seq` from the header `Gatepost-Stream-After` instead. If
        there is no event for 15 seconds, a comment is sent so that a lost connection is noticed.
        The stream ends when the token becomes invalid or the server stops.
        """
        request.context.open_streams.require_room(request.auth.user.name)
        start_after = after_seq if last_event_id is None else last_event_id
        after = (
            await read_last_seq(request.context.reads) if start_after is None else int(start_after)
        )
        return Stream(
            _sse_messages(request, after),
            headers={"X-Accel-Buffering": "no", BEGIN_HEADER: f"{after}"},
        )


async def _sse_messages(request: ApiRequest, after: int) -> AsyncGenerator[bytes]:
    context, token = request.context, request.auth.token.id
    with context.open_streams.counted_stream(request.auth.user.name):
        yield b"retry: %d\n\n" % _RETRY_MS
        batches = follow_events(
            context.reads, context.event_feed, after, is_shutting_down=context.is_shutting_down
        )
        try:
            async for messages in batches:
                if not messages:
                    context.event_feed.forget_tokens()
                await context.event_feed.require_valid_token(context.reads, token, context.now())
                yield messages or b": keep-alive\n\n"
        except (Unauthenticated, StorageError):
            return  # the client reconnects and receives the reason in a problem response
        finally:
            await batches.aclose()
