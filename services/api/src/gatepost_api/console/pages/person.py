"""Account page of one person or service account, including the caller's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from gatepost_api.auth.cookies import own_origin
from gatepost_api.auth.token_secrets import (
    INVITATION_PREFIX,
    generate_secret,
    generate_token_secret,
    secret_digest,
)
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    decode_form_fields,
    read_form,
    redirect_after_settings_change,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.forms.grant_fields import parse_grants, parse_groups
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views import notification_texts
from gatepost_api.console.views.account_tokens import arrange_tokens, end_of_token
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
    load_users,
)
from gatepost_api.console.views.formatting import datetime_local_to_utc, url_quote
from gatepost_api.console.views.passkey_actions import (
    determine_passkey_conditions,
    is_passkey_only_way_to_sign_in,
)
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.console.views.people_overview import (
    describe_creation,
    describe_possible_account_users,
    find_provider_login,
    is_last_admin,
    load_groups,
    names_by_key,
)
from gatepost_api.console.views.reasons_not_invitable import load_invitation_refusals
from gatepost_api.console.views.role_choices import role_choices
from gatepost_api.http.action_execution import execute
from gatepost_api.http.json_body import to_utc
from gatepost_api.http.pagination import MAX_PAGE_SIZE
from gatepost_api.http.path_parameters import TokenInPath, UserInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.people.requests import TokenCreate, UserChange, UserReset
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import Token, TokenKind, UserKind
from gatepost_domain.actions.access import invitations, users
from gatepost_domain.actions.access.sign_in import NewToken
from gatepost_domain.errors import NotFound
from gatepost_domain.notifications.channel import NotificationChannel, person_recipient
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.proposal import SettingsKind


class PersonPages(Controller):
    """The routes of an account's page and of the forms on it."""

    path = "/people/{user:str}"

    @get(include_in_schema=False)
    async def show_person(self, request: ApiRequest, user: UserInPath) -> Response[bytes]:
        """Show an account, and its credentials if the caller may see them."""
        return await person_page(request, user)

    @post(include_in_schema=False)
    async def change(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Change a user's roles, groups and display name, and disable or enable the user."""
        form = await read_form(request)
        try:
            fields = {
                "grants": parse_grants(form),
                "groups": parse_groups(form),
                "disabled": bool(form.get("disabled")),
                "display_name": form.get("display_name"),
            }
            body = decode_form_fields(fields, UserChange)
            page = f"/people/{url_quote(user)}"
            return await execute(
                request,
                build_settings_change_action(
                    body.to_proposal(user), revision=None, change_id=request.context.new_id()
                ),
                redirect_after_settings_change(lambda _: f"{page}?done=changed", waiting=page),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))

    @post("/invite", include_in_schema=False)
    async def invite(self, request: ApiRequest, user: UserInPath) -> Response[bytes]:
        """Create an invitation and show its link once."""
        try:
            return await invite_and_show_link(request, user)
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))

    @post("/reset", include_in_schema=False)
    async def reset_credentials(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Revoke all of a person's credentials and show a new invitation.

        No invitation is created for a person with powers in a guarded environment.
        """
        form = await read_form(request)
        try:
            body = form.decode_fields(UserReset, "reason")
            await execute(
                request,
                partial(invitations.reset_user, name=user),
                redirect_to(lambda _: f"/people/{url_quote(user)}"),
                note=body.reason,
            )
            person = await request.context.reads.user(user)
            if (await load_invitation_refusals(request, person)).now is not None:
                return Redirect(f"/people/{url_quote(user)}?done=reset", status_code=303)
            return await invite_and_show_link(request, user)
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))

    @post("/tokens", include_in_schema=False)
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

    @post("/tokens/{token:str}/revoke", include_in_schema=False)
    async def revoke(
        self, request: ApiRequest, user: UserInPath, token: TokenInPath
    ) -> Response[Any]:
        """Revoke a token."""
        form = await read_form(request)
        try:
            return await execute(
                request,
                partial(users.revoke_token, name=user, token=parse_id(token, "token")),
                redirect_to(lambda _: f"/people/{url_quote(user)}?done=revoked"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))


async def invite_and_show_link(request: ApiRequest, name: str) -> Response[bytes]:
    """Create an invitation and return the person's page with the link.

    Raises:
        Refusal: the caller may not invite the person, or the person can already sign in.
    """
    secret = generate_secret(INVITATION_PREFIX)
    new_token = NewToken(id=request.context.new_id(), digest=secret_digest(secret))
    invitation = await request.context.ledger.perform(
        lambda uow: invitations.invite_user(
            uow, name, command=request.command(uow), new_token=new_token
        )
    )
    request.context.change_signal.notify()
    url = f"{own_origin(request)}/invitation?link={secret}"
    return await person_page(request, name, invitation=(url, invitation))


async def person_page(
    request: ApiRequest,
    name: str,
    *,
    error: PageError | None = None,
    secret: str | None = None,
    new_token_id: UUID | None = None,
    invitation: tuple[str, Token] | None = None,
    channel_form: Form | None = None,
) -> Response[bytes]:
    """Return the page of an account; only its owner and admins see its credentials."""
    reads, actor, now = request.context.reads, request.auth.actor, request.context.now()
    user, everybody = await reads.user(name), await load_users(reads)
    is_human, is_own = user.kind is UserKind.HUMAN, actor.name == user.name
    may_manage, names = actor.may(Right.MANAGE_PEOPLE), names_by_key(everybody)
    sees_credentials = is_own or may_manage
    tokens = (await reads.tokens(name, PageRequest(limit=MAX_PAGE_SIZE))).items
    passkeys = await reads.passkeys(name)
    sign_ins = (await reads.sign_ins()).get(user.key)
    return render_page(
        request,
        "person.html",
        error=error,
        canonical_path=f"/people/{url_quote(user.name)}" if error or secret or invitation else None,
        title="My account" if is_own else user.display_name or user.name,
        pending_changes=await load_pending_changes(request, SettingsKind.USER, user.name),
        user=user,
        is_own=is_own,
        is_human=is_human,
        may_manage=may_manage,
        is_enrolled=bool(passkeys) or invitations.has_credential(user, tokens, now),
        is_last_admin=is_last_admin(user, everybody),
        invitation_refusals=await load_invitation_refusals(request, user),
        created=describe_creation(user),
        counts_as=names.get(normalize_name(user.human), user.human),
        provenance=describe_possible_account_users(user, names),
        names=names,
        sign_ins=sign_ins,
        groups=await load_groups(request, everybody),
        role_choices=role_choices(user.grants),
        services=await load_active_services(reads),
        environments=await load_active_environments(reads),
        tokens=arrange_tokens(
            [token for token in tokens if token.kind is not TokenKind.INVITATION],
            now,
            current=request.auth.token.id,
        )
        if sees_credentials
        else None,
        end_of_token=end_of_token,
        passkeys=passkeys if sees_credentials and is_human else None,
        passkey_offer=determine_passkey_conditions(request),
        provider_login=find_provider_login(request, user),
        last_passkey=await is_passkey_only_way_to_sign_in(request, name),
        secret=secret,
        new_token_id=new_token_id,
        current_token_id=request.auth.token.id,
        invitation=invitation,
        channels=await _load_own_channels(request) if is_own and is_human else None,
        channel_form=channel_form,
        form=channel_form or EMPTY_FORM,
        empty_form=EMPTY_FORM,
        channel_texts=notification_texts,
    )


async def _load_own_channels(request: ApiRequest) -> Sequence[NotificationChannel]:
    """Return the caller's notification channels."""
    page = await request.context.reads.notification_channels(
        PageRequest(limit=MAX_PAGE_SIZE), person_recipient(request.auth.actor.name)
    )
    return page.items


def parse_id(text: str, kind: str) -> UUID:
    """Return the id of a token or passkey, given as text in a path.

    Raises:
        NotFound: the text is not an id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind, text) from None
