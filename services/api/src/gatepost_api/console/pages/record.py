"""Recording what was deployed elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.console.forms.form import REFUSALS, Form, form_of, redirect_to, refusal_of
from gatepost_api.console.rendering.page import Refused, page
from gatepost_api.console.views.catalog_choices import every_environment, every_service, versions_of
from gatepost_api.console.views.formatting import zoned
from gatepost_api.http.execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.requests import RecordCreate
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.deployments.deployment import number_text
from gatepost_domain.errors import Unknown

Given = Annotated[str, QueryParameter(max_length=200)]


class RecordPages(Controller):
    """Recording what was deployed elsewhere."""

    path = "/record"

    @get(include_in_schema=False)
    async def show_record(
        self, request: ApiRequest, service: Given = "", environment: Given = "", version: Given = ""
    ) -> Response[bytes]:
        """The form, with this instant and whoever fills it in as what it begins with."""
        given = {
            "service": service,
            "environment": environment,
            "version": version,
            "deployed_at": f"{request.context.now():%Y-%m-%dT%H:%M}",
            "deployed_by": request.auth.actor.name,
        }
        fields = {name: value for name, value in given.items() if value}
        return await _show(request, Form(fields=fields, key=None))

    @post(include_in_schema=False)
    async def record(self, request: ApiRequest) -> Response[Any]:
        """Record it; a record never changes."""
        form = await form_of(request)
        if form.get("_do") == "choose":
            return await _show(request, form)
        try:
            said = form.read(
                RecordCreate,
                "service",
                "environment",
                "version",
                "deployed_by",
                "notes",
                "external_id",
                deployed_at=zoned(form.get("deployed_at")),
            )
            return await execute(
                request,
                partial(record_deployment, told=said.to_domain(), id=request.context.new_id()),
                redirect_to(lambda made: f"/deployments/{number_text(made.number)}?done=recorded"),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _show(request, form, refused=refusal_of(error))


async def _show(
    request: ApiRequest, form: Form, *, refused: Refused | None = None
) -> Response[bytes]:
    reads = request.context.reads
    try:
        versions = await versions_of(reads, form.get("service"))
    except Unknown:
        versions = ()
    return page(
        request,
        "record.html",
        refused=refused,
        title="Record a deployment",
        form=form,
        services=await every_service(reads),
        environments=await every_environment(reads),
        versions=versions,
    )
