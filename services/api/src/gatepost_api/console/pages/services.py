"""Service pages: list, registration, overview and dashboard."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.catalog.services.contract_files import (
    generate_contracts,
    generate_contracts_digest,
)
from gatepost_api.catalog.services.requests import ServiceChange, ServiceCreate
from gatepost_api.catalog.targets.block_and_hold_requests import ReleaseBody, UnblockBody
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
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.matrix import load_next_in_lanes
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.http.action_execution import execute
from gatepost_api.http.pagination import ArchivedFilter
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.request import ApiRequest
from gatepost_contracts.generation_input_output import ContractFiles
from gatepost_contracts.pod_sizing import SIZING_BY_TIER
from gatepost_domain.actions.catalog.create import register_service
from gatepost_domain.actions.catalog.update import change_service
from gatepost_domain.actions.deployments.block_and_hold_removal import release_hold, unblock_version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.history_filters import rollout_at

SearchText = Annotated[str, QueryParameter(max_length=200)]
DETAIL_FIELDS: Final = ("team", "repo_url", "display_name", "description")
MAX_TARGETS: Final = 200


class ServicePages(Controller):
    """The routes of the service pages and of the forms on them."""

    path = "/"

    @get("/services", include_in_schema=False)
    async def show_services(
        self,
        request: ApiRequest,
        q: SearchText = "",
        archived: ArchivedFilter = False,  # noqa: FBT002  # Litestar passes it by name
    ) -> Response[bytes]:
        """List the active services, or the archived ones if `archived` is true."""
        reads, search_text = request.context.reads, q.casefold()
        services = (
            (await reads.services(PageRequest(limit=1000), archived=True)).items
            if archived
            else await load_active_services(reads)
        )
        matching = [
            service
            for service in services
            if search_text in f"{service.name} {service.display_name} {service.team}".casefold()
        ]
        return render_page(
            request, "services.html", title="Services", services=matching, q=q, archived=archived
        )

    @get("/services/new", include_in_schema=False)
    async def show_registration_form(self, request: ApiRequest) -> Response[bytes]:
        """Show the registration form."""
        return _registration_page(request, EMPTY_FORM)

    @post("/services/new", include_in_schema=False)
    async def submit_registration_form(self, request: ApiRequest) -> Response[Any]:
        """Register a service or preview its contracts."""
        form = await read_form(request)
        try:
            body = form.decode_fields(ServiceCreate, "name", *DETAIL_FIELDS)
            if form.get("_do") == "preview":
                command = await request.context.reads.read_snapshot(request.command)
                environments = tuple(await load_active_environments(request.context.reads))
                return _registration_page(
                    request,
                    form,
                    contracts=generate_contracts(body.to_domain(command), environments),
                )
            return await execute(
                request,
                lambda uow, command: register_service(
                    uow,
                    body.to_domain(command),
                    command,
                    digest_contracts=generate_contracts_digest,
                ),
                redirect_to(lambda service: f"/services/{service.name}?done=registered"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return _registration_page(request, form, error=to_page_error(error))

    @get("/services/{service:str}", include_in_schema=False)
    async def show_service(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """Show a service's current versions, restrictions, health and latest deployments."""
        return await render_service_page(request, service)

    @get("/dashboard/{service:str}", include_in_schema=False)
    async def show_dashboard(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """Show the read-only dashboard, which updates live."""
        return await render_service_page(request, service, template="dashboard.html")

    @post("/services/{service:str}/change", include_in_schema=False)
    async def change(self, request: ApiRequest, service: ServiceInPath) -> Response[Any]:
        """Change a service's details, or archive or unarchive it."""
        form = await read_form(request)
        try:
            body = form.decode_fields(ServiceChange, *DETAIL_FIELDS, "archived")
            return await execute(
                request,
                partial(
                    change_service,
                    name=service,
                    change=body.to_domain(),
                    revision=None,
                    digest_contracts=generate_contracts_digest,
                ),
                redirect_to(lambda changed: f"/services/{changed.name}?done=changed"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await render_service_page(request, service, error=to_page_error(error))

    @post("/services/{service:str}/unblock", include_in_schema=False)
    async def unblock_version(self, request: ApiRequest, service: ServiceInPath) -> Response[Any]:
        """Unblock a version in an environment."""
        form, new_id = await read_form(request), request.context.new_id
        try:
            body = form.decode_fields(UnblockBody, "environment", "reason")
            return await execute(
                request,
                partial(
                    unblock_version,
                    service=service,
                    version=form.get("version"),
                    environment=body.environment,
                    new_id=new_id,
                ),
                redirect_to(lambda _: f"/services/{url_quote(service)}?done=unblocked"),
                note=body.reason,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await render_service_page(request, service, error=to_page_error(error))

    @post("/services/{service:str}/release", include_in_schema=False)
    async def release_hold(self, request: ApiRequest, service: ServiceInPath) -> Response[Any]:
        """Release the hold on automatic promotion to an environment."""
        form, new_id = await read_form(request), request.context.new_id
        try:
            body = form.decode_fields(ReleaseBody, "reason")
            return await execute(
                request,
                partial(
                    release_hold,
                    service=service,
                    environment=form.get("environment"),
                    new_id=new_id,
                ),
                redirect_to(lambda _: f"/services/{url_quote(service)}?done=released"),
                note=body.reason,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await render_service_page(request, service, error=to_page_error(error))


async def render_service_page(
    request: ApiRequest,
    name: str,
    *,
    error: PageError | None = None,
    template: str = "service.html",
) -> Response[bytes]:
    """Return the page of one service: versions, latest deployments, restrictions and targets."""
    reads = request.context.reads
    service = await reads.service(name)
    criteria = CurrentFilter(services=(name,))
    current = await reads.current_state(criteria)
    newest = await reads.deployments(DeploymentFilter(services=(name,)), PageRequest(limit=10))
    latest = sorted(newest.items, key=_shown_at, reverse=True)
    rollout = await reads.latest_rollout(name, None)
    environments = await load_active_environments(reads)
    tiers = [rollout.tier] if rollout else [environment.tier for environment in environments]
    blocks, holds = await reads.restrictions(name)
    targets = (await reads.targets(name, PageRequest(limit=MAX_TARGETS))).items
    checked = {target.environment for target in targets if target.settings.checks}
    cells_by_environment = {cell.environment: cell for cell in current.cells}
    unfinished = await load_next_in_lanes(reads, criteria, current.cells)
    return render_page(
        request,
        template,
        error=error,
        canonical_path=f"/services/{name}" if error else None,
        title=service.display_name,
        service=service,
        tab="overview",
        environments=environments,
        cells_by_environment=cells_by_environment,
        unfinished=unfinished,
        rollbackable_lanes=await reads.rollbackable_lanes(criteria),
        latest=latest,
        status_details=await load_status_details(reads, (*latest, *([rollout] if rollout else []))),
        rollout=rollout,
        rollout_at=rollout and rollout_at(rollout),
        declared_resources=SIZING_BY_TIER[tiers[0]] if tiers else None,
        checked_environments=[
            environment.name for environment in environments if environment.name in checked
        ],
        blocks=blocks,
        holds=holds,
        form=Form(
            fields={name: getattr(service, name) or "" for name in DETAIL_FIELDS},
            key=None,
        ),
    )


def _shown_at(deployment: Deployment) -> datetime:
    """Return the time shown in the deployment's row, by which the rows are sorted."""
    return deployment.deployed_at or deployment.finished_at or deployment.created_at


def _registration_page(
    request: ApiRequest,
    form: Form,
    *,
    contracts: ContractFiles | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    return render_page(
        request,
        "service_new.html",
        error=error,
        title="Register a service",
        form=form,
        contracts=contracts,
    )
