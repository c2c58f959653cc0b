import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.export_format import ExportFormat
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    format_: ExportFormat | Unset = UNSET,
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

    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_.value

    params["format"] = json_format_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/audit/export",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> File | Problem | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

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
) -> Response[File | Problem]:
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
    format_: ExportFormat | Unset = UNSET,
) -> Response[File | Problem]:
    """Export deployments and events

     Export deployments as a stream, ordered by number.

    A line of `jsonl` is a deployment as `GET /deployments/{deployment}` returns it, plus the
    field `in_effect`: whether it can be the live deployment of its service in its environment,
    because it went live and has not since been rolled back, hidden or retired. An import of the
    file skips the lines in which `in_effect` is false.

    `csv` begins with the columns that an import reads. A cell that begins with `=`, `+`, `-`,
    `@`, one of their full-width forms, a tab, a line break or an apostrophe is prefixed with an
    apostrophe, so that no spreadsheet executes the cell as a formula. An import removes this
    prefix.

    `zip` contains `deployments.jsonl`; `events.jsonl`, with the events of these deployments or,
    without a filter, all events, each with its proof (RFC 6962) under the signed
    `checkpoint.txt`; and `verify.py`, which verifies these files with only Python's standard
    library.

    An export contains the deployments that existed when it began, each in its state at the
    moment it is written. At most four exports run at a time.

    Requires the `auditor` role.

    Args:
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        format_ (ExportFormat | Unset): The format of an export.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        since=since,
        until=until,
        service=service,
        environment=environment,
        format_=format_,
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
    format_: ExportFormat | Unset = UNSET,
) -> File | Problem | None:
    """Export deployments and events

     Export deployments as a stream, ordered by number.

    A line of `jsonl` is a deployment as `GET /deployments/{deployment}` returns it, plus the
    field `in_effect`: whether it can be the live deployment of its service in its environment,
    because it went live and has not since been rolled back, hidden or retired. An import of the
    file skips the lines in which `in_effect` is false.

    `csv` begins with the columns that an import reads. A cell that begins with `=`, `+`, `-`,
    `@`, one of their full-width forms, a tab, a line break or an apostrophe is prefixed with an
    apostrophe, so that no spreadsheet executes the cell as a formula. An import removes this
    prefix.

    `zip` contains `deployments.jsonl`; `events.jsonl`, with the events of these deployments or,
    without a filter, all events, each with its proof (RFC 6962) under the signed
    `checkpoint.txt`; and `verify.py`, which verifies these files with only Python's standard
    library.

    An export contains the deployments that existed when it began, each in its state at the
    moment it is written. At most four exports run at a time.

    Requires the `auditor` role.

    Args:
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        format_ (ExportFormat | Unset): The format of an export.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        client=client,
        since=since,
        until=until,
        service=service,
        environment=environment,
        format_=format_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    service: list[str] | Unset = UNSET,
    environment: list[str] | Unset = UNSET,
    format_: ExportFormat | Unset = UNSET,
) -> Response[File | Problem]:
    """Export deployments and events

     Export deployments as a stream, ordered by number.

    A line of `jsonl` is a deployment as `GET /deployments/{deployment}` returns it, plus the
    field `in_effect`: whether it can be the live deployment of its service in its environment,
    because it went live and has not since been rolled back, hidden or retired. An import of the
    file skips the lines in which `in_effect` is false.

    `csv` begins with the columns that an import reads. A cell that begins with `=`, `+`, `-`,
    `@`, one of their full-width forms, a tab, a line break or an apostrophe is prefixed with an
    apostrophe, so that no spreadsheet executes the cell as a formula. An import removes this
    prefix.

    `zip` contains `deployments.jsonl`; `events.jsonl`, with the events of these deployments or,
    without a filter, all events, each with its proof (RFC 6962) under the signed
    `checkpoint.txt`; and `verify.py`, which verifies these files with only Python's standard
    library.

    An export contains the deployments that existed when it began, each in its state at the
    moment it is written. At most four exports run at a time.

    Requires the `auditor` role.

    Args:
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        format_ (ExportFormat | Unset): The format of an export.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        since=since,
        until=until,
        service=service,
        environment=environment,
        format_=format_,
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
    format_: ExportFormat | Unset = UNSET,
) -> File | Problem | None:
    """Export deployments and events

     Export deployments as a stream, ordered by number.

    A line of `jsonl` is a deployment as `GET /deployments/{deployment}` returns it, plus the
    field `in_effect`: whether it can be the live deployment of its service in its environment,
    because it went live and has not since been rolled back, hidden or retired. An import of the
    file skips the lines in which `in_effect` is false.

    `csv` begins with the columns that an import reads. A cell that begins with `=`, `+`, `-`,
    `@`, one of their full-width forms, a tab, a line break or an apostrophe is prefixed with an
    apostrophe, so that no spreadsheet executes the cell as a formula. An import removes this
    prefix.

    `zip` contains `deployments.jsonl`; `events.jsonl`, with the events of these deployments or,
    without a filter, all events, each with its proof (RFC 6962) under the signed
    `checkpoint.txt`; and `verify.py`, which verifies these files with only Python's standard
    library.

    An export contains the deployments that existed when it began, each in its state at the
    moment it is written. At most four exports run at a time.

    Requires the `auditor` role.

    Args:
        since (datetime.datetime | Unset): Deployed or, if not deployed, requested at or after
            this time.
        until (datetime.datetime | Unset): Deployed or, if not deployed, requested before this
            time.
        service (list[str] | Unset): Filter by service.
        environment (list[str] | Unset): Filter by environment.
        format_ (ExportFormat | Unset): The format of an export.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            since=since,
            until=until,
            service=service,
            environment=environment,
            format_=format_,
        )
    ).parsed
