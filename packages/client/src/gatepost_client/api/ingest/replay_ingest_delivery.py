from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.ingest_delivery import IngestDelivery
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    ingest_delivery: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/ingest/deliveries/{ingest_delivery}/replay".format(
            ingest_delivery=quote(str(ingest_delivery), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IngestDelivery | Problem | None:
    if response.status_code == 200:
        response_200 = IngestDelivery.from_dict(response.json())

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
) -> Response[IngestDelivery | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[IngestDelivery | Problem]:
    """Replay a delivery

     Process the payload of a delivery again, with the current settings.

    A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
    job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDelivery | Problem]
    """

    kwargs = _get_kwargs(
        ingest_delivery=ingest_delivery,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> IngestDelivery | Problem | None:
    """Replay a delivery

     Process the payload of a delivery again, with the current settings.

    A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
    job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDelivery | Problem
    """

    return sync_detailed(
        ingest_delivery=ingest_delivery,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[IngestDelivery | Problem]:
    """Replay a delivery

     Process the payload of a delivery again, with the current settings.

    A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
    job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDelivery | Problem]
    """

    kwargs = _get_kwargs(
        ingest_delivery=ingest_delivery,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> IngestDelivery | Problem | None:
    """Replay a delivery

     Process the payload of a delivery again, with the current settings.

    A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
    job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDelivery | Problem
    """

    return (
        await asyncio_detailed(
            ingest_delivery=ingest_delivery,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
