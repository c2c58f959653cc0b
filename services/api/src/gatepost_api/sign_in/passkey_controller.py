"""The operations for signing in with a passkey."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Controller, Response, post
from litestar.response import Redirect

from gatepost_api.auth.authentication import check_origin
from gatepost_api.auth.cookies import challenge_cookie
from gatepost_api.auth.passkeys import (
    PasskeyRejected,
    create_sign_in_challenge,
    find_relying_party,
    verify_sign_in,
)
from gatepost_api.http.form_fields import read_form_fields
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.sign_in.pages import (
    MAX_FORM_BYTES,
    PAGE_HEADERS,
    SIGN_IN_ERRORS,
    count_failure_and_show_form,
    open_session_and_create_cookie,
    safe_next_path,
)
from gatepost_domain.actions.access.passkeys import open_passkey_session
from gatepost_domain.errors import AlreadyExists


class PasskeySignInController(Controller):
    """Signing in with a passkey, which needs JavaScript in the browser."""

    path = "/sign-in/passkey"
    response_headers = PAGE_HEADERS

    @post("/challenge", include_in_schema=False, status_code=200)
    async def create_challenge(self, request: ApiRequest) -> Response[str]:
        """Return the options with which the browser requests a passkey."""
        check_origin(request)
        party = find_relying_party(request)
        if party is None:
            raise passkeys_not_possible()
        challenge = create_sign_in_challenge(request, party)
        return respond_with_challenge(challenge.options, challenge.cookie)

    @post(include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
    async def sign_in(self, request: ApiRequest) -> Response[Any]:
        """Sign in with the passkey that signed this browser's challenge."""
        check_origin(request)
        form = dict(await read_form_fields(request))
        next_path = safe_next_path(form.get("next", ""))
        try:
            proof = await verify_sign_in(request, form.get("credential", ""))
            action = partial(
                open_passkey_session,
                name=proof.passkey.user,
                passkey=proof.passkey.id,
                sign_count=proof.sign_count,
            )
            cookie = await open_session_and_create_cookie(request, action, session_id=proof.session)
        except AlreadyExists:
            used = PasskeyRejected("This sign-in was already completed; try again.")
            return count_failure_and_show_form(request, used, next_path=next_path)
        except (*SIGN_IN_ERRORS, PasskeyRejected) as error:
            return count_failure_and_show_form(request, error, next_path=next_path)
        cookies = [cookie, challenge_cookie(request, "")]
        return Redirect(next_path, status_code=303, cookies=cookies)


def respond_with_challenge(options: str, cookie: Any) -> Response[str]:  # noqa: ANN401  # a cookie
    """Return the options as JSON, and the cookie."""
    headers = {"Cache-Control": "no-store"}
    return Response(options, media_type="application/json", cookies=[cookie], headers=headers)


def passkeys_not_possible() -> BadInput:
    """Return the error for an address where browsers do not offer passkeys."""
    return BadInput(
        HTTPStatus.CONFLICT,
        "passkeys_not_possible",
        "header/Host",
        "Passkeys need HTTPS and a host name, or the address http://localhost.",
    )
