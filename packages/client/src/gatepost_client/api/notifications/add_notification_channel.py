from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.notification_channel import NotificationChannel
from ...models.notification_channel_create import NotificationChannelCreate
from ...models.problem import Problem
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: NotificationChannelCreate,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/notification-channels",
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> NotificationChannel | Problem | None:
    if response.status_code == 201:
        response_201 = NotificationChannel.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
    *,
    client: AuthenticatedClient,
    body: NotificationChannelCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[NotificationChannel | Problem]:
    """Add a notification channel

     Add a channel through which a person, a group or a team is notified.

    People and groups are notified when a deployment is waiting for an approval or an
    after-review that they can give; they are reminded later, and notified again when the
    approval or review is overdue. The people who requested a deployment are notified of its
    outcome, and the team of the deployed service is notified of all these events. Workers send
    the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
    permits.

    Every user can add up to five channels of their own: without a `recipient`, the channel is
    yours. Adding a channel for anyone else requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (NotificationChannelCreate): A channel through which people are notified.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NotificationChannel | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: NotificationChannelCreate,
    idempotency_key: str | Unset = UNSET,
) -> NotificationChannel | Problem | None:
    """Add a notification channel

     Add a channel through which a person, a group or a team is notified.

    People and groups are notified when a deployment is waiting for an approval or an
    after-review that they can give; they are reminded later, and notified again when the
    approval or review is overdue. The people who requested a deployment are notified of its
    outcome, and the team of the deployed service is notified of all these events. Workers send
    the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
    permits.

    Every user can add up to five channels of their own: without a `recipient`, the channel is
    yours. Adding a channel for anyone else requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (NotificationChannelCreate): A channel through which people are notified.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NotificationChannel | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: NotificationChannelCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[NotificationChannel | Problem]:
    """Add a notification channel

     Add a channel through which a person, a group or a team is notified.

    People and groups are notified when a deployment is waiting for an approval or an
    after-review that they can give; they are reminded later, and notified again when the
    approval or review is overdue. The people who requested a deployment are notified of its
    outcome, and the team of the deployed service is notified of all these events. Workers send
    the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
    permits.

    Every user can add up to five channels of their own: without a `recipient`, the channel is
    yours. Adding a channel for anyone else requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (NotificationChannelCreate): A channel through which people are notified.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NotificationChannel | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: NotificationChannelCreate,
    idempotency_key: str | Unset = UNSET,
) -> NotificationChannel | Problem | None:
    """Add a notification channel

     Add a channel through which a person, a group or a team is notified.

    People and groups are notified when a deployment is waiting for an approval or an
    after-review that they can give; they are reminded later, and notified again when the
    approval or review is overdue. The people who requested a deployment are notified of its
    outcome, and the team of the deployed service is notified of all these events. Workers send
    the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
    permits.

    Every user can add up to five channels of their own: without a `recipient`, the channel is
    yours. Adding a channel for anyone else requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (NotificationChannelCreate): A channel through which people are notified.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NotificationChannel | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
