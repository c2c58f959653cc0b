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
    SESSIONS,
    caller_by,
    check_origin,
    count_failure,
    holder_of,
    presented,
)
from gatepost_api.auth.cookies import (
    flow_cookie,
    flow_in,
    no_session_cookie,
    origin_of,
    session_cookie,
    session_in,
)
from gatepost_api.auth.provider_login import arrive
from gatepost_api.auth.token_secrets import SESSION_PREFIX, digest_of, secret_with
from gatepost_api.http.request import ApiRequest
from gatepost_api.oidc.issuer import IssuerUnreachable, NotVouched
from gatepost_api.sign_in import authorization_code
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.users import Token, TokenKind
from gatepost_domain.actions.access import sessions
from gatepost_domain.actions.access.sessions import OPENS_A_SESSION, Fresh
from gatepost_domain.errors import Unknown
from gatepost_domain.ports.unit_of_work import Work

_TEMPLATES: Final = Path(__file__).parent / "templates"
MARK: Final = Path(__file__).parents[1] / "console" / "static" / "mark.svg"
TEMPLATES: Final = TemplateConfig(directory=_TEMPLATES, engine=JinjaTemplateEngine)
"""Jinja escapes whatever is put into a page."""

HOME: Final = "/"
"""Where whoever has signed in goes on."""

_OURS: Final = re.compile(r"/(?![/\\])[!-~]{0,1000}")
"""A path; with two slashes before it, it would be another host's."""
_SPENT: Final = "This link was already used or has expired; print a new one on the server."
_LINKS: Final = frozenset({TokenKind.LINK})
_ONLY_A_FORM: Final = ResponseHeader(
    name="Content-Security-Policy",
    value="default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
)
_OWN_REFERRER: Final = ResponseHeader(
    name="Referrer-Policy",
    value="same-origin",
    description="With no-referrer, a browser would hide the origin of our own forms from us.",
)
_NOT_LET_IN: Final = (HTTPException, NotVouched, SignInDenied, Unauthenticated, Unknown)


class _Opening(Protocol):
    """A domain action that opens a session."""

    def __call__(self, work: Work, *, fresh: Fresh, at: Any) -> Token: ...  # noqa: ANN401


class SignInController(Controller):
    """Signing in and out."""

    path = "/sign-in"
    response_headers = (_ONLY_A_FORM, _OWN_REFERRER)

    @get(include_in_schema=False)
    async def show_sign_in(
        self,
        request: ApiRequest,
        link: FromQuery[str] = "",
        back: Annotated[str, QueryParameter(name="next")] = "",
    ) -> Template:
        """Ask who it is, or say who is signed in."""
        parts = request.parts
        with suppress(*_NOT_LET_IN):
            if link:
                user, _ = await holder_of(parts, link, _LINKS, parts.now())
                return Template("link.html", context={"user": user, "link": link})
            user, token = await caller_by(parts, *presented(request))
            return Template("signed_in.html", context={"user": user, "token": token})
        return _form(request, _SPENT if link else None, back=_own_page(back))

    @get("/style.css", include_in_schema=False, media_type=MediaType.CSS, sync_to_thread=False)
    def get_style(self) -> str:
        """How the pages look."""
        return (_TEMPLATES / "style.css").read_text(encoding="utf-8")

    @get("/mark.svg", include_in_schema=False, media_type="image/svg+xml", sync_to_thread=False)
    def get_mark(self) -> bytes:
        """Our mark, as the browser's tab shows it."""
        return MARK.read_bytes()

    @post(include_in_schema=False)
    async def sign_in(self, request: ApiRequest) -> Response[Any]:
        """Sign in by a token, or by a link that the server printed."""
        check_origin(request)
        form, parts = await request.form(), request.parts
        secret = str(form.get("link") or form.get("token") or "").strip()
        back = _own_page(str(form.get("next") or ""))
        try:
            _, token = await holder_of(parts, secret, OPENS_A_SESSION, parts.now())
            cookie = await _open(request, partial(sessions.open_session, presented=token.id))
        except _NOT_LET_IN as error:
            return _refuse(request, NotVouched(_SPENT) if "link" in form else error, back=back)
        return Redirect(back, status_code=303, cookies=[cookie])

    @post("/out", include_in_schema=False)
    async def sign_out(self, request: ApiRequest) -> Response[Any]:
        """Sign out: the session opens nothing from now on."""
        check_origin(request)
        parts, at = request.parts, request.parts.now()
        with suppress(*_NOT_LET_IN):  # it may have ended by itself
            _, token = await holder_of(parts, session_in(request) or "", SESSIONS, at)
            await parts.ledger.perform(partial(sessions.close_session, session=token.id, at=at))
        return Redirect("/sign-in", status_code=303, cookies=[no_session_cookie(request)])

    @get("/provider", include_in_schema=False)
    async def begin_at_provider(self, request: ApiRequest) -> Response[Any]:
        """Send the browser to the identity provider."""
        provider = request.parts.trusted.provider
        if provider is None:
            return _form(request, "No identity provider is configured.", HTTPStatus.NOT_FOUND)
        try:
            begun = await authorization_code.begin(provider, _callback(request))
        except IssuerUnreachable as error:
            return _form(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        kept = flow_cookie(request, begun.kept)
        return Redirect(begun.address, status_code=303, cookies=[kept])

    @get("/provider/callback", include_in_schema=False)
    async def end_at_provider(
        self,
        request: ApiRequest,
        code: FromQuery[str] = "",
        at_provider: Annotated[str, QueryParameter(name="state")] = "",
    ) -> Response[Any]:
        """Take the browser back from the identity provider.

        It comes from another site, to which its session is not sent yet: hence a page of ours that
        leads on, instead of a redirect.
        """
        parts, at = request.parts, request.parts.now()
        provider = parts.trusted.provider
        if provider is None:
            return _form(request, "No identity provider is configured.", HTTPStatus.NOT_FOUND)
        try:
            claims = await authorization_code.end(
                provider, _callback(request), kept=flow_in(request), state=at_provider, code=code
            )
            user = await arrive(parts, provider, claims, at)
            let_in = partial(sessions.let_in, name=user.name, kind=TokenKind.SESSION)
            cookie = await _open(request, let_in)
        except _NOT_LET_IN as error:
            return _refuse(request, error)
        except IssuerUnreachable as error:
            return _form(request, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
        gone = flow_cookie(request, "")
        return Template("on.html", context={"user": user}, cookies=[cookie, gone])


async def _open(request: ApiRequest, opening: _Opening) -> Any:  # noqa: ANN401  # a cookie
    parts, secret = request.parts, secret_with(SESSION_PREFIX)
    fresh = Fresh(id=parts.new_id(), digest=digest_of(secret))
    await parts.ledger.perform(partial(opening, fresh=fresh, at=parts.now()))
    return session_cookie(request, secret)


def _refuse(request: ApiRequest, error: Exception, *, back: str = HOME) -> Template:
    """Say why nobody was let in; whoever tries too often waits."""
    try:
        count_failure(request, request.parts)
    except HTTPException as too_many:
        page = _form(request, too_many.detail, HTTPStatus.TOO_MANY_REQUESTS, back=back)
        page.headers.update(too_many.headers or {})
        return page
    sentence = error.detail if isinstance(error, HTTPException) else str(error)
    denied = isinstance(error, SignInDenied)
    status = HTTPStatus.FORBIDDEN if denied else HTTPStatus.UNAUTHORIZED
    return _form(request, sentence, status, back=back)


def _own_page(back: str) -> str:
    """Where somebody wanted to go before they signed in; only ever a page of ours."""
    return back if _OURS.fullmatch(back) else HOME


def _form(
    request: ApiRequest,
    refusal: str | None = None,
    status: HTTPStatus | None = None,
    *,
    back: str = HOME,
) -> Template:
    provider = request.parts.trusted.provider
    shown = {
        "refusal": refusal,
        "back": back,
        "provider": None if provider is None else provider.settings.display_name,
    }
    return Template("sign_in.html", context=shown, status_code=status or HTTPStatus.OK)


def _callback(request: ApiRequest) -> str:
    return f"{origin_of(request)}/sign-in/provider/callback"
