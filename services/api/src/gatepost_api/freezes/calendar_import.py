"""Importing a calendar file, for the API and for the console."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from litestar import Response

from gatepost_api.freezes.calendar_parsing import read_calendar
from gatepost_api.http.action_execution import WriteResponse, execute
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.freezes.import_freezes import (
    FreezeImport,
    ImportedFreezes,
    authorize_import,
    import_freezes,
)
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.freezes.freeze import Effect, FreezeScope, is_time_zone
from gatepost_domain.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarImportSettings:
    """The settings for importing a calendar: the scope and effect of its freezes."""

    scope: FreezeScope
    effect: Effect
    reason: str | None
    """The reason for every freeze; None to use the summary of each event."""
    timezone: str | None
    """The time zone of all-day events; None to use the calendar's."""
    remove_missing: bool
    series: str | None = None
    """The name of the series; None to use the calendar's."""


async def require_right_to_freeze(request: ApiRequest, scope: FreezeScope) -> None:
    """Refuse a caller who may not create freezes in the scope."""
    await request.context.ledger.perform(
        lambda uow: authorize_import(uow, scope, request.command(uow))
    )


async def execute_import(
    request: ApiRequest,
    content: bytes,
    calendar_import: CalendarImportSettings,
    respond: Callable[[UnitOfWork, ImportedFreezes], WriteResponse],
    *,
    idempotency_key: str | None,
) -> Response[Any]:
    """Read the calendar, and create, replace or lift freezes so that the series matches its events.

    Raises:
        ValidationFailed: the file or an event cannot be imported; nothing is stored.
    """
    timezone = calendar_import.timezone
    if timezone is not None and not is_time_zone(timezone):
        detail = f"{timezone[:60]} is not an IANA time zone such as Europe/Berlin."
        raise ValidationFailed(FieldError(field="timezone", code="unknown_timezone", detail=detail))
    calendar = await to_thread(
        read_calendar, content, timezone=timezone, needs_summary=calendar_import.reason is None
    )
    digest = sha256(content)
    freeze_import = FreezeImport(
        series=calendar_import.series or calendar.name,
        scope=calendar_import.scope,
        effect=calendar_import.effect,
        reason=calendar_import.reason,
        events=calendar.events,
        remove_missing=calendar_import.remove_missing,
        digest=digest.hexdigest(),
    )
    return await execute(
        request,
        partial(import_freezes, request=freeze_import, new_id=request.context.new_id),
        respond,
        idempotency_key=idempotency_key,
        body_digest=digest.digest(),
    )
