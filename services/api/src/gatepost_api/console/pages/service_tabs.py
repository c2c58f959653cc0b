"""The further pages of one service: its versions, its history and its contracts."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.catalog.services.contract_generation import current_contracts
from gatepost_api.catalog.services.requests import VersionCreate
from gatepost_api.console.forms.form import REFUSALS, Form, form_of, redirect_to, refusal_of
from gatepost_api.console.rendering.page import Refused, page
from gatepost_api.console.views.catalog_choices import every_environment, versions_of
from gatepost_api.console.views.formatting import day_begins, day_ends, encoded, zoned
from gatepost_api.http.execution import execute
from gatepost_api.http.pagination import Cursor, CursorKind, encode_cursor, page_request
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.tracking.filters import HistoryFilter

A_PAGE: Final = 50
EMPTY: Final = Form(fields={}, key=None)

Chosen = Annotated[str, QueryParameter(max_length=100)]


class ServicePartPages(Controller):
    """Versions, history and contracts of a service."""

    path = "/services/{service:str}"

    @get("/versions", include_in_schema=False)
    async def show_versions(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """Its builds, the latest registered first, and the form to register one."""
        return await _versions(request, service, EMPTY)

    @post("/versions", include_in_schema=False)
    async def register(self, request: ApiRequest, service: ServiceInPath) -> Response[Any]:
        """Make a build known; it never changes."""
        form = await form_of(request)
        try:
            said = form.read(
                VersionCreate,
                "version",
                "commit_sha",
                "artifact_digest",
                "notes",
                committed_at=zoned(form.get("committed_at")),
            )
            return await execute(
                request,
                lambda work, command: register_version(
                    work, said.to_domain(command, service), command
                ),
                redirect_to(
                    lambda added: f"/services/{encoded(added.service)}/versions?done=version"
                ),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _versions(request, service, form, refused=refusal_of(error))

    @get("/history", include_in_schema=False)
    async def show_history(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: Chosen = "",
        since: Chosen = "",
        until: Chosen = "",
        cursor: Cursor = None,
    ) -> Response[bytes]:
        """What happened to it, the latest first."""
        reads = request.context.reads
        found = await reads.service(service)
        wanted = HistoryFilter(
            services=(service,),
            environments=(environment,) if environment else (),
            since=day_begins(since),
            until=day_ends(until),
        )
        history = await reads.history(wanted, page_request(A_PAGE, cursor, CursorKind.HISTORY))
        chosen = {"environment": environment, "since": since, "until": until}
        older = encode_cursor(history.next_after, CursorKind.HISTORY)
        query = {name: value for name, value in chosen.items() if value}
        return page(
            request,
            "service_history.html",
            title=f"{found.display_name}: history",
            service=found,
            tab="history",
            history=history.items,
            environments=await every_environment(reads),
            chosen=chosen,
            older=None if older is None else f"?{urlencode({**query, 'cursor': older})}",
        )

    @get("/contracts", include_in_schema=False)
    async def show_contracts(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """What is generated for it."""
        reads = request.context.reads
        found = await reads.service(service)
        return page(
            request,
            "service_contracts.html",
            title=f"{found.display_name}: contracts",
            service=found,
            tab="contracts",
            contracts=await current_contracts(reads, service),
        )


async def _versions(
    request: ApiRequest, service: str, form: Form, *, refused: Refused | None = None
) -> Response[bytes]:
    reads = request.context.reads
    found = await reads.service(service)
    return page(
        request,
        "service_versions.html",
        refused=refused,
        title=f"{found.display_name}: versions",
        service=found,
        tab="versions",
        versions=await versions_of(reads, service),
        form=form,
    )
