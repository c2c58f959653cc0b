"""Pages of an environment: overview, deployments and policy."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post

from gatepost_api.catalog.environments.policy_schemas import Policy, PolicyBody
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_unless_waiting,
    to_page_error,
)
from gatepost_api.console.pages.home import load_active_freezes
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import active_services
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.policy_rules import policy_rows
from gatepost_api.console.views.settings_changes import pending_changes
from gatepost_api.http.action_execution import execute
from gatepost_api.http.json_body import decode_json_body
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.execution import propose
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.proposal import PolicyReplacement, SettingsKind
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.deployment_history import HistoryFilter

MAX_POLICY_VERSIONS: Final = 20
_READ_ONLY_FIELDS: Final = ("environment", "version", "created_at", "created_by")


class EnvironmentPages(Controller):
    """Pages of an environment."""

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

    @get("/{environment:str}/policy", include_in_schema=False)
    async def show_policy(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the policy, its latest versions and the form to change it."""
        return await _policy_page(request, environment, EMPTY_FORM)

    @post("/{environment:str}/policy", include_in_schema=False)
    async def save_policy(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Save a new policy version, unless another one was saved since the page was loaded."""
        form = await read_form(request)
        try:
            text = form.get("policy").encode()
            body: PolicyBody = decode_json_body(text, "application/json", PolicyBody)
            page = f"/environments/{url_quote(environment)}/policy"
            return await execute(
                request,
                propose(
                    PolicyReplacement(environment=environment, policy=body.to_domain()),
                    revision=_expected_version(form),
                    change_id=request.context.new_id(),
                ),
                redirect_unless_waiting(lambda _: f"{page}?done=policy", waiting=page),
                note=form.get("reason") or None,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _policy_page(request, environment, form, error=to_page_error(error))


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


def _expected_version(form: Form) -> int:
    text = form.get("seen")
    if not text.isdecimal() or len(text) > len("999999999"):
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "#/seen", "Reload the page and try again."
        )
    return int(text)


async def _policy_page(
    request: ApiRequest, name: str, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    environment = await reads.environment(name)
    latest = environment.policy_version
    oldest_before = max(latest - MAX_POLICY_VERSIONS, 0)
    versions = [await reads.policy(name, version) for version in range(latest, oldest_before, -1)]
    return render_page(
        request,
        "policy.html",
        error=error,
        title=f"{environment.display_name}: policy",
        environment=environment,
        tab="policy",
        versions=versions,
        rules=policy_rows(versions[0].policy),
        pending_changes=await pending_changes(request, SettingsKind.POLICY, name),
        reason=form.get("reason"),
        text=form.get("policy") or _policy_json(versions[0]),
    )


def _policy_json(version: PolicyVersion) -> str:
    fields = msgspec.to_builtins(Policy.from_domain(version))
    return json.dumps(
        {name: fields[name] for name in fields if name not in _READ_ONLY_FIELDS}, indent=2
    )
