from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deployment import Deployment
from ...models.problem import Problem
from ...models.rollback_body import RollbackBody
from ...plain_values import to_json
from ...types import UNSET, Response, Unset


def _get_kwargs(
    deployment: str,
    *,
    body: RollbackBody,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/deployments/{deployment}/rollback".format(
            deployment=quote(str(deployment), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Deployment | Problem | None:
    if response.status_code == 200:
        response_200 = Deployment.from_dict(response.json())

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
) -> Response[Deployment | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: RollbackBody,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[Deployment | Problem]:
    """Report that a deployment was rolled back

     Record that the rollout was reverted.

    A rollback can be recorded while the rollout is in progress and after it has succeeded or
    failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
    environment, and requests the last known good version there. The new deployment has the kind
    `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
    is refused and nothing changes.

    Requires the `operator` role.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (RollbackBody): The reason for a rollback and whether to redeploy the previous
            version.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deployment | Problem]
    """

    kwargs = _get_kwargs(
        deployment=deployment,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: RollbackBody,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Deployment | Problem | None:
    """Report that a deployment was rolled back

     Record that the rollout was reverted.

    A rollback can be recorded while the rollout is in progress and after it has succeeded or
    failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
    environment, and requests the last known good version there. The new deployment has the kind
    `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
    is refused and nothing changes.

    Requires the `operator` role.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (RollbackBody): The reason for a rollback and whether to redeploy the previous
            version.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deployment | Problem
    """

    return sync_detailed(
        deployment=deployment,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: RollbackBody,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[Deployment | Problem]:
    """Report that a deployment was rolled back

     Record that the rollout was reverted.

    A rollback can be recorded while the rollout is in progress and after it has succeeded or
    failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
    environment, and requests the last known good version there. The new deployment has the kind
    `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
    is refused and nothing changes.

    Requires the `operator` role.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (RollbackBody): The reason for a rollback and whether to redeploy the previous
            version.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deployment | Problem]
    """

    kwargs = _get_kwargs(
        deployment=deployment,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: RollbackBody,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Deployment | Problem | None:
    """Report that a deployment was rolled back

     Record that the rollout was reverted.

    A rollback can be recorded while the rollout is in progress and after it has succeeded or
    failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
    environment, and requests the last known good version there. The new deployment has the kind
    `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
    is refused and nothing changes.

    Requires the `operator` role.

    Args:
        deployment (str): The deployment's id or number (`DEP-42` or `42`).
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        if_match (str | Unset): The ETag of the last known revision, or several ETags, up to 1,000
            characters in all. If none of them is current, the request is refused with 412.
        body (RollbackBody): The reason for a rollback and whether to redeploy the previous
            version.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deployment | Problem
    """

    return (
        await asyncio_detailed(
            deployment=deployment,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
    ).parsed
