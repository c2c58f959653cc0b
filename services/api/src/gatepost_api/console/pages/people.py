"""Pages of people: list, roles, groups and tokens."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_to,
    redirect_unless_waiting,
    to_page_error,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.formatting import datetime_local_to_utc, url_quote
from gatepost_api.console.views.own_passkeys import is_last_way_in, offer_passkeys
from gatepost_api.console.views.settings_changes import pending_changes
from gatepost_api.http.action_execution import execute
from gatepost_api.http.json_body import decode_form_fields, to_utc
from gatepost_api.http.pagination import MAX_PAGE_SIZE
from gatepost_api.http.path_parameters import TokenInPath, UserInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.people.requests import TokenCreate, UserChange, UserCreate
from gatepost_api.settings_changes.execution import propose
from gatepost_domain.access.roles import Grant, Right, Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access import users
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.proposal import SettingsKind, UserAddition


class PeoplePages(Controller):
    """Pages of people."""

    path = "/people"

    @get(include_in_schema=False)
    async def show_people(self, request: ApiRequest) -> Response[bytes]:
        """List all users, with the form to add one."""
        return await _list_page(request, EMPTY_FORM)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest) -> Response[Any]:
        """Add a user."""
        form = await read_form(request)
        try:
            body = form.decode_fields(
                UserCreate, "name", "kind", grants=_parse_grants(form), groups=_parse_groups(form)
            )
            return await execute(
                request,
                propose(
                    lambda command: UserAddition(user=body.to_domain(command)),
                    revision=None,
                    change_id=request.context.new_id(),
                ),
                redirect_unless_waiting(
                    lambda _: f"/people/{url_quote(body.name)}?done=added", waiting="/people"
                ),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _list_page(request, form, error=to_page_error(error))

    @get("/{user:str}", include_in_schema=False)
    async def show_person(self, request: ApiRequest, user: UserInPath) -> Response[bytes]:
        """Show a user's roles and groups, and the user's tokens if the caller may see them."""
        return await person_page(request, user)

    @post("/{user:str}", include_in_schema=False)
    async def change(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Change roles and groups, or disable the user; effective from the next request."""
        form = await read_form(request)
        try:
            fields = {
                "grants": _parse_grants(form),
                "groups": _parse_groups(form),
                "disabled": bool(form.get("disabled")),
            }
            body = decode_form_fields(fields, UserChange)
            page = f"/people/{url_quote(user)}"
            return await execute(
                request,
                propose(body.to_proposal(user), revision=None, change_id=request.context.new_id()),
                redirect_unless_waiting(lambda _: f"{page}?done=changed", waiting=page),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))

    @post("/{user:str}/tokens", include_in_schema=False)
    async def create_token(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Create a token and show it once; it cannot be retrieved later."""
        form, new_id = await read_form(request), request.context.new_id()
        try:
            body = form.decode_fields(
                TokenCreate, "label", expires_at=datetime_local_to_utc(form.get("expires_at"))
            )
            secret = generate_token_secret((await request.context.reads.user(user)).kind)
            at = body.expires_at
            issue_token = partial(
                users.issue_token,
                name=user,
                id=new_id,
                digest=secret_digest(secret),
                label=body.label,
                scopes=None,
                expires_at=None if at is None else to_utc(at, "#/expires_at"),
            )
            token = await request.context.ledger.perform(
                lambda uow: issue_token(uow, command=request.command(uow))
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))
        return await person_page(request, user, secret=secret, new_token_id=token.id)

    @post("/{user:str}/tokens/{token:str}/revoke", include_in_schema=False)
    async def revoke(
        self, request: ApiRequest, user: UserInPath, token: TokenInPath
    ) -> Response[Any]:
        """Revoke a token."""
        form = await read_form(request)
        try:
            return await execute(
                request,
                partial(users.revoke_token, name=user, token=parse_token_id(token)),
                redirect_to(lambda _: f"/people/{url_quote(user)}?done=revoked"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))


async def _list_page(
    request: ApiRequest, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    users = (await request.context.reads.users(PageRequest(limit=MAX_PAGE_SIZE))).items
    return render_page(
        request,
        "people.html",
        error=error,
        title="People",
        pending_changes=await pending_changes(request, SettingsKind.USER),
        users=users,
        form=form,
        roles=tuple(Role),
        kinds=tuple(UserKind),
    )


async def person_page(
    request: ApiRequest,
    name: str,
    *,
    error: PageError | None = None,
    secret: str | None = None,
    new_token_id: UUID | None = None,
) -> Response[bytes]:
    """Return the page of a person, with what only the person and admins may see for these."""
    reads, actor = request.context.reads, request.auth.actor
    user = await reads.user(name)
    is_human = user.kind is UserKind.HUMAN
    can_see_tokens = actor.name == user.name or actor.may(Right.MANAGE_PEOPLE)
    return render_page(
        request,
        "person.html",
        error=error,
        canonical_path=f"/people/{url_quote(user.name)}" if error or secret else None,
        title=user.name,
        pending_changes=await pending_changes(request, SettingsKind.USER, user.name),
        user=user,
        grants="\n".join(map(_format_grant, user.grants)),
        tokens=(await reads.tokens(name, PageRequest(limit=MAX_PAGE_SIZE))).items
        if can_see_tokens
        else None,
        roles=tuple(Role),
        is_own=actor.name == user.name,
        passkeys=await reads.passkeys(name) if can_see_tokens and is_human else None,
        passkey_offer=offer_passkeys(request),
        last_passkey=await is_last_way_in(request, name),
        secret=secret,
        new_token_id=new_token_id,
    )


def _parse_grants(form: Form) -> list[dict[str, str]]:
    """Parse one grant per line: `reviewer`, `operator environment=production`."""
    grants: list[dict[str, str]] = []
    for line in form.lines("grants"):
        role, *limits = line.split()
        pairs = (limit.partition("=") for limit in limits)
        grants.append({"role": role, **{name: value for name, _, value in pairs}})
    return grants


def _format_grant(grant: Grant) -> str:
    limits = {"service": grant.service, "environment": grant.environment}
    limit_texts = [f"{name}={value}" for name, value in limits.items() if value is not None]
    return " ".join([grant.role, *limit_texts])


def _parse_groups(form: Form) -> list[str]:
    return form.get("groups").replace(",", " ").split()


def parse_token_id(text: str, kind: str = "token") -> UUID:
    """Return the id of a token or passkey in a path.

    Raises:
        NotFound: it is not an id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind, text) from None
