"""Pipelines that hold no secret: the OIDC token of their CI system, exchanged for one of ours."""

from __future__ import annotations

from collections.abc import Iterator
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
from tests.support.http.identity_provider import (
    UNPUBLISHED_KEY,
    FakeProvider,
    running_provider,
    unix_seconds,
)
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import bearer_header, patch_user, post_user

RULE: Final[dict[str, Any]] = {
    "audience": "gatepost",
    "claims": {"repository": "acme/shop", "ref": "refs/heads/*", "environment": "production"},
    "user": "shop-pipeline",
    "scopes": [{"role": "requester", "service": "shop"}],
}
MAIN: Final = {
    "sub": "repo:acme/shop:environment:production",
    "repository": "acme/shop",
    "ref": "refs/heads/main",
    "environment": "production",
    "actor": "hubert",
    "sha": "f00d",
}


@pytest.fixture
def ci() -> Iterator[FakeProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
async def api(api: Api, ci: FakeProvider) -> Api:
    configure_provider(api, ci, pipelines=[{**RULE, "issuer": ci.url}])
    await post_user(api, "shop-pipeline", by=auth_header("owner"), kind=UserKind.SERVICE)
    return api


async def exchange(api: Api, token: str) -> httpx2.Response:
    del api.client.headers["Authorization"]
    response = await api.post("/auth/exchange", {"token": token})
    api.client.headers.update(auth_header("owner"))
    return response


async def test_a_pipeline_gets_a_token_for_what_it_proves(api: Api, ci: FakeProvider) -> None:
    """For fifteen minutes, within the scopes of its rule; the event says which run it was."""
    body = created_json(await exchange(api, ci.token(**MAIN)))

    assert body["secret"].startswith("gp_s_")
    assert body["token"]["expires_at"] == "2026-11-21T12:15:00Z"
    assert body["token"]["kind"] == "pipeline"
    by = bearer_header(body["secret"])
    deployment = created_json(await api.post("/deployments", deployment_body(), headers=by))
    assert deployment["requester"] == "shop-pipeline"
    other = await api.post("/deployments", deployment_body(service="cart"), headers=by)
    assert_problem(other, 403, "forbidden")
    signed_in = next(e for e in await api.list_all("/events") if e["kind"] == "signed_in")
    assert signed_in["data"]["claims"] == {
        name: text for name, text in MAIN.items() if name not in {"sub", "actor"}
    }
    api.clock.advance(timedelta(minutes=15))
    assert_problem(await api.get("/me", headers=by), 401, "unauthenticated")


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
async def test_a_pipeline_that_is_not_trusted_gets_nothing(
    api: Api, ci: FakeProvider, claims: dict[str, Any]
) -> None:
    """Another repository, ref or environment; another issuer, audience, key or time."""
    with api.assert_nothing_stored():
        response = await exchange(api, ci.token(**(MAIN | claims)))

    assert_problem(response, 401, "unauthenticated")


async def test_a_proof_is_spent_by_one_exchange(api: Api, ci: FakeProvider) -> None:
    """Whoever reads it in a log comes too late."""
    proof = ci.token(**MAIN)
    created_json(await exchange(api, proof))

    with api.assert_nothing_stored():
        assert_problem(await exchange(api, proof), 409, "token_exists")


async def test_a_proof_is_no_bearer_token(api: Api, ci: FakeProvider) -> None:
    """It is for us, but it is no person's."""
    proof = ci.token("preferred_username", **MAIN)

    assert_problem(await api.get("/me", headers=bearer_header(proof)), 401, "unauthenticated")


async def test_a_pipelines_token_makes_no_other(api: Api, ci: FakeProvider) -> None:
    """Else it would outlive its quarter of an hour."""
    configure_provider(api, ci, pipelines=[{**RULE, "issuer": ci.url, "scopes": None}])
    await patch_user(api, "shop-pipeline", grants=[{"role": "requester"}])
    by = bearer_header(created_json(await exchange(api, ci.token(**MAIN)))["secret"])

    assert_problem(await api.post("/users/shop-pipeline/tokens", {}, headers=by), 403, "forbidden")


@pytest.mark.parametrize("reviewer", ["owner", "ada"])
async def test_whoever_is_behind_a_pipeline_does_not_approve_what_it_asks_for(
    api: Api, ci: FakeProvider, reviewer: str
) -> None:
    """Neither who made its account nor who set it off; the attempt is an event."""
    by = bearer_header(
        created_json(await exchange(api, ci.token(**(MAIN | {"actor": "Ada"}))))["secret"]
    )
    deployment = created_json(await api.post("/deployments", deployment_body(), headers=by))
    path = f"/deployments/{deployment['number']}/approve"

    assert_problem(await api.post(path, {}, headers=auth_header(reviewer)), 403, "self_review")

    assert (await api.events(deployment))[-1]["kind"] == "review_denied"
    ok_json(await api.post(path, {}, headers=auth_header("quinn")))


async def test_a_rule_for_a_person_lets_nobody_in(api: Api, ci: FakeProvider) -> None:
    """A pipeline never acts as a human, nor as an account that is disabled or not there."""
    for user in ("ada", "nobody", "shop-pipeline"):
        configure_provider(api, ci, pipelines=[{**RULE, "issuer": ci.url, "user": user}])
        await patch_user(api, "shop-pipeline", disabled=True)
        response = await exchange(api, ci.token(**MAIN, iat=unix_seconds(NOON) - 1))
        assert_problem(response, 403, "sign_in_denied")
        assert (await api.list_all("/events"))[-1]["data"]["user"] == user


async def test_the_first_rule_that_is_met_counts(api: Api, ci: FakeProvider) -> None:
    """Several repositories of one issuer, each as its own account, for its own audience."""
    await post_user(api, "cart-pipeline", by=auth_header("owner"), kind=UserKind.SERVICE)
    cart = {
        "issuer": ci.url,
        "audience": "gatepost-cart",
        "claims": {"repository": "acme/*"},
        "user": "cart-pipeline",
    }
    configure_provider(api, ci, pipelines=[{**RULE, "issuer": ci.url}, cart])

    body = created_json(await exchange(api, ci.token(**MAIN, aud=["x", "gatepost-cart"])))

    assert body["token"]["user"] == "cart-pipeline"
    caller = ok_json(await api.get("/me", headers=bearer_header(body["secret"])))
    assert {grant["role"] for grant in caller["grants"]} == set(Role)


async def test_an_issuer_that_does_not_answer_is_told_as_that(api: Api, ci: FakeProvider) -> None:
    """503; the pipeline can try again with the same proof."""
    ci.unavailable = True
    proof = ci.token(**MAIN)
    assert_problem(await exchange(api, proof), 503, "issuer_unreachable")
    ci.unavailable = False

    created_json(await exchange(api, proof))
