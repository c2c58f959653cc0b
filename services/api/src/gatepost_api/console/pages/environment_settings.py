"""Page of an environment's details, with the forms to change and archive it."""

from __future__ import annotations

from typing import Any, Final

from litestar import Controller, Response, get, post

from gatepost_api.catalog.environments.requests import EnvironmentChange
from gatepost_api.console.forms.form import (
    FORM_ERRORS,
    Form,
    read_form,
    redirect_after_settings_change,
    to_page_error,
)
from gatepost_api.console.forms.seen_revision import parse_seen_revision
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.roles import Right
from gatepost_domain.settings_changes.proposal import EnvironmentUpdate, SettingsKind

DETAIL_FIELDS: Final = ("display_name", "tier", "rank")


class EnvironmentSettingsPages(Controller):
    """The routes that show and save an environment's details."""

    path = "/environments/{environment:str}/settings"

    @get(include_in_schema=False)
    async def show_settings(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the details, with the forms to change them and to archive the environment."""
        return await _settings_page(request, environment)

    @post(include_in_schema=False)
    async def save_settings(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Change the details, or archive or unarchive the environment."""
        form = await read_form(request)
        try:
            details = await request.context.reads.environment(environment)
            body = form.decode_fields(EnvironmentChange, *DETAIL_FIELDS, "archived", "reason")
            page = f"/environments/{details.name}/settings"
            return await execute(
                request,
                build_settings_change_action(
                    EnvironmentUpdate(environment=details.name, change=body.to_domain()),
                    revision=parse_seen_revision(form),
                    change_id=request.context.new_id(),
                ),
                redirect_after_settings_change(lambda _: f"{page}?done=changed", waiting=page),
                note=body.reason,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _settings_page(request, environment, error=to_page_error(error), form=form)


async def _settings_page(
    request: ApiRequest,
    name: str,
    *,
    error: PageError | None = None,
    form: Form | None = None,
) -> Response[bytes]:
    reads = request.context.reads
    environment = await reads.environment(name)
    policy = (await reads.policy(environment.name, environment.policy_version)).policy
    stored = Form(
        fields={field: str(getattr(environment, field)) for field in DETAIL_FIELDS}, key=None
    )
    return render_page(
        request,
        "environment_settings.html",
        error=error,
        title=f"{environment.display_name}: settings",
        environment=environment,
        tab="settings",
        form=form or stored,
        seen=form.get("seen") if form else environment.revision,
        is_guarded=policy.settings_approvals > 0,
        may_configure=request.auth.actor.may(Right.CONFIGURE, environment=environment.name),
        pending_changes=await load_pending_changes(
            request, SettingsKind.ENVIRONMENT, environment.name
        ),
    )
