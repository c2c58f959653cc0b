"""Reporting the result of sending a message to a webhook, for workers."""

from __future__ import annotations

from functools import partial

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.claims.delivery_requests import DeliveryFinishBody
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.webhooks.deliveries_controller import DeliveryInPath, parse_delivery_id
from gatepost_api.webhooks.responses import WebhookDelivery
from gatepost_domain.actions.webhooks.claims import finish_delivery


class ClaimedDeliveryController(Controller):
    """Operations on deliveries that workers have claimed."""

    path = "/worker/deliveries"
    tags = ("workers",)

    @post(
        "/{delivery:str}/finish",
        status_code=200,
        summary="Report an attempt to send a message",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def finish_delivery(
        self,
        request: ApiRequest,
        delivery: DeliveryInPath,
        data: JSONBody[DeliveryFinishBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[WebhookDelivery]:
        """Report the receiver's response. The server decides whether and when to try again.

        Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
        or the delivery has ended.
        """
        return await execute(
            request,
            partial(
                finish_delivery,
                delivery=parse_delivery_id(delivery),
                fencing_token=data.fencing_token,
                attempt=data.to_domain(request.context.now()),
                retry_after=data.retry_after,
            ),
            lambda _, attempted: WriteResponse.from_output(WebhookDelivery.from_domain(attempted)),
            idempotency_key=idempotency_key,
        )
