"""What a browser keeps: its session, and for ten minutes the way to the identity provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from gatepost_domain.actions.access.sessions import SESSION_LIFETIME

FLOW_COOKIE_LIFETIME: Final = timedelta(minutes=10)
"""How long the way to the identity provider and back may take."""

_SESSION_COOKIE: Final = "gatepost"
_FLOW_COOKIE: Final = "gatepost-flow"

_Connection = ASGIConnection[Any, Any, Any, Any]


def request_origin(connection: _Connection) -> str:
    """The origin that our own pages have for the browser which sent this."""
    return f"{connection.scope['scheme']}://{connection.headers.get('host', '')}"


def session_secret(connection: _Connection) -> str | None:
    """The secret of the session that a browser sends."""
    return connection.cookies.get(_cookie_name(connection, _SESSION_COOKIE))


def session_cookie(connection: _Connection, secret: str) -> Cookie:
    """Have the browser keep its session, and send it only with what our own pages ask for."""
    return Cookie(
        key=_cookie_name(connection, _SESSION_COOKIE),
        value=secret,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        secure=_is_https(connection),
        samesite="strict",
    )


def clear_session_cookie(connection: _Connection) -> Cookie:
    """Have the browser forget its session."""
    cookie = session_cookie(connection, "")
    cookie.max_age = 0
    return cookie


def read_flow_state(connection: _Connection) -> str:
    """What the browser kept of the sign-in that it began."""
    return connection.cookies.get(_cookie_name(connection, _FLOW_COOKIE), "")


def flow_cookie(connection: _Connection, flow: str) -> Cookie:
    """Have the browser keep a sign-in that it began; an empty one has it forgotten.

    It must come along when the provider sends the browser back, hence Lax.
    """
    return Cookie(
        key=_cookie_name(connection, _FLOW_COOKIE),
        value=flow,
        max_age=int(FLOW_COOKIE_LIFETIME.total_seconds()) if flow else 0,
        httponly=True,
        secure=_is_https(connection),
        samesite="lax",
    )


def _is_https(connection: _Connection) -> bool:
    return connection.scope["scheme"] == "https"


def _cookie_name(connection: _Connection, name: str) -> str:
    """With __Host- no other host can have set it (RFC 6265bis §4.1.3); it is only for TLS."""
    return f"__Host-{name}" if _is_https(connection) else name
