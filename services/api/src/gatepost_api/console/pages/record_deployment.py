"""Form page for recording a deployment made elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.console.forms.form import FORM_ERRORS, Form, read_form, redirect_to, to_page_error
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
    load_latest_versions,
)
from gatepost_api.console.views.formatting import datetime_local_to_utc
from gatepost_api.http.action_execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.requests import RecordCreate
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.errors import NotFound

Prefilled = Annotated[str, QueryParameter(max_length=200)]


class RecordDeploymentPages(Controller):
    """The routes that show and submit the form for recording a deployment."""

    path = "/record"

    @get(include_in_schema=False)
    async def show_record_form(
        self,
        request: ApiRequest,
        service: Prefilled = "",
        environment: Prefilled = "",
        version: Prefilled = "",
    ) -> Response[bytes]:
        """Show the form, prefilled with the current time, the caller's name and the query."""
        defaults = {
            "service": service,
            "environment": environment,
            "version": version,
            "deployed_at": f"{request.context.now():%Y-%m-%dT%H:%M}",
            "deployed_by": request.auth.actor.name,
        }
        fields = {name: value for name, value in defaults.items() if value}
        return await _form_page(request, Form(fields=fields, key=None))

    @post(include_in_schema=False)
    async def submit_record_form(self, request: ApiRequest) -> Response[Any]:
        """Record the deployment, or reload the choices that depend on other fields."""
        form = await read_form(request)
        if form.get("_do") == "choose":
            return await _form_page(request, form)
        try:
            body = form.decode_fields(
                RecordCreate,
                "service",
                "environment",
                "version",
                "deployed_by",
                "notes",
                "external_id",
                deployed_at=datetime_local_to_utc(form.get("deployed_at")),
            )
            return await execute(
                request,
                partial(
                    record_deployment, deployment=body.to_domain(), id=request.context.new_id()
                ),
                redirect_to(
                    lambda deployment: (
                        f"/deployments/{format_number(deployment.number)}?done=recorded"
                    )
                ),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _form_page(request, form, error=to_page_error(error))


async def _form_page(
    request: ApiRequest, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    try:
        versions = await load_latest_versions(reads, form.get("service"))
    except NotFound:
        versions = ()
    return render_page(
        request,
        "record_deployment.html",
        error=error,
        title="Record deployment",
        form=form,
        services=await load_active_services(reads),
        environments=await load_active_environments(reads),
        versions=versions,
    )
