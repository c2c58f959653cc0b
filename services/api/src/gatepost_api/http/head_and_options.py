"""The methods HEAD and OPTIONS, which every resource supports (RFC 9110 §9.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Final

from litestar.enums import HttpMethod
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import HTTPScope, Message, Receive, Send
from litestar.types.asgi_types import ReceiveMessage

GET: Final = HttpMethod.GET.value
HEAD: Final = HttpMethod.HEAD.value

Respond = Callable[[HTTPScope, Receive, Send], Awaitable[None]]


async def respond_without_body(
    scope: HTTPScope, receive: Receive, send: Send, respond: Respond
) -> None:
    """Respond to HEAD as to GET, without the body.

    A response that would never end, such as a stream of events, ends after its headers; the
    operation is notified as if the client had disconnected.
    """
    has_started = False

    async def send_headers(message: Message) -> None:
        nonlocal has_started
        if message["type"] == "http.response.start":
            await send_as_head(message)
        elif message["type"] == "http.response.body" and not has_started:
            has_started = True
            await send_as_head({"type": "http.response.body", "body": b"", "more_body": False})

    async def send_as_head(message: Message) -> None:
        scope["method"] = HEAD  # the server omits the body of a response to HEAD only
        await send(message)
        scope["method"] = GET

    async def receive_until_response_starts() -> ReceiveMessage:
        return {"type": "http.disconnect"} if has_started else await receive()

    scope["method"] = GET
    try:
        await respond(scope, receive_until_response_starts, send_headers)
    finally:
        scope["method"] = HEAD


def methods_by_path(routes: Iterable[BaseRoute]) -> Mapping[str, frozenset[str]]:
    """Return the methods of every path template. Several controllers can share a template."""
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for route in routes:
        if isinstance(route, HTTPRoute):
            methods[route.path_format].update(route.route_handler_map)
    return {path: frozenset(map(str, allowed)) for path, allowed in methods.items()}


def with_complete_allow_header(
    scope: HTTPScope, send: Send, methods: Callable[[], Mapping[str, frozenset[str]]]
) -> Send:
    """Return a wrapper of `send` that makes the header `Allow` list all methods of the path.

    The framework's own responses omit HEAD, and its responses to OPTIONS list the methods of only
    one controller.
    """

    async def send_naming_methods(message: Message) -> None:
        if message["type"] == "http.response.start" and _may_name_methods(scope, message["status"]):
            message["headers"] = [
                (
                    name,
                    _complete_allow_header(scope, value, methods)
                    if name.lower() == b"allow"
                    else value,
                )
                for name, value in message.get("headers", ())
            ]
        await send(message)

    return send_naming_methods


def _may_name_methods(scope: HTTPScope, status: int) -> bool:
    return scope["method"] == HttpMethod.OPTIONS or status == HTTPStatus.METHOD_NOT_ALLOWED


def _complete_allow_header(
    scope: HTTPScope, value: bytes, methods: Callable[[], Mapping[str, frozenset[str]]]
) -> bytes:
    allowed = {method.strip() for method in value.decode().split(",")}
    allowed |= methods().get(scope.get("path_template", ""), frozenset())
    if HttpMethod.GET in allowed:
        allowed.add(HttpMethod.HEAD.value)
    return ", ".join(sorted(allowed)).encode()
