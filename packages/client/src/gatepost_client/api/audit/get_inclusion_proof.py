from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.inclusion_proof import InclusionProof
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    seq: int,
    size: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["seq"] = seq

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/audit/proof",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> InclusionProof | Problem | None:
    if response.status_code == 200:
        response_200 = InclusionProof.from_dict(response.json())

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
) -> Response[InclusionProof | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    seq: int,
    size: int | Unset = UNSET,
) -> Response[InclusionProof | Problem]:
    """Prove that an event is part of the log

     Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

    The proof can be verified with the checkpoint alone, without the rest of the log.

    Requires the `auditor` role.

    Args:
        seq (int): The `seq` of the event.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InclusionProof | Problem]
    """

    kwargs = _get_kwargs(
        seq=seq,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    seq: int,
    size: int | Unset = UNSET,
) -> InclusionProof | Problem | None:
    """Prove that an event is part of the log

     Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

    The proof can be verified with the checkpoint alone, without the rest of the log.

    Requires the `auditor` role.

    Args:
        seq (int): The `seq` of the event.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InclusionProof | Problem
    """

    return sync_detailed(
        client=client,
        seq=seq,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    seq: int,
    size: int | Unset = UNSET,
) -> Response[InclusionProof | Problem]:
    """Prove that an event is part of the log

     Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

    The proof can be verified with the checkpoint alone, without the rest of the log.

    Requires the `auditor` role.

    Args:
        seq (int): The `seq` of the event.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InclusionProof | Problem]
    """

    kwargs = _get_kwargs(
        seq=seq,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    seq: int,
    size: int | Unset = UNSET,
) -> InclusionProof | Problem | None:
    """Prove that an event is part of the log

     Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

    The proof can be verified with the checkpoint alone, without the rest of the log.

    Requires the `auditor` role.

    Args:
        seq (int): The `seq` of the event.
        size (int | Unset): The number of events in the tree. Default: all events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InclusionProof | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            seq=seq,
            size=size,
        )
    ).parsed
