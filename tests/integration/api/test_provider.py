"""People of an identity provider: by its tokens as bearer, and by a browser's way there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from gatepost_domain.access.roles import Role
from tests.support.builders import NOON
from tests.support.http.api import Api, assert_problem, auth_header, ok_json
from tests.support.http.identity_provider import (
    AUDIENCE,
    CLIENT_ID,
    KEYS,
    UNPUBLISHED_KEY,
    FakeProvider,
    published_keys,
    running_provider,
    unix_seconds,
)
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client, configure_provider
from tests.support.http.users import bearer_header, patch_user, post_deployment, post_token

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


async def me(api: Api, token: str) -> dict[str, Any]:
    return ok_json(await api.get("/me", headers=bearer_header(token)))


@pytest.mark.parametrize("alg", KEYS)
async def test_a_token_of_the_provider_is_a_bearer_token(
    api: Api, provider: FakeProvider, alg: str
) -> None:
    """Signed by any of the algorithms that are allowed; it makes whoever is new known."""
    caller = await me(api, provider.token(alg=alg))

    assert (caller["user"]["name"], caller["user"]["groups"]) == ("ada.l", ["qa"])
    assert [grant["role"] for grant in caller["grants"]] == ["reviewer"]
    assert caller["token"]["kind"] == "provider"
    assert caller["token"]["expires_at"] == "2026-11-21T12:10:00Z"


async def test_the_provider_is_asked_for_its_keys_once(api: Api, provider: FakeProvider) -> None:
    """Not at every request, and for a token that is known already not at all."""
    token = provider.token()
    for _ in range(3):
        await me(api, token)
    await me(api, provider.token(iat=unix_seconds(NOON) - 1))

    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]
    told = [
        event for event in await api.list_all("/events") if event["data"].get("user") == "ada.l"
    ]
    assert [event["kind"] for event in told] == ["user_added", "signed_in", "signed_in"]


def forged(provider: FakeProvider) -> dict[str, str]:
    good, later = provider.token(), unix_seconds(NOON + timedelta(minutes=1))
    head, body, signature = good.split(".")
    public = published_keys()[0]
    return {
        "another key": provider.token(key=UNPUBLISHED_KEY),
        "no such key": provider.token(headers={"kid": "other"}),
        "no key named": provider.token(headers={"kid": None}),
        "no signature": f"{head}.{body}.",
        "signature cut": good[:-5],
        "body changed": f"{head}.{body[:-2]}AA.{signature}",
        "algorithm none": jwt.encode({"iss": provider.url}, "", algorithm="none"),
        "symmetric": provider.token(alg="HS256", key=public["n"], headers={"kid": "RS256"}),
        "key of another kind": provider.token(headers={"kid": "ES256"}),
        "weak algorithm": provider.token(alg="RS384", key=KEYS["RS256"], headers={"kid": "RS256"}),
        "another type": provider.token(headers={"typ": "logout+jwt"}),
        "critical header": provider.token(headers={"crit": ["exp"]}),
        "expired": provider.token(exp=unix_seconds(NOON - timedelta(seconds=30))),
        "not yet": provider.token(nbf=later),
        "from the future": provider.token(iat=later),
        "for others": provider.token(aud="another-api"),
        "for the web client": provider.token(aud=CLIENT_ID),
        "for nobody": provider.token("aud"),
        "of another issuer": provider.token(iss="https://evil.example"),
        "of no issuer": provider.token("iss"),
        "for ever": provider.token("exp"),
        "of no time": provider.token("iat"),
        "of no subject": provider.token("sub"),
        "subject is a number": provider.token(sub=7),
        "name is missing": provider.token("preferred_username"),
        "name is a list": provider.token(preferred_username=["ada"]),
        "name is blank": provider.token(preferred_username=" "),
        "name is too long": provider.token(preferred_username="a" * 101),
        "name has a line feed": provider.token(preferred_username="ada\n"),
        "expiry beyond time": provider.token(exp=10**30),
        "too long": provider.token(filler="x" * 9000),
        "deep": "eyJ" + "W" * 40 + ".e30.",
        "rubbish": "ey.ey.ey",
        "dots": "ey..",
    }


CASES: Final = sorted(
    [
        "another key",
        "no such key",
        "no key named",
        "no signature",
        "signature cut",
        "body changed",
        "algorithm none",
        "symmetric",
        "key of another kind",
        "weak algorithm",
        "another type",
        "critical header",
        "expired",
        "not yet",
        "from the future",
        "for others",
        "for the web client",
        "for nobody",
        "of another issuer",
        "of no issuer",
        "for ever",
        "of no time",
        "of no subject",
        "subject is a number",
        "name is missing",
        "name is a list",
        "name is blank",
        "name is too long",
        "name has a line feed",
        "expiry beyond time",
        "too long",
        "deep",
        "rubbish",
        "dots",
    ]
)


@pytest.mark.parametrize("case", CASES)
async def test_what_the_provider_did_not_sign_for_us_opens_nothing(
    api: Api, provider: FakeProvider, case: str
) -> None:
    """It is 401, whatever is wrong, and leaves no row behind."""
    tokens = forged(provider)
    assert sorted(tokens) == CASES
    with api.assert_nothing_stored():
        assert_problem(
            await api.get("/me", headers=bearer_header(tokens[case])), 401, "unauthenticated"
        )


@pytest.mark.parametrize("minutes", [10, 11])
async def test_a_token_of_the_provider_ends_when_that_says_so(
    api: Api, provider: FakeProvider, minutes: int
) -> None:
    """Known or not."""
    token = provider.token()
    await me(api, token)
    api.clock.advance(timedelta(minutes=minutes))

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")


async def test_a_token_of_the_provider_can_be_revoked_here(
    api: Api, provider: FakeProvider
) -> None:
    """From the next request on, however long the provider would let it live."""
    token = provider.token()
    known = (await me(api, token))["token"]["id"]

    ok_json(await api.client.delete(f"/api/v1/users/ada.l/tokens/{known}"))

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")


async def test_what_somebody_may_do_follows_their_groups(api: Api, provider: FakeProvider) -> None:
    """At the next token: who leaves a group loses what it gave, in an event."""
    await me(api, provider.token())

    caller = await me(api, provider.token(groups=["platform", "unknown"]))

    assert caller["user"]["groups"] == ["devops"]
    assert [grant["role"] for grant in caller["grants"]] == ["operator"]
    assert "user_changed" in [event["kind"] for event in await api.list_all("/events")]
    assert (await me(api, provider.token(groups="qa-team")))["user"]["groups"] == ["qa"]
    assert (await me(api, provider.token("groups")))["grants"] == []


async def test_without_a_mapping_what_somebody_may_do_is_decided_here(
    api: Api, provider: FakeProvider
) -> None:
    """Whoever is new may read; what an admin grants stays."""
    configure_provider(api, provider, groups=[])
    assert (await me(api, provider.token()))["grants"] == []
    await patch_user(api, "ada.l", grants=[{"role": "operator"}])

    caller = await me(api, provider.token(iat=unix_seconds(NOON) - 1))

    assert [grant["role"] for grant in caller["grants"]] == ["operator"]


async def test_whoever_is_disabled_here_stays_out(api: Api, provider: FakeProvider) -> None:
    """With a token that is known and with a new one; the attempt is an event."""
    token = provider.token()
    await me(api, token)
    await patch_user(api, "ada.l", disabled=True)

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")
    new = provider.token(iat=unix_seconds(NOON) - 1)
    assert_problem(await api.get("/me", headers=bearer_header(new)), 403, "sign_in_denied")

    last = (await api.list_all("/events"))[-1]
    assert (last["kind"], last["data"]["user"]) == ("access_denied", "ada.l")


@pytest.mark.parametrize("name", ["owner", "OWNER", "system", "worker:1"])
async def test_nobody_becomes_somebody_by_their_name_at_the_provider(
    api: Api, provider: FakeProvider, name: str
) -> None:
    """Many providers let people choose it."""
    token = provider.token(preferred_username=name)

    assert_problem(await api.get("/me", headers=bearer_header(token)), 403, "sign_in_denied")

    assert (await api.list_all("/events"))[-1]["kind"] == "access_denied"


async def linked(api: Api, name: str, subject: str, *, by: str, issuer: str) -> httpx2.Response:
    login = {"issuer": issuer, "subject": subject}
    return await api.client.patch(
        f"/api/v1/users/{name}", json={"login": login}, headers=auth_header(by)
    )


async def test_an_admin_links_an_account_to_somebody_who_is_known(
    api: Api, provider: FakeProvider
) -> None:
    """Then both ways in lead to one user, so that one human is not two."""
    body = ok_json(await linked(api, "quinn", "subject-of-ada", by="olga", issuer=provider.url))
    assert body["login"] == {
        "issuer": provider.url,
        "subject": "subject-of-ada",
        "linked_by": "olga",
    }

    assert (await me(api, provider.token()))["user"]["name"] == "quinn"
    again = await linked(api, "devin", "subject-of-ada", by="olga", issuer=provider.url)
    assert_problem(again, 409, "login_exists")


async def test_an_admin_does_not_approve_their_own_by_linking_themselves_to_a_reviewer(
    api: Api, provider: FakeProvider
) -> None:
    """Whoever links an account is behind every sign-in by it."""
    configure_provider(api, provider, groups=[])
    deployment = await api.create_deployment(by="olga")
    ok_json(await linked(api, "quinn", "subject-of-ada", by="olga", issuer=provider.url))
    path = f"/deployments/{deployment['number']}/approve"

    response = await api.post(path, {}, headers=bearer_header(provider.token()))

    assert_problem(response, 403, "self_review")
    assert (await api.events(deployment))[-1]["kind"] == "review_denied"


async def test_one_person_is_one_by_the_provider_and_by_a_token_of_their_own(
    api: Api, provider: FakeProvider
) -> None:
    """What they ask for by one they do not approve by the other."""
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


async def test_a_provider_that_does_not_answer_is_told_as_that(
    api: Api, provider: FakeProvider
) -> None:
    """503 with Retry-After; tokens of our own go on working, and so do those known already."""
    known = provider.token()
    await me(api, known)
    provider.unavailable = True
    api.clock.advance(timedelta(minutes=5))
    configure_provider(api, provider)

    response = await api.get(
        "/me", headers=bearer_header(provider.token(iat=unix_seconds(NOON) + 1))
    )

    assert_problem(response, 503, "issuer_unreachable")
    assert int(response.headers["Retry-After"]) > 0
    await me(api, known)
    ok_json(await api.get("/me"))
    provider.unavailable = False
    await me(api, provider.token(iat=unix_seconds(NOON) + 2))


async def test_a_new_key_is_fetched_when_it_is_needed_but_not_for_every_forgery(
    api: Api, provider: FakeProvider
) -> None:
    """Providers turn their keys over; whoever invents key ids must not make us ask each time."""
    old = provider.keys
    provider.keys = old[1:]
    await me(api, provider.token(alg="ES256"))
    provider.keys = old
    for _ in range(3):
        refused = await api.get("/me", headers=bearer_header(provider.token()))
        assert_problem(refused, 401, "unauthenticated")
    assert provider.asked.count("/keys") == 1

    api.clock.advance(timedelta(seconds=30))

    await me(api, provider.token())
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
async def test_a_provider_that_answers_nonsense_is_not_believed(
    api: Api, provider: FakeProvider, metadata: dict[str, object]
) -> None:
    """It is no fault of the caller's."""
    provider.metadata = metadata

    response = await api.get("/me", headers=bearer_header(provider.token()))

    assert_problem(response, 503, "issuer_unreachable")


async def begin(client: httpx2.AsyncClient) -> str:
    response = await client.get("/sign-in/provider")
    assert response.status_code == 303, response.text
    return response.headers["Location"]


async def test_a_browser_signs_in_at_the_provider(
    api: Api, provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Code and PKCE; the session is ours, and kept on the server."""
    assert "Continue with single sign-on" in (await client.get("/sign-in")).text
    address = await begin(client)
    asked_for = parse_qs(urlsplit(address).query)
    assert asked_for["code_challenge_method"] == ["S256"]
    assert asked_for["response_type"] == ["code"]

    response = await client.get(provider.authorize(address))

    assert response.status_code == 200
    assert 'content="0;url=/"' in response.text
    caller = ok_json(await client.get(ME))
    assert (caller["user"]["name"], caller["token"]["kind"]) == ("ada.l", "session")
    assert "gatepost-flow" not in client.cookies
    assert (await api.list_all("/events"))[-1]["kind"] == "signed_in"


async def test_a_code_signs_in_once(provider: FakeProvider, client: httpx2.AsyncClient) -> None:
    """Whoever sees the address in a history comes too late."""
    back = provider.authorize(await begin(client))
    await client.get(back)
    await client.post("/sign-in/out", headers=SAME_ORIGIN)

    assert (await client.get(back)).status_code == 401


async def test_a_sign_in_that_another_browser_began_is_refused(
    api: Api, provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Else somebody could be signed in as another without their noticing."""
    back = provider.authorize(await begin(client))
    async with anonymous_client(api) as victim:
        response = await victim.get(back)
        assert (response.status_code, "began no such" in response.text) == (401, True)
        await begin(victim)
        assert (await victim.get(back)).status_code == 401
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
async def test_what_the_provider_says_of_another_sign_in_is_refused(
    provider: FakeProvider, client: httpx2.AsyncClient, claims: dict[str, object]
) -> None:
    """An id token holds for the sign-in it was asked for."""
    response = await client.get(provider.authorize(await begin(client), **claims))

    assert response.status_code in {401, 403}
    assert (await client.get(ME)).status_code == 401


async def test_whom_the_provider_lets_not_in_neither_do_we(client: httpx2.AsyncClient) -> None:
    """It sends the browser back with an error instead of a code."""
    address = await begin(client)
    state = parse_qs(urlsplit(address).query)["state"][0]

    response = await client.get(
        "/sign-in/provider/callback", params={"error": "access_denied", "state": state}
    )

    assert (response.status_code, "let nobody in" in response.text) == (401, True)


async def test_a_provider_that_is_down_is_told_on_the_page(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Before the way there and on the way back; other ways in stay open."""
    back = provider.authorize(await begin(client))
    provider.unavailable = True

    assert (await client.get(back)).status_code == 503


async def test_a_provider_that_is_down_from_the_start_is_told_on_the_page(
    provider: FakeProvider, client: httpx2.AsyncClient
) -> None:
    """Nobody is sent to an address that we do not have."""
    provider.unavailable = True

    response = await client.get("/sign-in/provider")

    assert response.status_code == 503
    assert "does not answer" in response.text or "answers 503" in response.text
