"""People page: all accounts and groups, with the forms to invite people and add accounts."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_after_settings_change,
    to_page_error,
)
from gatepost_api.console.forms.grant_fields import (
    parse_grants,
    parse_groups,
    submitted_choices,
)
from gatepost_api.console.pages.person import invite_and_show_link
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.console.views.people_overview import describe_creation, load_people
from gatepost_api.console.views.role_choices import role_choices
from gatepost_api.http.action_execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_api.people.requests import UserCreate, to_accounts
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import UserKind
from gatepost_domain.errors import NotFound
from gatepost_domain.settings_changes.proposal import SettingsKind, UserAddition


class PeoplePages(Controller):
    """The routes that list all people and service accounts, and add new ones."""

    path = "/people"

    @get(include_in_schema=False)
    async def show_people(self, request: ApiRequest) -> Response[bytes]:
        """List all users, with the forms to invite people and add service accounts."""
        return await _list_page(request, EMPTY_FORM)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest) -> Response[Any]:
        """Add a person and show an invitation, or add a service account.

        If another admin must approve the roles first, no invitation is created yet.
        """
        form = await read_form(request)
        try:
            body = form.decode_fields(
                UserCreate,
                "name",
                "display_name",
                "kind",
                grants=parse_grants(form),
                groups=parse_groups(form),
            )
            response = await execute(
                request,
                build_settings_change_action(
                    lambda command: UserAddition(
                        user=body.to_domain(command), accounts=to_accounts(body.logins)
                    ),
                    revision=None,
                    change_id=request.context.new_id(),
                ),
                redirect_after_settings_change(
                    lambda _: f"/people/{url_quote(body.name)}?done=account_added",
                    waiting="/people",
                ),
                idempotency_key=form.key,
            )
            if body.kind is UserKind.HUMAN and await _user_exists(request, body.name):
                return await invite_and_show_link(request, body.name)
        except FORM_ERRORS as error:
            return await _list_page(request, form, error=to_page_error(error))
        return response


async def _user_exists(request: ApiRequest, name: str) -> bool:
    try:
        await request.context.reads.user(name)
    except NotFound:
        return False
    return True


async def _list_page(
    request: ApiRequest, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    return render_page(
        request,
        "people.html",
        error=error,
        canonical_path="/people" if error else None,
        title="People",
        pending_changes=await load_pending_changes(request, SettingsKind.USER),
        overview=await load_people(request),
        describe_creation=describe_creation,
        may_manage=request.auth.actor.may(Right.MANAGE_PEOPLE),
        form=form,
        role_choices=submitted_choices(form) if error else role_choices(()),
        chosen_groups=parse_groups(form),
        services=await load_active_services(reads),
        environments=await load_active_environments(reads),
    )
