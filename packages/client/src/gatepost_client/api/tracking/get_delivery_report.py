import datetime
from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bucket import Bucket
from ...models.delivery_report import DeliveryReport
from ...models.problem import Problem
from ...models.tier import Tier
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    team: list[str] | Unset = UNSET,
    bucket: Bucket | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

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

    json_team: list[str] | Unset = UNSET
    if not isinstance(team, Unset):
        json_team = team

    params["team"] = json_team

    json_bucket: str | Unset = UNSET
    if not isinstance(bucket, Unset):
        json_bucket = bucket.value

    params["bucket"] = json_bucket

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/reports/delivery",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeliveryReport | Problem | None:
    if response.status_code == 200:
        response_200 = DeliveryReport.from_dict(response.json())

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
) -> Response[DeliveryReport | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    team: list[str] | Unset = UNSET,
    bucket: Bucket | Unset = UNSET,
) -> Response[DeliveryReport | Problem]:
    """Get the delivery report

     Report the frequency, speed and stability of deployments, and how approvals are used.

    Each metric states what it counts and lists the deployments on which it is based. A
    rollback made through Gatepost names the deployment that it reverts; nothing is inferred
    from timing. A record names none, so a record that returns to an earlier version counts as a
    rollback.

    Args:
        since (datetime.datetime | Unset): The start of the period. Default: 90 days before its
            end.
        until (datetime.datetime | Unset): The end of the period, exclusive. Default: now.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        team (list[str] | Unset): Filter by the team of the service.
        bucket (Bucket | Unset): The length of a report's buckets. Buckets start and end at
            midnight UTC.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryReport | Problem]
    """

    kwargs = _get_kwargs(
        since=since,
        until=until,
        service=service,
        environment=environment,
        tier=tier,
        team=team,
        bucket=bucket,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    team: list[str] | Unset = UNSET,
    bucket: Bucket | Unset = UNSET,
) -> DeliveryReport | Problem | None:
    """Get the delivery report

     Report the frequency, speed and stability of deployments, and how approvals are used.

    Each metric states what it counts and lists the deployments on which it is based. A
    rollback made through Gatepost names the deployment that it reverts; nothing is inferred
    from timing. A record names none, so a record that returns to an earlier version counts as a
    rollback.

    Args:
        since (datetime.datetime | Unset): The start of the period. Default: 90 days before its
            end.
        until (datetime.datetime | Unset): The end of the period, exclusive. Default: now.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        team (list[str] | Unset): Filter by the team of the service.
        bucket (Bucket | Unset): The length of a report's buckets. Buckets start and end at
            midnight UTC.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryReport | Problem
    """

    return sync_detailed(
        client=client,
        since=since,
        until=until,
        service=service,
        environment=environment,
        tier=tier,
        team=team,
        bucket=bucket,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    team: list[str] | Unset = UNSET,
    bucket: Bucket | Unset = UNSET,
) -> Response[DeliveryReport | Problem]:
    """Get the delivery report

     Report the frequency, speed and stability of deployments, and how approvals are used.

    Each metric states what it counts and lists the deployments on which it is based. A
    rollback made through Gatepost names the deployment that it reverts; nothing is inferred
    from timing. A record names none, so a record that returns to an earlier version counts as a
    rollback.

    Args:
        since (datetime.datetime | Unset): The start of the period. Default: 90 days before its
            end.
        until (datetime.datetime | Unset): The end of the period, exclusive. Default: now.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        team (list[str] | Unset): Filter by the team of the service.
        bucket (Bucket | Unset): The length of a report's buckets. Buckets start and end at
            midnight UTC.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryReport | Problem]
    """

    kwargs = _get_kwargs(
        since=since,
        until=until,
        service=service,
        environment=environment,
        tier=tier,
        team=team,
        bucket=bucket,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    tier: list[Tier] | Unset = UNSET,
    team: list[str] | Unset = UNSET,
    bucket: Bucket | Unset = UNSET,
) -> DeliveryReport | Problem | None:
    """Get the delivery report

     Report the frequency, speed and stability of deployments, and how approvals are used.

    Each metric states what it counts and lists the deployments on which it is based. A
    rollback made through Gatepost names the deployment that it reverts; nothing is inferred
    from timing. A record names none, so a record that returns to an earlier version counts as a
    rollback.

    Args:
        since (datetime.datetime | Unset): The start of the period. Default: 90 days before its
            end.
        until (datetime.datetime | Unset): The end of the period, exclusive. Default: now.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        tier (list[Tier] | Unset): Filter by tier.
        team (list[str] | Unset): Filter by the team of the service.
        bucket (Bucket | Unset): The length of a report's buckets. Buckets start and end at
            midnight UTC.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryReport | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            since=since,
            until=until,
            service=service,
            environment=environment,
            tier=tier,
            team=team,
            bucket=bucket,
        )
    ).parsed
