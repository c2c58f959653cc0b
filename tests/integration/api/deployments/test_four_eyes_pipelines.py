"""Attempts through pipelines of which nobody knows who triggered them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.review_attempts import Attempt, ExpectedDenial, check_denied
from tests.support.http.settings_changes import guard, put_policy
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import bearer_header, create_user, post_deployment

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN = map(auth_header, ("ada", "owner", "quinn"))
UNMAPPED: Final = ExpectedDenial(status=403, code="requester_unmapped", record="review_denied")
PERSONS: Final[list[Mapping[str, object]]] = [
    {},
    {"actor": ""},
    {"actor": "  "},
    {"actor": 7},
    {"actor": ["ada"]},
    {"actor": "nobody-here"},
]
"""What the token of a pipeline can say about the person, of whom nobody is known."""


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


async def start_pipeline(
    api: Api, provider: FakeProvider, claims: Mapping[str, object], *roles: Role
) -> dict[str, str]:
    """Exchange the token of a pipeline, and return the header of the one issued."""
    rule: Json = {"audience": "gatepost", "claims": {"repository": "acme/shop"}}
    rule |= {"user": "shop-pipeline", "issuer": provider.url}
    configure_provider(api, provider, pipelines=[rule])
    await create_user(api, "shop-pipeline", *roles, kind=UserKind.SERVICE)
    proof = provider.token(repository="acme/shop", **claims)
    issued = created_json(await api.post("/auth/exchange", {"token": proof}))
    return bearer_header(issued["secret"])


@pytest.mark.parametrize("claims", PERSONS, ids=repr)
async def test_nobody_reviews_for_an_unknown_person_where_independence_is_required(
    api: Api, provider: FakeProvider, claims: Mapping[str, object]
) -> None:
    """A token that does not say who triggered the pipeline could be anybody's."""
    ok_json(await put_policy(api, independent_reviewers="required"))
    pipeline = await start_pipeline(api, provider, claims, Role.REQUESTER)
    deployment = await post_deployment(api, pipeline)
    assert deployment["requester_unmapped"] is True

    await check_denied(api, Attempt(deployment=deployment, by=QUINN), UNMAPPED)


@pytest.mark.parametrize("claims", PERSONS, ids=repr)
async def test_request_of_an_unknown_person_is_marked(
    api: Api, provider: FakeProvider, claims: Mapping[str, object]
) -> None:
    """By default, a review counts, and the deployment says that nobody knows who it was for."""
    pipeline = await start_pipeline(api, provider, claims, Role.REQUESTER)
    deployment = await post_deployment(api, pipeline)

    path = f"/deployments/{deployment['number']}/approve"
    approved = ok_json(await api.post(path, {}, headers=QUINN))

    assert (approved["requester_unmapped"], bool(approved["triggered_by"])) == (True, True)


async def test_token_that_a_pipeline_issues_itself_is_that_of_an_unknown_person(
    api: Api, provider: FakeProvider
) -> None:
    """Otherwise, a second token would remove the mark."""
    ok_json(await put_policy(api, independent_reviewers="required"))
    pipeline = await start_pipeline(api, provider, {}, *Role)
    issued = await api.post("/users/shop-pipeline/tokens", {}, headers=pipeline)
    own = bearer_header(created_json(issued)["secret"])
    deployment = await post_deployment(api, own)

    await check_denied(api, Attempt(deployment=deployment, by=QUINN), UNMAPPED)


async def test_unknown_person_proposes_no_guarded_settings(
    api: Api, provider: FakeProvider
) -> None:
    """The admin who triggered the pipeline could approve the change alone."""
    await guard(api)
    pipeline = await start_pipeline(api, provider, {"actor": "x-gh"}, *Role)

    with api.assert_nothing_stored():
        response = await put_policy(api, by=pipeline, settings_approvals=0)

    assert_problem(response, 403, "proposer_unknown")


async def test_record_of_an_unknown_person_proves_nothing(api: Api, provider: FakeProvider) -> None:
    """Whoever triggered the pipeline could be the requester."""
    pipeline = await start_pipeline(api, provider, {"actor": "ada-gh"}, Role.OPERATOR)
    record = {"service": "shop", "environment": "test", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record, headers=pipeline))
    ok_json(await put_policy(api, approval_stages=[], requires=["test"]))

    deployment = created_json(await api.post("/deployments", deployment_body(), headers=ADA))

    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))["gates"]
    (promotion,) = (gate for gate in gates if gate["kind"] == "promotion")
    assert promotion["state"] != "open"
    assert "nobody knows who triggered the pipeline" in promotion["message"]
