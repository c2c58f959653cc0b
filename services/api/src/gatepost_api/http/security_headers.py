"""Security headers and the check of the requested host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from litestar.response.base import ASGIResponse
from litestar.types import HTTPScope, Message, Receive, Scope, Send

from gatepost_api.http.problems import PROBLEM_JSON, Problem, current_request_id
from gatepost_api.http.rate_limit import rate_limit_headers
from gatepost_api.problem_catalog.problem_lookup import problem_title, problem_type
from gatepost_api.settings.server_version import VERSION

NO_STORE: Final = "no-store"
"""The `Cache-Control` value for pages and for responses with secrets."""
REVALIDATED: Final = "private, no-cache"
"""The `Cache-Control` value for all other responses: a client may cache them, but must revalidate
them with the ETag."""

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": NO_STORE,
}
"""The default headers of every response; a response can set its own values."""


VERSION_HEADER: Final = "Gatepost-Version"
"""The response header with the version of this server, which clients show in messages."""

_ENCODED_HEADERS: Final = (
    *((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
    (VERSION_HEADER.lower().encode(), VERSION.encode()),
)


_REVALIDATION: Final = (
    (b"cache-control", REVALIDATED.encode()),
    (b"vary", b"Authorization, Cookie"),
)
_KEPT: Final = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

STRICT_TRANSPORT_SECURITY: Final = (
    b"strict-transport-security",
    b"max-age=31536000; includeSubDomains",
)
"""Tells browsers to use only TLS for a year (ASVS 5.0, 3.4.1)."""

_HOST: Final = re.compile(rb"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_][a-z0-9_.-]{0,253})(?::([0-9]{0,5}))?")
_MAX_PORT: Final = 65535
_UNKNOWN_HOST: Final = "Host not allowed; add it to GATEPOST_ALLOWED_HOSTS."
_NO_HOST: Final = (
    "The request must have exactly one Host header: a host name or address, optionally with a port."
)


def with_default_headers(scope: HTTPScope, send: Send) -> Send:
    """Return a wrapper of `send` that adds the security headers and the rate limit headers."""
    defaults = _ENCODED_HEADERS
    if _requires_tls_from_now_on(scope):
        defaults = (*_ENCODED_HEADERS, STRICT_TRANSPORT_SECURITY)

    async def send_with_default_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = dict(headers)
            if _may_be_cached_by_client(scope, message["status"], present):
                headers += _REVALIDATION
                present |= dict(_REVALIDATION)
            headers += [header for header in defaults if header[0] not in present]
            message["headers"] = [*headers, *rate_limit_headers(scope)]
        await send(message)

    return send_with_default_headers


def _may_be_cached_by_client(scope: HTTPScope, status: int, headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a client may cache a response: never a page, error or action result."""
    content_type = headers.get(b"content-type", b"")
    return (
        scope["method"] in SAFE_METHODS
        and status in _KEPT
        and not content_type.startswith(b"text/html")
        and b"cache-control" not in headers
    )


def _requires_tls_from_now_on(scope: Scope) -> bool:
    """Return whether the response must tell browsers to use only TLS for this host.

    The name `localhost` is exempt, because other programs share it and may not offer TLS.
    """
    return scope["scheme"] == "https" and request_host(scope) != "localhost"


def request_host(scope: Scope) -> str | None:
    """Return the host that a request is addressed to, without the port.

    Return None if there is not exactly one Host header, or if it is malformed (RFC 9112, section
    3.2).
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    found = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
    if found is None or int(found[2] or 0) > _MAX_PORT:
        return None
    return found[1].decode("ascii")


async def reject_host(scope: Scope, receive: Receive, send: Send, host: str | None) -> None:
    """Respond with 400 to a request for a host that is not allowed, or without a valid host."""
    code = "host_not_allowed"
    problem = Problem(
        type=problem_type(code),
        title=problem_title(code),
        status=HTTPStatus.BAD_REQUEST,
        detail=_NO_HOST if host is None else _UNKNOWN_HOST,
        instance=scope["path"],
        code=code,
        errors=[],
        deployment_status=None,
        allowed_actions=None,
        request_id=current_request_id(),
    )
    response = ASGIResponse(
        body=msgspec.json.encode(problem),
        status_code=HTTPStatus.BAD_REQUEST,
        media_type=PROBLEM_JSON,
        headers=dict(SECURITY_HEADERS),
    )
    await response(scope, receive, send)
