import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deployment_page import DeploymentPage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    environment: str,
    *,
    service: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_service: list[str] | Unset = UNSET
    if not isinstance(service, Unset):
        json_service = service

    params["service"] = json_service

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/environments/{environment}/deployments".format(
            environment=quote(str(environment), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeploymentPage | Problem | None:
    if response.status_code == 200:
        response_200 = DeploymentPage.from_dict(response.json())

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
) -> Response[DeploymentPage | Problem]:
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
    service: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[DeploymentPage | Problem]:
    """List the deployments to an environment

     List the deployments to an environment, newest first.

    Deployments are ordered by when they were deployed or, if not deployed, requested.
    Pagination is stable while deployments are added.

    Args:
        environment (str): The environment's name.
        service (list[str] | Unset): Filter by service.
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPage | Problem]
    """

    kwargs = _get_kwargs(
        environment=environment,
        service=service,
        since=since,
        until=until,
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
    service: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> DeploymentPage | Problem | None:
    """List the deployments to an environment

     List the deployments to an environment, newest first.

    Deployments are ordered by when they were deployed or, if not deployed, requested.
    Pagination is stable while deployments are added.

    Args:
        environment (str): The environment's name.
        service (list[str] | Unset): Filter by service.
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPage | Problem
    """

    return sync_detailed(
        environment=environment,
        client=client,
        service=service,
        since=since,
        until=until,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[DeploymentPage | Problem]:
    """List the deployments to an environment

     List the deployments to an environment, newest first.

    Deployments are ordered by when they were deployed or, if not deployed, requested.
    Pagination is stable while deployments are added.

    Args:
        environment (str): The environment's name.
        service (list[str] | Unset): Filter by service.
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPage | Problem]
    """

    kwargs = _get_kwargs(
        environment=environment,
        service=service,
        since=since,
        until=until,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    environment: str,
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> DeploymentPage | Problem | None:
    """List the deployments to an environment

     List the deployments to an environment, newest first.

    Deployments are ordered by when they were deployed or, if not deployed, requested.
    Pagination is stable while deployments are added.

    Args:
        environment (str): The environment's name.
        service (list[str] | Unset): Filter by service.
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        limit (int | Unset): The maximum number of items per page. Default: 50.
        cursor (str | Unset): The `next_cursor` of the previous page. Default: the first page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPage | Problem
    """

    return (
        await asyncio_detailed(
            environment=environment,
            client=client,
            service=service,
            since=since,
            until=until,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
