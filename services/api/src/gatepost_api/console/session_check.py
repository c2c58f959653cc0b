"""Session check for the console: browsers without a session are redirected to sign in."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from gatepost_api.auth.authentication import (
    SESSION_KINDS,
    authenticate_and_record_use,
    check_origin,
)
from gatepost_api.auth.cookies import session_secret
from gatepost_api.console.inbox_count import format_count, load_capped_review_count
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.caller import Caller
from gatepost_api.http.event_feed import read_last_seq
from gatepost_api.http.rate_limit import limit_rate
from gatepost_api.http.security_headers import SAFE_METHODS
from gatepost_api.http.state_version_at_arrival import state_version
from gatepost_domain.access.users import to_actor

SIGN_IN: Final = "/sign-in"


class SignedOut(Exception):
    """The browser has no session, or its session has ended."""


async def require_session(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Require a session, and store on the request the values that every page shows.

    These are the caller, the sequence number of the latest event, and the number of pending
    reviews. When a form is submitted, the last known number of reviews is used.
    The page is at least as new as the latest event, so its event stream resumes after that event.

    Raises:
        SignedOut: there is no valid session.
        RateLimited: the user has sent too many requests.
        BadInput: the request comes from a page with another origin.
    """
    context: AppContext = connection.app.state.context
    secret = session_secret(connection)
    if secret is None:
        raise SignedOut
    check_origin(connection)
    try:
        user, token = await authenticate_and_record_use(context, secret, SESSION_KINDS)
    except NotAuthorizedException as error:
        raise SignedOut from error
    limit_rate(connection.scope, context.rate_limiter, user.name)
    caller = Caller(user=user, token=token, actor=to_actor(user, token))
    connection.scope["auth"] = caller
    connection.state.seq = await read_last_seq(context.reads)
    connection.state.inbox_count = format_count(
        await load_capped_review_count(context, caller, version=state_version(connection.scope))
        if connection.scope.get("method") in SAFE_METHODS
        else context.pending_counts.find_last(user.name)
    )


def redirect_to_sign_in(request: Request[Any, Any, Any], _: Exception) -> Response[bytes]:
    """Redirect to the sign-in page, which redirects back after the user has signed in."""
    query = request.scope["query_string"].decode("latin-1")
    target = request.scope["path"] + (f"?{query}" if query else "")
    next_path = quote(target if request.method in SAFE_METHODS else "/", safe="/")
    return Response(b"", status_code=303, headers={"Location": f"{SIGN_IN}?next={next_path}"})
