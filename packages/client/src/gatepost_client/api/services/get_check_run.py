from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.check_run import CheckRun
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    service: str,
    environment: str,
    check_run: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/services/{service}/targets/{environment}/check-runs/{check_run}".format(
            service=quote(str(service), safe=""),
            environment=quote(str(environment), safe=""),
            check_run=quote(str(check_run), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CheckRun | Problem | None:
    if response.status_code == 200:
        response_200 = CheckRun.from_dict(response.json())

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
) -> Response[CheckRun | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    service: str,
    environment: str,
    check_run: str,
    *,
    client: AuthenticatedClient,
) -> Response[CheckRun | Problem]:
    """Get a check run

     Return one check run of a target by id.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        check_run (str): The check run's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckRun | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        check_run=check_run,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    service: str,
    environment: str,
    check_run: str,
    *,
    client: AuthenticatedClient,
) -> CheckRun | Problem | None:
    """Get a check run

     Return one check run of a target by id.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        check_run (str): The check run's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckRun | Problem
    """

    return sync_detailed(
        service=service,
        environment=environment,
        check_run=check_run,
        client=client,
    ).parsed


async def asyncio_detailed(
    service: str,
    environment: str,
    check_run: str,
    *,
    client: AuthenticatedClient,
) -> Response[CheckRun | Problem]:
    """Get a check run

     Return one check run of a target by id.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        check_run (str): The check run's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckRun | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        check_run=check_run,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    environment: str,
    check_run: str,
    *,
    client: AuthenticatedClient,
) -> CheckRun | Problem | None:
    """Get a check run

     Return one check run of a target by id.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        check_run (str): The check run's id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckRun | Problem
    """

    return (
        await asyncio_detailed(
            service=service,
            environment=environment,
            check_run=check_run,
            client=client,
        )
    ).parsed
