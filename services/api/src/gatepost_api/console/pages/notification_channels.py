"""Notification channel pages: the list, for admins, and one channel with its notifications."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gatepost_api.console.forms.channel_fields import (
    bind_addition,
    decode_change,
    form_of_channel_settings,
)
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
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.http.action_execution import BoundAction, execute
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_api.notifications.channel_controller import load_channel, parse_channel_id
from gatepost_api.notifications.channel_notifications_controller import parse_notification_id
from gatepost_api.notifications.channel_requests import NotificationChannelUpdate
from gatepost_api.notifications.url_encryption import encrypt_url
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.notifications import configuration, resend_and_test
from gatepost_domain.notifications.channel import NotificationChannel

PATH: Final = "/notification-channels"
PAGE_SIZE: Final = 20
CHANNELS_ON_PAGE: Final = 100


class NotificationChannelPages(Controller):
    """The routes of the channel pages and of the forms on them."""

    path = PATH

    @get(include_in_schema=False)
    async def show_channels(
        self,
        request: ApiRequest,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.NOTIFICATION_CHANNELS)] = None,
    ) -> Response[bytes]:
        """List the channels, newest first, and show the form to add one."""
        return await _list_page(request, cursor=cursor)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest) -> Response[Any]:
        """Add a channel."""
        form = await read_form(request)
        try:
            action = bind_addition(request, form)
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
        cursor: Annotated[str | None, cursor_parameter(CursorKind.NOTIFICATIONS)] = None,
    ) -> Response[bytes]:
        """Show a channel with its notifications, newest first."""
        return await _channel_page(request, channel, cursor=cursor)

    @post("/{channel:str}/change", include_in_schema=False)
    async def set_enabled(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Enable or disable a channel."""
        form = await read_form(request)
        body = NotificationChannelUpdate(enabled=form.get("enabled") == "true")
        action = _bind_change(request, channel, body)
        return await _execute(request, form, action, channel, f"{PATH}/{channel}?done=changed")

    @post("/{channel:str}/settings", include_in_schema=False)
    async def change_settings(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Change a channel's settings, and its URL if the form contains one."""
        form = await read_form(request)
        try:
            action = _bind_change(request, channel, decode_change(form))
            url = f"{PATH}/{channel}?done=changed"
            return await execute(
                request, action, redirect_to(lambda _: url), idempotency_key=form.key
            )
        except FORM_ERRORS as error:
            return await _channel_page(request, channel, form=form, error=to_page_error(error))

    @post("/{channel:str}/test", include_in_schema=False)
    async def test(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Send a test notification."""
        form = await read_form(request)
        action = partial(
            resend_and_test.send_test,
            channel=parse_channel_id(channel),
            id=request.context.new_id(),
        )
        return await _execute(request, form, action, channel, f"{PATH}/{channel}#notifications")

    @post("/{channel:str}/notifications/{notification:str}/resend", include_in_schema=False)
    async def send_again(
        self, request: ApiRequest, channel: FromPath[str], notification: FromPath[str]
    ) -> Response[Any]:
        """Send a failed notification again."""
        form = await read_form(request)
        action = partial(
            resend_and_test.resend,
            channel=parse_channel_id(channel),
            notification=parse_notification_id(notification),
        )
        return await _execute(request, form, action, channel, f"{PATH}/{channel}#notifications")

    @post("/{channel:str}/remove", include_in_schema=False)
    async def remove(self, request: ApiRequest, channel: FromPath[str]) -> Response[Any]:
        """Remove the channel."""
        form, name = await read_form(request), request.auth.actor.name
        action = partial(configuration.remove_channel, channel=parse_channel_id(channel))
        own_page = f"/people/{url_quote(name)}?done=changed"
        try:
            return await execute(
                request,
                action,
                redirect_to(
                    lambda removed: (
                        own_page if removed.is_of_person(name) else f"{PATH}?done=changed"
                    )
                ),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _channel_page(request, channel, error=to_page_error(error))


def _bind_change(
    request: ApiRequest, channel: str, body: NotificationChannelUpdate
) -> BoundAction[NotificationChannel]:
    channel_id = parse_channel_id(channel)
    return partial(
        configuration.change_channel,
        channel=channel_id,
        change=body.change_settings,
        seal=partial(encrypt_url, request.context.checkpoint_signer, channel_id),
        url=body.url,
        enabled=body.enabled,
    )


async def _execute(
    request: ApiRequest, form: Form, action: BoundAction[Any], channel: str, url: str
) -> Response[Any]:
    try:
        return await execute(request, action, redirect_to(lambda _: url), idempotency_key=form.key)
    except FORM_ERRORS as error:
        return await _channel_page(request, channel, error=to_page_error(error))


async def _list_page(
    request: ApiRequest,
    *,
    cursor: str | None = None,
    form: Form = EMPTY_FORM,
    error: PageError | None = None,
) -> Response[bytes]:
    authorize(request.auth.actor, Right.MANAGE_NOTIFICATIONS)
    requested = page_request(CHANNELS_ON_PAGE, cursor, CursorKind.NOTIFICATION_CHANNELS)
    page = await request.context.reads.notification_channels(requested)
    older = encode_cursor(page.next_key, CursorKind.NOTIFICATION_CHANNELS)
    return render_page(
        request,
        "notification_channels.html",
        title="Notification channels",
        channels=page.items,
        older=None if older is None else f"{PATH}?cursor={older}",
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
    form: Form | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    channel = await load_channel(request, reference)
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
        own_name=request.auth.actor.name,
        changed_form=form,
        form=form or form_of_channel_settings(channel.settings),
        empty_form=EMPTY_FORM,
        notifications=page.items,
        older=None if older is None else f"{PATH}/{channel.id}?cursor={older}",
        texts=notification_texts,
        error=error,
    )
