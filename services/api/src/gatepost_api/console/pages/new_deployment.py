"""Form page for requesting a deployment, with a preview of its gates."""

from __future__ import annotations

from collections.abc import Sequence
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
from gatepost_api.console.views.request_text_fields import REQUEST_TEXTS
from gatepost_api.console.views.who_can_act import PeopleByRole, load_people_by_role
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.deployments.requests import DeploymentCreate
from gatepost_api.http.action_execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.early_refusals import (
    find_request_refusals,
)
from gatepost_domain.actions.deployments.request import (
    RequestPreview,
    preview_request,
    request_deployment,
)
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.deployments.deployment import (
    Deployment,
    DeploymentRequest,
    format_number,
)
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.errors import NotFound, Refusal
from gatepost_domain.ports.reads import ReadModel

Prefilled = Annotated[str, QueryParameter(max_length=200)]


class NewDeploymentPages(Controller):
    """The routes that show and submit the form for requesting a deployment."""

    path = "/deployments/new"

    @get(include_in_schema=False)
    async def show_request_form(
        self,
        request: ApiRequest,
        service: Prefilled = "",
        environment: Prefilled = "",
        version: Prefilled = "",
        copy: Prefilled = "",
    ) -> Response[bytes]:
        """Show the form, prefilled from the deployment `copy` and the query."""
        defaults = {"service": service, "environment": environment, "version": version}
        if copy:
            copied = await request.context.reads.deployment(parse_deployment_reference(copy))
            defaults = _copy_request_fields(copied) | {
                name: value for name, value in defaults.items() if value
            }
        fields = {name: value for name, value in defaults.items() if value}
        form = Form(fields=fields, key=None)
        return await _form_page(request, form, preview=await _try_preview(request, form))

    @post(include_in_schema=False)
    async def submit_request_form(self, request: ApiRequest) -> Response[Any]:
        """Request the deployment, preview it, or reload the choices that depend on other fields."""
        form, new_id = await read_form(request), request.context.new_id
        try:
            if form.get("_do") == "choose":
                return await _form_page(request, form)
            deployment_request = _read_body(form).to_domain()
            if form.get("_do") == "preview":
                return await _form_page(
                    request, form, preview=await _preview(request, deployment_request)
                )
            return await execute(
                request,
                partial(request_deployment, request=deployment_request, id=new_id(), new_id=new_id),
                redirect_to(
                    lambda deployment: (
                        f"/deployments/{format_number(deployment.number)}?done=requested"
                    )
                ),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _form_page(request, form, error=to_page_error(error))


def _copy_request_fields(deployment: Deployment) -> dict[str, str]:
    """Return the form fields that request the same deployment again."""
    texts = {text.name: getattr(deployment, text.name) or "" for text in REQUEST_TEXTS}
    return {
        "service": deployment.service,
        "environment": deployment.environment,
        "version": deployment.version,
        "work_references": "\n".join(deployment.work_references),
        **texts,
    }


def _read_body(form: Form) -> DeploymentCreate:
    return form.decode_all_fields(
        DeploymentCreate,
        work_references=form.lines("work_references"),
        start={"yes": True, "no": False}.get(form.get("start")),
    )


async def _preview(request: ApiRequest, deployment_request: DeploymentRequest) -> RequestPreview:
    return await request.context.reads.read_snapshot(
        lambda uow: preview_request(uow, deployment_request, request.command(uow))
    )


async def _try_preview(request: ApiRequest, form: Form) -> RequestPreview | None:
    """Return the preview of a prefilled form; None if it is incomplete or would be refused."""
    if not form.fields:
        return None
    try:
        return await _preview(request, _read_body(form).to_domain())
    except FORM_ERRORS:
        return None


async def _form_page(
    request: ApiRequest,
    form: Form,
    *,
    preview: RequestPreview | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    reads = request.context.reads
    environments = await load_active_environments(reads)
    try:
        versions = await load_latest_versions(reads, form.get("service"))
    except NotFound:
        versions = ()
    chosen_environment = next(
        (
            environment
            for environment in environments
            if environment.name == form.get("environment")
        ),
        None,
    )
    return render_page(
        request,
        "new_deployment.html",
        error=error,
        title="Request deployment",
        form=form,
        services=await load_active_services(reads),
        environments=environments,
        versions=versions,
        chosen_environment=chosen_environment,
        promoted_to=await _find_automatic_promotion_target(reads, environments, chosen_environment),
        preview=preview,
        people={} if preview is None else await _load_people(request, preview),
        refusals=await _find_refusals(request, form),
        review=None
        if preview is None
        else review_progress(preview.deployment, preview.policy.policy),
    )


async def _load_people(request: ApiRequest, preview: RequestPreview) -> PeopleByRole:
    return await request.context.reads.read_snapshot(
        partial(
            load_people_by_role,
            gates=preview.explanation.gates,
            service=preview.deployment.service,
            environment=preview.deployment.environment,
        )
    )


async def _find_refusals(request: ApiRequest, form: Form) -> tuple[Refusal, ...]:
    """Return why the service, environment and version chosen so far would be refused."""
    chosen = {name: form.get(name) or None for name in ("service", "environment", "version")}
    return await request.context.reads.read_snapshot(
        lambda uow: find_request_refusals(uow, request.command(uow), **chosen)
    )


async def _find_automatic_promotion_target(
    reads: ReadModel, environments: Sequence[Environment], environment: Environment | None
) -> Environment | None:
    """Return the active environment that successes are automatically promoted to, if any."""
    if environment is None:
        return None
    policy = (await reads.policy(environment.name, environment.policy_version)).policy
    targets = [target for target in environments if target.name == policy.promotes_to]
    return targets[0] if policy.auto_promote and targets else None
