from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.issued_token import IssuedToken
from ...models.pipeline_proof import PipelineProof
from ...models.problem import Problem
from ...plain_values import to_json
from ...types import Response


def _get_kwargs(
    *,
    body: PipelineProof,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/auth/exchange",
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IssuedToken | Problem | None:
    if response.status_code == 201:
        response_201 = IssuedToken.from_dict(response.json())

        return response_201

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
) -> Response[IssuedToken | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: PipelineProof,
) -> Response[IssuedToken | Problem]:
    """Exchange a pipeline's OIDC token for a Gatepost token

     Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

    The token acts as the service account and has the scopes that the server's configuration
    assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
    only once.

    Args:
        body (PipelineProof): A pipeline's proof of identity.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IssuedToken | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: PipelineProof,
) -> IssuedToken | Problem | None:
    """Exchange a pipeline's OIDC token for a Gatepost token

     Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

    The token acts as the service account and has the scopes that the server's configuration
    assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
    only once.

    Args:
        body (PipelineProof): A pipeline's proof of identity.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IssuedToken | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: PipelineProof,
) -> Response[IssuedToken | Problem]:
    """Exchange a pipeline's OIDC token for a Gatepost token

     Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

    The token acts as the service account and has the scopes that the server's configuration
    assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
    only once.

    Args:
        body (PipelineProof): A pipeline's proof of identity.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IssuedToken | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: PipelineProof,
) -> IssuedToken | Problem | None:
    """Exchange a pipeline's OIDC token for a Gatepost token

     Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

    The token acts as the service account and has the scopes that the server's configuration
    assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
    only once.

    Args:
        body (PipelineProof): A pipeline's proof of identity.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IssuedToken | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
