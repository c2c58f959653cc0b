from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deployment_create import DeploymentCreate
from ...models.deployment_preview import DeploymentPreview
from ...models.problem import Problem
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: DeploymentCreate,
    assume_registered: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["assume_registered"] = assume_registered

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/deployments/preview",
        "params": params,
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeploymentPreview | Problem | None:
    if response.status_code == 200:
        response_200 = DeploymentPreview.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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
) -> Response[DeploymentPreview | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: DeploymentCreate,
    assume_registered: bool | Unset = False,
) -> Response[DeploymentPreview | Problem]:
    """Preview a deployment

     Evaluate a deployment request without creating it.

    Takes the same body as a request and refuses it for the same reasons. Returns the required
    review, the current state of every gate and the actions available to the caller.

    Requires the `requester` role.

    Args:
        assume_registered (bool | Unset): Evaluate the request as if the version were registered,
            for example before it is built. Default: False.
        body (DeploymentCreate): The deployment to request. It cannot be edited later.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPreview | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        assume_registered=assume_registered,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: DeploymentCreate,
    assume_registered: bool | Unset = False,
) -> DeploymentPreview | Problem | None:
    """Preview a deployment

     Evaluate a deployment request without creating it.

    Takes the same body as a request and refuses it for the same reasons. Returns the required
    review, the current state of every gate and the actions available to the caller.

    Requires the `requester` role.

    Args:
        assume_registered (bool | Unset): Evaluate the request as if the version were registered,
            for example before it is built. Default: False.
        body (DeploymentCreate): The deployment to request. It cannot be edited later.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPreview | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        assume_registered=assume_registered,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: DeploymentCreate,
    assume_registered: bool | Unset = False,
) -> Response[DeploymentPreview | Problem]:
    """Preview a deployment

     Evaluate a deployment request without creating it.

    Takes the same body as a request and refuses it for the same reasons. Returns the required
    review, the current state of every gate and the actions available to the caller.

    Requires the `requester` role.

    Args:
        assume_registered (bool | Unset): Evaluate the request as if the version were registered,
            for example before it is built. Default: False.
        body (DeploymentCreate): The deployment to request. It cannot be edited later.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPreview | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        assume_registered=assume_registered,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: DeploymentCreate,
    assume_registered: bool | Unset = False,
) -> DeploymentPreview | Problem | None:
    """Preview a deployment

     Evaluate a deployment request without creating it.

    Takes the same body as a request and refuses it for the same reasons. Returns the required
    review, the current state of every gate and the actions available to the caller.

    Requires the `requester` role.

    Args:
        assume_registered (bool | Unset): Evaluate the request as if the version were registered,
            for example before it is built. Default: False.
        body (DeploymentCreate): The deployment to request. It cannot be edited later.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPreview | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            assume_registered=assume_registered,
        )
    ).parsed
