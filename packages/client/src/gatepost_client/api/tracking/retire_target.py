import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.retired_target import RetiredTarget
from ...models.settings_change import SettingsChange
from ...types import UNSET, Response, Unset


def _get_kwargs(
    service: str,
    environment: str,
    *,
    at: datetime.datetime | Unset = UNSET,
    reason: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_at: str | Unset = UNSET
    if not isinstance(at, Unset):
        json_at = at.isoformat()
    params["at"] = json_at

    params["reason"] = reason

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/services/{service}/targets/{environment}".format(
            service=quote(str(service), safe=""),
            environment=quote(str(environment), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RetiredTarget | SettingsChange | None:
    if response.status_code == 200:
        response_200 = RetiredTarget.from_dict(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = SettingsChange.from_dict(response.json())

        return response_202

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
) -> Response[Problem | RetiredTarget | SettingsChange]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    at: datetime.datetime | Unset = UNSET,
    reason: str | Unset = UNSET,
) -> Response[Problem | RetiredTarget | SettingsChange]:
    """Retire a target

     Declare that a service no longer runs in an environment.

    Nothing is deleted: the state before the retirement is unchanged, and a later deployment
    makes the service live there again. If the policy of the environment has
    `settings_approvals`, another admin has to approve the retirement: the response is 202.

    Requires the `operator` role or, for a past `at`, the `admin` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        at (datetime.datetime | Unset): When the target was retired. Must not be in the future.
            Defaults to now.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RetiredTarget | SettingsChange]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        at=at,
        reason=reason,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    at: datetime.datetime | Unset = UNSET,
    reason: str | Unset = UNSET,
) -> Problem | RetiredTarget | SettingsChange | None:
    """Retire a target

     Declare that a service no longer runs in an environment.

    Nothing is deleted: the state before the retirement is unchanged, and a later deployment
    makes the service live there again. If the policy of the environment has
    `settings_approvals`, another admin has to approve the retirement: the response is 202.

    Requires the `operator` role or, for a past `at`, the `admin` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        at (datetime.datetime | Unset): When the target was retired. Must not be in the future.
            Defaults to now.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RetiredTarget | SettingsChange
    """

    return sync_detailed(
        service=service,
        environment=environment,
        client=client,
        at=at,
        reason=reason,
    ).parsed


async def asyncio_detailed(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    at: datetime.datetime | Unset = UNSET,
    reason: str | Unset = UNSET,
) -> Response[Problem | RetiredTarget | SettingsChange]:
    """Retire a target

     Declare that a service no longer runs in an environment.

    Nothing is deleted: the state before the retirement is unchanged, and a later deployment
    makes the service live there again. If the policy of the environment has
    `settings_approvals`, another admin has to approve the retirement: the response is 202.

    Requires the `operator` role or, for a past `at`, the `admin` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        at (datetime.datetime | Unset): When the target was retired. Must not be in the future.
            Defaults to now.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RetiredTarget | SettingsChange]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        at=at,
        reason=reason,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    at: datetime.datetime | Unset = UNSET,
    reason: str | Unset = UNSET,
) -> Problem | RetiredTarget | SettingsChange | None:
    """Retire a target

     Declare that a service no longer runs in an environment.

    Nothing is deleted: the state before the retirement is unchanged, and a later deployment
    makes the service live there again. If the policy of the environment has
    `settings_approvals`, another admin has to approve the retirement: the response is 202.

    Requires the `operator` role or, for a past `at`, the `admin` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        at (datetime.datetime | Unset): When the target was retired. Must not be in the future.
            Defaults to now.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RetiredTarget | SettingsChange
    """

    return (
        await asyncio_detailed(
            service=service,
            environment=environment,
            client=client,
            at=at,
            reason=reason,
        )
    ).parsed
