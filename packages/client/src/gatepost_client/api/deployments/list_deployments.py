import datetime
from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deployment_kind import DeploymentKind
from ...models.deployment_page import DeploymentPage
from ...models.deployment_status import DeploymentStatus
from ...models.list_order import ListOrder
from ...models.problem import Problem
from ...models.tier import Tier
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

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

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = []
        for status_item_data in status:
            status_item = status_item_data.value
            json_status.append(status_item)

    params["status"] = json_status

    json_kind: list[str] | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = []
        for kind_item_data in kind:
            kind_item = kind_item_data.value
            json_kind.append(kind_item)

    params["kind"] = json_kind

    json_requester: list[str] | Unset = UNSET
    if not isinstance(requester, Unset):
        json_requester = requester

    params["requester"] = json_requester

    json_version: list[str] | Unset = UNSET
    if not isinstance(version, Unset):
        json_version = version

    params["version"] = json_version

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    json_deployed_since: str | Unset = UNSET
    if not isinstance(deployed_since, Unset):
        json_deployed_since = deployed_since.isoformat()
    params["deployed_since"] = json_deployed_since

    json_deployed_until: str | Unset = UNSET
    if not isinstance(deployed_until, Unset):
        json_deployed_until = deployed_until.isoformat()
    params["deployed_until"] = json_deployed_until

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/deployments",
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

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

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
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[DeploymentPage | Problem]:
    """List deployments

     Deployments in the order they were asked for, the newest first unless told otherwise.

    Each filter can be given several times and then holds any of its values; different filters
    must all hold. Pages stay right while deployments are added.

    Args:
        service (list[str] | Unset): Of any of these services.
        environment (list[str] | Unset): In any of these environments.
        tier (list[Tier] | Unset): In any of these tiers.
        status (list[DeploymentStatus] | Unset): In any of these statuses.
        kind (list[DeploymentKind] | Unset): Of any of these kinds.
        requester (list[str] | Unset): Asked for by any of these people.
        version (list[str] | Unset): Of any of these versions.
        since (datetime.datetime | Unset): Created at this instant or later.
        until (datetime.datetime | Unset): Created before this instant.
        deployed_since (datetime.datetime | Unset): Stood in its environment from this instant or
            later.
        deployed_until (datetime.datetime | Unset): Stood in its environment from before this
            instant.
        order (ListOrder | Unset): Which end of a list comes first.
        limit (int | Unset): At most so many items in the answer.
        cursor (str | Unset): The `next_cursor` of the answer before; without it, the list's
            beginning.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPage | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        tier=tier,
        status=status,
        kind=kind,
        requester=requester,
        version=version,
        since=since,
        until=until,
        deployed_since=deployed_since,
        deployed_until=deployed_until,
        order=order,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> DeploymentPage | Problem | None:
    """List deployments

     Deployments in the order they were asked for, the newest first unless told otherwise.

    Each filter can be given several times and then holds any of its values; different filters
    must all hold. Pages stay right while deployments are added.

    Args:
        service (list[str] | Unset): Of any of these services.
        environment (list[str] | Unset): In any of these environments.
        tier (list[Tier] | Unset): In any of these tiers.
        status (list[DeploymentStatus] | Unset): In any of these statuses.
        kind (list[DeploymentKind] | Unset): Of any of these kinds.
        requester (list[str] | Unset): Asked for by any of these people.
        version (list[str] | Unset): Of any of these versions.
        since (datetime.datetime | Unset): Created at this instant or later.
        until (datetime.datetime | Unset): Created before this instant.
        deployed_since (datetime.datetime | Unset): Stood in its environment from this instant or
            later.
        deployed_until (datetime.datetime | Unset): Stood in its environment from before this
            instant.
        order (ListOrder | Unset): Which end of a list comes first.
        limit (int | Unset): At most so many items in the answer.
        cursor (str | Unset): The `next_cursor` of the answer before; without it, the list's
            beginning.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPage | Problem
    """

    return sync_detailed(
        client=client,
        service=service,
        environment=environment,
        tier=tier,
        status=status,
        kind=kind,
        requester=requester,
        version=version,
        since=since,
        until=until,
        deployed_since=deployed_since,
        deployed_until=deployed_until,
        order=order,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[DeploymentPage | Problem]:
    """List deployments

     Deployments in the order they were asked for, the newest first unless told otherwise.

    Each filter can be given several times and then holds any of its values; different filters
    must all hold. Pages stay right while deployments are added.

    Args:
        service (list[str] | Unset): Of any of these services.
        environment (list[str] | Unset): In any of these environments.
        tier (list[Tier] | Unset): In any of these tiers.
        status (list[DeploymentStatus] | Unset): In any of these statuses.
        kind (list[DeploymentKind] | Unset): Of any of these kinds.
        requester (list[str] | Unset): Asked for by any of these people.
        version (list[str] | Unset): Of any of these versions.
        since (datetime.datetime | Unset): Created at this instant or later.
        until (datetime.datetime | Unset): Created before this instant.
        deployed_since (datetime.datetime | Unset): Stood in its environment from this instant or
            later.
        deployed_until (datetime.datetime | Unset): Stood in its environment from before this
            instant.
        order (ListOrder | Unset): Which end of a list comes first.
        limit (int | Unset): At most so many items in the answer.
        cursor (str | Unset): The `next_cursor` of the answer before; without it, the list's
            beginning.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentPage | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        tier=tier,
        status=status,
        kind=kind,
        requester=requester,
        version=version,
        since=since,
        until=until,
        deployed_since=deployed_since,
        deployed_until=deployed_until,
        order=order,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    status: list[DeploymentStatus] | Unset = UNSET,
    kind: list[DeploymentKind] | Unset = UNSET,
    requester: list[str] | Unset = UNSET,
    version: list[str] | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    deployed_since: datetime.datetime | Unset = UNSET,
    deployed_until: datetime.datetime | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> DeploymentPage | Problem | None:
    """List deployments

     Deployments in the order they were asked for, the newest first unless told otherwise.

    Each filter can be given several times and then holds any of its values; different filters
    must all hold. Pages stay right while deployments are added.

    Args:
        service (list[str] | Unset): Of any of these services.
        environment (list[str] | Unset): In any of these environments.
        tier (list[Tier] | Unset): In any of these tiers.
        status (list[DeploymentStatus] | Unset): In any of these statuses.
        kind (list[DeploymentKind] | Unset): Of any of these kinds.
        requester (list[str] | Unset): Asked for by any of these people.
        version (list[str] | Unset): Of any of these versions.
        since (datetime.datetime | Unset): Created at this instant or later.
        until (datetime.datetime | Unset): Created before this instant.
        deployed_since (datetime.datetime | Unset): Stood in its environment from this instant or
            later.
        deployed_until (datetime.datetime | Unset): Stood in its environment from before this
            instant.
        order (ListOrder | Unset): Which end of a list comes first.
        limit (int | Unset): At most so many items in the answer.
        cursor (str | Unset): The `next_cursor` of the answer before; without it, the list's
            beginning.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            service=service,
            environment=environment,
            tier=tier,
            status=status,
            kind=kind,
            requester=requester,
            version=version,
            since=since,
            until=until,
            deployed_since=deployed_since,
            deployed_until=deployed_until,
            order=order,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
