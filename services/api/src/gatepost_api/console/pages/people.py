"""People: who can call, what they may do, and by which tokens."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.console.forms.form import REFUSALS, Form, form_of, redirect_to, refusal_of
from gatepost_api.console.rendering.page import Refused, page
from gatepost_api.console.views.formatting import encoded, zoned
from gatepost_api.http.execution import execute
from gatepost_api.http.json_body import decode_form_fields, to_utc
from gatepost_api.http.pagination import MAX_PAGE_SIZE
from gatepost_api.http.path_parameters import TokenInPath, UserInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.people.requests import TokenCreate, UserChange, UserCreate
from gatepost_domain.access.roles import Grant, Right, Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access import users
from gatepost_domain.errors import Unknown
from gatepost_domain.ports.paging import Window

EMPTY: Final = Form(fields={}, key=None)


class PeoplePages(Controller):
    """People."""

    path = "/people"

    @get(include_in_schema=False)
    async def show_people(self, request: ApiRequest) -> Response[bytes]:
        """Everybody, and the form to make somebody known."""
        return await _list(request, EMPTY)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest) -> Response[Any]:
        """Make somebody known."""
        form = await form_of(request)
        try:
            said = form.read(UserCreate, "name", "kind", grants=_grants(form), groups=_groups(form))
            return await execute(
                request,
                lambda work, command: users.add_user(work, said.to_domain(command), command),
                redirect_to(lambda added: f"/people/{encoded(added.name)}?done=added"),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _list(request, form, refused=refusal_of(error))

    @get("/{user:str}", include_in_schema=False)
    async def show_person(self, request: ApiRequest, user: UserInPath) -> Response[bytes]:
        """What they may do, and their tokens for whoever may see them."""
        return await _person(request, user)

    @post("/{user:str}", include_in_schema=False)
    async def change(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Change what they may do; it holds at once."""
        form = await form_of(request)
        try:
            told = {
                "grants": _grants(form),
                "groups": _groups(form),
                "disabled": bool(form.get("disabled")),
            }
            said = decode_form_fields(told, UserChange)
            return await execute(
                request,
                partial(
                    users.change_user,
                    name=user,
                    grants=tuple(each.to_domain() for each in said.grants or ()),
                    groups=tuple(said.groups or ()),
                    disabled=said.disabled,
                    login=None,
                    revision=None,
                ),
                redirect_to(lambda changed: f"/people/{encoded(changed.name)}?done=changed"),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _person(request, user, refused=refusal_of(error))

    @post("/{user:str}/tokens", include_in_schema=False)
    async def issue(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Have a token made, and show it this once: it is kept nowhere, so no page leads on."""
        form, new_id = await form_of(request), request.context.new_id()
        try:
            said = form.read(TokenCreate, "label", expires_at=zoned(form.get("expires_at")))
            secret = generate_token_secret((await request.context.reads.user(user)).kind)
            at = said.expires_at
            issuing = partial(
                users.issue_token,
                name=user,
                id=new_id,
                digest=secret_digest(secret),
                label=said.label,
                scopes=None,
                expires_at=None if at is None else to_utc(at, "#/expires_at"),
            )
            token = await request.context.ledger.perform(
                lambda work: issuing(work, command=request.command(work))
            )
        except REFUSALS as error:
            return await _person(request, user, refused=refusal_of(error))
        return await _person(request, user, secret=secret, made=token.id)

    @post("/{user:str}/tokens/{token:str}/revoke", include_in_schema=False)
    async def revoke(
        self, request: ApiRequest, user: UserInPath, token: TokenInPath
    ) -> Response[Any]:
        """Make a token worthless."""
        form = await form_of(request)
        try:
            return await execute(
                request,
                partial(users.revoke_token, name=user, token=_id(token)),
                redirect_to(lambda _: f"/people/{encoded(user)}?done=revoked"),
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _person(request, user, refused=refusal_of(error))


async def _list(
    request: ApiRequest, form: Form, *, refused: Refused | None = None
) -> Response[bytes]:
    users = (await request.context.reads.users(Window(limit=MAX_PAGE_SIZE))).items
    return page(
        request,
        "people.html",
        refused=refused,
        title="People",
        users=users,
        form=form,
        roles=tuple(Role),
        kinds=tuple(UserKind),
    )


async def _person(
    request: ApiRequest,
    name: str,
    *,
    refused: Refused | None = None,
    secret: str | None = None,
    made: UUID | None = None,
) -> Response[bytes]:
    reads, actor = request.context.reads, request.auth.actor
    user = await reads.user(name)
    theirs = actor.name == user.name or actor.may(Right.MANAGE_PEOPLE)
    return page(
        request,
        "person.html",
        refused=refused,
        here=f"/people/{encoded(user.name)}" if refused or secret else None,
        title=user.name,
        user=user,
        grants="\n".join(map(_grant_text, user.grants)),
        tokens=(await reads.tokens(name, Window(limit=MAX_PAGE_SIZE))).items if theirs else None,
        roles=tuple(Role),
        secret=secret,
        made=made,
    )


def _grants(form: Form) -> list[dict[str, str]]:
    """Each line a role, and where it holds: `reviewer`, `operator environment=production`."""
    grants: list[dict[str, str]] = []
    for line in form.lines("grants"):
        role, *limits = line.split()
        pairs = (limit.partition("=") for limit in limits)
        grants.append({"role": role, **{name: value for name, _, value in pairs}})
    return grants


def _grant_text(grant: Grant) -> str:
    limits = {"service": grant.service, "environment": grant.environment}
    told = [f"{name}={value}" for name, value in limits.items() if value is not None]
    return " ".join([grant.role, *told])


def _groups(form: Form) -> list[str]:
    return form.get("groups").replace(",", " ").split()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unknown("token", text) from None
