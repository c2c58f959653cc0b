"""Adding, changing, listing and removing notification channels."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter

from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
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
from gatepost_api.notifications.channel_requests import (
    NotificationChannelCreate,
    NotificationChannelUpdate,
)
from gatepost_api.notifications.responses import NotificationChannel, NotificationChannelPage
from gatepost_api.notifications.url_encryption import encrypt_url
from gatepost_domain.actions.notifications import configuration
from gatepost_domain.actions.notifications.authorization import authorize_to_read, may_manage_all
from gatepost_domain.errors import NotFound
from gatepost_domain.notifications import channel as domain
from gatepost_domain.notifications.channel import person_recipient

ChannelInPath = Annotated[str, id_in_path("The channel's id.")]
OwnFilter = Annotated[bool, QueryParameter(description="List only your own channels.")]


class NotificationChannelController(Controller):
    """Operations on notification channels."""

    path = "/notification-channels"
    tags = ("notifications",)

    @post(
        summary="Add a notification channel",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def add_notification_channel(
        self,
        request: ApiRequest,
        data: JSONBody[NotificationChannelCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[NotificationChannel]:
        """Add a channel through which a person, a group or a team is notified.

        People and groups are notified when a deployment is waiting for an approval or an
        after-review that they can give; they are reminded later, and notified again when the
        approval or review is overdue. The people who requested a deployment are notified of its
        outcome, and the team of the deployed service is notified of all these events. Workers send
        the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
        permits.

        Every user can add up to five channels of their own: without a `recipient`, the channel is
        yours. Adding a channel for anyone else requires the `admin` role.
        """
        channel_id = request.context.new_id()
        return await execute(
            request,
            partial(
                configuration.add_channel,
                url=data.url,
                recipient=None if data.recipient is None else data.recipient.to_domain(),
                settings=data.settings_to_domain(),
                id=channel_id,
                seal=partial(encrypt_url, request.context.checkpoint_signer, channel_id),
            ),
            lambda _, channel: WriteResponse.from_output(
                NotificationChannel.from_domain(channel),
                status=201,
                Location=f"/api/v1/notification-channels/{channel.id}",
                ETag=etag(channel.revision),
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List notification channels",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_notification_channels(
        self,
        request: ApiRequest,
        own: OwnFilter = False,  # noqa: FBT002  # Litestar passes it by name
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.NOTIFICATION_CHANNELS)] = None,
    ) -> Response[NotificationChannelPage]:
        """List your channels or, with the `admin` role, all channels, newest first.

        The confidential parts of the URLs are masked.
        """
        actor = request.auth.actor
        recipient = person_recipient(actor.name) if own or not may_manage_all(actor) else None
        requested = page_request(limit, cursor, CursorKind.NOTIFICATION_CHANNELS)
        page = await request.context.reads.notification_channels(requested, recipient)
        next_cursor = encode_cursor(page.next_key, CursorKind.NOTIFICATION_CHANNELS)
        items = [NotificationChannel.from_domain(channel) for channel in page.items]
        return page_response(
            request, NotificationChannelPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{channel:str}",
        summary="Get a notification channel",
        responses={**problem_responses(401, 403, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_notification_channel(
        self, request: ApiRequest, channel: ChannelInPath, if_none_match: IfNoneMatch = None
    ) -> Response[NotificationChannel]:
        """Return one of your channels or, with the `admin` role, any channel; the URL is masked."""
        stored = await load_channel(request, channel)
        output = NotificationChannel.from_domain(stored)
        return conditional_response(output, stored.revision, if_none_match)

    @patch(
        "/{channel:str}",
        summary="Change a notification channel",
        responses=problem_responses(400, 401, 403, 404, 412, 413, 415, 422, 503),
        response_headers=[ETAG_HEADER],
    )
    async def change_notification_channel(
        self,
        request: ApiRequest,
        channel: ChannelInPath,
        data: JSONBody[NotificationChannelUpdate],
        if_match: IfMatch = None,
    ) -> Response[NotificationChannel]:
        """Change the settings or the URL of a channel, or enable or disable it.

        The recipient of a channel cannot be changed: add another channel for another recipient.
        Events that happen while a channel is disabled are not sent later. Changing other people's
        channels requires the `admin` role.
        """
        channel_id = parse_channel_id(channel)
        return await execute(
            request,
            partial(
                configuration.change_channel,
                channel=channel_id,
                change=data.change_settings,
                seal=partial(encrypt_url, request.context.checkpoint_signer, channel_id),
                url=data.url,
                enabled=data.enabled,
                expected_revision=expected_revision(if_match),
            ),
            lambda _, changed: WriteResponse.from_output(
                NotificationChannel.from_domain(changed), ETag=etag(changed.revision)
            ),
        )

    @delete(
        "/{channel:str}",
        status_code=200,
        summary="Remove a notification channel",
        responses=problem_responses(401, 403, 404, 422, 503),
    )
    async def remove_notification_channel(
        self, request: ApiRequest, channel: ChannelInPath
    ) -> Response[NotificationChannel]:
        """Remove a channel and erase its URL. Its pending notifications are not sent.

        Other people's channels require the `admin` role.
        """
        return await execute(
            request,
            partial(configuration.remove_channel, channel=parse_channel_id(channel)),
            lambda _, removed: WriteResponse.from_output(NotificationChannel.from_domain(removed)),
        )


async def load_channel(request: ApiRequest, channel: str) -> domain.NotificationChannel:
    """Return a channel that the caller may see.

    Raises:
        NotFound: there is no such channel.
        Forbidden: it is not the caller's own channel, and the caller may not manage notifications.
    """
    stored = await request.context.reads.notification_channel(parse_channel_id(channel))
    authorize_to_read(request.auth.actor, stored.recipient)
    return stored


def parse_channel_id(text: str) -> UUID:
    """Return the notification channel id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("notification_channel", text) from None
