from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.check_run_lease import CheckRunLease
from ...models.problem import Problem
from ...models.renew_body import RenewBody
from ...plain_values import to_json
from ...types import Response


def _get_kwargs(
    check_run: str,
    *,
    body: RenewBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/worker/check-runs/{check_run}/renew".format(
            check_run=quote(str(check_run), safe=""),
        ),
    }

    _kwargs["json"] = to_json(body)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CheckRunLease | Problem | None:
    if response.status_code == 200:
        response_200 = CheckRunLease.from_dict(response.json())

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
) -> Response[CheckRunLease | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    check_run: str,
    *,
    client: AuthenticatedClient,
    body: RenewBody,
) -> Response[CheckRunLease | Problem]:
    """Renew the claim on a check run

     Extend the claim on a check run by another lease.

    Returns 409 if another worker holds the check run or the run has ended. In that case, the
    worker must stop at once, and its further reports are refused.

    Requires the `worker` role.

    Args:
        check_run (str): The check run's id.
        body (RenewBody): The fencing token of the claim to renew.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckRunLease | Problem]
    """

    kwargs = _get_kwargs(
        check_run=check_run,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    check_run: str,
    *,
    client: AuthenticatedClient,
    body: RenewBody,
) -> CheckRunLease | Problem | None:
    """Renew the claim on a check run

     Extend the claim on a check run by another lease.

    Returns 409 if another worker holds the check run or the run has ended. In that case, the
    worker must stop at once, and its further reports are refused.

    Requires the `worker` role.

    Args:
        check_run (str): The check run's id.
        body (RenewBody): The fencing token of the claim to renew.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckRunLease | Problem
    """

    return sync_detailed(
        check_run=check_run,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    check_run: str,
    *,
    client: AuthenticatedClient,
    body: RenewBody,
) -> Response[CheckRunLease | Problem]:
    """Renew the claim on a check run

     Extend the claim on a check run by another lease.

    Returns 409 if another worker holds the check run or the run has ended. In that case, the
    worker must stop at once, and its further reports are refused.

    Requires the `worker` role.

    Args:
        check_run (str): The check run's id.
        body (RenewBody): The fencing token of the claim to renew.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckRunLease | Problem]
    """

    kwargs = _get_kwargs(
        check_run=check_run,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    check_run: str,
    *,
    client: AuthenticatedClient,
    body: RenewBody,
) -> CheckRunLease | Problem | None:
    """Renew the claim on a check run

     Extend the claim on a check run by another lease.

    Returns 409 if another worker holds the check run or the run has ended. In that case, the
    worker must stop at once, and its further reports are refused.

    Requires the `worker` role.

    Args:
        check_run (str): The check run's id.
        body (RenewBody): The fencing token of the claim to renew.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckRunLease | Problem
    """

    return (
        await asyncio_detailed(
            check_run=check_run,
            client=client,
            body=body,
        )
    ).parsed
