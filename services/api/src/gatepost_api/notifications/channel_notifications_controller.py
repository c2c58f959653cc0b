"""Listing the notifications of a channel, sending one again, and sending a test."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
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
from gatepost_api.http.path_parameters import id_in_path
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.notifications.channel_controller import (
    ChannelInPath,
    load_channel,
    parse_channel_id,
)
from gatepost_api.notifications.responses import Notification, NotificationPage
from gatepost_domain.actions.notifications import resend_and_test
from gatepost_domain.errors import NotFound
from gatepost_domain.notifications.notification import NotificationState

NotificationInPath = Annotated[str, id_in_path("The notification's id.")]
StateFilter = Annotated[
    NotificationState | None,
    QueryParameter(name="state", description="List only notifications in this state."),
]


class NotificationController(Controller):
    """Operations on the notifications of a channel."""

    path = "/notification-channels/{channel:str}"
    tags = ("notifications",)

    @post(
        "/test",
        status_code=200,
        summary="Test a notification channel",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def test_notification_channel(
        self, request: ApiRequest, channel: ChannelInPath, idempotency_key: IdempotencyKey = None
    ) -> Response[Notification]:
        """Send a test message to a channel at once, even during its quiet hours.

        `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
        Other people's channels require the `admin` role.
        """
        return await execute(
            request,
            partial(
                resend_and_test.send_test,
                channel=parse_channel_id(channel),
                id=request.context.new_id(),
            ),
            lambda _, queued: WriteResponse.from_output(Notification.from_domain(queued)),
            idempotency_key=idempotency_key,
        )

    @get(
        "/notifications",
        summary="List the notifications of a channel",
        responses=problem_responses(401, 403, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_notifications(
        self,
        request: ApiRequest,
        channel: ChannelInPath,
        in_state: StateFilter = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.NOTIFICATIONS)] = None,
    ) -> Response[NotificationPage]:
        """List the sent and pending notifications of a channel, newest first.

        Other people's channels require the `admin` role. Notifications are removed
        `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.
        """
        requested = page_request(limit, cursor, CursorKind.NOTIFICATIONS)
        stored = await load_channel(request, channel)
        page = await request.context.reads.notifications(stored.id, in_state, requested)
        next_cursor = encode_cursor(page.next_key, CursorKind.NOTIFICATIONS)
        items = [Notification.from_domain(notification) for notification in page.items]
        return page_response(
            request, NotificationPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @post(
        "/notifications/{notification:str}/resend",
        status_code=200,
        summary="Send a notification again",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def resend_notification(
        self,
        request: ApiRequest,
        channel: ChannelInPath,
        notification: NotificationInPath,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Notification]:
        """Send a failed notification again at once, with a full schedule of attempts.

        The notification is dropped if the deployment is no longer waiting for the people who would
        receive it. Returns 409 `notification_not_failed` unless the notification failed, and 409
        `notification_channel_disabled` if the channel is disabled. Other people's channels require
        the `admin` role.
        """
        return await execute(
            request,
            partial(
                resend_and_test.resend,
                channel=parse_channel_id(channel),
                notification=parse_notification_id(notification),
            ),
            lambda _, pending: WriteResponse.from_output(Notification.from_domain(pending)),
            idempotency_key=idempotency_key,
        )


def parse_notification_id(text: str) -> UUID:
    """Return the notification id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("notification", text) from None
