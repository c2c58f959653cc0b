"""Audit page: the state of the event log, its verification, and the export of deployments."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import QueryParameter
from litestar.response import Stream

from gatepost_api.audit.authorization import require_auditor
from gatepost_api.audit.export_lines import ExportFormat
from gatepost_api.audit.verification import verify_record
from gatepost_api.audit.verification_and_export_controller import export_response
from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.formatting import end_of_day, start_of_day
from gatepost_api.console.views.labels import EXPORT_FORMAT
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.request import ApiRequest
from gatepost_api.signing.checkpoint_folder import StoredCheckpoint, UnusableCheckpoint
from gatepost_domain.ports.audit import ExportFilter

FilterValue = Annotated[str, QueryParameter(max_length=200)]


class AuditPages(Controller):
    """The routes of the audit page and of the export."""

    path = "/audit"

    @get(include_in_schema=False)
    async def show_audit(self, request: ApiRequest, verify: FilterValue = "") -> Response[bytes]:
        """Show the state of the event log, after verifying the log if `verify` is set."""
        await require_auditor(request)
        context = request.context
        result = (
            await run_while_connected(request, verify_record(context)) if verify == "now" else None
        )
        last_event = await context.reads.read_snapshot(lambda uow: uow.event_log.last_entry())
        checkpoint, problem = await _find_latest_checkpoint(request)
        return render_page(
            request,
            "audit.html",
            title="Audit",
            last_event=last_event,
            checkpoint=checkpoint,
            checkpoint_problem=problem,
            public_key=str(context.checkpoint_signer.verifier_key),
            result=result,
            formats=EXPORT_FORMAT.items(),
            services=await load_active_services(context.reads),
            environments=await load_active_environments(context.reads),
        )

    @get("/export", include_in_schema=False)
    async def export(
        self,
        request: ApiRequest,
        service: FilterValue = "",
        environment: FilterValue = "",
        since: FilterValue = "",
        until: FilterValue = "",
        format: FilterValue = "",  # noqa: A002  # the name of the query parameter
    ) -> Stream:
        """Export the deployments of whole days, up to and including `until`."""
        await require_auditor(request)
        criteria = ExportFilter(
            services=(service,) if service else (),
            environments=(environment,) if environment else (),
            since=start_of_day(since),
            until=end_of_day(until),
        )
        selected = next((member for member in ExportFormat if member == format), ExportFormat.ZIP)
        return export_response(request, criteria, selected)


async def _find_latest_checkpoint(
    request: ApiRequest,
) -> tuple[StoredCheckpoint | None, str | None]:
    """Return the latest checkpoint, or the reason why it cannot be used; both can be None."""
    context = request.context
    try:
        key = context.checkpoint_signer.verifier_key
        return await to_thread(context.checkpoint_folder.latest, key), None
    except UnusableCheckpoint as error:
        return None, str(error)
