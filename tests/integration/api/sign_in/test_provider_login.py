"""Signing in a browser through an identity provider."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.support.http.api import Api, ok_json
from tests.support.http.identity_provider import AUDIENCE, FakeProvider
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client, configure_provider

ME: Final = "/api/v1/me"


@pytest.fixture
async def api(api: Api, provider: FakeProvider) -> Api:
    configure_provider(api, provider)
    return api


async def start_sign_in(client: httpx2.AsyncClient) -> str:
    response = await client.get("/sign-in/provider")
    assert response.status_code == 303, response.text
    return response.headers["Location"]


async def test_browser_signs_in_at_the_provider(
    api: Api, provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """The browser uses the authorization code flow with PKCE and receives a session."""
    assert "Continue with single sign-on" in (await client.get("/sign-in")).text
    address = await start_sign_in(client)
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]

    response = await client.get(provider.authorize(address))

    assert response.status_code == 200
    assert 'content="0;url=/"' in response.text
    caller = ok_json(await client.get(ME))
    assert (caller["user"]["name"], caller["token"]["kind"]) == ("ada.l", "session")
    assert "gatepost-flow" not in client.cookies
    assert (await api.list_all("/events"))[-1]["kind"] == "signed_in"


async def test_authorization_code_works_once(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """A callback address reused from the browser history is refused."""
    callback = provider.authorize(await start_sign_in(client))
    await client.get(callback)
    await client.post("/sign-in/out", headers=SAME_ORIGIN)

    assert (await client.get(callback)).status_code == 401


async def test_sign_in_started_by_another_browser_is_refused(
    api: Api, provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Only the browser that started a sign-in can finish it, which prevents login CSRF."""
    callback = provider.authorize(await start_sign_in(client))
    async with anonymous_client(api) as victim:
        response = await victim.get(callback)
        assert (response.status_code, "started in another browser" in response.text) == (401, True)
        await start_sign_in(victim)
        assert (await victim.get(callback)).status_code == 401
        assert (await victim.get(ME)).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": AUDIENCE},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"preferred_username": "owner"},
    ],
)
async def test_id_token_of_another_sign_in_is_refused(
    provider: FakeProvider, client: httpx2.AsyncClient, claims: dict[str, object]
) -> None:
    """An id token that does not match the sign-in, has expired or names a taken user is refused."""
    response = await client.get(provider.authorize(await start_sign_in(client), **claims))

    assert response.status_code in {401, 403}
    assert (await client.get(ME)).status_code == 401


async def test_sign_in_denied_by_the_provider_is_refused(client: httpx2.AsyncClient) -> None:
    """The sign-in fails if the provider returns an error instead of a code."""
    address = await start_sign_in(client)
    state = parse_qs(urlsplit(address).query)["state"][0]

    response = await client.get(
        "/sign-in/provider/callback", params={"error": "access_denied", "state": state}
    )

    assert (response.status_code, "denied the sign-in" in response.text) == (401, True)


async def test_provider_failure_during_sign_in_is_503(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """The callback returns 503 if the provider has become unreachable since the redirect."""
    callback = provider.authorize(await start_sign_in(client))
    provider.unavailable = True

    assert (await client.get(callback)).status_code == 503


async def test_provider_failure_before_sign_in_is_503(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Without the provider's metadata, the response is 503 and the browser is not redirected."""
    provider.unavailable = True

    response = await client.get("/sign-in/provider")

    assert response.status_code == 503
    assert "does not respond" in response.text or "returned 503" in response.text
