from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.policy_page import PolicyPage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    environment: str,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/environments/{environment}/policy/versions".format(
            environment=quote(str(environment), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PolicyPage | Problem | None:
    if response.status_code == 200:
        response_200 = PolicyPage.from_dict(response.json())

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
) -> Response[PolicyPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[PolicyPage | Problem]:
    """List the versions of an environment's policy

     List all versions of an environment's policy, newest first.

    A deployment keeps the policy version that was current when it was requested.

    Args:
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PolicyPage | Problem]
    """

    kwargs = _get_kwargs(
        environment=environment,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> PolicyPage | Problem | None:
    """List the versions of an environment's policy

     List all versions of an environment's policy, newest first.

    A deployment keeps the policy version that was current when it was requested.

    Args:
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PolicyPage | Problem
    """

    return sync_detailed(
        environment=environment,
        client=client,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[PolicyPage | Problem]:
    """List the versions of an environment's policy

     List all versions of an environment's policy, newest first.

    A deployment keeps the policy version that was current when it was requested.

    Args:
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PolicyPage | Problem]
    """

    kwargs = _get_kwargs(
        environment=environment,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> PolicyPage | Problem | None:
    """List the versions of an environment's policy

     List all versions of an environment's policy, newest first.

    A deployment keeps the policy version that was current when it was requested.

    Args:
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PolicyPage | Problem
    """

    return (
        await asyncio_detailed(
            environment=environment,
            client=client,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
