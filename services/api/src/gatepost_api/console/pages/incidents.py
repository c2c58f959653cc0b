"""Incident pages: the list, and the forms to report, resolve and link an incident."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.formatting import datetime_local_to_utc
from gatepost_api.http.action_execution import execute
from gatepost_api.http.json_body import to_utc
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_api.incidents.controller import parse_incident_id
from gatepost_api.incidents.requests import IncidentCreate, ResolveBody, to_reference
from gatepost_domain.actions.incidents.incidents import (
    link_incident,
    open_incident,
    resolve_incident,
)
from gatepost_domain.incidents.incident import IncidentFilter

PAGE_SIZE: Final = 50
STATES: Final = {"": None, "open": True, "resolved": False}
"""The filter for each value of the query parameter `state`."""

ListedState = Annotated[str, QueryParameter(name="state", max_length=20)]


class IncidentPages(Controller):
    """The routes of the incidents page and of the forms on it."""

    path = "/incidents"

    @get(include_in_schema=False)
    async def show_incidents(
        self,
        request: ApiRequest,
        listed: ListedState = "",
        cursor: Annotated[str | None, cursor_parameter(CursorKind.INCIDENTS)] = None,
    ) -> Response[bytes]:
        """List the incidents, most recently reported first."""
        return await _incidents_page(request, EMPTY_FORM, state=listed, cursor=cursor)

    @post(include_in_schema=False)
    async def report_incident(self, request: ApiRequest) -> Response[Any]:
        """Report an incident."""
        form = await read_form(request)
        times = {
            name: datetime_local_to_utc(form.get(name)) for name in ("started_at", "resolved_at")
        }
        try:
            body = form.decode_all_fields(IncidentCreate, **times)
            return await execute(
                request,
                partial(open_incident, report=body.to_domain(), id=request.context.new_id()),
                redirect_to(lambda _: "/incidents?done=incident_reported"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _incidents_page(request, form, error=to_page_error(error))

    @post("/{incident:str}/resolve", include_in_schema=False)
    async def resolve(self, request: ApiRequest, incident: FromPath[str]) -> Response[Any]:
        """Report that the service works again."""
        form = await read_form(request)
        resolved_at = datetime_local_to_utc(form.get("resolved_at"))
        try:
            body = form.decode_fields(ResolveBody, "note", resolved_at=resolved_at)
            at = body.resolved_at
            return await execute(
                request,
                partial(
                    resolve_incident,
                    incident=parse_incident_id(incident),
                    resolved_at=None if at is None else to_utc(at, "#/resolved_at"),
                ),
                redirect_to(lambda _: "/incidents?done=incident_resolved"),
                note=body.note,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _incidents_page(request, EMPTY_FORM, error=to_page_error(error))

    @post("/{incident:str}/link", include_in_schema=False)
    async def link(self, request: ApiRequest, incident: FromPath[str]) -> Response[Any]:
        """Name the deployment that caused the incident; an empty field means that none did."""
        form = await read_form(request)
        try:
            return await execute(
                request,
                partial(
                    link_incident,
                    incident=parse_incident_id(incident),
                    deployment=to_reference(form.get("deployment") or None, "#/deployment"),
                ),
                redirect_to(lambda _: "/incidents?done=incident_linked"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _incidents_page(request, EMPTY_FORM, error=to_page_error(error))


async def _incidents_page(
    request: ApiRequest,
    form: Form,
    *,
    error: PageError | None = None,
    state: str = "",
    cursor: str | None = None,
) -> Response[bytes]:
    reads = request.context.reads
    page = await reads.incidents(
        IncidentFilter(is_open=STATES.get(state)),
        page_request(PAGE_SIZE, cursor, CursorKind.INCIDENTS),
    )
    older = encode_cursor(page.next_key, CursorKind.INCIDENTS)
    return render_page(
        request,
        "incidents.html",
        error=error,
        canonical_path="/incidents",
        title="Incidents",
        incidents=page.items,
        state=state if state in STATES else "",
        older=None if older is None else f"/incidents?state={state}&cursor={older}",
        form=form,
        services=await load_active_services(reads),
        environments=await load_active_environments(reads),
    )
