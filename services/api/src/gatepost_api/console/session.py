"""Whose session a browser brings; without one, it is sent to sign in and back."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from gatepost_api.auth.authentication import (
    SAFE_METHODS,
    SESSION_KINDS,
    authenticate_secret,
    check_origin,
)
from gatepost_api.auth.cookies import session_secret
from gatepost_api.events.stream import read_last_seq
from gatepost_api.http.caller import Caller
from gatepost_api.http.context import AppContext
from gatepost_domain.access.users import to_actor

SIGN_IN: Final = "/sign-in"


class SignedOut(Exception):
    """The browser has no session, or one that has ended."""


async def require_session(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Let a page be seen only by somebody who is signed in, and note whose session it is.

    What the page shows is as of the event that was the last then, or later: from there on it
    follows what happens.

    Raises:
        SignedOut: nobody is.
        BadInput: a page elsewhere uses the session of our pages.
    """
    context: AppContext = connection.app.state.context
    secret = session_secret(connection)
    if secret is None:
        raise SignedOut
    check_origin(connection)
    try:
        user, token = await authenticate_secret(context, secret, SESSION_KINDS)
    except NotAuthorizedException as error:
        raise SignedOut from error
    connection.scope["auth"] = Caller(user=user, token=token, actor=to_actor(user, token))
    connection.state.seq = await read_last_seq(context.reads)


def redirect_to_sign_in(request: Request[Any, Any, Any], _: Exception) -> Response[bytes]:
    """Send the browser to the sign-in page, which sends it back."""
    query = request.scope["query_string"].decode("latin-1")
    target = request.scope["path"] + (f"?{query}" if query else "")
    back = quote(target if request.method in SAFE_METHODS else "/", safe="/")
    return Response(b"", status_code=303, headers={"Location": f"{SIGN_IN}?next={back}"})
