"""The limit of requests per user."""

from __future__ import annotations

from dataclasses import replace

from gatepost_api.http.rate_limit import RateLimiter
from tests.support.console import error_text
from tests.support.http.api import Api, assert_problem, auth_header, token_secret
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client


def limit_requests(api: Api, per_minute: int) -> None:
    """Let each user send this many requests in a minute."""
    limiter = RateLimiter(per_minute, lambda: 0.0)
    api.app.state.context = replace(api.app.state.context, rate_limiter=limiter)


async def test_responses_say_how_many_requests_are_left(api: Api) -> None:
    """Every authenticated response has the header fields, also an error."""
    limit_requests(api, 60)
    found = await api.get("/services/shop")
    missing = await api.get("/services/none")

    assert found.headers["RateLimit-Policy"] == '"user";q=60;w=60'
    assert found.headers["RateLimit"] == '"user";r=59;t=1'
    assert (missing.status_code, missing.headers["RateLimit"]) == (404, '"user";r=58;t=2')


async def test_user_beyond_the_limit_is_refused(api: Api) -> None:
    """The response says when to retry; other users, and public paths, are not affected."""
    limit_requests(api, 1)
    await api.get("/services/shop", headers=auth_header("ada"))

    refused = await api.get("/services/shop", headers=auth_header("ada"))

    assert_problem(refused, 429, "rate_limited")
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["RateLimit"] == '"user";r=0;t=60'
    assert (await api.get("/services/shop", headers=auth_header("bo"))).status_code == 200
    live = await api.client.get("/health/live")
    assert (live.status_code, "RateLimit" in live.headers) == (200, False)


async def test_default_limit_is_generous(api: Api) -> None:
    """Without a setting, a user can send 5,000 requests a second."""
    response = await api.get("/services/shop")

    assert response.headers["RateLimit-Policy"] == '"user";q=1200000;w=60'


async def test_console_shows_a_page_beyond_the_limit(api: Api) -> None:
    """A browser gets a page that says what happened."""
    async with anonymous_client(api) as client:
        form = {"token": token_secret("ada")}
        await client.post("/sign-in", data=form, headers=SAME_ORIGIN)
        limit_requests(api, 1)
        await client.get("/inbox")

        refused = await client.get("/inbox")

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "more than 1 requests in a minute" in error_text(refused.text)
