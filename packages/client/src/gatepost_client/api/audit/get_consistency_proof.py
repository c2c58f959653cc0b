from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_proof import ConsistencyProof
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    old_size: int,
    size: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["old_size"] = old_size

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/audit/consistency",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConsistencyProof | Problem | None:
    if response.status_code == 200:
        response_200 = ConsistencyProof.from_dict(response.json())

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
) -> Response[ConsistencyProof | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    old_size: int,
    size: int | Unset = UNSET,
) -> Response[ConsistencyProof | Problem]:
    """Prove that the log has only grown

     Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

    Compare `old_root` with the root hash of the checkpoint that you kept.

    Requires the `auditor` role.

    Args:
        old_size (int): The number of events in the earlier tree.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsistencyProof | Problem]
    """

    kwargs = _get_kwargs(
        old_size=old_size,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    old_size: int,
    size: int | Unset = UNSET,
) -> ConsistencyProof | Problem | None:
    """Prove that the log has only grown

     Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

    Compare `old_root` with the root hash of the checkpoint that you kept.

    Requires the `auditor` role.

    Args:
        old_size (int): The number of events in the earlier tree.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsistencyProof | Problem
    """

    return sync_detailed(
        client=client,
        old_size=old_size,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    old_size: int,
    size: int | Unset = UNSET,
) -> Response[ConsistencyProof | Problem]:
    """Prove that the log has only grown

     Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

    Compare `old_root` with the root hash of the checkpoint that you kept.

    Requires the `auditor` role.

    Args:
        old_size (int): The number of events in the earlier tree.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConsistencyProof | Problem]
    """

    kwargs = _get_kwargs(
        old_size=old_size,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    old_size: int,
    size: int | Unset = UNSET,
) -> ConsistencyProof | Problem | None:
    """Prove that the log has only grown

     Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

    Compare `old_root` with the root hash of the checkpoint that you kept.

    Requires the `auditor` role.

    Args:
        old_size (int): The number of events in the earlier tree.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConsistencyProof | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            old_size=old_size,
            size=size,
        )
    ).parsed
