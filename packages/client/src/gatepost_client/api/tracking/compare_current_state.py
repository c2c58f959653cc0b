from http import HTTPStatus
from typing import Any, cast

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.state_differences import StateDifferences
from ...models.tier import Tier
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: str,
    to: str | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    params: dict[str, Any] = {}

    params["from"] = from_

    params["to"] = to

    json_service: list[str] | Unset = UNSET
    if not isinstance(service, Unset):
        json_service = service

    params["service"] = json_service

    json_environment: list[str] | Unset = UNSET
    if not isinstance(environment, Unset):
        json_environment = environment

    params["environment"] = json_environment

    json_tier: list[str] | Unset = UNSET
    if not isinstance(tier, Unset):
        json_tier = []
        for tier_item_data in tier:
            tier_item = tier_item_data.value
            json_tier.append(tier_item)

    params["tier"] = json_tier

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/deployments/current/diff",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | StateDifferences | None:
    if response.status_code == 200:
        response_200 = StateDifferences.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[Any | Problem | StateDifferences]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    from_: str,
    to: str | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | Problem | StateDifferences]:
    """Compare two states

     Return the services whose live versions differ between two states.

    `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
    `from=staging&to=production` compares two environments now; times and environments can be
    combined. A version that was merely redeployed does not count as different.

    Args:
        from_ (str): The first state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no environment, that
            of `to` is used. If neither has one, all environments are compared.
        to (str | Unset): The second state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no time, it is the
            current state. If it has no environment, that of `from` is used.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | StateDifferences]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        service=service,
        environment=environment,
        tier=tier,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    from_: str,
    to: str | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Any | Problem | StateDifferences | None:
    """Compare two states

     Return the services whose live versions differ between two states.

    `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
    `from=staging&to=production` compares two environments now; times and environments can be
    combined. A version that was merely redeployed does not count as different.

    Args:
        from_ (str): The first state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no environment, that
            of `to` is used. If neither has one, all environments are compared.
        to (str | Unset): The second state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no time, it is the
            current state. If it has no environment, that of `from` is used.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | StateDifferences
    """

    return sync_detailed(
        client=client,
        from_=from_,
        to=to,
        service=service,
        environment=environment,
        tier=tier,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    from_: str,
    to: str | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | Problem | StateDifferences]:
    """Compare two states

     Return the services whose live versions differ between two states.

    `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
    `from=staging&to=production` compares two environments now; times and environments can be
    combined. A version that was merely redeployed does not count as different.

    Args:
        from_ (str): The first state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no environment, that
            of `to` is used. If neither has one, all environments are compared.
        to (str | Unset): The second state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no time, it is the
            current state. If it has no environment, that of `from` is used.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | StateDifferences]
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        service=service,
        environment=environment,
        tier=tier,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    from_: str,
    to: str | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Any | Problem | StateDifferences | None:
    """Compare two states

     Return the services whose live versions differ between two states.

    `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
    `from=staging&to=production` compares two environments now; times and environments can be
    combined. A version that was merely redeployed does not count as different.

    Args:
        from_ (str): The first state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no environment, that
            of `to` is used. If neither has one, all environments are compared.
        to (str | Unset): The second state. A time such as `2026-11-21T09:30:00Z`, the name of an
            environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no time, it is the
            current state. If it has no environment, that of `from` is used.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        if_none_match (str | Unset): The ETags of cached responses. If one is current, the
            response is 304.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | StateDifferences
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            to=to,
            service=service,
            environment=environment,
            tier=tier,
            if_none_match=if_none_match,
        )
    ).parsed
