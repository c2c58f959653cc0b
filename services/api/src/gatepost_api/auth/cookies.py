"""Cookies for browser sessions, sign-ins in progress and passkey challenges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from gatepost_domain.actions.access.sign_in import SESSION_LIFETIME

FLOW_COOKIE_LIFETIME: Final = timedelta(minutes=10)
"""The time limit for signing in at the identity provider."""

_SESSION_COOKIE: Final = "gatepost"
_FLOW_COOKIE: Final = "gatepost-flow"
_CHALLENGE_COOKIE: Final = "gatepost-challenge"

_Connection = ASGIConnection[Any, Any, Any, Any]


def own_origin(connection: _Connection) -> str:
    """Return the origin of Gatepost's own pages as the browser sees it."""
    return f"{connection.scope['scheme']}://{connection.headers.get('host', '')}"


def session_secret(connection: _Connection) -> str | None:
    """Return the session token that the browser sent."""
    return connection.cookies.get(_cookie_name(connection, _SESSION_COOKIE))


def session_cookie(connection: _Connection, secret: str) -> Cookie:
    """Return the session cookie, which browsers send only with same-site requests."""
    return Cookie(
        key=_cookie_name(connection, _SESSION_COOKIE),
        value=secret,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        secure=_is_https(connection),
        samesite="strict",
    )


def expired_session_cookie(connection: _Connection) -> Cookie:
    """Return a cookie that deletes the session cookie."""
    cookie = session_cookie(connection, "")
    cookie.max_age = 0
    return cookie


def read_flow_state(connection: _Connection) -> str:
    """Return the state of the sign-in or account link in progress, or an empty string."""
    return connection.cookies.get(_cookie_name(connection, _FLOW_COOKIE), "")


def flow_cookie(connection: _Connection, flow: str) -> Cookie:
    """Return the cookie of a sign-in or account link in progress; an empty `flow` deletes it.

    SameSite is Lax, because the browser must send the cookie when the provider redirects back.
    """
    return Cookie(
        key=_cookie_name(connection, _FLOW_COOKIE),
        value=flow,
        max_age=int(FLOW_COOKIE_LIFETIME.total_seconds()) if flow else 0,
        httponly=True,
        secure=_is_https(connection),
        samesite="lax",
    )


def read_challenge(connection: _Connection) -> str:
    """Return the sealed challenge that a passkey must sign, or an empty string."""
    return connection.cookies.get(_cookie_name(connection, _CHALLENGE_COOKIE), "")


def challenge_cookie(connection: _Connection, challenge: str) -> Cookie:
    """Return the cookie that stores a challenge; an empty `challenge` deletes it."""
    return Cookie(
        key=_cookie_name(connection, _CHALLENGE_COOKIE),
        value=challenge,
        max_age=int(FLOW_COOKIE_LIFETIME.total_seconds()) if challenge else 0,
        httponly=True,
        secure=_is_https(connection),
        samesite="strict",
    )


def _is_https(connection: _Connection) -> bool:
    return connection.scope["scheme"] == "https"


def _cookie_name(connection: _Connection, name: str) -> str:
    """Add the `__Host-` prefix over TLS, so no other host can set it (RFC 6265bis §4.1.3)."""
    return f"__Host-{name}" if _is_https(connection) else name
