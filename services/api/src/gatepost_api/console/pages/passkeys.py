"""Adding and removing passkeys on a person's page."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from litestar import Controller, Response, post

from gatepost_api.auth.cookies import challenge_cookie
from gatepost_api.auth.passkeys import (
    PasskeyRejected,
    create_enrolment_challenge,
    find_relying_party,
    verify_enrolment,
)
from gatepost_api.console.forms.form import FORM_ERRORS, read_form, redirect_to, to_page_error
from gatepost_api.console.pages.person import parse_id, person_page
from gatepost_api.console.rendering.page import PageError
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.passkey_actions import is_passkey_only_way_to_sign_in
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import TokenInPath, UserInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.sign_in.passkey_controller import passkeys_not_possible, respond_with_challenge
from gatepost_domain.access.errors import CredentialOfAnother
from gatepost_domain.actions.access.passkeys import add_passkey, remove_passkey
from gatepost_domain.errors import FieldError, ValidationFailed

MAX_LABEL_LENGTH: Final = 100


class PasskeyPages(Controller):
    """The routes behind the passkey forms on a person's page."""

    path = "/people/{user:str}/passkeys"

    @post("/challenge", include_in_schema=False, status_code=200)
    async def create_challenge(self, request: ApiRequest, user: UserInPath) -> Response[str]:
        """Return the options with which the browser creates a passkey for the caller."""
        party, caller = find_relying_party(request), request.auth
        if party is None:
            raise passkeys_not_possible()
        person = await request.context.reads.user(user)
        if person.name != caller.user.name:
            raise CredentialOfAnother(caller.user.name, person.name)
        existing = await request.context.reads.passkeys(person.name)
        challenge = create_enrolment_challenge(
            request, party, user=person, existing=existing, session=caller.token.id
        )
        return respond_with_challenge(challenge.options, challenge.cookie)

    @post(include_in_schema=False)
    async def add(self, request: ApiRequest, user: UserInPath) -> Response[Any]:
        """Add the passkey that the browser has created."""
        form = await read_form(request)
        name = (await request.context.reads.user(user)).name
        label = form.get("label")[:MAX_LABEL_LENGTH] or None
        try:
            passkey = verify_enrolment(
                request,
                form.get("credential"),
                user=name,
                label=label,
                session=request.auth.token.id,
            )
            response = await execute(
                request,
                partial(add_passkey, passkey=passkey),
                redirect_to(lambda _: f"/people/{url_quote(name)}?done=passkey_added"),
            )
        except PasskeyRejected as error:
            return await person_page(
                request, user, error=PageError(sentence=str(error), status=400)
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))
        response.set_cookie(challenge_cookie(request, ""))
        return response

    @post("/{token:str}/remove", include_in_schema=False)
    async def remove(
        self, request: ApiRequest, user: UserInPath, token: TokenInPath
    ) -> Response[Any]:
        """Remove a passkey; if it is the user's last way to sign in, require a confirmation."""
        form = await read_form(request)
        try:
            if not form.get("confirmed") and await is_passkey_only_way_to_sign_in(request, user):
                raise _confirmation_required()
            return await execute(
                request,
                partial(remove_passkey, name=user, passkey=parse_id(token, "passkey")),
                redirect_to(lambda _: f"/people/{url_quote(user)}?done=passkey_removed"),
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await person_page(request, user, error=to_page_error(error))


def _confirmation_required() -> ValidationFailed:
    return ValidationFailed(
        FieldError(
            field="confirmed",
            code="last_credential",
            detail="This passkey is the last way to sign in. Tick its box to remove it anyway.",
        )
    )
