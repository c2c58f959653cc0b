"""Target pages of a service: its rollout and checks in each environment."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from litestar import Controller, Response, get, post

from gatepost_api.catalog.targets.block_and_hold_requests import ReleaseBody
from gatepost_api.catalog.targets.settings_version_loading import load_target_versions
from gatepost_api.console.forms.form import (
    FORM_ERRORS,
    Form,
    read_form,
    redirect_after_settings_change,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.forms.seen_revision import parse_seen_revision
from gatepost_api.console.forms.target_form import (
    KIND_FIELD,
    MAX_CHECKS,
    TargetFormReader,
    add_check,
    check_count,
    form_of_target,
    remove_check,
    with_executor_defaults,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import load_services_and_environments
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.console.views.service_targets import (
    load_latest_check_results,
    load_target_rows,
)
from gatepost_api.console.views.target_fields import (
    CHECK_FIELDS,
    EXECUTOR_FIELDS,
    EXECUTOR_KINDS,
    READINESS_FIELDS,
    TARGET_FIELDS,
)
from gatepost_api.console.views.target_texts import changed_target_settings, describe_target
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import EnvironmentInPath, ServiceInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.deployments.block_and_hold_removal import release_hold
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target
from gatepost_domain.settings_changes.proposal import (
    SettingsKind,
    TargetRemoval,
    TargetReplacement,
)

MAX_VERSIONS: Final = 50
"""The maximum number of versions on the page."""


class TargetPages(Controller):
    """The routes of a service's target pages and of the forms on them."""

    path = "/services/{service:str}/targets"

    @get(include_in_schema=False)
    async def show_targets(self, request: ApiRequest, service: ServiceInPath) -> Response[bytes]:
        """List the service's targets with their settings, check results and current versions."""
        reads = request.context.reads
        details = await reads.service(service)
        _, environments = await load_services_and_environments(reads)
        rows = await load_target_rows(reads, details.name, environments)
        return render_page(
            request,
            "service_targets.html",
            title=f"{details.display_name}: targets",
            service=details,
            tab="targets",
            rows=[row for row in rows if row.is_listed],
        )

    @get("/{environment:str}", include_in_schema=False)
    async def show_target(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show a target's settings, or the form to change them."""
        return await _target_page(request, service, environment)

    @post("/{environment:str}", include_in_schema=False)
    async def save_target(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Save the settings, or show the form again with another executor or other rows."""
        form = await read_form(request)
        changed = _apply_button(form)
        if changed is not None:
            return await _target_page(request, service, environment, form=changed)
        try:
            body = TargetFormReader(form).read()
            page = _path(service, environment)
            return await execute(
                request,
                build_settings_change_action(
                    TargetReplacement(
                        service=service, environment=environment, settings=body.to_domain()
                    ),
                    revision=parse_seen_revision(form),
                    change_id=request.context.new_id(),
                ),
                redirect_after_settings_change(lambda _: f"{page}?done=target", waiting=page),
                note=form.get("reason") or None,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _target_page(
                request, service, environment, form=form, error=_page_error(error)
            )

    @post("/{environment:str}/retire", include_in_schema=False)
    async def retire(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Declare that the service no longer runs in the environment."""
        form = await read_form(request)
        page = _path(service, environment)
        try:
            return await execute(
                request,
                build_settings_change_action(
                    TargetRemoval(service=service, environment=environment, at=None),
                    revision=None,
                    change_id=request.context.new_id(),
                ),
                redirect_after_settings_change(lambda _: f"{page}?done=retired", waiting=page),
                note=form.get("reason") or None,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _target_page(request, service, environment, error=to_page_error(error))

    @post("/{environment:str}/release", include_in_schema=False)
    async def release_hold(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Release the hold on automatic promotion to the environment."""
        form, new_id = await read_form(request), request.context.new_id
        page = _path(service, environment)
        try:
            body = form.decode_fields(ReleaseBody, "reason")
            return await execute(
                request,
                partial(release_hold, service=service, environment=environment, new_id=new_id),
                redirect_to(lambda _: f"{page}?done=released"),
                note=body.reason,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _target_page(request, service, environment, error=to_page_error(error))

    @get("/{environment:str}/versions", include_in_schema=False)
    async def show_versions(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the latest versions of a target's settings, each with its changes."""
        reads = request.context.reads
        details = await reads.service(service)
        place = await reads.environment(environment)
        versions = await load_target_versions(reads, details.name, place.name, limit=MAX_VERSIONS)
        older_versions: list[Target | None] = [*versions[1:], None]
        return render_page(
            request,
            "target_versions.html",
            title=f"{details.display_name} in {place.display_name}: settings history",
            service=details,
            environment=place,
            tab="targets",
            versions=[
                (
                    target,
                    None
                    if older is None
                    else changed_target_settings(older.settings, target.settings),
                )
                for target, older in zip(versions, older_versions, strict=False)
            ],
        )


def _path(service: str, environment: str) -> str:
    return f"/services/{url_quote(service)}/targets/{url_quote(environment)}"


def _apply_button(form: Form) -> Form | None:
    """Return the form after applying the button that was used, or None to save the form."""
    command = form.get("_do")
    if command == "choose":
        return with_executor_defaults(form)
    if command == "add-check":
        return add_check(form)
    if command.startswith("remove-check-"):
        positions = {f"remove-check-{position}": position for position in range(MAX_CHECKS)}
        return remove_check(form, positions.get(command, -1))
    return None


def _page_error(error: Exception) -> PageError:
    """Return the error; if several fields are at fault, its sentence only says how many."""
    page_error = to_page_error(error)
    count = len(page_error.faults)
    if count > 1:
        return replace(page_error, sentence=f"Correct the {count} fields marked below.")
    return page_error


async def _target_page(
    request: ApiRequest,
    service: str,
    environment: str,
    *,
    form: Form | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    reads, actor = request.context.reads, request.auth.actor
    details = await reads.service(service)
    place = await reads.environment(environment)
    policy = (await reads.policy(place.name, place.policy_version)).policy
    (row,) = await load_target_rows(reads, details.name, (place,))
    settings = row.target.settings if row.target else DEFAULT_TARGET_SETTINGS
    lane = {"service": details.name, "environment": place.name}
    shown_form = form or form_of_target(settings)
    return render_page(
        request,
        "target.html",
        error=error,
        canonical_path=_path(details.name, place.name) if form or error else None,
        title=f"{details.display_name} in {place.display_name}",
        service=details,
        environment=place,
        tab="targets",
        row=row,
        policy=policy,
        rows=describe_target(settings),
        form=shown_form,
        is_edited=form is not None,
        check_count=check_count(shown_form),
        seen=form.get("seen") if form else (row.target.revision if row.target else 0),
        target_fields=TARGET_FIELDS,
        executor_fields=EXECUTOR_FIELDS.get(shown_form.get(KIND_FIELD), ()),
        executor_kinds=EXECUTOR_KINDS,
        readiness_fields=READINESS_FIELDS,
        check_fields=CHECK_FIELDS,
        may_configure=actor.may(Right.CONFIGURE_TARGET, **lane),
        may_retire=actor.may(Right.RETIRE, **lane),
        may_release=actor.may(Right.RELEASE, **lane),
        results=await load_latest_check_results(reads, details.name, place.name),
        pending_changes=await load_pending_changes(
            request, SettingsKind.TARGET, f"{details.name} in {place.name}"
        ),
    )
