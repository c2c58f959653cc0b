from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.check_run import CheckRun
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    service: str,
    environment: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/services/{service}/targets/{environment}/check-runs".format(
            service=quote(str(service), safe=""),
            environment=quote(str(environment), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CheckRun | Problem | None:
    if response.status_code == 201:
        response_201 = CheckRun.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[CheckRun | Problem]:
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
    idempotency_key: str | Unset = UNSET,
) -> Response[CheckRun | Problem]:
    """Run the checks of a target

     Request that a worker run a target's checks now, outside a deployment.

    The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
    are already queued or running, and 409 `no_checks` if the target has none. A run that no
    worker claims within ten minutes is marked as lost.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckRun | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        idempotency_key=idempotency_key,
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
    idempotency_key: str | Unset = UNSET,
) -> CheckRun | Problem | None:
    """Run the checks of a target

     Request that a worker run a target's checks now, outside a deployment.

    The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
    are already queued or running, and 409 `no_checks` if the target has none. A run that no
    worker claims within ten minutes is marked as lost.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckRun | Problem
    """

    return sync_detailed(
        service=service,
        environment=environment,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[CheckRun | Problem]:
    """Run the checks of a target

     Request that a worker run a target's checks now, outside a deployment.

    The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
    are already queued or running, and 409 `no_checks` if the target has none. A run that no
    worker claims within ten minutes is marked as lost.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckRun | Problem]
    """

    kwargs = _get_kwargs(
        service=service,
        environment=environment,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service: str,
    environment: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> CheckRun | Problem | None:
    """Run the checks of a target

     Request that a worker run a target's checks now, outside a deployment.

    The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
    are already queued or running, and 409 `no_checks` if the target has none. A run that no
    worker claims within ten minutes is marked as lost.

    Requires the `operator` role.

    Args:
        service (str): The service's name.
        environment (str): The environment's name.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckRun | Problem
    """

    return (
        await asyncio_detailed(
            service=service,
            environment=environment,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
