from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.unblock_body import UnblockBody
from ...models.version_block import VersionBlock
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    service: str,
    version: str,
    *,
    body: UnblockBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/services/{service}/versions/{version}/unblock".format(
            service=quote(str(service), safe=""),
            version=quote(str(version), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | VersionBlock | None:
    if response.status_code == 200:
        response_200 = VersionBlock.from_dict(response.json())

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
) -> Response[Problem | VersionBlock]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    service: str,
    version: str,
    *,
    client: AuthenticatedClient,
    body: UnblockBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | VersionBlock]:
    """Unblock a version

     Allow a version that was rolled back in an environment to be deployed there again.

    Returns the removed block. Deployments that waited because of the block resume
    automatically.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        version (str): The version as registered. A `/` in it can be sent as is or as `%2F`.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (UnblockBody): The environment in which to unblock a version, and the reason.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VersionBlock]
    """

    kwargs = _get_kwargs(
        service=service,
        version=version,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    service: str,
    version: str,
    *,
    client: AuthenticatedClient,
    body: UnblockBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | VersionBlock | None:
    """Unblock a version

     Allow a version that was rolled back in an environment to be deployed there again.

    Returns the removed block. Deployments that waited because of the block resume
    automatically.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        version (str): The version as registered. A `/` in it can be sent as is or as `%2F`.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (UnblockBody): The environment in which to unblock a version, and the reason.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VersionBlock
    """

    return sync_detailed(
        service=service,
        version=version,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    service: str,
    version: str,
    *,
    client: AuthenticatedClient,
    body: UnblockBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | VersionBlock]:
    """Unblock a version

     Allow a version that was rolled back in an environment to be deployed there again.

    Returns the removed block. Deployments that waited because of the block resume
    automatically.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        version (str): The version as registered. A `/` in it can be sent as is or as `%2F`.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (UnblockBody): The environment in which to unblock a version, and the reason.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VersionBlock]
    """

    kwargs = _get_kwargs(
        service=service,
        version=version,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    version: str,
    *,
    client: AuthenticatedClient,
    body: UnblockBody,
    idempotency_key: str | Unset = UNSET,
) -> Problem | VersionBlock | None:
    """Unblock a version

     Allow a version that was rolled back in an environment to be deployed there again.

    Returns the removed block. Deployments that waited because of the block resume
    automatically.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        version (str): The version as registered. A `/` in it can be sent as is or as `%2F`.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (UnblockBody): The environment in which to unblock a version, and the reason.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VersionBlock
    """

    return (
        await asyncio_detailed(
            service=service,
            version=version,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
