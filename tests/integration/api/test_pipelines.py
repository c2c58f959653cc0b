"""Pipelines that hold no secret: the OIDC token of their CI system, exchanged for one of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.api import Api, a_body, found, made, problem, token_of
from tests.support.builders import NOON
from tests.support.people import add, bearer, change
from tests.support.provider import OTHER_KEY, Provider, a_provider, seconds
from tests.support.signing_in import trust

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
def ci() -> Iterator[Provider]:
    with a_provider() as provider:
        yield provider


@pytest.fixture
async def api(api: Api, ci: Provider) -> Api:
    trust(api, ci, pipelines=[{**RULE, "issuer": ci.url}])
    await add(api, "shop-pipeline", by=token_of("owner"), kind=UserKind.SERVICE)
    return api


async def exchange(api: Api, token: str) -> httpx2.Response:
    del api.client.headers["Authorization"]
    response = await api.post("/auth/exchange", {"token": token})
    api.client.headers.update(token_of("owner"))
    return response


async def test_a_pipeline_gets_a_token_for_what_it_proves(api: Api, ci: Provider) -> None:
    """For fifteen minutes, within the scopes of its rule; the event says which run it was."""
    body = made(await exchange(api, ci.token(**MAIN)))

    assert body["secret"].startswith("gp_s_")
    assert body["token"]["expires_at"] == "2026-11-21T12:15:00Z"
    assert body["token"]["kind"] == "pipeline"
    by = bearer(body["secret"])
    deployment = made(await api.post("/deployments", a_body(), headers=by))
    assert deployment["requester"] == "shop-pipeline"
    other = await api.post("/deployments", a_body(service="cart"), headers=by)
    problem(other, 403, "forbidden")
    signed_in = next(e for e in await api.every("/events") if e["kind"] == "signed_in")
    assert signed_in["data"]["claims"] == {
        name: text for name, text in MAIN.items() if name not in {"sub", "actor"}
    }
    api.clock.advance(timedelta(minutes=15))
    problem(await api.get("/me", headers=by), 401, "unauthenticated")


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
        {"key": OTHER_KEY},
        {"headers": {"kid": "other"}},
    ],
)
async def test_a_pipeline_that_is_not_trusted_gets_nothing(
    api: Api, ci: Provider, claims: dict[str, Any]
) -> None:
    """Another repository, ref or environment; another issuer, audience, key or time."""
    with api.nothing_stored():
        response = await exchange(api, ci.token(**(MAIN | claims)))

    problem(response, 401, "unauthenticated")


async def test_a_proof_is_spent_by_one_exchange(api: Api, ci: Provider) -> None:
    """Whoever reads it in a log comes too late."""
    proof = ci.token(**MAIN)
    made(await exchange(api, proof))

    with api.nothing_stored():
        problem(await exchange(api, proof), 409, "token_exists")


async def test_a_proof_is_no_bearer_token(api: Api, ci: Provider) -> None:
    """It is for us, but it is no person's."""
    proof = ci.token("preferred_username", **MAIN)

    problem(await api.get("/me", headers=bearer(proof)), 401, "unauthenticated")


async def test_a_pipelines_token_makes_no_other(api: Api, ci: Provider) -> None:
    """Else it would outlive its quarter of an hour."""
    trust(api, ci, pipelines=[{**RULE, "issuer": ci.url, "scopes": None}])
    await change(api, "shop-pipeline", grants=[{"role": "requester"}])
    by = bearer(made(await exchange(api, ci.token(**MAIN)))["secret"])

    problem(await api.post("/users/shop-pipeline/tokens", {}, headers=by), 403, "forbidden")


@pytest.mark.parametrize("reviewer", ["owner", "ada"])
async def test_whoever_is_behind_a_pipeline_does_not_approve_what_it_asks_for(
    api: Api, ci: Provider, reviewer: str
) -> None:
    """Neither who made its account nor who set it off; the attempt is an event."""
    by = bearer(made(await exchange(api, ci.token(**(MAIN | {"actor": "Ada"}))))["secret"])
    deployment = made(await api.post("/deployments", a_body(), headers=by))
    path = f"/deployments/{deployment['number']}/approve"

    problem(await api.post(path, {}, headers=token_of(reviewer)), 403, "self_review")

    assert (await api.events(deployment))[-1]["kind"] == "review_denied"
    found(await api.post(path, {}, headers=token_of("quinn")))


async def test_a_rule_for_a_person_lets_nobody_in(api: Api, ci: Provider) -> None:
    """A pipeline never acts as a human, nor as an account that is disabled or not there."""
    for user in ("ada", "nobody", "shop-pipeline"):
        trust(api, ci, pipelines=[{**RULE, "issuer": ci.url, "user": user}])
        await change(api, "shop-pipeline", disabled=True)
        response = await exchange(api, ci.token(**MAIN, iat=seconds(NOON) - 1))
        problem(response, 403, "sign_in_denied")
        assert (await api.every("/events"))[-1]["data"]["user"] == user


async def test_the_first_rule_that_is_met_counts(api: Api, ci: Provider) -> None:
    """Several repositories of one issuer, each as its own account, for its own audience."""
    await add(api, "cart-pipeline", by=token_of("owner"), kind=UserKind.SERVICE)
    cart = {
        "issuer": ci.url,
        "audience": "gatepost-cart",
        "claims": {"repository": "acme/*"},
        "user": "cart-pipeline",
    }
    trust(api, ci, pipelines=[{**RULE, "issuer": ci.url}, cart])

    body = made(await exchange(api, ci.token(**MAIN, aud=["x", "gatepost-cart"])))

    assert body["token"]["user"] == "cart-pipeline"
    caller = found(await api.get("/me", headers=bearer(body["secret"])))
    assert {grant["role"] for grant in caller["grants"]} == set(Role)


async def test_an_issuer_that_does_not_answer_is_told_as_that(api: Api, ci: Provider) -> None:
    """503; the pipeline can try again with the same proof."""
    ci.down = True
    proof = ci.token(**MAIN)
    problem(await exchange(api, proof), 503, "issuer_unreachable")
    ci.down = False

    made(await exchange(api, proof))
