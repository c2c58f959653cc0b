"""Overview and live versions of one environment."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get

from gatepost_api.console.pages.overview import load_active_freezes
from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.catalog_choices import load_active_services
from gatepost_api.console.views.matrix import load_next_in_lanes
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.proposal import SettingsKind
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.history_filters import HistoryFilter


class EnvironmentPages(Controller):
    """The routes of an environment's overview page and its page of live versions."""

    path = "/environments"

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
                *await load_pending_changes(request, SettingsKind.ENVIRONMENT, details.name),
                *await load_pending_changes(request, SettingsKind.POLICY, details.name),
            ],
            **await _load_versions_context(request, environment),
            history=history.items,
            status_details=await load_status_details(reads, history.items),
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
        """Show what is live here, service by service, with the form to record a deployment."""
        details = await request.context.reads.environment(environment)
        return render_page(
            request,
            "environment_deployments.html",
            title=f"{details.display_name}: live versions",
            environment=details,
            tab="deployments",
            **await _load_versions_context(request, environment),
        )


async def _load_versions_context(request: ApiRequest, environment: str) -> dict[str, Any]:
    """Return the template variables for the current versions, and for what is in progress."""
    reads, now = request.context.reads, request.context.now()
    criteria = CurrentFilter(environments=(environment,))
    current = await reads.current_state(criteria)
    services = await load_active_services(reads)
    return {
        "cells": [(cell, cell.age(now)) for cell in current.cells],
        "unfinished": await load_next_in_lanes(reads, criteria, current.cells),
        "services": services,
        "names": {service.name: service.display_name for service in services},
    }
