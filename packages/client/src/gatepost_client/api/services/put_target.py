from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.settings_change import SettingsChange
from ...models.target import Target
from ...models.target_body import TargetBody
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    service: str,
    environment: str,
    *,
    body: TargetBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    params: dict[str, Any] = {}

    params["reason"] = reason

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/services/{service}/targets/{environment}".format(
            service=quote(str(service), safe=""),
            environment=quote(str(environment), safe=""),
        ),
        "params": params,
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SettingsChange | Target | None:
    if response.status_code == 200:
        response_200 = Target.from_dict(response.json())

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
) -> Response[Problem | SettingsChange | Target]:
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
    body: TargetBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[Problem | SettingsChange | Target]:
    """Create or replace a target

     Configure how a service is rolled out to an environment and checked there.

    Replaces the previous settings: an omitted field is set to its default. If the policy of the
    environment has `settings_approvals`, another admin has to approve the change: the response
    is 202.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (TargetBody): How to roll a service out to an environment and check it there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SettingsChange | Target]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        body=body,
        reason=reason,
        if_match=if_match,
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
    body: TargetBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Problem | SettingsChange | Target | None:
    """Create or replace a target

     Configure how a service is rolled out to an environment and checked there.

    Replaces the previous settings: an omitted field is set to its default. If the policy of the
    environment has `settings_approvals`, another admin has to approve the change: the response
    is 202.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (TargetBody): How to roll a service out to an environment and check it there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SettingsChange | Target
    """

    return sync_detailed(
        service=service,
        environment=environment,
        client=client,
        body=body,
        reason=reason,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    body: TargetBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[Problem | SettingsChange | Target]:
    """Create or replace a target

     Configure how a service is rolled out to an environment and checked there.

    Replaces the previous settings: an omitted field is set to its default. If the policy of the
    environment has `settings_approvals`, another admin has to approve the change: the response
    is 202.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (TargetBody): How to roll a service out to an environment and check it there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SettingsChange | Target]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        body=body,
        reason=reason,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    body: TargetBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Problem | SettingsChange | Target | None:
    """Create or replace a target

     Configure how a service is rolled out to an environment and checked there.

    Replaces the previous settings: an omitted field is set to its default. If the policy of the
    environment has `settings_approvals`, another admin has to approve the change: the response
    is 202.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (TargetBody): How to roll a service out to an environment and check it there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SettingsChange | Target
    """

    return (
        await asyncio_detailed(
            service=service,
            environment=environment,
            client=client,
            body=body,
            reason=reason,
            if_match=if_match,
        )
    ).parsed
