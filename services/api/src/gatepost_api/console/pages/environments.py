"""Pages of environments: list and overview."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from gatepost_api.catalog.environments.requests import EnvironmentCreate
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.pages.home import load_active_freezes
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import active_environments, active_services
from gatepost_api.console.views.settings_changes import pending_changes
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.catalog.create import create_environment
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.proposal import SettingsKind
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.deployment_history import HistoryFilter


class EnvironmentPages(Controller):
    """Pages of environments."""

    path = "/environments"

    @get(include_in_schema=False)
    async def show_environments(self, request: ApiRequest) -> Response[bytes]:
        """List the environments in promotion order, with the form to create one."""
        return await _list_page(request, EMPTY_FORM)

    @post(include_in_schema=False)
    async def create(self, request: ApiRequest) -> Response[Any]:
        """Create an environment with the default policy of its tier."""
        form = await read_form(request)
        try:
            body = form.decode_fields(EnvironmentCreate, "name", "tier", "display_name", "rank")
            policy = DEFAULT_POLICIES[body.tier]
            return await execute(
                request,
                lambda uow, command: create_environment(
                    uow, body.to_domain(command), policy, command
                ),
                redirect_to(
                    lambda environment: f"/environments/{environment.name}?done=environment"
                ),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _list_page(request, form, error=to_page_error(error))

    @get("/{environment:str}", include_in_schema=False)
    async def show_environment(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the current versions, latest deployments and active freezes."""
        reads = request.context.reads
        details = await reads.environment(environment)
        history = await reads.deployment_history(
            HistoryFilter(environments=(environment,)), PageRequest(limit=10)
        )
        return render_page(
            request,
            "environment.html",
            title=details.display_name,
            environment=details,
            tab="overview",
            pending_changes=[
                *await pending_changes(request, SettingsKind.ENVIRONMENT, details.name),
                *await pending_changes(request, SettingsKind.POLICY, details.name),
            ],
            **await _current_versions(request, environment),
            history=history.items,
            freezes=[
                freeze
                for freeze in await load_active_freezes(request)
                if freeze.scope.environment in {None, details.name}
                and freeze.scope.tier in {None, details.tier}
            ],
        )

    @get("/{environment:str}/deployments", include_in_schema=False)
    async def show_deployed_services(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show all services that are deployed here, with the form to record a deployment."""
        details = await request.context.reads.environment(environment)
        return render_page(
            request,
            "environment_deployments.html",
            title=f"{details.display_name}: deployments",
            environment=details,
            tab="deployments",
            **await _current_versions(request, environment),
        )


async def _current_versions(request: ApiRequest, environment: str) -> dict[str, Any]:
    """Return the current versions in an environment with their age, and the services' names."""
    reads, now = request.context.reads, request.context.now()
    current = await reads.current_state(CurrentFilter(environments=(environment,)))
    services = await active_services(reads)
    return {
        "cells": [(cell, cell.age(now)) for cell in current.cells],
        "services": services,
        "names": {service.name: service.display_name for service in services},
    }


async def _list_page(
    request: ApiRequest, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    environments = await active_environments(reads)
    current = await reads.current_state(CurrentFilter())
    counts = {environment.name: 0 for environment in environments}
    for cell in current.cells:
        counts[cell.environment] = counts.get(cell.environment, 0) + 1
    return render_page(
        request,
        "environments.html",
        error=error,
        title="Environments",
        environments=[
            (environment, await _current_policy(request, environment))
            for environment in environments
        ],
        counts=counts,
        tiers=tuple(Tier),
        form=form,
    )


async def _current_policy(request: ApiRequest, environment: Environment) -> PolicyVersion:
    return await request.context.reads.policy(environment.name, environment.policy_version)
