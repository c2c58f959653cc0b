"""Page of all environments: their promotion order, and the form to create one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Controller, Response, get, post

from gatepost_api.catalog.environments.requests import EnvironmentCreate
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_after_settings_change,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.pages.environment_promotion_order import (
    load_promotion_order,
    render_order_page,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.http.action_execution import execute
from gatepost_api.http.pagination import fetch_all_pages
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.catalog.create import create_environment
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.settings_changes.proposal import PolicyReplacement
from gatepost_domain.tracking.current_state import CurrentFilter


class EnvironmentListPages(Controller):
    """The routes that list all environments and create new ones."""

    path = "/environments"

    @get(include_in_schema=False)
    async def show_environments(self, request: ApiRequest) -> Response[bytes]:
        """Show the promotion order as a graph and a list, with the form to add an environment."""
        return await _list_page(request, EMPTY_FORM)

    @post(include_in_schema=False)
    async def create(self, request: ApiRequest) -> Response[Any]:
        """Create an environment with the default policy of its tier.

        If an earlier environment is chosen, it then promotes to the new one, unless it already
        promotes to another.
        """
        form = await read_form(request)
        try:
            body = form.decode_fields(EnvironmentCreate, "name", "tier", "display_name", "rank")
            before = await _load_earlier_environment(request, form)
            required = () if before is None else (before.name,)
            policy = replace(DEFAULT_POLICIES[body.tier], requires=required)
            created = await execute(
                request,
                lambda uow, command: create_environment(
                    uow, body.to_domain(command), policy, command
                ),
                redirect_to(lambda created: f"/environments?done=environment#{created.name}"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _list_page(request, form, error=to_page_error(error))
        if before is None:
            return created
        return await _add_missing_promotion_target(
            request, before, body.name, otherwise=created, key=form.key
        )


async def _load_earlier_environment(request: ApiRequest, form: Form) -> Environment | None:
    name = form.get("after")
    if not name:
        return None
    environments = (box.environment for box in (await load_promotion_order(request)).graph.boxes)
    earlier = next((environment for environment in environments if environment.name == name), None)
    if earlier is None:
        detail = f"There is no environment {name}. Choose one from the list."
        raise BadInput(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "#/after", detail)
    return earlier


async def _add_missing_promotion_target(
    request: ApiRequest,
    before: Environment,
    name: str,
    *,
    otherwise: Response[Any],
    key: str | None,
) -> Response[Any]:
    """Make `before` promote to the new environment, as a separate change.

    If it already promotes to an environment, return `otherwise`.
    """
    policy = (await request.context.reads.policy(before.name, before.policy_version)).policy
    if policy.promotes_to is not None:
        return otherwise
    proposal = PolicyReplacement(environment=before.name, policy=replace(policy, promotes_to=name))
    page: Callable[[object], str] = lambda _: f"/environments?done=environment#{name}"  # noqa: E731
    try:
        return await execute(
            request,
            build_settings_change_action(
                proposal, revision=before.policy_version, change_id=request.context.new_id()
            ),
            redirect_after_settings_change(
                page, waiting=f"/environments/{url_quote(before.name)}/order"
            ),
            idempotency_key=None if key is None else f"{key}-next"[-64:],
        )
    except FORM_ERRORS as error:
        return await render_order_page(
            request, before.name, error=to_page_error(error), promotes_to=name
        )


async def _list_page(
    request: ApiRequest, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    order = await load_promotion_order(request)
    current = await request.context.reads.current_state(CurrentFilter())
    counts = {box.environment.name: 0 for box in order.graph.boxes}
    for cell in current.cells:
        counts[cell.environment] = counts.get(cell.environment, 0) + 1
    return render_page(
        request,
        "environments.html",
        error=error,
        title="Environments",
        order=order,
        counts=counts,
        archived=await fetch_all_pages(partial(request.context.reads.environments, archived=True)),
        may_configure=request.auth.actor.may(Right.CONFIGURE),
        form=form,
    )
