"""Bearer tokens from an identity provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import jwt
import pytest

from tests.support.builders import NOON
from tests.support.http.api import Api, assert_problem, ok_json
from tests.support.http.identity_provider import (
    CLIENT_ID,
    KEYS,
    UNPUBLISHED_KEY,
    FakeProvider,
    published_keys,
    unix_seconds,
)
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import bearer_header


@pytest.fixture
async def api(api: Api, provider: FakeProvider) -> Api:
    configure_provider(api, provider)
    return api


async def get_caller(api: Api, token: str) -> dict[str, Any]:
    return ok_json(await api.get("/me", headers=bearer_header(token)))


@pytest.mark.parametrize("alg", KEYS)
async def test_provider_token_is_a_bearer_token(api: Api, provider: FakeProvider, alg: str) -> None:
    """Every allowed algorithm is accepted, and the user is created on first use."""
    caller = await get_caller(api, provider.token(alg=alg))

    assert (caller["user"]["name"], caller["user"]["groups"]) == ("ada.l", ["qa"])
    assert [grant["role"] for grant in caller["grants"]] == ["reviewer"]
    assert caller["token"]["kind"] == "provider"
    assert caller["token"]["expires_at"] == "2026-11-21T12:10:00Z"


async def test_provider_keys_are_requested_once(api: Api, provider: FakeProvider) -> None:
    """The keys are cached, and a token seen before needs no request to the provider."""
    token = provider.token()
    for _ in range(3):
        await get_caller(api, token)
    await get_caller(api, provider.token(iat=unix_seconds(NOON) - 1))

    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]
    events = [
        event for event in await api.list_all("/events") if event["data"].get("user") == "ada.l"
    ]
    assert [event["kind"] for event in events] == ["user_added", "signed_in", "signed_in"]


def invalid_tokens(provider: FakeProvider) -> dict[str, str]:
    valid, later = provider.token(), unix_seconds(NOON + timedelta(minutes=1))
    header, payload, signature = valid.split(".")
    public = published_keys()[0]
    return {
        "unpublished key": provider.token(key=UNPUBLISHED_KEY),
        "unknown key id": provider.token(headers={"kid": "other"}),
        "missing key id": provider.token(headers={"kid": None}),
        "no signature": f"{header}.{payload}.",
        "truncated signature": valid[:-5],
        "changed payload": f"{header}.{payload[:-2]}AA.{signature}",
        "algorithm none": jwt.encode({"iss": provider.url}, "", algorithm="none"),
        "symmetric": provider.token(alg="HS256", key=public["n"], headers={"kid": "RS256"}),
        "key of another algorithm": provider.token(headers={"kid": "ES256"}),
        "weak algorithm": provider.token(alg="RS384", key=KEYS["RS256"], headers={"kid": "RS256"}),
        "other token type": provider.token(headers={"typ": "logout+jwt"}),
        "critical header": provider.token(headers={"crit": ["exp"]}),
        "expired": provider.token(exp=unix_seconds(NOON - timedelta(seconds=30))),
        "not valid yet": provider.token(nbf=later),
        "issued in the future": provider.token(iat=later),
        "other audience": provider.token(aud="another-api"),
        "audience of the web client": provider.token(aud=CLIENT_ID),
        "missing audience": provider.token("aud"),
        "other issuer": provider.token(iss="https://evil.example"),
        "missing issuer": provider.token("iss"),
        "missing expiry": provider.token("exp"),
        "missing issue time": provider.token("iat"),
        "missing subject": provider.token("sub"),
        "subject is a number": provider.token(sub=7),
        "name is missing": provider.token("preferred_username"),
        "name is a list": provider.token(preferred_username=["ada"]),
        "name is empty": provider.token(preferred_username=""),
        "name is too long": provider.token(preferred_username="a" * 201),
        "expiry out of range": provider.token(exp=10**30),
        "too long": provider.token(filler="x" * 9000),
        "deeply nested": "eyJ" + "W" * 40 + ".e30.",
        "not base64": "ey.ey.ey",
        "empty parts": "ey..",
    }


CASES: Final = sorted(
    [
        "unpublished key",
        "unknown key id",
        "missing key id",
        "no signature",
        "truncated signature",
        "changed payload",
        "algorithm none",
        "symmetric",
        "key of another algorithm",
        "weak algorithm",
        "other token type",
        "critical header",
        "expired",
        "not valid yet",
        "issued in the future",
        "other audience",
        "audience of the web client",
        "missing audience",
        "other issuer",
        "missing issuer",
        "missing expiry",
        "missing issue time",
        "missing subject",
        "subject is a number",
        "name is missing",
        "name is a list",
        "name is empty",
        "name is too long",
        "expiry out of range",
        "too long",
        "deeply nested",
        "not base64",
        "empty parts",
    ]
)


@pytest.mark.parametrize("case", CASES)
async def test_invalid_provider_token_is_refused(
    api: Api, provider: FakeProvider, case: str
) -> None:
    """The response to any invalid token is 401, and nothing is stored."""
    tokens = invalid_tokens(provider)
    assert sorted(tokens) == CASES
    with api.assert_nothing_stored():
        assert_problem(
            await api.get("/me", headers=bearer_header(tokens[case])), 401, "unauthenticated"
        )


@pytest.mark.parametrize("minutes", [10, 11])
async def test_provider_token_ends_at_its_expiry(
    api: Api, provider: FakeProvider, minutes: int
) -> None:
    """A token that was accepted before is refused from its expiry on."""
    token = provider.token()
    await get_caller(api, token)
    api.clock.advance(timedelta(minutes=minutes))

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")


async def test_provider_token_can_be_revoked_here(api: Api, provider: FakeProvider) -> None:
    """A revoked token is refused from the next request, before its own expiry."""
    token = provider.token()
    token_id = (await get_caller(api, token))["token"]["id"]

    ok_json(await api.client.delete(f"/api/v1/users/ada.l/tokens/{token_id}"))

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")


async def test_unreachable_provider_is_503(api: Api, provider: FakeProvider) -> None:
    """The response has Retry-After; Gatepost tokens and known provider tokens are accepted."""
    known_token = provider.token()
    await get_caller(api, known_token)
    provider.unavailable = True
    api.clock.advance(timedelta(minutes=5))
    configure_provider(api, provider)

    response = await api.get(
        "/me", headers=bearer_header(provider.token(iat=unix_seconds(NOON) + 1))
    )

    assert_problem(response, 503, "issuer_unreachable")
    assert int(response.headers["Retry-After"]) > 0
    await get_caller(api, known_token)
    ok_json(await api.get("/me"))
    provider.unavailable = False
    await get_caller(api, provider.token(iat=unix_seconds(NOON) + 2))


async def test_new_key_is_fetched_at_most_every_thirty_seconds(
    api: Api, provider: FakeProvider
) -> None:
    """An unknown key id makes the server fetch the keys again, as they may have been rotated.

    Without the limit, every invented key id would cause a request to the provider.
    """
    old = provider.keys
    provider.keys = old[1:]
    await get_caller(api, provider.token(alg="ES256"))
    provider.keys = old
    for _ in range(3):
        refused = await api.get("/me", headers=bearer_header(provider.token()))
        assert_problem(refused, 401, "unauthenticated")
    assert provider.asked.count("/keys") == 1

    api.clock.advance(timedelta(seconds=30))

    await get_caller(api, provider.token())
    assert provider.asked.count("/keys") == 2


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": 7},
        {"jwks_uri": "not a url"},
        {"jwks_uri": "http://[::1"},
        {"jwks_uri": None},
    ],
)
async def test_invalid_provider_metadata_is_503(
    api: Api, provider: FakeProvider, metadata: dict[str, object]
) -> None:
    """Invalid metadata is not the caller's error, so the response is 503 and not 401."""
    provider.metadata = metadata

    response = await api.get("/me", headers=bearer_header(provider.token()))

    assert_problem(response, 503, "issuer_unreachable")
