from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.token import Token
from ...types import Response


def _get_kwargs(
    user: str,
    token: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/users/{user}/tokens/{token}".format(
            user=quote(str(user), safe=""),
            token=quote(str(token), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Token | None:
    if response.status_code == 200:
        response_200 = Token.from_dict(response.json())

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
) -> Response[Problem | Token]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    user: str,
    token: str,
    *,
    client: AuthenticatedClient,
) -> Response[Problem | Token]:
    """Revoke a token

     Revoke your own token or, with the `admin` role, another user's.

    The token is refused from the next request on, and so is everything that was created with
    it, at any depth: sessions, tokens, and unaccepted invitations.

    Args:
        user (str): The user's name.
        token (str): The token's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Token]
    """

    kwargs = _get_kwargs(
        user=user,
        token=token,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user: str,
    token: str,
    *,
    client: AuthenticatedClient,
) -> Problem | Token | None:
    """Revoke a token

     Revoke your own token or, with the `admin` role, another user's.

    The token is refused from the next request on, and so is everything that was created with
    it, at any depth: sessions, tokens, and unaccepted invitations.

    Args:
        user (str): The user's name.
        token (str): The token's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Token
    """

    return sync_detailed(
        user=user,
        token=token,
        client=client,
    ).parsed


async def asyncio_detailed(
    user: str,
    token: str,
    *,
    client: AuthenticatedClient,
) -> Response[Problem | Token]:
    """Revoke a token

     Revoke your own token or, with the `admin` role, another user's.

    The token is refused from the next request on, and so is everything that was created with
    it, at any depth: sessions, tokens, and unaccepted invitations.

    Args:
        user (str): The user's name.
        token (str): The token's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Token]
    """

    kwargs = _get_kwargs(
        user=user,
        token=token,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user: str,
    token: str,
    *,
    client: AuthenticatedClient,
) -> Problem | Token | None:
    """Revoke a token

     Revoke your own token or, with the `admin` role, another user's.

    The token is refused from the next request on, and so is everything that was created with
    it, at any depth: sessions, tokens, and unaccepted invitations.

    Args:
        user (str): The user's name.
        token (str): The token's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Token
    """

    return (
        await asyncio_detailed(
            user=user,
            token=token,
            client=client,
        )
    ).parsed
