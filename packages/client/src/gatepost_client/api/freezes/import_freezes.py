from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.effect import Effect
from ...models.freeze_import_result import FreezeImportResult
from ...models.problem import Problem
from ...models.tier import Tier
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    body: File,
    series: str | Unset = UNSET,
    service: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    tier: Tier | Unset = UNSET,
    effect: Effect | Unset = UNSET,
    reason: str | Unset = UNSET,
    timezone: str | Unset = UNSET,
    remove_missing: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["series"] = series

    params["service"] = service

    params["environment"] = environment

    json_tier: str | Unset = UNSET
    if not isinstance(tier, Unset):
        json_tier = tier.value

    params["tier"] = json_tier

    json_effect: str | Unset = UNSET
    if not isinstance(effect, Unset):
        json_effect = effect.value

    params["effect"] = json_effect

    params["reason"] = reason

    params["timezone"] = timezone

    params["remove_missing"] = remove_missing

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/freezes/import",
        "params": params,
    }

    _kwargs["content"] = body.payload
    headers["Content-Type"] = body.mime_type or "application/octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FreezeImportResult | Problem | None:
    if response.status_code == 200:
        response_200 = FreezeImportResult.from_dict(response.json())

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
) -> Response[FreezeImportResult | Problem]:
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
    series: str | Unset = UNSET,
    service: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    tier: Tier | Unset = UNSET,
    effect: Effect | Unset = UNSET,
    reason: str | Unset = UNSET,
    timezone: str | Unset = UNSET,
    remove_missing: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> Response[FreezeImportResult | Problem]:
    """Import freezes from a calendar

     Create a freeze for each event in an iCalendar file, such as one with public holidays.

    The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
    recurring events become recurring freezes, without the dates that the events exclude. Events
    that have ended are left out.

    Imports all events or none; errors name each faulty event. A file can be sent again: the
    freezes of an event with the same UID are kept if the event is unchanged, and replaced
    otherwise.

    Requires the `operator` role.

    Args:
        series (str | Unset): The name of the series. A later import with the same name and scope
            changes the same freezes. Default: the name of the calendar.
        service (str | Unset): Freeze only this service.
        environment (str | Unset): Freeze only this environment.
        tier (Tier | Unset): The importance of an environment. Rules depend on the tier, never on
            the name.
        effect (Effect | Unset): How a freeze affects starts in its scope.
        reason (str | Unset): The reason for every freeze. Default: the summary of each event.
        timezone (str | Unset): The IANA time zone of all-day events and of times without a zone.
            Default: the `X-WR-TIMEZONE` of the calendar, or UTC.
        remove_missing (bool | Unset): Lift the freezes in the series whose events are missing
            from the calendar. Default: False.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): An iCalendar file (RFC 5545) in UTF-8, of at most 1 MiB and 1,000 events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FreezeImportResult | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        series=series,
        service=service,
        environment=environment,
        tier=tier,
        effect=effect,
        reason=reason,
        timezone=timezone,
        remove_missing=remove_missing,
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
    series: str | Unset = UNSET,
    service: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    tier: Tier | Unset = UNSET,
    effect: Effect | Unset = UNSET,
    reason: str | Unset = UNSET,
    timezone: str | Unset = UNSET,
    remove_missing: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> FreezeImportResult | Problem | None:
    """Import freezes from a calendar

     Create a freeze for each event in an iCalendar file, such as one with public holidays.

    The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
    recurring events become recurring freezes, without the dates that the events exclude. Events
    that have ended are left out.

    Imports all events or none; errors name each faulty event. A file can be sent again: the
    freezes of an event with the same UID are kept if the event is unchanged, and replaced
    otherwise.

    Requires the `operator` role.

    Args:
        series (str | Unset): The name of the series. A later import with the same name and scope
            changes the same freezes. Default: the name of the calendar.
        service (str | Unset): Freeze only this service.
        environment (str | Unset): Freeze only this environment.
        tier (Tier | Unset): The importance of an environment. Rules depend on the tier, never on
            the name.
        effect (Effect | Unset): How a freeze affects starts in its scope.
        reason (str | Unset): The reason for every freeze. Default: the summary of each event.
        timezone (str | Unset): The IANA time zone of all-day events and of times without a zone.
            Default: the `X-WR-TIMEZONE` of the calendar, or UTC.
        remove_missing (bool | Unset): Lift the freezes in the series whose events are missing
            from the calendar. Default: False.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): An iCalendar file (RFC 5545) in UTF-8, of at most 1 MiB and 1,000 events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FreezeImportResult | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        series=series,
        service=service,
        environment=environment,
        tier=tier,
        effect=effect,
        reason=reason,
        timezone=timezone,
        remove_missing=remove_missing,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    series: str | Unset = UNSET,
    service: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    tier: Tier | Unset = UNSET,
    effect: Effect | Unset = UNSET,
    reason: str | Unset = UNSET,
    timezone: str | Unset = UNSET,
    remove_missing: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> Response[FreezeImportResult | Problem]:
    """Import freezes from a calendar

     Create a freeze for each event in an iCalendar file, such as one with public holidays.

    The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
    recurring events become recurring freezes, without the dates that the events exclude. Events
    that have ended are left out.

    Imports all events or none; errors name each faulty event. A file can be sent again: the
    freezes of an event with the same UID are kept if the event is unchanged, and replaced
    otherwise.

    Requires the `operator` role.

    Args:
        series (str | Unset): The name of the series. A later import with the same name and scope
            changes the same freezes. Default: the name of the calendar.
        service (str | Unset): Freeze only this service.
        environment (str | Unset): Freeze only this environment.
        tier (Tier | Unset): The importance of an environment. Rules depend on the tier, never on
            the name.
        effect (Effect | Unset): How a freeze affects starts in its scope.
        reason (str | Unset): The reason for every freeze. Default: the summary of each event.
        timezone (str | Unset): The IANA time zone of all-day events and of times without a zone.
            Default: the `X-WR-TIMEZONE` of the calendar, or UTC.
        remove_missing (bool | Unset): Lift the freezes in the series whose events are missing
            from the calendar. Default: False.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): An iCalendar file (RFC 5545) in UTF-8, of at most 1 MiB and 1,000 events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FreezeImportResult | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        series=series,
        service=service,
        environment=environment,
        tier=tier,
        effect=effect,
        reason=reason,
        timezone=timezone,
        remove_missing=remove_missing,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File,
    series: str | Unset = UNSET,
    service: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    tier: Tier | Unset = UNSET,
    effect: Effect | Unset = UNSET,
    reason: str | Unset = UNSET,
    timezone: str | Unset = UNSET,
    remove_missing: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
) -> FreezeImportResult | Problem | None:
    """Import freezes from a calendar

     Create a freeze for each event in an iCalendar file, such as one with public holidays.

    The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
    recurring events become recurring freezes, without the dates that the events exclude. Events
    that have ended are left out.

    Imports all events or none; errors name each faulty event. A file can be sent again: the
    freezes of an event with the same UID are kept if the event is unchanged, and replaced
    otherwise.

    Requires the `operator` role.

    Args:
        series (str | Unset): The name of the series. A later import with the same name and scope
            changes the same freezes. Default: the name of the calendar.
        service (str | Unset): Freeze only this service.
        environment (str | Unset): Freeze only this environment.
        tier (Tier | Unset): The importance of an environment. Rules depend on the tier, never on
            the name.
        effect (Effect | Unset): How a freeze affects starts in its scope.
        reason (str | Unset): The reason for every freeze. Default: the summary of each event.
        timezone (str | Unset): The IANA time zone of all-day events and of times without a zone.
            Default: the `X-WR-TIMEZONE` of the calendar, or UTC.
        remove_missing (bool | Unset): Lift the freezes in the series whose events are missing
            from the calendar. Default: False.
        idempotency_key (str | Unset): Makes a retry safe: for 7 days, the same key with the same
            request returns the stored response instead of executing the request again. Errors are not
            stored. A key in quotation marks is equivalent to one without them.
        body (File): An iCalendar file (RFC 5545) in UTF-8, of at most 1 MiB and 1,000 events.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FreezeImportResult | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            series=series,
            service=service,
            environment=environment,
            tier=tier,
            effect=effect,
            reason=reason,
            timezone=timezone,
            remove_missing=remove_missing,
            idempotency_key=idempotency_key,
        )
    ).parsed
