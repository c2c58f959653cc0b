"""Listing the deliveries of a webhook, sending one again, and sending a test."""

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
from gatepost_api.webhooks.controller import WebhookInPath, parse_webhook_id
from gatepost_api.webhooks.responses import WebhookDelivery, WebhookDeliveryPage
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.webhooks.resend_and_test import redeliver, send_test
from gatepost_domain.errors import NotFound
from gatepost_domain.webhooks.delivery import DeliveryState

DeliveryInPath = Annotated[str, id_in_path("The delivery's id.")]
StateFilter = Annotated[
    DeliveryState | None,
    QueryParameter(name="state", description="List only deliveries in this state."),
]


class WebhookDeliveryController(Controller):
    """Operations on deliveries to webhooks."""

    path = "/webhooks/{webhook:str}"
    tags = ("webhooks",)

    @get(
        "/deliveries",
        summary="List the deliveries of a webhook",
        responses=problem_responses(401, 403, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_webhook_deliveries(
        self,
        request: ApiRequest,
        webhook: WebhookInPath,
        in_state: StateFilter = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.DELIVERIES)] = None,
    ) -> Response[WebhookDeliveryPage]:
        """List the past and pending deliveries to a webhook, latest event first."""
        authorize(request.auth.actor, Right.MANAGE_WEBHOOKS)
        requested = page_request(limit, cursor, CursorKind.DELIVERIES)
        stored = await request.context.reads.webhook(parse_webhook_id(webhook))
        page = await request.context.reads.deliveries(stored.id, in_state, requested)
        next_cursor = encode_cursor(page.next_key, CursorKind.DELIVERIES)
        items = [WebhookDelivery.from_domain(delivery) for delivery in page.items]
        return page_response(
            request, WebhookDeliveryPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @post(
        "/deliveries/{delivery:str}/redeliver",
        status_code=200,
        summary="Send an event to a webhook again",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def redeliver_event(
        self,
        request: ApiRequest,
        webhook: WebhookInPath,
        delivery: DeliveryInPath,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[WebhookDelivery]:
        """Send the event of an ended delivery again, with the same `webhook-id`.

        If necessary, the whole schedule of attempts is repeated. Returns 409 `delivery_pending` if
        the delivery has not ended, and 409 `webhook_disabled` if the webhook is disabled.
        """
        return await execute(
            request,
            partial(
                redeliver,
                webhook=parse_webhook_id(webhook),
                delivery=parse_delivery_id(delivery),
            ),
            lambda _, pending: WriteResponse.from_output(WebhookDelivery.from_domain(pending)),
            idempotency_key=idempotency_key,
        )

    @post(
        "/test",
        status_code=200,
        summary="Send a test to a webhook",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def test_webhook(
        self, request: ApiRequest, webhook: WebhookInPath, idempotency_key: IdempotencyKey = None
    ) -> Response[WebhookDelivery]:
        """Send an event of the kind `webhook_tested` to this webhook, regardless of its filters.

        In the format `cdevents`, a custom event is sent, because CDEvents defines no test event.
        """
        return await execute(
            request,
            partial(send_test, webhook=parse_webhook_id(webhook), id=request.context.new_id()),
            lambda _, queued: WriteResponse.from_output(WebhookDelivery.from_domain(queued)),
            idempotency_key=idempotency_key,
        )


def parse_delivery_id(text: str) -> UUID:
    """Return the webhook delivery id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("delivery", text) from None
