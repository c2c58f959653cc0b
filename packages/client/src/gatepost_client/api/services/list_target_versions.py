from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.target_version_page import TargetVersionPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    service: str,
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
        "url": "/api/v1/services/{service}/targets/{environment}/versions".format(
            service=quote(str(service), safe=""),
            environment=quote(str(environment), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TargetVersionPage | None:
    if response.status_code == 200:
        response_200 = TargetVersionPage.from_dict(response.json())

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
) -> Response[Problem | TargetVersionPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[Problem | TargetVersionPage]:
    """List the versions of a target

     List the versions of a target's settings, newest first.

    The `target_version` of a deployment is the version that was current when it was requested.
    If the target was never configured, the list is empty.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TargetVersionPage]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Problem | TargetVersionPage | None:
    """List the versions of a target

     List the versions of a target's settings, newest first.

    The `target_version` of a deployment is the version that was current when it was requested.
    If the target was never configured, the list is empty.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TargetVersionPage
    """

    return sync_detailed(
        service=service,
        environment=environment,
        client=client,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[Problem | TargetVersionPage]:
    """List the versions of a target

     List the versions of a target's settings, newest first.

    The `target_version` of a deployment is the version that was current when it was requested.
    If the target was never configured, the list is empty.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TargetVersionPage]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Problem | TargetVersionPage | None:
    """List the versions of a target

     List the versions of a target's settings, newest first.

    The `target_version` of a deployment is the version that was current when it was requested.
    If the target was never configured, the list is empty.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TargetVersionPage
    """

    return (
        await asyncio_detailed(
            service=service,
            environment=environment,
            client=client,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
