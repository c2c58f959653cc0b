"""Asking for a deployment, with what would become of it shown before."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.console.forms.form import REFUSALS, Form, form_of, redirect_to, refusal_of
from gatepost_api.console.rendering.page import Refused, page
from gatepost_api.console.views.catalog_choices import every_environment, every_service, versions_of
from gatepost_api.deployments.requests import DeploymentCreate
from gatepost_api.http.execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.request import Preview, preview_request, request_deployment
from gatepost_domain.deployments.deployment import number_text
from gatepost_domain.deployments.review import review_of
from gatepost_domain.errors import Unknown

Given = Annotated[str, QueryParameter(max_length=200)]


class AskingPages(Controller):
    """Asking for a deployment."""

    path = "/deployments/new"

    @get(include_in_schema=False)
    async def show_request(
        self, request: ApiRequest, service: Given = "", environment: Given = "", version: Given = ""
    ) -> Response[bytes]:
        """The form; what the address names is filled in."""
        given = {"service": service, "environment": environment, "version": version}
        fields = {name: value for name, value in given.items() if value}
        return await _show(request, Form(fields=fields, key=None))

    @post(include_in_schema=False)
    async def ask(self, request: ApiRequest) -> Response[Any]:
        """Ask or, where the form says so, only tell what would become of it."""
        form, new_id = await form_of(request), request.context.new_id
        try:
            if form.get("_do") == "choose":
                return await _show(request, form)
            asked = _body(form).to_domain()
            if form.get("_do") == "preview":
                preview = await request.context.reads.look(
                    lambda work: preview_request(work, asked, request.command(work))
                )
                return await _show(request, form, preview=preview)
            return await execute(
                request,
                partial(request_deployment, asked=asked, id=new_id(), new_id=new_id),
                redirect_to(lambda made: f"/deployments/{number_text(made.number)}?done=asked"),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _show(request, form, refused=refusal_of(error))


def _body(form: Form) -> DeploymentCreate:
    return form.read(
        DeploymentCreate,
        "service",
        "environment",
        "version",
        "rollback_plan",
        "risk",
        "notes",
        work_references=form.lines("work_references"),
        start={"yes": True, "no": False}.get(form.get("start")),
    )


async def _show(
    request: ApiRequest,
    form: Form,
    *,
    preview: Preview | None = None,
    refused: Refused | None = None,
) -> Response[bytes]:
    reads = request.context.reads
    environments = await every_environment(reads)
    try:
        versions = await versions_of(reads, form.get("service"))
    except Unknown:
        versions = ()
    chosen = next((each for each in environments if each.name == form.get("environment")), None)
    return page(
        request,
        "request.html",
        refused=refused,
        title="Request a deployment",
        form=form,
        services=await every_service(reads),
        environments=environments,
        versions=versions,
        chosen=chosen,
        preview=preview,
        review=None if preview is None else review_of(preview.deployment, preview.policy),
    )
