"""Security of every response: allowed hosts, security headers, media types and rate limits."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from gatepost_api.app import GatepostApp, create_app
from gatepost_api.http.security_headers import REVALIDATED, SECURITY_HEADERS
from gatepost_api.settings.server import LOOPBACK_HOSTS
from tests.support.builders import FrozenClock
from tests.support.http.api import HOST, Api, assert_problem, auth_header, ok_json, running_api
from tests.support.http.users import post_token

PATHS: Final = ("/api/v1/me", "/docs", "/openapi.json", "/health/live", "/nowhere", "/")
LIMIT: Final = 3


@cache
def app_with_allowed_hosts() -> GatepostApp:
    return create_app(allowed_hosts=LOOPBACK_HOSTS | {HOST})


@pytest.fixture
async def strict_api(database: Path) -> AsyncIterator[Api]:
    """Run the API with a limit of three failed sign-ins per minute and address."""
    app = app_with_allowed_hosts()
    async with running_api(database, FrozenClock(), app, failures_a_minute=LIMIT) as api:
        yield api


async def fail_sign_in(api: Api, times: int) -> None:
    for _ in range(times):
        assert_problem(await api.get("/me", headers=auth_header("nobody")), 401, "unauthenticated")


def client_at_another_address(api: Api) -> httpx2.AsyncClient:
    """Return the owner's client at another IP address."""
    app: Any = api.app  # the framework and the client define different ASGI types
    transport = httpx2.ASGITransport(app=app, client=("203.0.113.9", 4711))
    return httpx2.AsyncClient(
        transport=transport, base_url=f"http://{HOST}", headers=auth_header("owner")
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        f"{HOST}.evil.example",
        f"evil.{HOST}",
        f"{HOST}@evil.example",
        f"evil.example#{HOST}",
        "169.254.169.254",
        "[::2]",
        "[::1].evil.example",
        "",
        ".",
        f"{HOST}, evil.example",
    ],
)
async def test_request_to_another_host_is_refused(strict_api: Api, path: str, host: str) -> None:
    """Requests to other hosts are refused to prevent DNS rebinding."""
    response = await strict_api.client.get(path, headers={"Host": host})

    assert_problem(response, 400, "host_not_allowed")
    assert_security_headers(response)


@pytest.mark.parametrize(
    "host",
    [
        HOST,
        HOST.upper(),
        f"{HOST}:8000",
        "localhost",
        "LocalHost:8000",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
    ],
)
async def test_own_host_names_are_accepted(strict_api: Api, host: str) -> None:
    """The server's names are accepted in any case and with any port, as are loopback names."""
    assert ok_json(await strict_api.get("/me", headers={"Host": host}))["user"]["name"] == "owner"


@pytest.mark.parametrize(
    "hosts",
    [
        [HOST, HOST],
        [HOST, "evil.example"],
        ["evil.example", HOST],
        [],
        [f"{HOST}:8340@evil"],
        [f"{HOST}:99999"],
        [f"{HOST}:99999x"],
        [f"{HOST}:-1"],
        [f"{HOST}:80:80"],
        [f"{HOST} "],
        [f"user@{HOST}"],
        ["[::1"],
        ["[::1]x"],
    ],
)
@pytest.mark.parametrize("path", PATHS)
async def test_request_names_exactly_one_host(strict_api: Api, path: str, hosts: list[str]) -> None:
    """Two hosts, none, or a malformed one are refused (RFC 9112, section 3.2)."""
    request = strict_api.client.build_request("GET", path)
    others = [(name, value) for name, value in request.headers.raw if name.lower() != b"host"]
    named = [(b"Host", host.encode()) for host in hosts]
    request.headers = httpx2.Headers([*named, *others])

    response = await strict_api.client.send(request)

    assert assert_problem(response, 400, "host_not_allowed")["detail"].startswith(
        "The request must have exactly one Host header"
    )
    assert_security_headers(response)


@pytest.mark.parametrize("path", PATHS)
async def test_browsers_are_told_to_use_tls_from_now_on(strict_api: Api, path: str) -> None:
    """Every response over TLS has the header, refusals too; responses without TLS have none."""
    over_tls = f"https://{HOST}"
    responses = [
        await strict_api.client.get(f"{over_tls}{path}"),
        await strict_api.client.get(f"{over_tls}{path}", headers={"Host": "evil.example"}),
    ]
    without_tls = await strict_api.client.get(f"http://{HOST}{path}")
    on_localhost = await strict_api.client.get(f"https://localhost{path}")

    for response in responses:
        assert response.headers.get_list("Strict-Transport-Security") == [
            "max-age=31536000; includeSubDomains"
        ]
    assert "Strict-Transport-Security" not in without_tls.headers
    assert "Strict-Transport-Security" not in on_localhost.headers


async def test_every_response_has_security_headers(strict_api: Api) -> None:
    """Successful and failed responses forbid sniffing, framing, caching and scripts."""
    responses = {
        200: await strict_api.get("/me"),
        201: await strict_api.post("/users", {"name": "x"}),
        404: await strict_api.get("/nowhere"),
        405: await strict_api.put("/me", {}),
        415: await strict_api.post("/users", content=b"x"),
        422: await strict_api.post("/users", {}),
        401: await strict_api.get("/me", headers=auth_header("nobody")),
    }

    for status, response in responses.items():
        assert response.status_code == status
        assert_security_headers(response)


async def test_server_error_has_security_headers(strict_api: Api) -> None:
    """An internal error has the same headers and shows no details."""

    def broken_clock() -> datetime:
        raise RuntimeError("the clock's secret is hunter2")

    strict_api.app.state.context = replace(strict_api.app.state.context, now=broken_clock)

    response = await strict_api.get("/me")

    assert "hunter2" not in str(assert_problem(response, 500, "internal_error"))
    assert_security_headers(response)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/show.js", "/openapi.json"])
async def test_documentation_has_its_own_content_policy(strict_api: Api, path: str) -> None:
    """The documentation may load this server's scripts and styles. Other headers are the same."""
    response = await strict_api.client.get(path)

    assert response.status_code == 200
    policy = response.headers.get_list("Content-Security-Policy")
    assert len(policy) == 1
    assert policy[0].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy[0]
    assert_security_headers(response, besides="Content-Security-Policy")


def assert_security_headers(response: httpx2.Response, *, besides: str | None = None) -> None:
    for name, value in SECURITY_HEADERS.items():
        is_kept = name == "Cache-Control" and response.status_code == 200
        is_kept = is_kept and not response.headers["Content-Type"].startswith("text/html")
        if name != besides:
            assert response.headers.get_list(name) == [REVALIDATED if is_kept else value]


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
async def test_form_of_another_site_is_refused(strict_api: Api, media_type: str) -> None:
    """Content types that browsers send across sites without a preflight are not accepted."""
    with strict_api.assert_nothing_stored():
        response = await strict_api.post(
            "/users", content=b'{"name": "x"}', headers={"Content-Type": media_type}
        )

    assert_problem(response, 415, "unsupported_media_type", "header/Content-Type")


async def test_too_many_invalid_tokens_are_rate_limited(strict_api: Api) -> None:
    """The response is 429 with Retry-After, for any invalid token."""
    revoked = await post_token(strict_api, "ada", by=auth_header("ada"))
    token = ok_json(await strict_api.get("/me", headers=revoked))["token"]["id"]
    await strict_api.client.delete(f"/api/v1/users/ada/tokens/{token}", headers=revoked)
    await fail_sign_in(strict_api, LIMIT)

    for headers in (auth_header("nobody"), auth_header("somebody"), revoked):
        response = await strict_api.get("/me", headers=headers)
        assert_problem(response, 429, "too_many_requests")
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert_security_headers(response)


async def test_rate_limit_does_not_affect_valid_tokens(strict_api: Api) -> None:
    """Valid tokens are accepted from the limited address, and other addresses are not limited."""
    await fail_sign_in(strict_api, LIMIT)
    assert_problem(
        await strict_api.get("/me", headers=auth_header("nobody")), 429, "too_many_requests"
    )

    assert (await strict_api.get("/me")).status_code == 200
    assert (await strict_api.client.get("/health/ready")).status_code == 200
    async with client_at_another_address(strict_api) as client:
        response = await client.get("/api/v1/me", headers=auth_header("nobody"))
        assert_problem(response, 401, "unauthenticated")


async def test_rate_limit_ends_after_the_announced_time(
    strict_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the time in Retry-After, the address can try again."""
    await fail_sign_in(strict_api, LIMIT)
    limited = await strict_api.get("/me", headers=auth_header("nobody"))
    later = time.time() + int(limited.headers["Retry-After"]) + 1  # noqa: TID251  # as in the limiter
    monkeypatch.setattr("time.time", lambda: later)

    await fail_sign_in(strict_api, 1)


async def test_missing_token_is_not_rate_limited(strict_api: Api) -> None:
    """The response to a request without a token is always 401, even after many repeats."""
    for header in ("", "Bearer", "Basic b3duZXI6"):
        for _ in range(LIMIT + 1):
            response = await strict_api.get("/me", headers={"Authorization": header})
            assert_problem(response, 401, "unauthenticated")

    assert (await strict_api.get("/me")).status_code == 200


async def test_failures_within_the_limit_are_not_rate_limited(strict_api: Api) -> None:
    """Valid requests between the failures do not count."""
    for _ in range(LIMIT):
        await fail_sign_in(strict_api, 1)
        assert (await strict_api.get("/me")).status_code == 200
