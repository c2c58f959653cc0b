from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delivery_finish_body import DeliveryFinishBody
from ...models.problem import Problem
from ...models.webhook_delivery import WebhookDelivery
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    delivery: str,
    *,
    body: DeliveryFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/worker/deliveries/{delivery}/finish".format(
            delivery=quote(str(delivery), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | WebhookDelivery | None:
    if response.status_code == 200:
        response_200 = WebhookDelivery.from_dict(response.json())

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
) -> Response[Problem | WebhookDelivery]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    delivery: str,
    *,
    client: AuthenticatedClient,
    body: DeliveryFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | WebhookDelivery]:
    """Report an attempt to send a message

     Report the receiver's response. The server decides whether and when to try again.

    Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
    or the delivery has ended.

    Requires the `worker` role.

    Args:
        delivery (str): The delivery's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (DeliveryFinishBody): The result of an attempt to send a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookDelivery]
    """

    kwargs = _get_kwargs(
        delivery=delivery,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    delivery: str,
    *,
    client: AuthenticatedClient,
    body: DeliveryFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | WebhookDelivery | None:
    """Report an attempt to send a message

     Report the receiver's response. The server decides whether and when to try again.

    Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
    or the delivery has ended.

    Requires the `worker` role.

    Args:
        delivery (str): The delivery's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (DeliveryFinishBody): The result of an attempt to send a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookDelivery
    """

    return sync_detailed(
        delivery=delivery,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    delivery: str,
    *,
    client: AuthenticatedClient,
    body: DeliveryFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | WebhookDelivery]:
    """Report an attempt to send a message

     Report the receiver's response. The server decides whether and when to try again.

    Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
    or the delivery has ended.

    Requires the `worker` role.

    Args:
        delivery (str): The delivery's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (DeliveryFinishBody): The result of an attempt to send a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookDelivery]
    """

    kwargs = _get_kwargs(
        delivery=delivery,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    delivery: str,
    *,
    client: AuthenticatedClient,
    body: DeliveryFinishBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | WebhookDelivery | None:
    """Report an attempt to send a message

     Report the receiver's response. The server decides whether and when to try again.

    Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
    or the delivery has ended.

    Requires the `worker` role.

    Args:
        delivery (str): The delivery's id.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (DeliveryFinishBody): The result of an attempt to send a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookDelivery
    """

    return (
        await asyncio_detailed(
            delivery=delivery,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
