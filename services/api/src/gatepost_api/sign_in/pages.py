"""The pages by which a browser signs in and out; they work without JavaScript."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final, Protocol

from litestar import Controller, MediaType, Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.exceptions import HTTPException
from litestar.params import FromQuery, QueryParameter
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.template import TemplateConfig

from gatepost_api.auth.authentication import (
    SESSION_KINDS,
    authenticate_secret,
    check_origin,
    read_credentials,
    record_failed_attempt,
    verify_secret,
)
from gatepost_api.auth.cookies import (
    clear_session_cookie,
    flow_cookie,
    read_flow_state,
    request_origin,
    session_cookie,
    session_secret,
)
from gatepost_api.auth.provider_login import resolve_user
from gatepost_api.auth.token_secrets import SESSION_PREFIX, generate_secret, secret_digest
from gatepost_api.http.request import ApiRequest
from gatepost_api.oidc.issuer import InvalidIdToken, IssuerUnreachable
from gatepost_api.sign_in import authorization_code
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.users import Token, TokenKind
from gatepost_domain.actions.access import sessions
from gatepost_domain.actions.access.sessions import SESSION_OPENING_KINDS, NewToken
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork

_TEMPLATE_DIRECTORY: Final = Path(__file__).parent / "templates"
LOGO_FILE: Final = Path(__file__).parents[1] / "console" / "static" / "mark.svg"
TEMPLATES: Final = TemplateConfig(directory=_TEMPLATE_DIRECTORY, engine=JinjaTemplateEngine)
"""Jinja escapes whatever is put into a page."""

HOME_PATH: Final = "/"
"""Where whoever has signed in goes on."""

_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[!-~]{0,1000}")
"""A path; with two slashes before it, it would be another host's."""
_LINK_EXPIRED: Final = "This link was already used or has expired; print a new one on the server."
_LINK_KINDS: Final = frozenset({TokenKind.LINK})
_CONTENT_SECURITY_POLICY: Final = ResponseHeader(
    name="Content-Security-Policy",
    value="default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
)
_REFERRER_POLICY: Final = ResponseHeader(
    name="Referrer-Policy",
    value="same-origin",
    description="With no-referrer, a browser would hide the origin of our own forms from us.",
)
_SIGN_IN_ERRORS: Final = (HTTPException, InvalidIdToken, SignInDenied, Unauthenticated, NotFound)


class _SessionAction(Protocol):
    """A domain action that opens a session."""

    def __call__(self, uow: UnitOfWork, *, new_token: NewToken, at: Any) -> Token: ...  # noqa: ANN401


class SignInController(Controller):
    """Signing in and out."""

    path = "/sign-in"
    response_headers = (_CONTENT_SECURITY_POLICY, _REFERRER_POLICY)

    @get(include_in_schema=False)
    async def show_sign_in(
        self,
        request: ApiRequest,
        link: FromQuery[str] = "",
        next_path: Annotated[str, QueryParameter(name="next")] = "",
    ) -> Template:
        """Ask who it is, or say who is signed in."""
        context = request.context
        with suppress(*_SIGN_IN_ERRORS):
            if link:
                user, _ = await verify_secret(context, link, _LINK_KINDS, context.now())
                return Template("link.html", context={"user": user, "link": link})
            user, token = await authenticate_secret(context, *read_credentials(request))
            return Template("signed_in.html", context={"user": user, "token": token})
        return _sign_in_form(
            request, _LINK_EXPIRED if link else None, next_path=_safe_next_path(next_path)
        )

    @get("/style.css", include_in_schema=False, media_type=MediaType.CSS, sync_to_thread=False)
    def get_style(self) -> str:
        """How the pages look."""
        return (_TEMPLATE_DIRECTORY / "style.css").read_text(encoding="utf-8")

    @get("/mark.svg", include_in_schema=False, media_type="image/svg+xml", sync_to_thread=False)
    def get_mark(self) -> bytes:
        """Our mark, as the browser's tab shows it."""
        return LOGO_FILE.read_bytes()

    @post(include_in_schema=False)
    async def sign_in(self, request: ApiRequest) -> Response[Any]:
        """Sign in by a token, or by a link that the server printed."""
        check_origin(request)
        form, context = await request.form(), request.context
        secret = str(form.get("link") or form.get("token") or "").strip()
        next_path = _safe_next_path(str(form.get("next") or ""))
        try:
            _, token = await verify_secret(context, secret, SESSION_OPENING_KINDS, context.now())
            cookie = await _open_session(
                request, partial(sessions.open_session, presented=token.id)
            )
        except _SIGN_IN_ERRORS as error:
            return _refused_form(
                request,
                InvalidIdToken(_LINK_EXPIRED) if "link" in form else error,
                next_path=next_path,
            )
        return Redirect(next_path, status_code=303, cookies=[cookie])

    @post("/out", include_in_schema=False)
    async def sign_out(self, request: ApiRequest) -> Response[Any]:
        """Sign out: the session opens nothing from now on."""
        check_origin(request)
        context, at = request.context, request.context.now()
        with suppress(*_SIGN_IN_ERRORS):  # it may have ended by itself
            _, token = await verify_secret(
                context, session_secret(request) or "", SESSION_KINDS, at
            )
            await context.ledger.perform(partial(sessions.close_session, session=token.id, at=at))
        return Redirect("/sign-in", status_code=303, cookies=[clear_session_cookie(request)])

    @get("/provider", include_in_schema=False)
    async def redirect_to_provider(self, request: ApiRequest) -> Response[Any]:
        """Send the browser to the identity provider."""
        provider = request.context.trusted_issuers.provider
        if provider is None:
            return _sign_in_form(
                request, "No identity provider is configured.", HTTPStatus.NOT_FOUND
            )
        try:
            begun = await authorization_code.start_authorization(provider, _callback_url(request))
        except IssuerUnreachable as error:
            return _sign_in_form(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        kept = flow_cookie(request, begun.flow_state)
        return Redirect(begun.url, status_code=303, cookies=[kept])

    @get("/provider/callback", include_in_schema=False)
    async def provider_callback(
        self,
        request: ApiRequest,
        code: FromQuery[str] = "",
        returned_state: Annotated[str, QueryParameter(name="state")] = "",
    ) -> Response[Any]:
        """Take the browser next_path from the identity provider.

        It comes from another site, to which its session is not sent yet: hence a page of ours that
        leads on, instead of a redirect.
        """
        context, at = request.context, request.context.now()
        provider = context.trusted_issuers.provider
        if provider is None:
            return _sign_in_form(
                request, "No identity provider is configured.", HTTPStatus.NOT_FOUND
            )
        try:
            claims = await authorization_code.complete_authorization(
                provider,
                _callback_url(request),
                flow_state=read_flow_state(request),
                state=returned_state,
                code=code,
            )
            user = await resolve_user(context, provider, claims, at)
            let_in = partial(sessions.issue_sign_in_token, name=user.name, kind=TokenKind.SESSION)
            cookie = await _open_session(request, let_in)
        except _SIGN_IN_ERRORS as error:
            return _refused_form(request, error)
        except IssuerUnreachable as error:
            return _sign_in_form(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        gone = flow_cookie(request, "")
        return Template("on.html", context={"user": user}, cookies=[cookie, gone])


async def _open_session(request: ApiRequest, opening: _SessionAction) -> Any:  # noqa: ANN401  # a cookie
    context, secret = request.context, generate_secret(SESSION_PREFIX)
    fresh = NewToken(id=context.new_id(), digest=secret_digest(secret))
    await context.ledger.perform(partial(opening, new_token=fresh, at=context.now()))
    return session_cookie(request, secret)


def _refused_form(request: ApiRequest, error: Exception, *, next_path: str = HOME_PATH) -> Template:
    """Say why nobody was let in; whoever tries too often waits."""
    try:
        record_failed_attempt(request, request.context)
    except HTTPException as too_many:
        page = _sign_in_form(
            request, too_many.detail, HTTPStatus.TOO_MANY_REQUESTS, next_path=next_path
        )
        page.headers.update(too_many.headers or {})
        return page
    sentence = error.detail if isinstance(error, HTTPException) else str(error)
    denied = isinstance(error, SignInDenied)
    status = HTTPStatus.FORBIDDEN if denied else HTTPStatus.UNAUTHORIZED
    return _sign_in_form(request, sentence, status, next_path=next_path)


def _safe_next_path(next_path: str) -> str:
    """Where somebody wanted to go before they signed in; only ever a page of ours."""
    return next_path if _LOCAL_PATH.fullmatch(next_path) else HOME_PATH


def _sign_in_form(
    request: ApiRequest,
    refusal: str | None = None,
    status: HTTPStatus | None = None,
    *,
    next_path: str = HOME_PATH,
) -> Template:
    provider = request.context.trusted_issuers.provider
    shown = {
        "refusal": refusal,
        "back": next_path,
        "provider": None if provider is None else provider.settings.display_name,
    }
    return Template("sign_in.html", context=shown, status_code=status or HTTPStatus.OK)


def _callback_url(request: ApiRequest) -> str:
    return f"{request_origin(request)}/sign-in/provider/callback"
