from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.webhook import Webhook
from ...models.webhook_update import WebhookUpdate
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    webhook: str,
    *,
    body: WebhookUpdate,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/webhooks/{webhook}".format(
            webhook=quote(str(webhook), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Webhook | None:
    if response.status_code == 200:
        response_200 = Webhook.from_dict(response.json())

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
) -> Response[Problem | Webhook]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    webhook: str,
    *,
    client: AuthenticatedClient,
    body: WebhookUpdate,
    if_match: str | Unset = UNSET,
) -> Response[Problem | Webhook]:
    """Change a webhook

     Change which events are sent, or enable or disable the webhook.

    The URL and the format cannot be changed: add another webhook instead. Events that happen
    while a webhook is disabled are never sent. Deliveries that were pending when it was
    disabled are sent once it is enabled again.

    Requires the `admin` role.

    Args:
        webhook (str): The webhook's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (WebhookUpdate): Changes to a webhook. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Webhook]
    """

    kwargs = _get_kwargs(
        webhook=webhook,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    webhook: str,
    *,
    client: AuthenticatedClient,
    body: WebhookUpdate,
    if_match: str | Unset = UNSET,
) -> Problem | Webhook | None:
    """Change a webhook

     Change which events are sent, or enable or disable the webhook.

    The URL and the format cannot be changed: add another webhook instead. Events that happen
    while a webhook is disabled are never sent. Deliveries that were pending when it was
    disabled are sent once it is enabled again.

    Requires the `admin` role.

    Args:
        webhook (str): The webhook's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (WebhookUpdate): Changes to a webhook. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Webhook
    """

    return sync_detailed(
        webhook=webhook,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    webhook: str,
    *,
    client: AuthenticatedClient,
    body: WebhookUpdate,
    if_match: str | Unset = UNSET,
) -> Response[Problem | Webhook]:
    """Change a webhook

     Change which events are sent, or enable or disable the webhook.

    The URL and the format cannot be changed: add another webhook instead. Events that happen
    while a webhook is disabled are never sent. Deliveries that were pending when it was
    disabled are sent once it is enabled again.

    Requires the `admin` role.

    Args:
        webhook (str): The webhook's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (WebhookUpdate): Changes to a webhook. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Webhook]
    """

    kwargs = _get_kwargs(
        webhook=webhook,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    webhook: str,
    *,
    client: AuthenticatedClient,
    body: WebhookUpdate,
    if_match: str | Unset = UNSET,
) -> Problem | Webhook | None:
    """Change a webhook

     Change which events are sent, or enable or disable the webhook.

    The URL and the format cannot be changed: add another webhook instead. Events that happen
    while a webhook is disabled are never sent. Deliveries that were pending when it was
    disabled are sent once it is enabled again.

    Requires the `admin` role.

    Args:
        webhook (str): The webhook's id.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (WebhookUpdate): Changes to a webhook. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Webhook
    """

    return (
        await asyncio_detailed(
            webhook=webhook,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
