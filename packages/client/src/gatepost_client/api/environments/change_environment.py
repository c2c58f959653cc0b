from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.environment import Environment
from ...models.environment_change import EnvironmentChange
from ...models.problem import Problem
from ...models.settings_change import SettingsChange
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    environment: str,
    *,
    body: EnvironmentChange,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/environments/{environment}".format(
            environment=quote(str(environment), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Environment | Problem | SettingsChange | None:
    if response.status_code == 200:
        response_200 = Environment.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

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
) -> Response[Environment | Problem | SettingsChange]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: EnvironmentChange,
    if_match: str | Unset = UNSET,
) -> Response[Environment | Problem | SettingsChange]:
    """Update an environment

     Update, archive or unarchive an environment.

    An archived environment accepts no new deployment requests and is listed only with
    `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
    another admin has to approve a change to `tier` or `archived`: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (EnvironmentChange): Changes to an environment. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Environment | Problem | SettingsChange]
    """

    kwargs = _get_kwargs(
        environment=environment,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: EnvironmentChange,
    if_match: str | Unset = UNSET,
) -> Environment | Problem | SettingsChange | None:
    """Update an environment

     Update, archive or unarchive an environment.

    An archived environment accepts no new deployment requests and is listed only with
    `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
    another admin has to approve a change to `tier` or `archived`: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (EnvironmentChange): Changes to an environment. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Environment | Problem | SettingsChange
    """

    return sync_detailed(
        environment=environment,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: EnvironmentChange,
    if_match: str | Unset = UNSET,
) -> Response[Environment | Problem | SettingsChange]:
    """Update an environment

     Update, archive or unarchive an environment.

    An archived environment accepts no new deployment requests and is listed only with
    `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
    another admin has to approve a change to `tier` or `archived`: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (EnvironmentChange): Changes to an environment. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Environment | Problem | SettingsChange]
    """

    kwargs = _get_kwargs(
        environment=environment,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: EnvironmentChange,
    if_match: str | Unset = UNSET,
) -> Environment | Problem | SettingsChange | None:
    """Update an environment

     Update, archive or unarchive an environment.

    An archived environment accepts no new deployment requests and is listed only with
    `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
    another admin has to approve a change to `tier` or `archived`: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (EnvironmentChange): Changes to an environment. Omitted fields are unchanged.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Environment | Problem | SettingsChange
    """

    return (
        await asyncio_detailed(
            environment=environment,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
