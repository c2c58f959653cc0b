from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.policy import Policy
from ...models.policy_body import PolicyBody
from ...models.problem import Problem
from ...models.settings_change import SettingsChange
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    environment: str,
    *,
    body: PolicyBody,
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
        "url": "/api/v1/environments/{environment}/policy".format(
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
) -> Policy | Problem | SettingsChange | None:
    if response.status_code == 200:
        response_200 = Policy.from_dict(response.json())

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
) -> Response[Policy | Problem | SettingsChange]:
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
    body: PolicyBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[Policy | Problem | SettingsChange]:
    """Replace an environment's policy

     Replace an environment's policy with a new version, which applies to new requests.

    Open deployments keep the version they were requested under. An omitted field is set to its
    default, not to its previous value. Approval rules that no user can currently satisfy are
    refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
    admin has to approve the change: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (PolicyBody): The rules of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Policy | Problem | SettingsChange]
    """

    kwargs = _get_kwargs(
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
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicyBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Policy | Problem | SettingsChange | None:
    """Replace an environment's policy

     Replace an environment's policy with a new version, which applies to new requests.

    Open deployments keep the version they were requested under. An omitted field is set to its
    default, not to its previous value. Approval rules that no user can currently satisfy are
    refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
    admin has to approve the change: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (PolicyBody): The rules of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Policy | Problem | SettingsChange
    """

    return sync_detailed(
        environment=environment,
        client=client,
        body=body,
        reason=reason,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicyBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[Policy | Problem | SettingsChange]:
    """Replace an environment's policy

     Replace an environment's policy with a new version, which applies to new requests.

    Open deployments keep the version they were requested under. An omitted field is set to its
    default, not to its previous value. Approval rules that no user can currently satisfy are
    refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
    admin has to approve the change: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (PolicyBody): The rules of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Policy | Problem | SettingsChange]
    """

    kwargs = _get_kwargs(
        environment=environment,
        body=body,
        reason=reason,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    environment: str,
    *,
    client: AuthenticatedClient,
    body: PolicyBody,
    reason: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Policy | Problem | SettingsChange | None:
    """Replace an environment's policy

     Replace an environment's policy with a new version, which applies to new requests.

    Open deployments keep the version they were requested under. An omitted field is set to its
    default, not to its previous value. Approval rules that no user can currently satisfy are
    refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
    admin has to approve the change: the response is 202.

    Requires the `admin` role.

    Args:
        environment (str): The environment's name.
        reason (str | Unset): The reason for the change. Shown to the admin who has to approve the
            change.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (PolicyBody): The rules of an environment.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Policy | Problem | SettingsChange
    """

    return (
        await asyncio_detailed(
            environment=environment,
            client=client,
            body=body,
            reason=reason,
            if_match=if_match,
        )
    ).parsed
