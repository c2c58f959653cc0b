"""Verification and export of the event log and the stored data."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from gatepost_api.audit.authorization import require_auditor
from gatepost_api.audit.export import MEDIA_TYPES, export_chunks, export_file_name
from gatepost_api.audit.export_lines import ExportFormat
from gatepost_api.audit.responses import Verification
from gatepost_api.audit.verification import verify_record
from gatepost_api.deployments import filter_parameters
from gatepost_api.http.closing_stream import ClosingStream
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.media_types import NDJSON
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.ports.audit import ExportFilter

Format = Annotated[
    ExportFormat,
    QueryParameter(
        description="`jsonl`: one deployment per line, which `POST /deployments/import` reads; "
        "`csv`: the same data as a table; `zip`: an archive that also contains the events with "
        "proofs, and a program that verifies the archive offline."
    ),
]
_FILE = ResponseSpec(bytes, media_type=NDJSON, description="The export.", generate_examples=False)


class AuditController(Controller):
    """Operations that verify and export the event log and the stored data."""

    path = "/audit"
    tags = ("audit",)

    @get(
        "/verify",
        summary="Verify the stored data",
        responses=problem_responses(401, 403, 422, 503),
    )
    async def verify_record(self, request: ApiRequest) -> Verification:
        """Verify the event log, and compare all stored data with it.

        This recomputes the hash of every event and the Merkle tree, compares every row of every
        table with what its events recorded, and checks every deployment against the rules and its
        policy. It also compares the log with the latest checkpoint in the data folder. With many
        events, verification takes minutes; it is cancelled after ten minutes. `gatepost-server
        verify` has no time limit, and can also compare the log with checkpoints kept elsewhere.

        One verification runs at a time. A request that arrives in the meantime gets the same
        result, which reflects the state when the verification started. The verification is
        cancelled once all clients have disconnected.
        """
        await require_auditor(request)
        result = await run_while_connected(request, verify_record(request.context))
        return Verification.from_domain(result, request.context.checkpoint_signer)

    @get(
        "/export",
        summary="Export deployments and events",
        responses={**problem_responses(401, 403, 422, 503), 200: _FILE},
    )
    async def export_record(
        self,
        request: ApiRequest,
        since: filter_parameters.HappenedSince = None,
        until: filter_parameters.HappenedUntil = None,
        service: filter_parameters.Services = None,
        environment: filter_parameters.Environments = None,
        format: Format = ExportFormat.JSONL,  # noqa: A002  # the name of the query parameter
    ) -> Stream:
        """Export deployments as a stream, ordered by number.

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
        """
        await require_auditor(request)
        criteria = ExportFilter(
            services=tuple(service or ()),
            environments=tuple(environment or ()),
            since=filter_parameters.parse_instant(since, "since"),
            until=filter_parameters.parse_instant(until, "until"),
        )
        return export_response(request, criteria, format)


def export_response(
    request: ApiRequest, criteria: ExportFilter, export_format: ExportFormat
) -> Stream:
    """Return the response with an export.

    Raises:
        Overload: too many exports are running.
    """
    context = request.context
    context.export_slots.require_room()
    name = export_file_name(context, export_format)
    return ClosingStream(
        export_chunks(context, criteria, export_format),
        media_type=MEDIA_TYPES[export_format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Accel-Buffering": "no",
        },
    )
