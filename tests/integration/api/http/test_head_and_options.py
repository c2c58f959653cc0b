"""HEAD and OPTIONS: every resource answers them."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_api.http.head_and_options import respond_without_body
from tests.support.http.api import Api

READABLE = [
    "/api/v1/deployments",
    "/api/v1/deployments/DEP-1",
    "/api/v1/deployments/current",
    "/api/v1/events",
    "/api/v1/services/shop",
    "/health/live",
    "/openapi.json",
    "/docs",
    "/",
]


@pytest.mark.parametrize("path", READABLE)
async def test_head_has_the_headers_of_get_and_no_body(api: Api, path: str) -> None:
    """HEAD is answered wherever GET is (RFC 9110 §9.3.2)."""
    await api.create_deployment()
    same_id = {"X-Request-ID": "the-same"}
    body = await api.client.get(path, headers=same_id)

    head = await api.client.head(path, headers=same_id)
    assert (head.status_code, head.content) == (body.status_code, b"")
    changing = {"ratelimit", "date"}
    assert {key: value for key, value in head.headers.items() if key not in changing} == {
        key: value for key, value in body.headers.items() if key not in changing
    }


async def test_head_of_the_event_stream_ends(api: Api) -> None:
    """A monitor that asks for the headers of a stream does not hold it open."""
    response = await api.client.head("/api/v1/events/stream")

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/api/v1/deployments", "GET, HEAD, OPTIONS, POST"),
        ("/api/v1/deployments/DEP-1", "GET, HEAD, OPTIONS"),
        ("/api/v1/deployments/DEP-1/approve", "OPTIONS, POST"),
        ("/api/v1/services/shop/versions/1.0.0/unblock", "OPTIONS, POST"),
        ("/api/v1/services/shop/versions/1.0.0", "GET, HEAD, OPTIONS"),
        ("/api/v1/services/shop/targets/test", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/api/deployments", "GET, HEAD, OPTIONS, POST"),
        ("/health/live", "GET, HEAD, OPTIONS"),
    ],
)
async def test_options_names_the_methods(api: Api, path: str, allow: str) -> None:
    """OPTIONS answers 204 with `Allow`, also without a token."""
    response = await api.client.options(path, headers={"Authorization": ""})

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == allow


async def test_refused_method_is_told_the_others(api: Api) -> None:
    """405 names HEAD where there is GET."""
    response = await api.client.delete("/api/v1/deployments")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


async def test_the_server_sees_head_when_it_sends() -> None:
    """The HTTP server omits the body only if the request is still HEAD, and not GET, by then."""
    scope: Any = {"type": "http", "method": "HEAD"}
    seen: list[str] = []

    async def respond(inner: Any, _receive: Any, send: Any) -> None:
        seen.append(inner["method"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"abc", "more_body": False})

    async def send(message: Any) -> None:
        seen.append(f"{scope['method']} {message.get('body', b'')!r}")

    async def receive() -> Any:
        return {"type": "http.request"}

    await respond_without_body(scope, receive, send, respond)

    assert seen == ["GET", "HEAD b''", "HEAD b''"]
