from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.notification_channel import NotificationChannel
from ...models.notification_channel_update import NotificationChannelUpdate
from ...models.problem import Problem
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    channel: str,
    *,
    body: NotificationChannelUpdate,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/notification-channels/{channel}".format(
            channel=quote(str(channel), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> NotificationChannel | Problem | None:
    if response.status_code == 200:
        response_200 = NotificationChannel.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[NotificationChannel | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    channel: str,
    *,
    client: AuthenticatedClient,
    body: NotificationChannelUpdate,
    if_match: str | Unset = UNSET,
) -> Response[NotificationChannel | Problem]:
    """Change a notification channel

     Change the settings or the URL of a channel, or enable or disable it.

    The recipient of a channel cannot be changed: add another channel for another recipient.
    Events that happen while a channel is disabled are not sent later. Changing other people's
    channels requires the `admin` role.

    Args:
        channel (str): The channel's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (NotificationChannelUpdate): Changes to a channel. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NotificationChannel | Problem]
    """

    kwargs = _get_kwargs(
        channel=channel,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    channel: str,
    *,
    client: AuthenticatedClient,
    body: NotificationChannelUpdate,
    if_match: str | Unset = UNSET,
) -> NotificationChannel | Problem | None:
    """Change a notification channel

     Change the settings or the URL of a channel, or enable or disable it.

    The recipient of a channel cannot be changed: add another channel for another recipient.
    Events that happen while a channel is disabled are not sent later. Changing other people's
    channels requires the `admin` role.

    Args:
        channel (str): The channel's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (NotificationChannelUpdate): Changes to a channel. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NotificationChannel | Problem
    """

    return sync_detailed(
        channel=channel,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    channel: str,
    *,
    client: AuthenticatedClient,
    body: NotificationChannelUpdate,
    if_match: str | Unset = UNSET,
) -> Response[NotificationChannel | Problem]:
    """Change a notification channel

     Change the settings or the URL of a channel, or enable or disable it.

    The recipient of a channel cannot be changed: add another channel for another recipient.
    Events that happen while a channel is disabled are not sent later. Changing other people's
    channels requires the `admin` role.

    Args:
        channel (str): The channel's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (NotificationChannelUpdate): Changes to a channel. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NotificationChannel | Problem]
    """

    kwargs = _get_kwargs(
        channel=channel,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    channel: str,
    *,
    client: AuthenticatedClient,
    body: NotificationChannelUpdate,
    if_match: str | Unset = UNSET,
) -> NotificationChannel | Problem | None:
    """Change a notification channel

     Change the settings or the URL of a channel, or enable or disable it.

    The recipient of a channel cannot be changed: add another channel for another recipient.
    Events that happen while a channel is disabled are not sent later. Changing other people's
    channels requires the `admin` role.

    Args:
        channel (str): The channel's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (NotificationChannelUpdate): Changes to a channel. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NotificationChannel | Problem
    """

    return (
        await asyncio_detailed(
            channel=channel,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
