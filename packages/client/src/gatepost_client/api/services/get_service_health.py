from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.service_health import ServiceHealth
from ...types import UNSET, Response, Unset


def _get_kwargs(
    service: str,
    *,
    environment: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["environment"] = environment

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/services/{service}/health".format(
            service=quote(str(service), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | ServiceHealth | None:
    if response.status_code == 200:
        response_200 = ServiceHealth.from_dict(response.json())

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
) -> Response[Problem | ServiceHealth]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    service: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
) -> Response[Problem | ServiceHealth]:
    """Get the health of a service

     Return a service's latest rollout, its declared resources and its live versions.

    The latest rollout is the deployment that was most recently queued, started or, if it is a
    record, deployed.

    Args:
        service (str): The service's name.
        environment (str | Unset): Consider only this environment. Default: all environments.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ServiceHealth]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    service: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
) -> Problem | ServiceHealth | None:
    """Get the health of a service

     Return a service's latest rollout, its declared resources and its live versions.

    The latest rollout is the deployment that was most recently queued, started or, if it is a
    record, deployed.

    Args:
        service (str): The service's name.
        environment (str | Unset): Consider only this environment. Default: all environments.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ServiceHealth
    """

    return sync_detailed(
        service=service,
        client=client,
        environment=environment,
    ).parsed


async def asyncio_detailed(
    service: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
) -> Response[Problem | ServiceHealth]:
    """Get the health of a service

     Return a service's latest rollout, its declared resources and its live versions.

    The latest rollout is the deployment that was most recently queued, started or, if it is a
    record, deployed.

    Args:
        service (str): The service's name.
        environment (str | Unset): Consider only this environment. Default: all environments.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ServiceHealth]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
) -> Problem | ServiceHealth | None:
    """Get the health of a service

     Return a service's latest rollout, its declared resources and its live versions.

    The latest rollout is the deployment that was most recently queued, started or, if it is a
    record, deployed.

    Args:
        service (str): The service's name.
        environment (str | Unset): Consider only this environment. Default: all environments.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ServiceHealth
    """

    return (
        await asyncio_detailed(
            service=service,
            client=client,
            environment=environment,
        )
    ).parsed
