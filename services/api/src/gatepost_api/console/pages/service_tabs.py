"""Tabs of the service page: versions, history and contracts."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.catalog.services.contract_files import load_contracts
from gatepost_api.catalog.services.requests import VersionCreate
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.browser_zone import browser_zone, zone_name
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_latest_versions,
)
from gatepost_api.console.views.formatting import (
    datetime_local_to_utc,
    end_of_day,
    start_of_day,
    url_quote,
)
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.http.action_execution import execute
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.tracking.history_filters import HistoryFilter

PAGE_SIZE: Final = 50

FilterValue = Annotated[str, QueryParameter(max_length=100)]


class ServiceTabPages(Controller):
    """The routes of the versions, history and contracts tabs."""

    path = "/services/{service:str}"

    @get("/versions", include_in_schema=False)
    async def show_versions(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """Show the versions, newest first, and the form to register one."""
        return await _versions_page(request, service, EMPTY_FORM)

    @post("/versions", include_in_schema=False)
    async def register_version(self, request: ApiRequest, service: ServiceInPath) -> Response[Any]:
        """Register a version."""
        form = await read_form(request)
        try:
            body = form.decode_fields(
                VersionCreate,
                "version",
                "commit_sha",
                "artifact_digest",
                "notes",
                committed_at=datetime_local_to_utc(form.get("committed_at")),
            )
            return await execute(
                request,
                lambda uow, command: register_version(
                    uow, body.to_domain(command, service), command
                ),
                redirect_to(
                    lambda version: f"/services/{url_quote(version.service)}/versions?done=version"
                ),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _versions_page(request, service, form, error=to_page_error(error))

    @get("/history", include_in_schema=False)
    async def show_history(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: FilterValue = "",
        since: FilterValue = "",
        until: FilterValue = "",
        cursor: Annotated[str | None, cursor_parameter(CursorKind.HISTORY)] = None,
    ) -> Response[bytes]:
        """Show the service's deployments, newest first."""
        reads, zone = request.context.reads, browser_zone(request)
        details = await reads.service(service)
        history_filter = HistoryFilter(
            services=(service,),
            environments=(environment,) if environment else (),
            since=start_of_day(since, zone),
            until=end_of_day(until, zone),
        )
        history = await reads.deployment_history(
            history_filter, page_request(PAGE_SIZE, cursor, CursorKind.HISTORY)
        )
        chosen = {"environment": environment, "since": since, "until": until}
        older = encode_cursor(history.next_key, CursorKind.HISTORY)
        query = {name: value for name, value in chosen.items() if value}
        return render_page(
            request,
            "service_history.html",
            title=f"{details.display_name}: history",
            service=details,
            tab="history",
            history=history.items,
            status_details=await load_status_details(reads, history.items),
            environments=await load_active_environments(reads),
            chosen=chosen,
            zone_name=zone_name(zone, request.context.now()),
            older=None if older is None else f"?{urlencode({**query, 'cursor': older})}",
        )

    @get("/contracts", include_in_schema=False)
    async def show_contracts(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """Show the contracts generated for the service."""
        reads = request.context.reads
        details = await reads.service(service)
        return render_page(
            request,
            "service_contracts.html",
            title=f"{details.display_name}: contracts",
            service=details,
            tab="contracts",
            contracts=await load_contracts(reads, service),
        )


async def _versions_page(
    request: ApiRequest, name: str, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    service = await reads.service(name)
    return render_page(
        request,
        "service_versions.html",
        error=error,
        title=f"{service.display_name}: versions",
        service=service,
        tab="versions",
        versions=await load_latest_versions(reads, name),
        form=form,
    )
