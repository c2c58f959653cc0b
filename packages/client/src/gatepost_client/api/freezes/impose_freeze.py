from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.freeze import Freeze
from ...models.freeze_create import FreezeCreate
from ...models.problem import Problem
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: FreezeCreate,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/freezes",
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Freeze | Problem | None:
    if response.status_code == 201:
        response_201 = Freeze.from_dict(response.json())

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
) -> Response[Freeze | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: FreezeCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[Freeze | Problem]:
    """Create a freeze

     Prevent deployments in a scope from starting, or allow them to start only in a window.

    Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
    precedence over every `allow` window. Deployments that start automatically do so once no
    freeze blocks them.

    Requires the `operator` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (FreezeCreate): A period in which deployments in a scope cannot start, or a window in
            which they can.

            A one-time freeze takes `ends_at`, `ttl` or `ttl_s`; without these, it lasts until lifted.
            A
            recurring freeze takes `rrule` with `duration` or `duration_s`, and recurs in `timezone`
            from
            `starts_at`, which must be an occurrence of the rule.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Freeze | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: FreezeCreate,
    idempotency_key: str | Unset = UNSET,
) -> Freeze | Problem | None:
    """Create a freeze

     Prevent deployments in a scope from starting, or allow them to start only in a window.

    Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
    precedence over every `allow` window. Deployments that start automatically do so once no
    freeze blocks them.

    Requires the `operator` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (FreezeCreate): A period in which deployments in a scope cannot start, or a window in
            which they can.

            A one-time freeze takes `ends_at`, `ttl` or `ttl_s`; without these, it lasts until lifted.
            A
            recurring freeze takes `rrule` with `duration` or `duration_s`, and recurs in `timezone`
            from
            `starts_at`, which must be an occurrence of the rule.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Freeze | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: FreezeCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[Freeze | Problem]:
    """Create a freeze

     Prevent deployments in a scope from starting, or allow them to start only in a window.

    Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
    precedence over every `allow` window. Deployments that start automatically do so once no
    freeze blocks them.

    Requires the `operator` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (FreezeCreate): A period in which deployments in a scope cannot start, or a window in
            which they can.

            A one-time freeze takes `ends_at`, `ttl` or `ttl_s`; without these, it lasts until lifted.
            A
            recurring freeze takes `rrule` with `duration` or `duration_s`, and recurs in `timezone`
            from
            `starts_at`, which must be an occurrence of the rule.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Freeze | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: FreezeCreate,
    idempotency_key: str | Unset = UNSET,
) -> Freeze | Problem | None:
    """Create a freeze

     Prevent deployments in a scope from starting, or allow them to start only in a window.

    Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
    precedence over every `allow` window. Deployments that start automatically do so once no
    freeze blocks them.

    Requires the `operator` role.

    Args:
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (FreezeCreate): A period in which deployments in a scope cannot start, or a window in
            which they can.

            A one-time freeze takes `ends_at`, `ttl` or `ttl_s`; without these, it lasts until lifted.
            A
            recurring freeze takes `rrule` with `duration` or `duration_s`, and recurs in `timezone`
            from
            `starts_at`, which must be an occurrence of the rule.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Freeze | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
