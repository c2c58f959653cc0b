from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deployment_changes import DeploymentChanges
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    deployment: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/deployments/{deployment}/changes".format(
            deployment=quote(str(deployment), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeploymentChanges | Problem | None:
    if response.status_code == 200:
        response_200 = DeploymentChanges.from_dict(response.json())

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
) -> Response[DeploymentChanges | Problem]:
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
) -> Response[DeploymentChanges | Problem]:
    """Get the changes that a deployment makes

     Return the version that the deployment replaces, and everything between the two versions.

    A deployment that has not ended is compared with the version that is live now; any other
    deployment with the version that was live when it went live or ended. `versions` and
    `work_references` are those that the deployment adds or, if it goes backward, removes.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentChanges | Problem]
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
) -> DeploymentChanges | Problem | None:
    """Get the changes that a deployment makes

     Return the version that the deployment replaces, and everything between the two versions.

    A deployment that has not ended is compared with the version that is live now; any other
    deployment with the version that was live when it went live or ended. `versions` and
    `work_references` are those that the deployment adds or, if it goes backward, removes.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentChanges | Problem
    """

    return sync_detailed(
        deployment=deployment,
        client=client,
    ).parsed


async def asyncio_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
) -> Response[DeploymentChanges | Problem]:
    """Get the changes that a deployment makes

     Return the version that the deployment replaces, and everything between the two versions.

    A deployment that has not ended is compared with the version that is live now; any other
    deployment with the version that was live when it went live or ended. `versions` and
    `work_references` are those that the deployment adds or, if it goes backward, removes.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentChanges | Problem]
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
) -> DeploymentChanges | Problem | None:
    """Get the changes that a deployment makes

     Return the version that the deployment replaces, and everything between the two versions.

    A deployment that has not ended is compared with the version that is live now; any other
    deployment with the version that was live when it went live or ended. `versions` and
    `work_references` are those that the deployment adds or, if it goes backward, removes.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentChanges | Problem
    """

    return (
        await asyncio_detailed(
            deployment=deployment,
            client=client,
        )
    ).parsed
