from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.ingest_delivery_detail import IngestDeliveryDetail
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    ingest_delivery: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/ingest/deliveries/{ingest_delivery}".format(
            ingest_delivery=quote(str(ingest_delivery), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IngestDeliveryDetail | Problem | None:
    if response.status_code == 200:
        response_200 = IngestDeliveryDetail.from_dict(response.json())

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
) -> Response[IngestDeliveryDetail | Problem]:
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
) -> Response[IngestDeliveryDetail | Problem]:
    """Get a delivery with its payload

     Return one delivery, with its body as received unless the body has been removed.

    Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDeliveryDetail | Problem]
    """

    kwargs = _get_kwargs(
        ingest_delivery=ingest_delivery,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
) -> IngestDeliveryDetail | Problem | None:
    """Get a delivery with its payload

     Return one delivery, with its body as received unless the body has been removed.

    Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDeliveryDetail | Problem
    """

    return sync_detailed(
        ingest_delivery=ingest_delivery,
        client=client,
    ).parsed


async def asyncio_detailed(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
) -> Response[IngestDeliveryDetail | Problem]:
    """Get a delivery with its payload

     Return one delivery, with its body as received unless the body has been removed.

    Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDeliveryDetail | Problem]
    """

    kwargs = _get_kwargs(
        ingest_delivery=ingest_delivery,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    ingest_delivery: str,
    *,
    client: AuthenticatedClient,
) -> IngestDeliveryDetail | Problem | None:
    """Get a delivery with its payload

     Return one delivery, with its body as received unless the body has been removed.

    Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.

    Requires the `admin` role.

    Args:
        ingest_delivery (str): The delivery's id in Gatepost.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDeliveryDetail | Problem
    """

    return (
        await asyncio_detailed(
            ingest_delivery=ingest_delivery,
            client=client,
        )
    ).parsed
