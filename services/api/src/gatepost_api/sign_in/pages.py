"""Pages for signing in and out; they work without JavaScript."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

from litestar import Controller, MediaType, Response, get, post
from litestar.datastructures import Cookie, ResponseHeader
from litestar.exceptions import HTTPException
from litestar.params import FromQuery, QueryParameter
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.template import TemplateConfig

from gatepost_api.auth.authentication import (
    SESSION_KINDS,
    authenticate_and_record_use,
    check_origin,
    rate_limit_failed_attempt,
    require_credentials,
    verify_secret,
)
from gatepost_api.auth.cookies import (
    expired_session_cookie,
    flow_cookie,
    own_origin,
    read_flow_state,
    session_cookie,
    session_secret,
)
from gatepost_api.auth.oidc_token_resolution import account_of, find_or_create_provider_user
from gatepost_api.auth.passkeys import find_relying_party, suggest_passkey_address
from gatepost_api.auth.token_secrets import SESSION_PREFIX, generate_secret, secret_digest
from gatepost_api.http.form_fields import read_form_fields
from gatepost_api.http.request import ApiRequest
from gatepost_api.oidc.issuer import InvalidIdToken, IssuerUnreachable
from gatepost_api.sign_in import authorization_code
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.users import Token, TokenKind
from gatepost_domain.actions.access import sign_in as sessions
from gatepost_domain.actions.access.sign_in import SESSION_OPENING_KINDS, NewToken
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork

_TEMPLATE_DIRECTORY: Final = Path(__file__).parent / "templates"
LOGO_FILE: Final = Path(__file__).parents[1] / "console" / "static" / "mark.svg"
SCRIPT_FILE: Final = Path(__file__).parents[1] / "console" / "static" / "passkeys.js"
TEMPLATES: Final = TemplateConfig(directory=_TEMPLATE_DIRECTORY, engine=JinjaTemplateEngine)
"""The page template engine; Jinja escapes every value."""

MAX_FORM_BYTES: Final = 32 * 1024
"""The maximum size of the sign-in form, which can be sent without authentication."""

HOME_PATH: Final = "/"
"""The page shown after signing in, unless the form names another one."""

_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[!-~]{0,1000}")
"""A path on this server. Two leading slashes would make it the URL of another host."""
_LINK_EXPIRED: Final = "This link was already used or has expired; print a new one on the server."
_LINK_KINDS: Final = frozenset({TokenKind.LINK})
_CONTENT_SECURITY_POLICY: Final = ResponseHeader(
    name="Content-Security-Policy",
    value="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
)
_REFERRER_POLICY: Final = ResponseHeader(
    name="Referrer-Policy",
    value="same-origin",
    description="`no-referrer` is not used, because browsers would then send this server's forms "
    "without an Origin.",
)
PAGE_HEADERS: Final = (_CONTENT_SECURITY_POLICY, _REFERRER_POLICY)
"""The headers of the pages that are shown without authentication."""
SIGN_IN_ERRORS: Final = (HTTPException, InvalidIdToken, SignInDenied, Unauthenticated, NotFound)


class SessionAction(Protocol):
    """A domain action that opens a session."""

    def __call__(self, uow: UnitOfWork, *, new_token: NewToken, at: datetime) -> Token:
        """Open the session and return it."""
        ...


class SignInController(Controller):
    """Pages for signing in and out."""

    path = "/sign-in"
    response_headers = PAGE_HEADERS

    @get(include_in_schema=False)
    async def show_sign_in(
        self,
        request: ApiRequest,
        link: FromQuery[str] = "",
        next_path: Annotated[str, QueryParameter(name="next")] = "",
    ) -> Template:
        """Show the sign-in form, the confirmation page for a link, or who is signed in."""
        context = request.context
        with suppress(*SIGN_IN_ERRORS):
            if link:
                user, _ = await verify_secret(context, link, _LINK_KINDS, context.now())
                return Template("sign_in_link.html", context={"user": user, "link": link})
            user, token = await authenticate_and_record_use(context, *require_credentials(request))
            return Template("signed_in.html", context={"user": user, "token": token})
        return _sign_in_form(
            request, _LINK_EXPIRED if link else None, next_path=safe_next_path(next_path)
        )

    @get("/style.css", include_in_schema=False, media_type=MediaType.CSS, sync_to_thread=False)
    def get_style_sheet(self) -> str:
        """Return the style sheet."""
        return (_TEMPLATE_DIRECTORY / "style.css").read_text(encoding="utf-8")

    @get("/mark.svg", include_in_schema=False, media_type="image/svg+xml", sync_to_thread=False)
    def get_logo(self) -> bytes:
        """Return the logo, an SVG image."""
        return LOGO_FILE.read_bytes()

    @get(
        "/passkeys.js", include_in_schema=False, media_type="text/javascript", sync_to_thread=False
    )
    def get_script(self) -> bytes:
        """Return the script that asks the browser for a passkey."""
        return SCRIPT_FILE.read_bytes()

    @post(include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
    async def sign_in(self, request: ApiRequest) -> Response[Any]:
        """Sign in with a token, or with a link that the server printed."""
        check_origin(request)
        form, context = dict(await read_form_fields(request)), request.context
        secret = (form.get("link") or form.get("token") or "").strip()
        next_path = safe_next_path(form.get("next", ""))
        try:
            _, token = await verify_secret(context, secret, SESSION_OPENING_KINDS, context.now())
            cookie = await open_session_and_create_cookie(
                request, partial(sessions.open_session, presented_token_id=token.id)
            )
        except SIGN_IN_ERRORS as error:
            return count_failure_and_show_form(
                request,
                InvalidIdToken(_LINK_EXPIRED) if "link" in form else error,
                next_path=next_path,
            )
        return Redirect(next_path, status_code=303, cookies=[cookie])

    @post("/out", include_in_schema=False)
    async def sign_out(self, request: ApiRequest) -> Response[Any]:
        """Sign out: end the session and clear its cookie."""
        check_origin(request)
        context, at = request.context, request.context.now()
        with suppress(*SIGN_IN_ERRORS):  # the session may have expired
            _, token = await verify_secret(
                context, session_secret(request) or "", SESSION_KINDS, at
            )
            await context.ledger.perform(partial(sessions.close_session, session=token.id, at=at))
        return Redirect("/sign-in", status_code=303, cookies=[expired_session_cookie(request)])

    @get("/provider", include_in_schema=False)
    async def redirect_to_provider(self, request: ApiRequest) -> Response[Any]:
        """Redirect to the identity provider."""
        provider = request.context.trusted_issuers.provider
        if provider is None:
            return _sign_in_form(
                request, "No identity provider is configured.", HTTPStatus.NOT_FOUND
            )
        try:
            authorization = await authorization_code.start_authorization(
                provider, callback_url(request)
            )
        except IssuerUnreachable as error:
            return _sign_in_form(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        cookie = flow_cookie(request, authorization.flow_state)
        return Redirect(authorization.url, status_code=303, cookies=[cookie])

    @get("/provider/callback", include_in_schema=False)
    async def complete_provider_sign_in(
        self,
        request: ApiRequest,
        code: FromQuery[str] = "",
        returned_state: Annotated[str, QueryParameter(name="state")] = "",
    ) -> Response[Any]:
        """Open a session after a sign-in at the provider, or show the form that links the account.

        The browser comes from another site, so it would not send the new `SameSite` cookie after a
        redirect. The response is therefore a page that refreshes to the overview. For the same
        reason, linking an account is completed by a form, which is sent with the session cookie.
        """
        context, at = request.context, request.context.now()
        provider = context.trusted_issuers.provider
        if provider is None:
            return _sign_in_form(
                request, "No identity provider is configured.", HTTPStatus.NOT_FOUND
            )
        flow_state = read_flow_state(request)
        try:
            link = authorization_code.read_account_link_flow(flow_state)
            if link is not None:
                authorization_code.check_callback(flow_state, state=returned_state, code=code)
                form = {"code": code, "state": returned_state}
                shown = {**form, "user": link.user, "provider": provider.settings.display_name}
                return Template("provider_link.html", context=shown)
            claims = await authorization_code.complete_authorization(
                provider,
                callback_url(request),
                flow_state=flow_state,
                state=returned_state,
                code=code,
            )
            user = await find_or_create_provider_user(context, provider, claims, at)
            action = partial(
                sessions.issue_token_after_provider_sign_in,
                name=user.name,
                kind=TokenKind.SESSION,
                account=account_of(provider, claims),
            )
            cookie = await open_session_and_create_cookie(request, action)
        except SIGN_IN_ERRORS as error:
            return count_failure_and_show_form(request, error)
        except IssuerUnreachable as error:
            return _sign_in_form(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        cleared_flow = flow_cookie(request, "")
        return Template(
            "provider_signed_in.html", context={"user": user}, cookies=[cookie, cleared_flow]
        )


async def open_session_and_create_cookie(
    request: ApiRequest, action: SessionAction, *, session_id: UUID | None = None
) -> Cookie:
    """Run an action that opens a session, and return the cookie with its secret."""
    context, secret = request.context, generate_secret(SESSION_PREFIX)
    fresh = NewToken(id=session_id or context.new_id(), digest=secret_digest(secret))
    await context.ledger.perform(partial(action, new_token=fresh, at=context.now()))
    return session_cookie(request, secret)


def count_failure_and_show_form(
    request: ApiRequest, error: Exception, *, next_path: str = HOME_PATH
) -> Template:
    """Return the form with the reason for the failure and, after too many failures, status 429."""
    try:
        rate_limit_failed_attempt(request, request.context)
    except HTTPException as rate_limit_error:
        page = _sign_in_form(
            request, rate_limit_error.detail, HTTPStatus.TOO_MANY_REQUESTS, next_path=next_path
        )
        page.headers.update(rate_limit_error.headers or {})
        return page
    sentence = error.detail if isinstance(error, HTTPException) else str(error)
    denied = isinstance(error, SignInDenied)
    status = HTTPStatus.FORBIDDEN if denied else HTTPStatus.UNAUTHORIZED
    return _sign_in_form(request, sentence, status, next_path=next_path)


def safe_next_path(next_path: str) -> str:
    """Return the path to continue at, or the overview if that path is not on this server."""
    return next_path if _LOCAL_PATH.fullmatch(next_path) else HOME_PATH


def _sign_in_form(
    request: ApiRequest,
    message: str | None = None,
    status: HTTPStatus | None = None,
    *,
    next_path: str = HOME_PATH,
) -> Template:
    provider = request.context.trusted_issuers.provider
    context = {
        "message": message,
        "next_path": next_path,
        "provider": None if provider is None else provider.settings.display_name,
        "passkeys": find_relying_party(request) is not None,
        "passkey_address": suggest_passkey_address(request),
    }
    return Template("sign_in.html", context=context, status_code=status or HTTPStatus.OK)


def callback_url(request: ApiRequest) -> str:
    """Return the URL to which the identity provider sends the browser back."""
    return f"{own_origin(request)}/sign-in/provider/callback"
