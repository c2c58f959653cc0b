"""Token exchange: a pipeline's OIDC token is exchanged for a short-lived Gatepost token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.builders import NOON
from tests.support.http.api import (
    Api,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.http.identity_provider import UNPUBLISHED_KEY, FakeProvider, unix_seconds
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import bearer_header, patch_user, post_user

RULE: Final[dict[str, Any]] = {
    "audience": "gatepost",
    "claims": {"repository": "acme/shop", "ref": "refs/heads/*", "environment": "production"},
    "user": "shop-pipeline",
    "scopes": [{"role": "requester", "service": "shop"}],
}
MAIN_BRANCH_CLAIMS: Final = {
    "sub": "repo:acme/shop:environment:production",
    "repository": "acme/shop",
    "ref": "refs/heads/main",
    "environment": "production",
    "actor": "hubert",
    "sha": "f00d",
}


@pytest.fixture
async def api(api: Api, provider: FakeProvider) -> Api:
    configure_provider(api, provider, pipelines=[{**RULE, "issuer": provider.url}])
    await post_user(api, "shop-pipeline", by=auth_header("owner"), kind=UserKind.SERVICE)
    return api


async def exchange(api: Api, token: str) -> httpx2.Response:
    del api.client.headers["Authorization"]
    response = await api.post("/auth/exchange", {"token": token})
    api.client.headers.update(auth_header("owner"))
    return response


async def test_pipeline_exchanges_its_proof_for_a_token(api: Api, provider: FakeProvider) -> None:
    """The token is valid for fifteen minutes within its rule's scopes. The event names the run."""
    body = created_json(await exchange(api, provider.token(**MAIN_BRANCH_CLAIMS)))

    assert body["secret"].startswith("gp_s_")
    assert body["token"]["expires_at"] == "2026-11-21T12:15:00Z"
    assert body["token"]["kind"] == "pipeline"
    headers = bearer_header(body["secret"])
    deployment = created_json(await api.post("/deployments", deployment_body(), headers=headers))
    assert deployment["requester"] == "shop-pipeline"
    response = await api.post("/deployments", deployment_body(service="cart"), headers=headers)
    assert_problem(response, 403, "forbidden")
    signed_in = next(e for e in await api.list_all("/events") if e["kind"] == "signed_in")
    assert signed_in["data"]["claims"] == {
        name: text for name, text in MAIN_BRANCH_CLAIMS.items() if name not in {"sub", "actor"}
    }
    api.clock.advance(timedelta(minutes=15))
    assert_problem(await api.get("/me", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(
    "claims",
    [
        {"repository": "evil/shop"},
        {"repository": "acme/shop-evil"},
        {"repository": ["acme/shop"]},
        {"repository": None},
        {"ref": "refs/tags/v1"},
        {"environment": "staging"},
        {"environment": None},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"key": UNPUBLISHED_KEY},
        {"headers": {"kid": "other"}},
    ],
)
async def test_proof_that_matches_no_rule_is_refused(
    api: Api, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    """The response is 401 if any claim, the key or the time does not match."""
    with api.assert_nothing_stored():
        response = await exchange(api, provider.token(**(MAIN_BRANCH_CLAIMS | claims)))

    assert_problem(response, 401, "unauthenticated")


async def test_proof_can_be_exchanged_once(api: Api, provider: FakeProvider) -> None:
    """A used proof that is copied from a log is refused."""
    proof = provider.token(**MAIN_BRANCH_CLAIMS)
    created_json(await exchange(api, proof))

    with api.assert_nothing_stored():
        assert_problem(await exchange(api, proof), 409, "token_exists")


async def test_proof_is_not_a_bearer_token(api: Api, provider: FakeProvider) -> None:
    """A proof is refused as a bearer token, because it does not identify a person."""
    proof = provider.token("preferred_username", **MAIN_BRANCH_CLAIMS)

    assert_problem(await api.get("/me", headers=bearer_header(proof)), 401, "unauthenticated")


async def test_pipeline_token_cannot_issue_tokens(api: Api, provider: FakeProvider) -> None:
    """A pipeline cannot extend its access beyond fifteen minutes."""
    configure_provider(api, provider, pipelines=[{**RULE, "issuer": provider.url, "scopes": None}])
    await patch_user(api, "shop-pipeline", grants=[{"role": "requester"}])
    by = bearer_header(
        created_json(await exchange(api, provider.token(**MAIN_BRANCH_CLAIMS)))["secret"]
    )

    assert_problem(await api.post("/users/shop-pipeline/tokens", {}, headers=by), 403, "forbidden")


@pytest.mark.parametrize("reviewer", ["owner", "ada"])
async def test_people_behind_a_pipeline_cannot_approve_its_deployment(
    api: Api, provider: FakeProvider, reviewer: str
) -> None:
    """A review by the account's creator or the run's initiator is refused and recorded.

    No user has the login, so it may be that of the user who is called the same.
    """
    by = bearer_header(
        created_json(
            await exchange(api, provider.token(**(MAIN_BRANCH_CLAIMS | {"actor": "Ada"})))
        )["secret"]
    )
    deployment = created_json(await api.post("/deployments", deployment_body(), headers=by))
    path = f"/deployments/{deployment['number']}/approve"

    assert_problem(await api.post(path, {}, headers=auth_header(reviewer)), 403, "self_review")

    assert (await api.events(deployment))[-1]["kind"] == "review_denied"
    ok_json(await api.post(path, {}, headers=auth_header("quinn")))


async def test_rule_for_anything_but_an_enabled_service_account_is_refused(
    api: Api, provider: FakeProvider
) -> None:
    """A pipeline cannot act as a human, a disabled account or an unknown one."""
    for user in ("ada", "nobody", "shop-pipeline"):
        configure_provider(
            api, provider, pipelines=[{**RULE, "issuer": provider.url, "user": user}]
        )
        await patch_user(api, "shop-pipeline", disabled=True)
        response = await exchange(
            api, provider.token(**MAIN_BRANCH_CLAIMS, iat=unix_seconds(NOON) - 1)
        )
        assert_problem(response, 403, "sign_in_denied")
        assert (await api.list_all("/events"))[-1]["data"]["user"] == user


async def test_first_matching_rule_applies(api: Api, provider: FakeProvider) -> None:
    """Rules are tried in order until the issuer, audience and claims match.

    Repositories with the same issuer can therefore use different accounts.
    """
    await post_user(api, "cart-pipeline", by=auth_header("owner"), kind=UserKind.SERVICE)
    cart = {
        "issuer": provider.url,
        "audience": "gatepost-cart",
        "claims": {"repository": "acme/*"},
        "user": "cart-pipeline",
    }
    configure_provider(api, provider, pipelines=[{**RULE, "issuer": provider.url}, cart])

    body = created_json(
        await exchange(api, provider.token(**MAIN_BRANCH_CLAIMS, aud=["x", "gatepost-cart"]))
    )

    assert body["token"]["user"] == "cart-pipeline"
    caller = ok_json(await api.get("/me", headers=bearer_header(body["secret"])))
    assert {grant["role"] for grant in caller["grants"]} == set(Role)


async def test_unreachable_issuer_is_503(api: Api, provider: FakeProvider) -> None:
    """The pipeline can retry with the same proof."""
    provider.unavailable = True
    proof = provider.token(**MAIN_BRANCH_CLAIMS)
    assert_problem(await exchange(api, proof), 503, "issuer_unreachable")
    provider.unavailable = False

    created_json(await exchange(api, proof))
