"""The API operation that imports the events of a calendar as freezes."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from litestar import Controller, Response, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import QueryParameter

from gatepost_api.freezes.calendar_import import (
    CalendarImportSettings,
    execute_import,
    require_right_to_freeze,
)
from gatepost_api.freezes.calendar_parsing import MAX_CALENDAR_BYTES
from gatepost_api.freezes.import_responses import FreezeImportResult
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
)
from gatepost_api.http.constrained_parameters import CheckedParameter, InvalidValue
from gatepost_api.http.media_types import OCTET_STREAM
from gatepost_api.http.problems import BadInput, problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.request_decompression import require_no_encoding
from gatepost_domain.allowed_characters import LINE_PATTERN, is_blank, replace_refused_characters
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.freeze import Effect, FreezeScope, is_time_zone

CALENDAR: Final = "text/calendar"
MEDIA_TYPES: Final = (CALENDAR, OCTET_STREAM)
"""The accepted media types. The API contract declares only `OCTET_STREAM`."""

_TEXT_SCHEMA: Final = {"pattern": f"^{LINE_PATTERN}$", "minLength": 1}


def _check_text(text: str) -> str:
    if is_blank(text) or replace_refused_characters(text) != text:
        raise InvalidValue("must be text without control and format characters")
    return text


def _check_zone(text: str) -> str:
    if not is_time_zone(text):
        raise InvalidValue(
            "must be an IANA time zone such as Europe/Berlin", code="unknown_timezone"
        )
    return text


Series = Annotated[
    str | None,
    CheckedParameter(
        check=_check_text,
        max_length=200,
        schema_extra=_TEXT_SCHEMA,
        description="The name of the series. A later import with the same name and scope changes "
        "the same freezes. Default: the name of the calendar.",
    ),
]
ImportedService = Annotated[
    str | None, QueryParameter(name="service", description="Freeze only this service.")
]
ImportedEnvironment = Annotated[
    str | None, QueryParameter(name="environment", description="Freeze only this environment.")
]
ImportedTier = Annotated[
    Tier | None, QueryParameter(name="tier", description="Freeze only environments of this tier.")
]
ImportedEffect = Annotated[
    Effect, QueryParameter(name="effect", description="Whether the events deny or allow starts.")
]
ImportedReason = Annotated[
    str | None,
    CheckedParameter(
        name="reason",
        check=_check_text,
        max_length=1000,
        schema_extra=_TEXT_SCHEMA,
        description="The reason for every freeze. Default: the summary of each event.",
    ),
]
ImportedTimezone = Annotated[
    str | None,
    CheckedParameter(
        name="timezone",
        check=_check_zone,
        max_length=100,
        description="The IANA time zone of all-day events and of times without a zone. Default: "
        "the `X-WR-TIMEZONE` of the calendar, or UTC.",
    ),
]
RemoveMissing = Annotated[
    bool,
    QueryParameter(
        name="remove_missing",
        description="Lift the freezes in the series whose events are missing from the calendar.",
    ),
]


@dataclass
class _ImportDocumentation(Operation):
    """An operation with a documented body that the framework does not decode."""

    def __post_init__(self) -> None:
        calendar = Schema(
            type=OpenAPIType.STRING,
            format=OpenAPIFormat.BINARY,
            description="An iCalendar file (RFC 5545) in UTF-8, of at most 1 MiB and 1,000 events.",
        )
        content = {OCTET_STREAM: OpenAPIMediaType(schema=calendar)}
        self.request_body = RequestBody(content=content, required=True)


class FreezeImportController(Controller):
    """Operations on calendar imports."""

    path = "/freezes"
    tags = ("freezes",)

    @post(
        "/import",
        status_code=200,
        summary="Import freezes from a calendar",
        operation_class=_ImportDocumentation,
        request_max_body_size=MAX_CALENDAR_BYTES,
        responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def import_freezes(
        self,
        request: ApiRequest,
        series: Series = None,
        service: ImportedService = None,
        environment: ImportedEnvironment = None,
        tier: ImportedTier = None,
        effect: ImportedEffect = Effect.DENY,
        reason: ImportedReason = None,
        timezone: ImportedTimezone = None,
        remove_missing: RemoveMissing = False,  # noqa: FBT002  # Litestar passes it by name
        idempotency_key: IdempotencyKey = None,
    ) -> Response[FreezeImportResult]:
        """Create a freeze for each event in an iCalendar file, such as one with public holidays.

        The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
        recurring events become recurring freezes, without the dates that the events exclude. Events
        that have ended are left out.

        Imports all events or none; errors name each faulty event. A file can be sent again: the
        freezes of an event with the same UID are kept if the event is unchanged, and replaced
        otherwise.
        """
        calendar_import = CalendarImportSettings(
            scope=FreezeScope(service=service, environment=environment, tier=tier),
            effect=effect,
            reason=reason,
            timezone=timezone,
            remove_missing=remove_missing,
            series=series,
        )
        await require_right_to_freeze(request, calendar_import.scope)  # before the body is read
        content = await _read_body(request)
        return await execute_import(
            request,
            content,
            calendar_import,
            lambda _, result: WriteResponse.from_output(FreezeImportResult.from_domain(result)),
            idempotency_key=idempotency_key,
        )


async def _read_body(request: ApiRequest) -> bytes:
    require_no_encoding(request.headers)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise BadInput(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "header/Content-Type",
            f"Unsupported media type {media_type or '(none)'}; send {CALENDAR}.",
        )
    return await request.body()
