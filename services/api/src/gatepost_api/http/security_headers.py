"""Security headers and the check of the requested host."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from litestar.response.base import ASGIResponse
from litestar.types import LifeSpanScope, Message, Receive, Scope, Send

from gatepost_api.http.problems import PROBLEM_JSON, Problem, problem_instance
from gatepost_api.http.rate_limit import rate_limit_headers

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""The default headers of every response; a response can set its own values."""


_ENCODED_HEADERS: Final = tuple(
    (name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()
)


def with_default_headers(scope: Scope, send: Send) -> Send:
    """Return `send` such that it adds the headers for security and of the rate limit."""

    async def send_with_default_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = {name for name, _ in headers}
            headers += [header for header in _ENCODED_HEADERS if header[0] not in present]
            message["headers"] = [*headers, *rate_limit_headers(scope)]
        await send(message)

    return send_with_default_headers


def request_host(scope: Scope | LifeSpanScope) -> str:
    """Return the host a request is addressed to, without port; empty if there is none."""
    headers = () if scope["type"] == "lifespan" else scope["headers"]
    raw = next((value for name, value in headers if name == b"host"), b"")
    host = raw.decode("latin-1").lower()
    if host.startswith("["):
        address, _, port = host.partition("]")
        return f"{address}]" if port[:1] in {"", ":"} else host
    return host.partition(":")[0]


async def reject_host(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond with 400 to a request for a host that is not allowed."""
    code = "host_not_allowed"
    problem = Problem(
        type=f"urn:gatepost:problem:{code}",
        title="Host not allowed",
        status=HTTPStatus.BAD_REQUEST,
        detail="Host not allowed; add it to GATEPOST_ALLOWED_HOSTS.",
        instance=problem_instance(scope["path"]),
        code=code,
        errors=[],
        deployment_status=None,
        allowed_actions=None,
    )
    response = ASGIResponse(
        body=msgspec.json.encode(problem),
        status_code=HTTPStatus.BAD_REQUEST,
        media_type=PROBLEM_JSON,
        headers=dict(SECURITY_HEADERS),
    )
    await response(scope, receive, send)
