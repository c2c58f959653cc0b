from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.webhook_create import WebhookCreate
from ...models.webhook_with_secret import WebhookWithSecret
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: WebhookCreate,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/webhooks",
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | WebhookWithSecret | None:
    if response.status_code == 201:
        response_201 = WebhookWithSecret.from_dict(response.json())

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
) -> Response[Problem | WebhookWithSecret]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: WebhookCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | WebhookWithSecret]:
    """Add a webhook

     Add a URL to which later events that match the filters are sent, each at least once.

    Messages are signed according to Standard Webhooks, with the secret in the response, which
    is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
    after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
    each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
    the order of events; a failed delivery does not delay later ones, so use `seq` to determine
    the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

    If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
    responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.

    Requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (WebhookCreate): A URL to which events are sent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookWithSecret]
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
    body: WebhookCreate,
    idempotency_key: str | Unset = UNSET,
) -> Problem | WebhookWithSecret | None:
    """Add a webhook

     Add a URL to which later events that match the filters are sent, each at least once.

    Messages are signed according to Standard Webhooks, with the secret in the response, which
    is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
    after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
    each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
    the order of events; a failed delivery does not delay later ones, so use `seq` to determine
    the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

    If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
    responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.

    Requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (WebhookCreate): A URL to which events are sent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookWithSecret
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: WebhookCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | WebhookWithSecret]:
    """Add a webhook

     Add a URL to which later events that match the filters are sent, each at least once.

    Messages are signed according to Standard Webhooks, with the secret in the response, which
    is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
    after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
    each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
    the order of events; a failed delivery does not delay later ones, so use `seq` to determine
    the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

    If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
    responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.

    Requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (WebhookCreate): A URL to which events are sent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookWithSecret]
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
    body: WebhookCreate,
    idempotency_key: str | Unset = UNSET,
) -> Problem | WebhookWithSecret | None:
    """Add a webhook

     Add a URL to which later events that match the filters are sent, each at least once.

    Messages are signed according to Standard Webhooks, with the secret in the response, which
    is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
    after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
    each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
    the order of events; a failed delivery does not delay later ones, so use `seq` to determine
    the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

    If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
    responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.

    Requires the `admin` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (WebhookCreate): A URL to which events are sent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookWithSecret
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
