from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.ingest_source import IngestSource
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    source: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/ingest/{source}".format(
            source=quote(str(source), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IngestSource | Problem | None:
    if response.status_code == 200:
        response_200 = IngestSource.from_dict(response.json())

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
) -> Response[IngestSource | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    source: str,
    *,
    client: AuthenticatedClient,
) -> Response[IngestSource | Problem]:
    """Remove an ingest source

     Remove a source with its secret. New deliveries are refused; stored ones are kept.

    Requires the `admin` role.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestSource | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    source: str,
    *,
    client: AuthenticatedClient,
) -> IngestSource | Problem | None:
    """Remove an ingest source

     Remove a source with its secret. New deliveries are refused; stored ones are kept.

    Requires the `admin` role.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestSource | Problem
    """

    return sync_detailed(
        source=source,
        client=client,
    ).parsed


async def asyncio_detailed(
    source: str,
    *,
    client: AuthenticatedClient,
) -> Response[IngestSource | Problem]:
    """Remove an ingest source

     Remove a source with its secret. New deliveries are refused; stored ones are kept.

    Requires the `admin` role.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IngestSource | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    source: str,
    *,
    client: AuthenticatedClient,
) -> IngestSource | Problem | None:
    """Remove an ingest source

     Remove a source with its secret. New deliveries are refused; stored ones are kept.

    Requires the `admin` role.

    Args:
        source (str): The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IngestSource | Problem
    """

    return (
        await asyncio_detailed(
            source=source,
            client=client,
        )
    ).parsed
