from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.notification import Notification
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    channel: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/notification-channels/{channel}/test".format(
            channel=quote(str(channel), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Notification | Problem | None:
    if response.status_code == 200:
        response_200 = Notification.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[Notification | Problem]:
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
    idempotency_key: str | Unset = UNSET,
) -> Response[Notification | Problem]:
    """Test a notification channel

     Send a test message to a channel at once, even during its quiet hours.

    `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
    Other people's channels require the `admin` role.

    Args:
        channel (str): The channel's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Notification | Problem]
    """

    kwargs = _get_kwargs(
        channel=channel,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    channel: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Notification | Problem | None:
    """Test a notification channel

     Send a test message to a channel at once, even during its quiet hours.

    `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
    Other people's channels require the `admin` role.

    Args:
        channel (str): The channel's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Notification | Problem
    """

    return sync_detailed(
        channel=channel,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    channel: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[Notification | Problem]:
    """Test a notification channel

     Send a test message to a channel at once, even during its quiet hours.

    `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
    Other people's channels require the `admin` role.

    Args:
        channel (str): The channel's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Notification | Problem]
    """

    kwargs = _get_kwargs(
        channel=channel,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    channel: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Notification | Problem | None:
    """Test a notification channel

     Send a test message to a channel at once, even during its quiet hours.

    `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
    Other people's channels require the `admin` role.

    Args:
        channel (str): The channel's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Notification | Problem
    """

    return (
        await asyncio_detailed(
            channel=channel,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
