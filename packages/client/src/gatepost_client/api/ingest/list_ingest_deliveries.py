from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.ingest_delivery_page import IngestDeliveryPage
from ...models.ingest_source_kind import IngestSourceKind
from ...models.ingest_state import IngestState
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    source: list[IngestSourceKind] | Unset = UNSET,
    state: list[IngestState] | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_source: list[str] | Unset = UNSET
    if not isinstance(source, Unset):
        json_source = []
        for source_item_data in source:
            source_item = source_item_data.value
            json_source.append(source_item)

    params["source"] = json_source

    json_state: list[str] | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = []
        for state_item_data in state:
            state_item = state_item_data.value
            json_state.append(state_item)

    params["state"] = json_state

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/ingest/deliveries",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IngestDeliveryPage | Problem | None:
    if response.status_code == 200:
        response_200 = IngestDeliveryPage.from_dict(response.json())

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
) -> Response[IngestDeliveryPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    source: list[IngestSourceKind] | Unset = UNSET,
    state: list[IngestState] | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[IngestDeliveryPage | Problem]:
    """List the deliveries

     List the deliveries whose signature was valid, newest first.

    The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
    delivery once the problem is fixed.

    Args:
        source (list[IngestSourceKind] | Unset): Filter by source.
        state (list[IngestState] | Unset): Filter by state.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDeliveryPage | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
        state=state,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    source: list[IngestSourceKind] | Unset = UNSET,
    state: list[IngestState] | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> IngestDeliveryPage | Problem | None:
    """List the deliveries

     List the deliveries whose signature was valid, newest first.

    The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
    delivery once the problem is fixed.

    Args:
        source (list[IngestSourceKind] | Unset): Filter by source.
        state (list[IngestState] | Unset): Filter by state.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDeliveryPage | Problem
    """

    return sync_detailed(
        client=client,
        source=source,
        state=state,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    source: list[IngestSourceKind] | Unset = UNSET,
    state: list[IngestState] | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[IngestDeliveryPage | Problem]:
    """List the deliveries

     List the deliveries whose signature was valid, newest first.

    The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
    delivery once the problem is fixed.

    Args:
        source (list[IngestSourceKind] | Unset): Filter by source.
        state (list[IngestState] | Unset): Filter by state.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestDeliveryPage | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
        state=state,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    source: list[IngestSourceKind] | Unset = UNSET,
    state: list[IngestState] | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> IngestDeliveryPage | Problem | None:
    """List the deliveries

     List the deliveries whose signature was valid, newest first.

    The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
    delivery once the problem is fixed.

    Args:
        source (list[IngestSourceKind] | Unset): Filter by source.
        state (list[IngestState] | Unset): Filter by state.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestDeliveryPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            source=source,
            state=state,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
