"""The page of an invitation, which works without JavaScript."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from gatepost_api.auth.authentication import check_origin, verify_secret
from gatepost_api.auth.passkeys import suggest_passkey_address
from gatepost_api.http.form_fields import read_form_fields
from gatepost_api.http.request import ApiRequest
from gatepost_api.oidc.issuer import InvalidIdToken
from gatepost_api.sign_in.pages import (
    MAX_FORM_BYTES,
    PAGE_HEADERS,
    SIGN_IN_ERRORS,
    count_failure_and_show_form,
    open_session_and_create_cookie,
)
from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.users import TokenKind
from gatepost_domain.actions.access.invitations import accept_invitation

_INVITATION_KINDS: Final = frozenset({TokenKind.INVITATION})
_INVITATION_EXPIRED: Final = (
    "This invitation was already accepted, or is no longer valid. Ask the person who sent it for "
    "another."
)


class InvitationController(Controller):
    """The page of an invitation."""

    path = "/invitation"
    response_headers = PAGE_HEADERS

    @get(include_in_schema=False)
    async def show_invitation(
        self, request: ApiRequest, link: FromQuery[str] = ""
    ) -> Response[Any]:
        """Show who sent the invitation and what it means, without accepting it."""
        context = request.context
        try:
            user, invitation = await verify_secret(
                context, link.strip(), _INVITATION_KINDS, context.now()
            )
        except SIGN_IN_ERRORS:
            return count_failure_and_show_form(request, InvalidIdToken(_INVITATION_EXPIRED))
        sender = (
            None if invitation.origin is None else await _find_user_name(request, invitation.issuer)
        )
        address = suggest_passkey_address(request)
        values = {"user": user, "sender": sender, "link": link, "passkey_address": address}
        return Template("invitation.html", context=values)

    @post(include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
    async def accept(self, request: ApiRequest) -> Response[Any]:
        """Accept the invitation: sign in, and go to the person's own page."""
        check_origin(request)
        form, context = dict(await read_form_fields(request)), request.context
        secret = form.get("link", "").strip()
        try:
            user, invitation = await verify_secret(
                context, secret, _INVITATION_KINDS, context.now()
            )
            cookie = await open_session_and_create_cookie(
                request, partial(accept_invitation, presented_token_id=invitation.id)
            )
        except SIGN_IN_ERRORS:
            return count_failure_and_show_form(request, InvalidIdToken(_INVITATION_EXPIRED))
        return Redirect(
            f"/people/{quote(user.name, safe='')}?done=accepted", status_code=303, cookies=[cookie]
        )


async def _find_user_name(request: ApiRequest, key: str) -> str:
    """Return the name of the user with this key; the key is the name before any upgrade."""
    former_names = await request.context.reads.former_name_by_user()
    names = {normalize_name(former): name for name, former in former_names.items()}
    return names.get(key, key)
