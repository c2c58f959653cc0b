"""Page of a target's checks: their settings, a button to run them, and the results of past runs."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post

from gatepost_api.console.forms.form import FORM_ERRORS, read_form, redirect_to, to_page_error
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.check_runs import (
    CHECK_STATE,
    check_run_badge,
    describe_expectation,
    summarize_results,
)
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.http.action_execution import execute
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.path_parameters import EnvironmentInPath, ServiceInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.check_runs.request import request_check_run
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, TargetSettings
from gatepost_domain.ports.unit_of_work import UnitOfWork

PAGE_SIZE: Final = 20


class CheckRunPages(Controller):
    """The routes that show a target's checks and request a run of them."""

    path = "/services/{service:str}/targets/{environment:str}/checks"

    @get(include_in_schema=False)
    async def show_checks(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.CHECK_RUNS)] = None,
    ) -> Response[bytes]:
        """Show the latest run with its results, the configured checks, and earlier runs."""
        return await _checks_page(request, service, environment, cursor=cursor)

    @post(include_in_schema=False)
    async def run_checks(
        self, request: ApiRequest, service: ServiceInPath, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Request a run of the checks."""
        form = await read_form(request)
        action = partial(
            request_check_run,
            service=service,
            environment=environment,
            id=request.context.new_id(),
        )
        path = f"/services/{url_quote(service)}/targets/{url_quote(environment)}/checks"
        try:
            return await execute(
                request,
                action,
                redirect_to(lambda _: f"{path}?done=checks"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _checks_page(request, service, environment, error=to_page_error(error))


async def _checks_page(
    request: ApiRequest,
    service: str,
    environment: str,
    *,
    cursor: str | None = None,
    error: PageError | None = None,
) -> Response[bytes]:
    reads = request.context.reads
    details, place = await reads.service(service), await reads.environment(environment)
    settings = await _load_settings(request, service, environment)
    requested = page_request(PAGE_SIZE, cursor, CursorKind.CHECK_RUNS)
    page = await reads.check_runs(service, environment, requested)
    runs = page.items
    older = encode_cursor(page.next_key, CursorKind.CHECK_RUNS)
    return render_page(
        request,
        "check_runs.html",
        error=error,
        title=f"Checks of {service} in {environment}",
        service=details,
        environment=place,
        settings=settings,
        latest=runs[0] if runs and cursor is None else None,
        earlier=runs if cursor else runs[1:],
        is_first_page=cursor is None,
        older=None if older is None else f"?cursor={older}",
        may_run=request.auth.actor.may(Right.OPERATE, service=service, environment=environment),
        check_state=CHECK_STATE,
        check_run_badge=check_run_badge,
        describe_expectation=describe_expectation,
        summarize_results=summarize_results,
    )


async def _load_settings(request: ApiRequest, service: str, environment: str) -> TargetSettings:
    """Return the current settings of a target, or the defaults if it was never configured."""

    def load(uow: UnitOfWork) -> TargetSettings:
        target = uow.target_settings.find(service, environment)
        return DEFAULT_TARGET_SETTINGS if target is None else target.settings

    return await request.context.reads.read_snapshot(load)
