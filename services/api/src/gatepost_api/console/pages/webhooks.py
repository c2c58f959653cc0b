"""Webhook pages for admins: the list, and one webhook with its deliveries."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views import webhook_texts
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.online_workers import is_any_worker_online
from gatepost_api.http.action_execution import BoundAction, execute
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_api.webhooks.controller import parse_webhook_id
from gatepost_api.webhooks.deliveries_controller import parse_delivery_id
from gatepost_api.webhooks.requests import WebhookCreate, WebhookUpdate
from gatepost_api.webhooks.signing import derive_webhook_secret
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.webhooks import configuration
from gatepost_domain.actions.webhooks.resend_and_test import redeliver, send_test
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.webhooks.webhook import MAX_WEBHOOKS, Webhook

PAGE_SIZE: Final = 20
_FILTERS: Final = ("events", "service", "environment", "tier")


class WebhookPages(Controller):
    """The routes of the webhook pages and of the forms on them."""

    path = "/webhooks"

    @get(include_in_schema=False)
    async def show_webhooks(self, request: ApiRequest) -> Response[bytes]:
        """List the webhooks and show the form to add one."""
        return await _list_page(request)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest) -> Response[bytes]:
        """Add a webhook and show its secret once."""
        form = await read_form(request)
        try:
            body = form.decode_fields(WebhookCreate, "url", "format", **_filters(form))
            added = await _perform_without_stored_response(
                request,
                partial(
                    configuration.add_webhook,
                    url=body.url,
                    format=body.format,
                    requested=body.filter_to_domain(),
                    id=request.context.new_id(),
                ),
            )
        except FORM_ERRORS as error:
            return await _list_page(request, form=form, error=to_page_error(error))
        return await _webhook_page(request, str(added.id), secret=_secret(request, added))

    @get("/{webhook:str}", include_in_schema=False)
    async def show_webhook(
        self,
        request: ApiRequest,
        webhook: FromPath[str],
        cursor: Annotated[str | None, cursor_parameter(CursorKind.DELIVERIES)] = None,
    ) -> Response[bytes]:
        """Show a webhook with its deliveries, newest event first."""
        return await _webhook_page(request, webhook, cursor=cursor)

    @post("/{webhook:str}/change", include_in_schema=False)
    async def set_enabled(self, request: ApiRequest, webhook: FromPath[str]) -> Response[Any]:
        """Enable or disable a webhook."""
        form = await read_form(request)
        enabled = form.get("enabled") == "true"
        return await _execute(
            request,
            form,
            partial(
                configuration.change_webhook,
                webhook=parse_webhook_id(webhook),
                change=WebhookUpdate(enabled=enabled).to_domain(),
            ),
            webhook,
            f"/webhooks/{webhook}?done=changed",
        )

    @post("/{webhook:str}/rotate", include_in_schema=False)
    async def rotate(self, request: ApiRequest, webhook: FromPath[str]) -> Response[bytes]:
        """Give the webhook a new secret and show it once."""
        await read_form(request)
        try:
            rotated = await _perform_without_stored_response(
                request,
                partial(configuration.rotate_webhook_secret, webhook=parse_webhook_id(webhook)),
            )
        except FORM_ERRORS as error:
            return await _webhook_page(request, webhook, error=to_page_error(error))
        return await _webhook_page(request, webhook, secret=_secret(request, rotated))

    @post("/{webhook:str}/test", include_in_schema=False)
    async def test(self, request: ApiRequest, webhook: FromPath[str]) -> Response[Any]:
        """Send a test event."""
        form = await read_form(request)
        action = partial(send_test, webhook=parse_webhook_id(webhook), id=request.context.new_id())
        return await _execute(request, form, action, webhook, f"/webhooks/{webhook}#deliveries")

    @post("/{webhook:str}/remove", include_in_schema=False)
    async def remove(self, request: ApiRequest, webhook: FromPath[str]) -> Response[Any]:
        """Remove the webhook."""
        form = await read_form(request)
        action = partial(configuration.remove_webhook, webhook=parse_webhook_id(webhook))
        return await _execute(request, form, action, webhook, "/webhooks?done=changed")

    @post("/{webhook:str}/deliveries/{delivery:str}/redeliver", include_in_schema=False)
    async def send_again(
        self, request: ApiRequest, webhook: FromPath[str], delivery: FromPath[str]
    ) -> Response[Any]:
        """Send a delivery's event again."""
        form = await read_form(request)
        action = partial(
            redeliver, webhook=parse_webhook_id(webhook), delivery=parse_delivery_id(delivery)
        )
        return await _execute(request, form, action, webhook, f"/webhooks/{webhook}#deliveries")


def _filters(form: Form) -> dict[str, object]:
    """Return the filter's lists of values, which are separated by whitespace or commas."""
    return {name: form.get(name).replace(",", " ").split() for name in _FILTERS}


def _secret(request: ApiRequest, webhook: Webhook) -> str:
    return derive_webhook_secret(
        request.context.checkpoint_signer, webhook.id, webhook.secret_number
    )


async def _perform_without_stored_response(
    request: ApiRequest, action: BoundAction[Webhook]
) -> Webhook:
    """Perform an action without storing its response, because the response shows a secret."""
    at = request.context.now()
    webhook = await request.context.ledger.perform(
        lambda uow: action(uow, command=request.command(uow, at=at))
    )
    request.context.change_signal.notify()
    return webhook


async def _execute(
    request: ApiRequest, form: Form, action: BoundAction[Any], webhook: str, url: str
) -> Response[Any]:
    try:
        return await execute(request, action, redirect_to(lambda _: url), idempotency_key=form.key)
    except FORM_ERRORS as error:
        return await _webhook_page(request, webhook, error=to_page_error(error))


async def _list_page(
    request: ApiRequest, *, form: Form = EMPTY_FORM, error: PageError | None = None
) -> Response[bytes]:
    authorize(request.auth.actor, Right.MANAGE_WEBHOOKS)
    reads = request.context.reads
    page = await reads.webhooks(PageRequest(limit=MAX_WEBHOOKS))
    return render_page(
        request,
        "webhooks.html",
        title="Webhooks",
        webhooks=page.items,
        services=await load_active_services(reads),
        environments=await load_active_environments(reads),
        kinds=[*EventKind],
        texts=webhook_texts,
        form=form,
        error=error,
    )


async def _webhook_page(
    request: ApiRequest,
    reference: str,
    *,
    secret: str | None = None,
    cursor: str | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    authorize(request.auth.actor, Right.MANAGE_WEBHOOKS)
    webhook_id: UUID = parse_webhook_id(reference)
    webhook = await request.context.reads.webhook(webhook_id)
    page = await request.context.reads.deliveries(
        webhook_id, None, page_request(PAGE_SIZE, cursor, CursorKind.DELIVERIES)
    )
    older = encode_cursor(page.next_key, CursorKind.DELIVERIES)
    return render_page(
        request,
        "webhook.html",
        title=webhook.url.partition("?")[0],
        canonical_path=f"/webhooks/{webhook.id}",
        webhook=webhook,
        secret=secret,
        deliveries=page.items,
        is_any_online=is_any_worker_online(
            await request.context.reads.workers(), request.context.now()
        ),
        older=None if older is None else f"/webhooks/{webhook.id}?cursor={older}",
        texts=webhook_texts,
        error=error,
    )
