"""Recording, importing and hiding external deployments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from litestar import Controller, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIMediaType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import JSONBody, QueryParameter

from gatepost_api.deployments.action_execution import deployment_response, execute_on_deployment
from gatepost_api.deployments.requests import HideBody
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.documented_headers import CHANGED_HEADERS, CREATED_HEADERS
from gatepost_api.http.etags import IfMatch
from gatepost_api.http.media_types import OCTET_STREAM
from gatepost_api.http.parameter_faults import OPEN_PARAMETERS
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.history_file_parameters import parse_content_type, parse_timezone
from gatepost_api.tracking.import_tier_parameters import PREFIX as TIER_PREFIX
from gatepost_api.tracking.import_tier_parameters import TIER_PARAMETER_PATTERN, read_tiers
from gatepost_api.tracking.requests import RecordCreate
from gatepost_api.tracking.responses import ImportResult
from gatepost_api.tracking.spooled_body import spool_body
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.tracking.import_history import authorize_import, import_history
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking.external_ids import OnConflict
from gatepost_domain.tracking.history_files.file_reader import read_history
from gatepost_domain.tracking.history_files.rows import FileOptions

MAX_IMPORT_BYTES: Final = 256 * 1024 * 1024
"""The maximum size of an import, enough for more than a million rows. Larger histories must be
imported as several files."""

CreateMissing = Annotated[
    bool,
    QueryParameter(
        description="Create services, versions and environments that do not exist. By default, "
        "missing ones are reported as errors. An environment is created only if its tier is known: "
        "the names `production`, `staging`, `test` and `development` determine the tier; for any "
        "other name, send a parameter `tier.NAME` with the tier as its value, as in "
        "`tier.prod-us=production`."
    ),
]
OnConflictParameter = Annotated[
    OnConflict,
    QueryParameter(
        name="on_conflict",
        description="What to do with a row whose `external_id` is already used in its service "
        "and environment by a record with different values. `refuse` reports it as an error; "
        "`skip` leaves it out, lists it in `conflicts`, and imports the other rows.",
    ),
]


IgnoreUnknown = Annotated[
    bool,
    QueryParameter(
        name="ignore_unknown",
        description="Ignore unknown columns. By default, they are reported as errors.",
    ),
]
TimezoneParameter = Annotated[
    str | None,
    QueryParameter(
        description="The time zone of times without an offset from UTC, as in `Europe/Berlin` (an "
        "IANA name). Without this parameter, such times are errors. Local times that occurred "
        "twice or never are always errors.",
    ),
]


@dataclass
class _ImportDocumentation(Operation):
    """The import operation; documents the input that the framework does not decode."""

    def __post_init__(self) -> None:
        rows = Schema(
            type=OpenAPIType.STRING,
            format=OpenAPIFormat.BINARY,
            description="Required columns: service, environment, version, deployed_at. Optional "
            "columns: deployed_by, notes, external_id, status, rolled_back_at, kind.",
        )
        content = {OCTET_STREAM: OpenAPIMediaType(schema=rows)}
        self.request_body = RequestBody(content=content, required=True)
        tiers = Schema(
            type=OpenAPIType.OBJECT,
            property_names=Schema(type=OpenAPIType.STRING, pattern=TIER_PARAMETER_PATTERN),
            additional_properties=Schema(
                type=OpenAPIType.STRING, enum=[str(tier) for tier in Tier]
            ),
        )
        parameter = Parameter(
            name="tiers",
            param_in="query",
            schema=tiers,
            style="form",
            explode=True,
            description="The tiers of environments to create, each as a parameter of its own: "
            "`tier.NAME=TIER`. A tier that no row needs is refused.",
        )
        self.parameters = [*(self.parameters or ()), parameter]


_ALREADY_RECORDED: Final = ResponseSpec(
    Deployment,
    description="A record with the same `external_id` and the same values already exists.",
    generate_examples=False,
)


class RecordController(Controller):
    """Operations on records of external deployments."""

    path = "/deployments"
    tags = ("tracking",)

    @post(
        "/record",
        summary="Record an external deployment",
        responses={
            **problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
            200: _ALREADY_RECORDED,
        },
        response_headers=CREATED_HEADERS,
    )
    async def record_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[RecordCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Deployment]:
        """Record a deployment that happened outside Gatepost.

        A record has the status `succeeded` and cannot be changed; a later deployment replaces it in
        the current state.

        An `external_id` identifies a record within its service and environment. If such a record
        exists with the same `version`, `deployed_at`, `deployed_by` and `notes`, it is returned
        unchanged with status 200; if one of them differs, the request is refused with status 409
        (`external_id_taken`). An omitted `deployed_at` is not compared.
        """
        new_id = request.context.new_id()

        def respond(uow: UnitOfWork, record: domain.Deployment) -> WriteResponse:
            is_new = record.id == new_id
            return deployment_response(
                uow, record, status=201 if is_new else 200, with_location=is_new
            )

        return await execute(
            request,
            partial(record_deployment, deployment=data.to_domain(), id=new_id),
            respond,
            idempotency_key=idempotency_key,
        )

    @post(
        "/import",
        status_code=200,
        opt={OPEN_PARAMETERS: (TIER_PREFIX,)},
        summary="Import deployment history",
        operation_class=_ImportDocumentation,
        request_max_body_size=MAX_IMPORT_BYTES,
        responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def import_history(
        self,
        request: ApiRequest,
        create_missing: CreateMissing = False,  # noqa: FBT002  # Litestar passes it by name
        on_conflict: OnConflictParameter = OnConflict.REFUSE,
        ignore_unknown: IgnoreUnknown = False,  # noqa: FBT002  # Litestar passes it by name
        timezone: TimezoneParameter = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[ImportResult]:
        """Import external deployments from a CSV file with a header, NDJSON or a JSON array.

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
        """
        if not request.auth.actor.may(Right.IMPORT):  # known before the body is read
            await request.context.ledger.perform(lambda uow: authorize_import(request.command(uow)))
        file_format, charset = parse_content_type(request.headers.get("content-type", ""))
        options = FileOptions(ignore_unknown, parse_timezone(timezone), charset)
        tiers = read_tiers(request.query_params.multi_items())
        async with spool_body(request, max_bytes=MAX_IMPORT_BYTES) as body:
            return await execute(
                request,
                lambda uow, command: import_history(
                    uow,
                    read_history(body.parts(), file_format, options),
                    command,
                    create_missing=create_missing,
                    on_conflict=on_conflict,
                    tiers=tiers,
                    new_id=request.context.new_id,
                ),
                lambda _, result: WriteResponse.from_output(ImportResult.from_domain(result)),
                idempotency_key=idempotency_key,
                body_digest=body.digest,
                long=True,
            )

    @post(
        "/{deployment:str}/hide",
        status_code=200,
        summary="Hide an incorrect record",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def hide_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[HideBody],
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Deployment]:
        """Mark a record as incorrect and exclude it from the current state.

        The record is still listed, marked as hidden. Nothing is deleted. Deployments carried out by
        Gatepost cannot be hidden.
        """
        return await execute_on_deployment(
            request,
            "hide",
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
