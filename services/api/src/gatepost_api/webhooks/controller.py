"""Adding, changing, listing and removing webhooks."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import JSONBody

from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.documented_headers import CREATED_HEADERS, NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import (
    ETAG_HEADER,
    IfMatch,
    IfNoneMatch,
    conditional_response,
    etag,
    expected_revision,
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
from gatepost_api.webhooks.requests import WebhookCreate, WebhookUpdate
from gatepost_api.webhooks.responses import Webhook, WebhookPage, WebhookWithSecret
from gatepost_api.webhooks.signing import derive_webhook_secret
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.webhooks import configuration
from gatepost_domain.errors import NotFound
from gatepost_domain.webhooks import webhook as domain

WebhookInPath = Annotated[str, id_in_path("The webhook's id.")]


class WebhookController(Controller):
    """Operations on webhooks."""

    path = "/webhooks"
    tags = ("webhooks",)

    @post(
        summary="Add a webhook",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def add_webhook(
        self,
        request: ApiRequest,
        data: JSONBody[WebhookCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[WebhookWithSecret]:
        """Add a URL to which later events that match the filters are sent, each at least once.

        Messages are signed according to Standard Webhooks, with the secret in the response, which
        is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
        after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
        each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
        the order of events; a failed delivery does not delay later ones, so use `seq` to determine
        the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

        If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
        responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.
        """
        return await execute(
            request,
            partial(
                configuration.add_webhook,
                url=data.url,
                format=data.format,
                requested=data.filter_to_domain(),
                id=request.context.new_id(),
            ),
            lambda _, webhook: _respond_with_secret(request, webhook, status=201),
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List webhooks",
        responses=problem_responses(401, 403, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_webhooks(
        self,
        request: ApiRequest,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.WEBHOOKS)] = None,
    ) -> Response[WebhookPage]:
        """List all webhooks, newest first, without their secrets."""
        authorize(request.auth.actor, Right.MANAGE_WEBHOOKS)
        requested, at = page_request(limit, cursor, CursorKind.WEBHOOKS), request.context.now()
        page = await request.context.reads.webhooks(requested)
        next_cursor = encode_cursor(page.next_key, CursorKind.WEBHOOKS)
        items = [Webhook.from_domain(webhook, at) for webhook in page.items]
        return page_response(
            request, WebhookPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{webhook:str}",
        summary="Get a webhook",
        responses={**problem_responses(401, 403, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_webhook(
        self, request: ApiRequest, webhook: WebhookInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Webhook]:
        """Return one webhook by id, without its secret.

        The ETag identifies the settings only: it does not change when `position` or the delivery
        state does.
        """
        authorize(request.auth.actor, Right.MANAGE_WEBHOOKS)
        stored = await request.context.reads.webhook(parse_webhook_id(webhook))
        output = Webhook.from_domain(stored, request.context.now())
        return conditional_response(output, stored.revision, if_none_match)

    @patch(
        "/{webhook:str}",
        summary="Change a webhook",
        responses=problem_responses(400, 401, 403, 404, 412, 413, 415, 422, 503),
        response_headers=[ETAG_HEADER],
    )
    async def change_webhook(
        self,
        request: ApiRequest,
        webhook: WebhookInPath,
        data: JSONBody[WebhookUpdate],
        if_match: IfMatch = None,
    ) -> Response[Webhook]:
        """Change which events are sent, or enable or disable the webhook.

        The URL and the format cannot be changed: add another webhook instead. Events that happen
        while a webhook is disabled are never sent. Deliveries that were pending when it was
        disabled are sent once it is enabled again.
        """
        return await execute(
            request,
            partial(
                configuration.change_webhook,
                webhook=parse_webhook_id(webhook),
                change=data.to_domain(),
                expected_revision=expected_revision(if_match),
            ),
            lambda _, changed: WriteResponse.from_output(
                Webhook.from_domain(changed, request.context.now()), ETag=etag(changed.revision)
            ),
        )

    @delete(
        "/{webhook:str}",
        status_code=200,
        summary="Remove a webhook",
        responses=problem_responses(401, 403, 404, 422, 503),
    )
    async def remove_webhook(
        self, request: ApiRequest, webhook: WebhookInPath
    ) -> Response[Webhook]:
        """Remove a webhook. Nothing more is sent to it, not even its pending deliveries."""
        return await execute(
            request,
            partial(configuration.remove_webhook, webhook=parse_webhook_id(webhook)),
            lambda _, removed: WriteResponse.from_output(
                Webhook.from_domain(removed, request.context.now())
            ),
        )

    @post(
        "/{webhook:str}/rotate",
        status_code=200,
        summary="Rotate the secret of a webhook",
        responses=problem_responses(400, 401, 403, 404, 422, 503),
        response_headers=[ETAG_HEADER, REPLAYED_HEADER],
    )
    async def rotate_webhook_secret(
        self, request: ApiRequest, webhook: WebhookInPath, idempotency_key: IdempotencyKey = None
    ) -> Response[WebhookWithSecret]:
        """Give a webhook a new secret, which is shown once.

        For 24 hours, each message has two signatures, one with the new secret and one with the
        previous one, so that the receiver can switch secrets during that time.
        """
        return await execute(
            request,
            partial(configuration.rotate_webhook_secret, webhook=parse_webhook_id(webhook)),
            lambda _, rotated: _respond_with_secret(request, rotated, status=200),
            idempotency_key=idempotency_key,
        )


def parse_webhook_id(text: str) -> UUID:
    """Return the webhook id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("webhook", text) from None


def _respond_with_secret(
    request: ApiRequest, webhook: domain.Webhook, *, status: int
) -> WriteResponse:
    signer = request.context.checkpoint_signer
    output = Webhook.from_domain(webhook, request.context.now())
    secret = derive_webhook_secret(signer, webhook.id, webhook.secret_number)
    headers = {"ETag": etag(webhook.revision)}
    if status == 201:  # noqa: PLR2004  # Created
        headers["Location"] = f"/api/v1/webhooks/{webhook.id}"
    return WriteResponse.from_output(
        WebhookWithSecret(webhook=output, secret=secret),
        on_replay=WebhookWithSecret(webhook=output, secret=None),
        status=status,
        **headers,
    )
