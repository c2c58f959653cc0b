from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.import_history_tiers import ImportHistoryTiers
from ...models.import_result import ImportResult
from ...models.on_conflict import OnConflict
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    body: File,
    create_missing: bool | Unset = False,
    on_conflict: OnConflict | Unset = UNSET,
    ignore_unknown: bool | Unset = False,
    timezone: str | Unset = UNSET,
    tiers: ImportHistoryTiers | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["create_missing"] = create_missing

    json_on_conflict: str | Unset = UNSET
    if not isinstance(on_conflict, Unset):
        json_on_conflict = on_conflict.value

    params["on_conflict"] = json_on_conflict

    params["ignore_unknown"] = ignore_unknown

    params["timezone"] = timezone

    json_tiers: dict[str, Any] | Unset = UNSET
    if not isinstance(tiers, Unset):
        json_tiers = tiers.to_dict()
    if not isinstance(json_tiers, Unset):
        params.update(json_tiers)

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/deployments/import",
        "params": params,
    }

    _kwargs["content"] = body.payload
    headers["Content-Type"] = body.mime_type or "application/octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ImportResult | Problem | None:
    if response.status_code == 200:
        response_200 = ImportResult.from_dict(response.json())

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
) -> Response[ImportResult | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    create_missing: bool | Unset = False,
    on_conflict: OnConflict | Unset = UNSET,
    ignore_unknown: bool | Unset = False,
    timezone: str | Unset = UNSET,
    tiers: ImportHistoryTiers | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[ImportResult | Problem]:
    """Import deployment history

     Import external deployments from a CSV file with a header, NDJSON or a JSON array.

    The media type may also be `text/csv`, `text/tab-separated-values`, `application/x-ndjson`
    or `application/json`. With `application/octet-stream`, the first character determines the
    format: a file that starts with `{` or `[` is JSON, any other file is CSV. The file can be
    compressed with gzip, and encoded in UTF-8, in UTF-16 with a byte order mark, or in the
    `charset` of the media type.

    The columns of a CSV file can be separated by commas, semicolons, tabs or vertical bars; the
    separator is detected from the header. Column names are case-insensitive, and whitespace
    around them is ignored.

    A row without `status` means a deployment that succeeded. A `failed` deployment never
    becomes current, but counts toward the failure rate. A deployment with the status
    `rolled_back` was live until its `rolled_back_at`. The `kind` `rollback` marks a deployment
    that rolled back another one.

    An export (`GET /audit/export`) can be imported. Its rows about deployments that never went
    live, or have since been rolled back, hidden or retired, are skipped, and its additional
    columns are ignored.

    Imports all rows or none; errors name the row and column. A row whose `external_id` is
    already recorded in its service and environment with the same values does not create a
    second record, so a file can safely be sent again. If the values differ, the row is an error
    (`external_id_taken`), unless `on_conflict=skip`. A row without `external_id` that has the
    same values as an earlier row of the file, or as a record, is not stored again either.

    Requires the `admin` role.

    Args:
        create_missing (bool | Unset): Create services, versions and environments that do not
            exist. By default, missing ones are reported as errors. An environment is created only if
            its tier is known: the names `production`, `staging`, `test` and `development` determine
            the tier; for any other name, send a parameter `tier.NAME` with the tier as its value, as
            in `tier.prod-us=production`. Default: False.
        on_conflict (OnConflict | Unset): What an import does with a row whose external id is
            taken by a different record.
        ignore_unknown (bool | Unset): Ignore unknown columns. By default, they are reported as
            errors. Default: False.
        timezone (str | Unset): The time zone of times without an offset from UTC, as in
            `Europe/Berlin` (an IANA name). Without this parameter, such times are errors. Local times
            that occurred twice or never are always errors.
        tiers (ImportHistoryTiers | Unset):
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): Required columns: service, environment, version, deployed_at. Optional
            columns: deployed_by, notes, external_id, status, rolled_back_at, kind.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResult | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        create_missing=create_missing,
        on_conflict=on_conflict,
        ignore_unknown=ignore_unknown,
        timezone=timezone,
        tiers=tiers,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: File,
    create_missing: bool | Unset = False,
    on_conflict: OnConflict | Unset = UNSET,
    ignore_unknown: bool | Unset = False,
    timezone: str | Unset = UNSET,
    tiers: ImportHistoryTiers | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ImportResult | Problem | None:
    """Import deployment history

     Import external deployments from a CSV file with a header, NDJSON or a JSON array.

    The media type may also be `text/csv`, `text/tab-separated-values`, `application/x-ndjson`
    or `application/json`. With `application/octet-stream`, the first character determines the
    format: a file that starts with `{` or `[` is JSON, any other file is CSV. The file can be
    compressed with gzip, and encoded in UTF-8, in UTF-16 with a byte order mark, or in the
    `charset` of the media type.

    The columns of a CSV file can be separated by commas, semicolons, tabs or vertical bars; the
    separator is detected from the header. Column names are case-insensitive, and whitespace
    around them is ignored.

    A row without `status` means a deployment that succeeded. A `failed` deployment never
    becomes current, but counts toward the failure rate. A deployment with the status
    `rolled_back` was live until its `rolled_back_at`. The `kind` `rollback` marks a deployment
    that rolled back another one.

    An export (`GET /audit/export`) can be imported. Its rows about deployments that never went
    live, or have since been rolled back, hidden or retired, are skipped, and its additional
    columns are ignored.

    Imports all rows or none; errors name the row and column. A row whose `external_id` is
    already recorded in its service and environment with the same values does not create a
    second record, so a file can safely be sent again. If the values differ, the row is an error
    (`external_id_taken`), unless `on_conflict=skip`. A row without `external_id` that has the
    same values as an earlier row of the file, or as a record, is not stored again either.

    Requires the `admin` role.

    Args:
        create_missing (bool | Unset): Create services, versions and environments that do not
            exist. By default, missing ones are reported as errors. An environment is created only if
            its tier is known: the names `production`, `staging`, `test` and `development` determine
            the tier; for any other name, send a parameter `tier.NAME` with the tier as its value, as
            in `tier.prod-us=production`. Default: False.
        on_conflict (OnConflict | Unset): What an import does with a row whose external id is
            taken by a different record.
        ignore_unknown (bool | Unset): Ignore unknown columns. By default, they are reported as
            errors. Default: False.
        timezone (str | Unset): The time zone of times without an offset from UTC, as in
            `Europe/Berlin` (an IANA name). Without this parameter, such times are errors. Local times
            that occurred twice or never are always errors.
        tiers (ImportHistoryTiers | Unset):
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): Required columns: service, environment, version, deployed_at. Optional
            columns: deployed_by, notes, external_id, status, rolled_back_at, kind.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResult | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        create_missing=create_missing,
        on_conflict=on_conflict,
        ignore_unknown=ignore_unknown,
        timezone=timezone,
        tiers=tiers,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    create_missing: bool | Unset = False,
    on_conflict: OnConflict | Unset = UNSET,
    ignore_unknown: bool | Unset = False,
    timezone: str | Unset = UNSET,
    tiers: ImportHistoryTiers | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[ImportResult | Problem]:
    """Import deployment history

     Import external deployments from a CSV file with a header, NDJSON or a JSON array.

    The media type may also be `text/csv`, `text/tab-separated-values`, `application/x-ndjson`
    or `application/json`. With `application/octet-stream`, the first character determines the
    format: a file that starts with `{` or `[` is JSON, any other file is CSV. The file can be
    compressed with gzip, and encoded in UTF-8, in UTF-16 with a byte order mark, or in the
    `charset` of the media type.

    The columns of a CSV file can be separated by commas, semicolons, tabs or vertical bars; the
    separator is detected from the header. Column names are case-insensitive, and whitespace
    around them is ignored.

    A row without `status` means a deployment that succeeded. A `failed` deployment never
    becomes current, but counts toward the failure rate. A deployment with the status
    `rolled_back` was live until its `rolled_back_at`. The `kind` `rollback` marks a deployment
    that rolled back another one.

    An export (`GET /audit/export`) can be imported. Its rows about deployments that never went
    live, or have since been rolled back, hidden or retired, are skipped, and its additional
    columns are ignored.

    Imports all rows or none; errors name the row and column. A row whose `external_id` is
    already recorded in its service and environment with the same values does not create a
    second record, so a file can safely be sent again. If the values differ, the row is an error
    (`external_id_taken`), unless `on_conflict=skip`. A row without `external_id` that has the
    same values as an earlier row of the file, or as a record, is not stored again either.

    Requires the `admin` role.

    Args:
        create_missing (bool | Unset): Create services, versions and environments that do not
            exist. By default, missing ones are reported as errors. An environment is created only if
            its tier is known: the names `production`, `staging`, `test` and `development` determine
            the tier; for any other name, send a parameter `tier.NAME` with the tier as its value, as
            in `tier.prod-us=production`. Default: False.
        on_conflict (OnConflict | Unset): What an import does with a row whose external id is
            taken by a different record.
        ignore_unknown (bool | Unset): Ignore unknown columns. By default, they are reported as
            errors. Default: False.
        timezone (str | Unset): The time zone of times without an offset from UTC, as in
            `Europe/Berlin` (an IANA name). Without this parameter, such times are errors. Local times
            that occurred twice or never are always errors.
        tiers (ImportHistoryTiers | Unset):
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): Required columns: service, environment, version, deployed_at. Optional
            columns: deployed_by, notes, external_id, status, rolled_back_at, kind.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResult | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        create_missing=create_missing,
        on_conflict=on_conflict,
        ignore_unknown=ignore_unknown,
        timezone=timezone,
        tiers=tiers,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File,
    create_missing: bool | Unset = False,
    on_conflict: OnConflict | Unset = UNSET,
    ignore_unknown: bool | Unset = False,
    timezone: str | Unset = UNSET,
    tiers: ImportHistoryTiers | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ImportResult | Problem | None:
    """Import deployment history

     Import external deployments from a CSV file with a header, NDJSON or a JSON array.

    The media type may also be `text/csv`, `text/tab-separated-values`, `application/x-ndjson`
    or `application/json`. With `application/octet-stream`, the first character determines the
    format: a file that starts with `{` or `[` is JSON, any other file is CSV. The file can be
    compressed with gzip, and encoded in UTF-8, in UTF-16 with a byte order mark, or in the
    `charset` of the media type.

    The columns of a CSV file can be separated by commas, semicolons, tabs or vertical bars; the
    separator is detected from the header. Column names are case-insensitive, and whitespace
    around them is ignored.

    A row without `status` means a deployment that succeeded. A `failed` deployment never
    becomes current, but counts toward the failure rate. A deployment with the status
    `rolled_back` was live until its `rolled_back_at`. The `kind` `rollback` marks a deployment
    that rolled back another one.

    An export (`GET /audit/export`) can be imported. Its rows about deployments that never went
    live, or have since been rolled back, hidden or retired, are skipped, and its additional
    columns are ignored.

    Imports all rows or none; errors name the row and column. A row whose `external_id` is
    already recorded in its service and environment with the same values does not create a
    second record, so a file can safely be sent again. If the values differ, the row is an error
    (`external_id_taken`), unless `on_conflict=skip`. A row without `external_id` that has the
    same values as an earlier row of the file, or as a record, is not stored again either.

    Requires the `admin` role.

    Args:
        create_missing (bool | Unset): Create services, versions and environments that do not
            exist. By default, missing ones are reported as errors. An environment is created only if
            its tier is known: the names `production`, `staging`, `test` and `development` determine
            the tier; for any other name, send a parameter `tier.NAME` with the tier as its value, as
            in `tier.prod-us=production`. Default: False.
        on_conflict (OnConflict | Unset): What an import does with a row whose external id is
            taken by a different record.
        ignore_unknown (bool | Unset): Ignore unknown columns. By default, they are reported as
            errors. Default: False.
        timezone (str | Unset): The time zone of times without an offset from UTC, as in
            `Europe/Berlin` (an IANA name). Without this parameter, such times are errors. Local times
            that occurred twice or never are always errors.
        tiers (ImportHistoryTiers | Unset):
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): Required columns: service, environment, version, deployed_at. Optional
            columns: deployed_by, notes, external_id, status, rolled_back_at, kind.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResult | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            create_missing=create_missing,
            on_conflict=on_conflict,
            ignore_unknown=ignore_unknown,
            timezone=timezone,
            tiers=tiers,
            idempotency_key=idempotency_key,
        )
    ).parsed
