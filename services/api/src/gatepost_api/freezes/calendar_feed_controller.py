"""The calendar feed of freezes."""

from __future__ import annotations

from hashlib import sha256

from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.freezes.calendar_feed import encode_calendar
from gatepost_api.http.documented_headers import NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import ETAG_HEADER, IfNoneMatch, conditional_response
from gatepost_api.http.media_types import ICALENDAR
from gatepost_api.http.pagination import fetch_all_pages
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest


class FreezeCalendarController(Controller):
    """Operations on the calendar feed of freezes."""

    path = "/freezes.ics"
    tags = ("freezes",)

    @get(
        summary="Subscribe to the freezes in a calendar program",
        media_type=ICALENDAR,
        responses={
            **problem_responses(401, 422),
            **NOT_MODIFIED_RESPONSE,
            200: ResponseSpec(
                str, media_type=ICALENDAR, description="The calendar.", generate_examples=False
            ),
        },
        response_headers=[ETAG_HEADER],
        security=[{"basic": []}],
    )
    async def get_freeze_calendar(
        self, request: ApiRequest, if_none_match: IfNoneMatch = None
    ) -> Response[str]:
        """Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

        Freezes that were lifted are left out, and so are those that ended over a year ago. An
        open-ended freeze extends seven days beyond today.

        Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
        authentication: any user name, and a token as the password.
        """
        freezes = await fetch_all_pages(request.context.reads.freezes)
        calendar = encode_calendar(freezes, request.context.now())
        return conditional_response(
            calendar,
            sha256(calendar).hexdigest(),
            if_none_match,
            media_type=ICALENDAR,
            headers={"Content-Disposition": 'inline; filename="freezes.ics"'},
        )
