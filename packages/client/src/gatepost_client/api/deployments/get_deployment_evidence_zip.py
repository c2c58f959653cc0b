from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import File, Response


def _get_kwargs(
    deployment: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/deployments/{deployment}/evidence?format=zip".format(
            deployment=quote(str(deployment), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> File | Problem | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

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
) -> Response[File | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
) -> Response[File | Problem]:
    """Get the evidence of a deployment

     Return everything about one deployment in one document, as of one point in time.

    The document contains the request, the policy it was requested under, each approval and what
    it covers, the state of each gate at the start, the steps that workers reported, every event
    with its hashes, and the proof that the events are part of the signed log. The zip archive
    also contains a program that verifies the document offline with only the Python standard
    library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
    in the server's data folder.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        deployment=deployment,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    deployment: str,
    *,
    client: AuthenticatedClient,
) -> File | Problem | None:
    """Get the evidence of a deployment

     Return everything about one deployment in one document, as of one point in time.

    The document contains the request, the policy it was requested under, each approval and what
    it covers, the state of each gate at the start, the steps that workers reported, every event
    with its hashes, and the proof that the events are part of the signed log. The zip archive
    also contains a program that verifies the document offline with only the Python standard
    library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
    in the server's data folder.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        deployment=deployment,
        client=client,
    ).parsed


async def asyncio_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
) -> Response[File | Problem]:
    """Get the evidence of a deployment

     Return everything about one deployment in one document, as of one point in time.

    The document contains the request, the policy it was requested under, each approval and what
    it covers, the state of each gate at the start, the steps that workers reported, every event
    with its hashes, and the proof that the events are part of the signed log. The zip archive
    also contains a program that verifies the document offline with only the Python standard
    library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
    in the server's data folder.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        deployment=deployment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    deployment: str,
    *,
    client: AuthenticatedClient,
) -> File | Problem | None:
    """Get the evidence of a deployment

     Return everything about one deployment in one document, as of one point in time.

    The document contains the request, the policy it was requested under, each approval and what
    it covers, the state of each gate at the start, the steps that workers reported, every event
    with its hashes, and the proof that the events are part of the signed log. The zip archive
    also contains a program that verifies the document offline with only the Python standard
    library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
    in the server's data folder.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            deployment=deployment,
            client=client,
        )
    ).parsed
