"""What holds for every request and answer: names, headers, media types, and failed attempts."""

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
from gatepost_api.http.security_headers import SECURITY_HEADERS
from gatepost_api.settings.server import LOOPBACK_HOSTS
from tests.support.builders import FrozenClock
from tests.support.http.api import HOST, Api, assert_problem, auth_header, ok_json, running_api
from tests.support.http.users import post_token

PATHS: Final = ("/api/v1/me", "/docs", "/openapi.json", "/health/live", "/nowhere", "/")
LIMIT: Final = 3


@cache
def known_by_its_names() -> GatepostApp:
    return create_app(allowed_hosts=LOOPBACK_HOSTS | {HOST})


@pytest.fixture
async def strict(database: Path) -> AsyncIterator[Api]:
    """The API, which lets an address fail three times a minute."""
    app = known_by_its_names()
    async with running_api(database, FrozenClock(), app, failures_a_minute=LIMIT) as api:
        yield api


async def fail(api: Api, times: int) -> None:
    for _ in range(times):
        assert_problem(await api.get("/me", headers=auth_header("nobody")), 401, "unauthenticated")


def from_elsewhere(api: Api) -> httpx2.AsyncClient:
    """The owner's client at another address."""
    app: Any = api.app  # ASGI is typed by the framework and by the client, each in its own way
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
async def test_a_request_to_another_host_is_refused(strict: Api, path: str, host: str) -> None:
    """Whatever it asks for: a page elsewhere may have led a browser here by a name of its own."""
    response = await strict.client.get(path, headers={"Host": host})

    assert_problem(response, 400, "host_not_allowed")
    check_headers(response)


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
async def test_its_own_names_are_answered_to(strict: Api, host: str) -> None:
    """With any port, in any case, and by this machine's names for itself."""
    assert ok_json(await strict.get("/me", headers={"Host": host}))["user"]["name"] == "owner"


async def test_every_answer_says_how_it_may_be_used(strict: Api) -> None:
    """Nothing sniffs it, frames it, keeps it or runs in it, whether it is good news or bad."""
    answers = {
        200: await strict.get("/me"),
        201: await strict.post("/users", {"name": "x"}),
        404: await strict.get("/nowhere"),
        405: await strict.put("/me", {}),
        415: await strict.post("/users", content=b"x"),
        422: await strict.post("/users", {}),
        401: await strict.get("/me", headers=auth_header("nobody")),
    }

    for status, response in answers.items():
        assert response.status_code == status
        check_headers(response)


async def test_a_mishap_says_so_too(strict: Api) -> None:
    """An error of ours is answered with the same headers, and without its details."""

    def out_of_order() -> datetime:
        raise RuntimeError("the clock's secret is hunter2")

    strict.app.state.context = replace(strict.app.state.context, now=out_of_order)

    response = await strict.get("/me")

    assert "hunter2" not in str(assert_problem(response, 500, "internal_error"))
    check_headers(response)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/show.js", "/openapi.json"])
async def test_the_documentation_keeps_its_own_policy(strict: Api, path: str) -> None:
    """It runs scripts and styles from here, and from nowhere else; the rest holds as elsewhere."""
    response = await strict.client.get(path)

    assert response.status_code == 200
    policy = response.headers.get_list("Content-Security-Policy")
    assert len(policy) == 1
    assert policy[0].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy[0]
    check_headers(response, besides="Content-Security-Policy")


def check_headers(response: httpx2.Response, *, besides: str | None = None) -> None:
    for name, value in SECURITY_HEADERS.items():
        if name != besides:
            assert response.headers.get_list(name) == [value]


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
async def test_a_form_of_another_site_is_not_read(strict: Api, media_type: str) -> None:
    """What a browser sends across sites without asking first is no JSON, whatever is in it."""
    with strict.assert_nothing_stored():
        response = await strict.post(
            "/users", content=b'{"name": "x"}', headers={"Content-Type": media_type}
        )

    assert_problem(response, 415, "unsupported_media_type", "header/Content-Type")


async def test_too_many_wrong_tokens_have_to_wait(strict: Api) -> None:
    """After the limit the next is told for how long, whatever token it is that opens nothing."""
    revoked = await post_token(strict, "ada", by=auth_header("ada"))
    token = ok_json(await strict.get("/me", headers=revoked))["token"]["id"]
    await strict.client.delete(f"/api/v1/users/ada/tokens/{token}", headers=revoked)
    await fail(strict, LIMIT)

    for by in (auth_header("nobody"), auth_header("somebody"), revoked):
        response = await strict.get("/me", headers=by)
        assert_problem(response, 429, "too_many_requests")
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        check_headers(response)


async def test_wrong_tokens_keep_no_right_one_waiting(strict: Api) -> None:
    """Neither a neighbour behind the same address nor anybody elsewhere is kept out by them."""
    await fail(strict, LIMIT)
    assert_problem(await strict.get("/me", headers=auth_header("nobody")), 429, "too_many_requests")

    assert (await strict.get("/me")).status_code == 200
    assert (await strict.client.get("/health/ready")).status_code == 200
    async with from_elsewhere(strict) as client:
        response = await client.get("/api/v1/me", headers=auth_header("nobody"))
        assert_problem(response, 401, "unauthenticated")


async def test_an_address_may_try_again_once_the_minute_is_over(
    strict: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the wait that it was told, it is answered as before."""
    await fail(strict, LIMIT)
    waiting = await strict.get("/me", headers=auth_header("nobody"))
    later = time.time() + int(waiting.headers["Retry-After"]) + 1  # noqa: TID251  # the limiter's
    monkeypatch.setattr("time.time", lambda: later)

    await fail(strict, 1)


async def test_a_missing_token_is_no_failed_one(strict: Api) -> None:
    """Whoever opens an address without signing in is told how to, as often as they do."""
    for header in ("", "Bearer", "Basic b3duZXI6"):
        for _ in range(LIMIT + 1):
            response = await strict.get("/me", headers={"Authorization": header})
            assert_problem(response, 401, "unauthenticated")

    assert (await strict.get("/me")).status_code == 200


async def test_as_many_wrong_tokens_as_allowed_do_not_have_to_wait(strict: Api) -> None:
    """Right ones between them do not count."""
    for _ in range(LIMIT):
        await fail(strict, 1)
        assert (await strict.get("/me")).status_code == 200
