"""Notification channel pages for admins: the list, and one channel with its notifications."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

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
from gatepost_api.console.views import notification_texts
from gatepost_api.http.action_execution import BoundAction, execute
from gatepost_api.http.pagination import CursorKind, cursor_of, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_api.notifications.controller import parse_channel_id
from gatepost_api.notifications.requests import NotificationChannelCreate
from gatepost_api.notifications.url_encryption import seal_url
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.notifications import configuration
from gatepost_domain.notifications.channel import MAX_CHANNELS
from gatepost_domain.ports.paging import PageRequest

PATH: Final = "/notification-channels"
PAGE_SIZE: Final = 20


class NotificationPages(Controller):
    """The notification channel pages."""

    path = PATH

    @get(include_in_schema=False)
    async def show_channels(self, request: ApiRequest) -> Response[bytes]:
        """List the channels and show the form to add one."""
        return await _list_page(request)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest) -> Response[Any]:
        """Add a channel."""
        form, channel_id = await read_form(request), request.context.new_id()
        try:
            body = form.decode_fields(
                NotificationChannelCreate,
                *("name", "url", "timezone", "digest"),
                recipient=_group(form, "recipient", "kind", "name"),
                quiet_hours=_group(form, "quiet_hours", "start", "end") or None,
            )
            action = partial(
                configuration.add_channel,
                url=body.url,
                recipient=body.recipient.to_domain(),
                settings=body.settings_to_domain(),
                id=channel_id,
                seal=partial(seal_url, request.context.checkpoint_signer, channel_id),
            )
            return await execute(
                request,
                action,
                redirect_to(lambda channel: f"{PATH}/{channel.id}"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _list_page(request, form=form, error=to_page_error(error))

    @get("/{channel:str}", include_in_schema=False)
    async def show_channel(
        self,
        request: ApiRequest,
        channel: FromPath[str],
        cursor: Annotated[str | None, cursor_of(CursorKind.NOTIFICATIONS)] = None,
    ) -> Response[bytes]:
        """Show a channel with its notifications, newest first."""
        return await _channel_page(request, channel, cursor=cursor)

    @post("/{channel:str}/change", include_in_schema=False)
    async def change(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Enable or disable a channel."""
        form, channel_id = await read_form(request), parse_channel_id(channel)
        action = partial(
            configuration.change_channel,
            channel=channel_id,
            change=lambda settings: settings,
            seal=partial(seal_url, request.context.checkpoint_signer, channel_id),
            enabled=form.get("enabled") == "true",
        )
        return await _execute(request, form, action, channel, f"{PATH}/{channel}?done=changed")

    @post("/{channel:str}/test", include_in_schema=False)
    async def test(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Send a test notification."""
        form = await read_form(request)
        action = partial(
            configuration.send_test,
            channel=parse_channel_id(channel),
            id=request.context.new_id(),
        )
        return await _execute(request, form, action, channel, f"{PATH}/{channel}#notifications")

    @post("/{channel:str}/remove", include_in_schema=False)
    async def remove(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Remove the channel."""
        form = await read_form(request)
        action = partial(configuration.remove_channel, channel=parse_channel_id(channel))
        return await _execute(request, form, action, channel, f"{PATH}?done=changed")


def _group(form: Form, group: str, *names: str) -> dict[str, str]:
    """Return the fields of a group, without empty ones."""
    return {name: value for name in names if (value := form.get(f"{group}/{name}"))}


async def _execute(
    request: ApiRequest, form: Form, action: BoundAction[Any], channel: str, url: str
) -> Response[Any]:
    try:
        return await execute(request, action, redirect_to(lambda _: url), idempotency_key=form.key)
    except FORM_ERRORS as error:
        return await _channel_page(request, channel, error=to_page_error(error))


async def _list_page(
    request: ApiRequest, *, form: Form = EMPTY_FORM, error: PageError | None = None
) -> Response[bytes]:
    authorize(request.auth.actor, Right.MANAGE_NOTIFICATIONS)
    page = await request.context.reads.notification_channels(PageRequest(limit=MAX_CHANNELS))
    return render_page(
        request,
        "notification_channels.html",
        title="Notification channels",
        channels=page.items,
        texts=notification_texts,
        form=form,
        empty_form=EMPTY_FORM,
        error=error,
    )


async def _channel_page(
    request: ApiRequest,
    reference: str,
    *,
    cursor: str | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    authorize(request.auth.actor, Right.MANAGE_NOTIFICATIONS)
    channel = await request.context.reads.notification_channel(parse_channel_id(reference))
    page = await request.context.reads.notifications(
        channel.id, None, page_request(PAGE_SIZE, cursor, CursorKind.NOTIFICATIONS)
    )
    older = encode_cursor(page.next_key, CursorKind.NOTIFICATIONS)
    return render_page(
        request,
        "notification_channel.html",
        title=channel.settings.name,
        canonical_path=f"{PATH}/{channel.id}",
        channel=channel,
        notifications=page.items,
        older=None if older is None else f"{PATH}/{channel.id}?cursor={older}",
        texts=notification_texts,
        error=error,
    )
