from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.notification_page import NotificationPage
from ...models.notification_state import NotificationState
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    channel: str,
    *,
    state: NotificationState | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/notification-channels/{channel}/notifications".format(
            channel=quote(str(channel), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> NotificationPage | Problem | None:
    if response.status_code == 200:
        response_200 = NotificationPage.from_dict(response.json())

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
) -> Response[NotificationPage | Problem]:
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
    state: NotificationState | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[NotificationPage | Problem]:
    """List the notifications of a channel

     List the sent and pending notifications of a channel, newest first.

    Other people's channels require the `admin` role. Notifications are removed
    `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.

    Args:
        channel (str): The channel's id.
        state (NotificationState | Unset): Whether a notification is pending, was sent, has failed
            or was dropped.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NotificationPage | Problem]
    """

    kwargs = _get_kwargs(
        channel=channel,
        state=state,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    channel: str,
    *,
    client: AuthenticatedClient,
    state: NotificationState | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> NotificationPage | Problem | None:
    """List the notifications of a channel

     List the sent and pending notifications of a channel, newest first.

    Other people's channels require the `admin` role. Notifications are removed
    `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.

    Args:
        channel (str): The channel's id.
        state (NotificationState | Unset): Whether a notification is pending, was sent, has failed
            or was dropped.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NotificationPage | Problem
    """

    return sync_detailed(
        channel=channel,
        client=client,
        state=state,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    channel: str,
    *,
    client: AuthenticatedClient,
    state: NotificationState | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[NotificationPage | Problem]:
    """List the notifications of a channel

     List the sent and pending notifications of a channel, newest first.

    Other people's channels require the `admin` role. Notifications are removed
    `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.

    Args:
        channel (str): The channel's id.
        state (NotificationState | Unset): Whether a notification is pending, was sent, has failed
            or was dropped.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NotificationPage | Problem]
    """

    kwargs = _get_kwargs(
        channel=channel,
        state=state,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    channel: str,
    *,
    client: AuthenticatedClient,
    state: NotificationState | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> NotificationPage | Problem | None:
    """List the notifications of a channel

     List the sent and pending notifications of a channel, newest first.

    Other people's channels require the `admin` role. Notifications are removed
    `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.

    Args:
        channel (str): The channel's id.
        state (NotificationState | Unset): Whether a notification is pending, was sent, has failed
            or was dropped.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NotificationPage | Problem
    """

    return (
        await asyncio_detailed(
            channel=channel,
            client=client,
            state=state,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
