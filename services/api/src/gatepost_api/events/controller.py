"""The whole history, event by event."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.events.schemas import Event, EventPage
from gatepost_api.paging import (
    DEFAULT_PAGE,
    LINK_HEADER,
    Cursor,
    CursorKey,
    Limit,
    next_cursor,
    page_response,
    window,
)
from gatepost_api.problems import problems
from gatepost_api.request import ApiRequest
from gatepost_domain.ports import Window

After = Annotated[
    int,
    QueryParameter(
        ge=0, le=10**18, description="Events behind this `seq`; a cursor takes precedence."
    ),
]


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
