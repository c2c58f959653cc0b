"""Users of an identity provider: bearer tokens of the provider and sign-in with a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from gatepost_domain.access.roles import Role
from tests.support.api import Api, assert_problem, auth_header, ok_json
from tests.support.builders import NOON
from tests.support.people import bearer_header, patch_user, post_deployment, post_token
from tests.support.provider import (
    AUDIENCE,
    CLIENT_ID,
    KEYS,
    UNPUBLISHED_KEY,
    FakeProvider,
    published_keys,
    running_provider,
    unix_seconds,
)
from tests.support.signing_in import SAME_ORIGIN, anonymous_client, configure_provider

ME: Final = "/api/v1/me"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
async def api(api: Api, provider: FakeProvider) -> Api:
    configure_provider(api, provider)
    return api


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx2.AsyncClient]:
    async with anonymous_client(api) as client:
        yield client


async def get_caller(api: Api, token: str) -> dict[str, Any]:
    return ok_json(await api.get("/me", headers=bearer_header(token)))


@pytest.mark.parametrize("alg", KEYS)
async def test_provider_token_is_a_bearer_token(api: Api, provider: FakeProvider, alg: str) -> None:
    """Every allowed algorithm is accepted; an unknown user is created."""
    caller = await get_caller(api, provider.token(alg=alg))

    assert (caller["user"]["name"], caller["user"]["groups"]) == ("ada.l", ["qa"])
    assert [grant["role"] for grant in caller["grants"]] == ["reviewer"]
    assert caller["token"]["kind"] == "provider"
    assert caller["token"]["expires_at"] == "2026-11-21T12:10:00Z"


async def test_provider_keys_are_requested_once(api: Api, provider: FakeProvider) -> None:
    """The keys are cached, and a token seen before needs no request at all."""
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
        "name is blank": provider.token(preferred_username=" "),
        "name is too long": provider.token(preferred_username="a" * 101),
        "name has a line feed": provider.token(preferred_username="ada\n"),
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
        "name is blank",
        "name is too long",
        "name has a line feed",
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
    """It is 401 and stores nothing, whatever is wrong with it."""
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
    """This holds for a token seen before and for a new one."""
    token = provider.token()
    await get_caller(api, token)
    api.clock.advance(timedelta(minutes=minutes))

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")


async def test_provider_token_can_be_revoked_here(api: Api, provider: FakeProvider) -> None:
    """It is refused from the next request, before its own expiry."""
    token = provider.token()
    token_id = (await get_caller(api, token))["token"]["id"]

    ok_json(await api.client.delete(f"/api/v1/users/ada.l/tokens/{token_id}"))

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")


async def test_rights_follow_the_providers_groups(api: Api, provider: FakeProvider) -> None:
    """The next token of a user who left a group removes its rights; the change is an event."""
    await get_caller(api, provider.token())

    caller = await get_caller(api, provider.token(groups=["platform", "unknown"]))

    assert caller["user"]["groups"] == ["devops"]
    assert [grant["role"] for grant in caller["grants"]] == ["operator"]
    assert "user_changed" in [event["kind"] for event in await api.list_all("/events")]
    assert (await get_caller(api, provider.token(groups="qa-team")))["user"]["groups"] == ["qa"]
    assert (await get_caller(api, provider.token("groups")))["grants"] == []


async def test_without_group_mapping_rights_are_granted_here(
    api: Api, provider: FakeProvider
) -> None:
    """A new user may only read, and grants of an admin are kept."""
    configure_provider(api, provider, groups=[])
    assert (await get_caller(api, provider.token()))["grants"] == []
    await patch_user(api, "ada.l", grants=[{"role": "operator"}])

    caller = await get_caller(api, provider.token(iat=unix_seconds(NOON) - 1))

    assert [grant["role"] for grant in caller["grants"]] == ["operator"]


async def test_user_disabled_here_cannot_sign_in(api: Api, provider: FakeProvider) -> None:
    """Known and new tokens are refused; the attempt is recorded."""
    token = provider.token()
    await get_caller(api, token)
    await patch_user(api, "ada.l", disabled=True)

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")
    new = provider.token(iat=unix_seconds(NOON) - 1)
    assert_problem(await api.get("/me", headers=bearer_header(new)), 403, "sign_in_denied")

    last = (await api.list_all("/events"))[-1]
    assert (last["kind"], last["data"]["user"]) == ("access_denied", "ada.l")


@pytest.mark.parametrize("name", ["owner", "OWNER", "system", "worker:1"])
async def test_name_at_the_provider_takes_over_no_account(
    api: Api, provider: FakeProvider, name: str
) -> None:
    """Many providers let users choose their name."""
    token = provider.token(preferred_username=name)

    assert_problem(await api.get("/me", headers=bearer_header(token)), 403, "sign_in_denied")

    assert (await api.list_all("/events"))[-1]["kind"] == "access_denied"


async def link_login(api: Api, name: str, subject: str, *, by: str, issuer: str) -> httpx2.Response:
    login = {"issuer": issuer, "subject": subject}
    return await api.client.patch(
        f"/api/v1/users/{name}", json={"login": login}, headers=auth_header(by)
    )


async def test_admin_links_a_login_to_an_existing_user(api: Api, provider: FakeProvider) -> None:
    """Both ways to sign in lead to the same user."""
    body = ok_json(await link_login(api, "quinn", "subject-of-ada", by="olga", issuer=provider.url))
    assert body["login"] == {
        "issuer": provider.url,
        "subject": "subject-of-ada",
        "linked_by": "olga",
    }

    assert (await get_caller(api, provider.token()))["user"]["name"] == "quinn"
    second_link = await link_login(api, "devin", "subject-of-ada", by="olga", issuer=provider.url)
    assert_problem(second_link, 409, "login_exists")


async def test_admin_cannot_approve_through_a_linked_reviewer(
    api: Api, provider: FakeProvider
) -> None:
    """The admin who linked a login counts as a person behind it."""
    configure_provider(api, provider, groups=[])
    deployment = await api.create_deployment(by="olga")
    ok_json(await link_login(api, "quinn", "subject-of-ada", by="olga", issuer=provider.url))
    path = f"/deployments/{deployment['number']}/approve"

    response = await api.post(path, {}, headers=bearer_header(provider.token()))

    assert_problem(response, 403, "self_review")
    assert (await api.events(deployment))[-1]["kind"] == "review_denied"


async def test_user_is_the_same_by_provider_and_by_token(api: Api, provider: FakeProvider) -> None:
    """A user cannot approve by one credential what they requested by the other."""
    configure_provider(api, provider, groups=[])
    first = bearer_header(provider.token())
    ok_json(await api.get("/me", headers=first))
    await patch_user(
        api, "ada.l", grants=[{"role": role} for role in Role], groups=["qa", "devops"]
    )
    own = await post_token(api, "ada.l", by=first)
    deployment = await post_deployment(api, first)

    for by in (own, first):
        path = f"/deployments/{deployment['number']}/approve"
        assert_problem(await api.post(path, {}, headers=by), 403, "self_review")


async def test_unreachable_provider_is_503(api: Api, provider: FakeProvider) -> None:
    """The response has Retry-After; Gatepost's own tokens and known ones still work."""
    known = provider.token()
    await get_caller(api, known)
    provider.unavailable = True
    api.clock.advance(timedelta(minutes=5))
    configure_provider(api, provider)

    response = await api.get(
        "/me", headers=bearer_header(provider.token(iat=unix_seconds(NOON) + 1))
    )

    assert_problem(response, 503, "issuer_unreachable")
    assert int(response.headers["Retry-After"]) > 0
    await get_caller(api, known)
    ok_json(await api.get("/me"))
    provider.unavailable = False
    await get_caller(api, provider.token(iat=unix_seconds(NOON) + 2))


async def test_new_key_is_fetched_at_most_every_thirty_seconds(
    api: Api, provider: FakeProvider
) -> None:
    """Keys are rotated, but invented key ids must not cause a request each."""
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
    """The fault is not the caller's."""
    provider.metadata = metadata

    response = await api.get("/me", headers=bearer_header(provider.token()))

    assert_problem(response, 503, "issuer_unreachable")


async def start_sign_in(client: httpx2.AsyncClient) -> str:
    response = await client.get("/sign-in/provider")
    assert response.status_code == 303, response.text
    return response.headers["Location"]


async def test_browser_signs_in_at_the_provider(
    api: Api, provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """It uses the authorization code flow with PKCE and a session on this server."""
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
    """A callback address from the browser history is refused."""
    callback = provider.authorize(await start_sign_in(client))
    await client.get(callback)
    await client.post("/sign-in/out", headers=SAME_ORIGIN)

    assert (await client.get(callback)).status_code == 401


async def test_sign_in_started_by_another_browser_is_refused(
    api: Api, provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """This protects against login CSRF."""
    callback = provider.authorize(await start_sign_in(client))
    async with anonymous_client(api) as victim:
        response = await victim.get(callback)
        assert (response.status_code, "began no such" in response.text) == (401, True)
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
    """The id token must match the sign-in that requested it."""
    response = await client.get(provider.authorize(await start_sign_in(client), **claims))

    assert response.status_code in {401, 403}
    assert (await client.get(ME)).status_code == 401


async def test_sign_in_denied_by_the_provider_is_refused(client: httpx2.AsyncClient) -> None:
    """The provider returns an error instead of a code."""
    address = await start_sign_in(client)
    state = parse_qs(urlsplit(address).query)["state"][0]

    response = await client.get(
        "/sign-in/provider/callback", params={"error": "access_denied", "state": state}
    )

    assert (response.status_code, "let nobody in" in response.text) == (401, True)


async def test_provider_failure_during_sign_in_is_503(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """The callback fails if the provider becomes unreachable."""
    callback = provider.authorize(await start_sign_in(client))
    provider.unavailable = True

    assert (await client.get(callback)).status_code == 503


async def test_provider_failure_before_sign_in_is_503(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Without the provider's metadata, the browser is not redirected."""
    provider.unavailable = True

    response = await client.get("/sign-in/provider")

    assert response.status_code == 503
    assert "does not answer" in response.text or "answers 503" in response.text
