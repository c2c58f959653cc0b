"""Reporting the result of sending a message to a notification channel, for workers."""

from __future__ import annotations

from functools import partial

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.claims.notification_requests import NotificationFinishBody
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.notifications.channel_controller import ChannelInPath, parse_channel_id
from gatepost_api.notifications.responses import NotificationChannel
from gatepost_domain.actions.notifications.claims import finish_notifications


class ClaimedNotificationController(Controller):
    """Operations on notification channels that workers have claimed."""

    path = "/worker/notification-channels"
    tags = ("workers",)

    @post(
        "/{channel:str}/finish",
        status_code=200,
        summary="Report an attempt to send notifications",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def finish_notifications(
        self,
        request: ApiRequest,
        channel: ChannelInPath,
        data: JSONBody[NotificationFinishBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[NotificationChannel]:
        """Report whether the message was sent. The server decides whether and when to try again.

        Returns 409 `notification_claim_lost`, and changes nothing, if another worker holds the
        channel or the result was already reported.
        """
        return await execute(
            request,
            partial(
                finish_notifications,
                channel=parse_channel_id(channel),
                fencing_token=data.fencing_token,
                attempt=data.to_domain(request.context.now()),
            ),
            lambda _, released: WriteResponse.from_output(
                NotificationChannel.from_domain(released)
            ),
            idempotency_key=idempotency_key,
        )
