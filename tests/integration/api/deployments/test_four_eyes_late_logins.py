"""Attempts to approve what one's own pipeline requested, before a login says whose it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import pytest

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import Account
from gatepost_domain.actions.access.users import change_user
from tests.support.http.api import Api, Json, auth_header, ok_json
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.pipelines import map_login, set_logins, start_pipeline
from tests.support.http.review_attempts import (
    REVIEW_MISSING,
    STAGE_NOT_OPEN,
    Attempt,
    ExpectedDenial,
    case_id,
    check_denied,
)
from tests.support.http.settings_changes import accepted_json, decide, guard, put_policy, send
from tests.support.http.users import (
    create_environment,
    invite_user,
    patch_user,
    post_deployment,
    post_user,
)

pytestmark = pytest.mark.every_database

BO, DEVIN, OLGA, OWNER, QUINN = map(auth_header, ("bo", "devin", "olga", "owner", "quinn"))

AttemptWithProvider = Callable[[Api, FakeProvider], Awaitable[Attempt]]


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


async def approved_by(
    api: Api, provider: FakeProvider, *reviewers: str, actor: str = "q-gh", **changes: object
) -> Json:
    """Let a pipeline request a deployment that these people approve, one stage each."""
    deployment = await post_deployment(api, await start_pipeline(api, provider, actor), **changes)
    for reviewer in reviewers:
        path = f"/deployments/{deployment['number']}/approve"
        deployment = ok_json(await api.post(path, {}, headers=auth_header(reviewer)))
    return deployment


def start(deployment: Json) -> Attempt:
    return Attempt(deployment=deployment, by=OLGA, action="start")


async def approver_is_mapped(api: Api, provider: FakeProvider, approver: str) -> Attempt:
    deployment = await approved_by(api, provider, "quinn", "devin")
    assert deployment["status"] == "approved"
    await map_login(api, provider, approver, "Q-GH")
    return start(deployment)


async def first_approver_is_mapped(api: Api, provider: FakeProvider) -> Attempt:
    return await approver_is_mapped(api, provider, "quinn")


async def last_approver_is_mapped(api: Api, provider: FakeProvider) -> Attempt:
    return await approver_is_mapped(api, provider, "devin")


async def approver_is_mapped_and_unmapped(api: Api, provider: FakeProvider) -> Attempt:
    attempt = await approver_is_mapped(api, provider, "quinn")
    await set_logins(api, "quinn")
    return attempt


async def approver_of_the_first_stage_is_mapped(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await approved_by(api, provider, "quinn")
    await map_login(api, provider, "quinn", "q-gh")
    return Attempt(deployment=deployment, by=DEVIN, body={"stage": "devops"})


async def both_approvers_depend_on_the_person_mapped(api: Api, provider: FakeProvider) -> Attempt:
    await invite_user(api, "tick", by=QUINN)
    deployment = await approved_by(api, provider, "quinn", "devin")
    await map_login(api, provider, "tick", "q-gh", by=DEVIN)
    return start(deployment)


async def approver_invited_the_person_mapped(api: Api, provider: FakeProvider) -> Attempt:
    await invite_user(api, "tick", by=QUINN)
    deployment = await approved_by(api, provider, "quinn", "devin")
    await map_login(api, provider, "tick", "q-gh")
    return start(deployment)


async def approver_maps_somebody_else(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await approved_by(api, provider, "quinn", "devin")
    await map_login(api, provider, "ada", "q-gh", by=QUINN)
    return start(deployment)


async def approver_adds_a_user_with_the_login(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await approved_by(api, provider, "quinn", "devin")
    login = {"issuer": provider.url, "name": "q-gh"}
    await post_user(api, "scapegoat", by=QUINN, logins=[login])
    return start(deployment)


async def approver_is_mapped_in_the_terminal(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await approved_by(api, provider, "quinn", "devin")
    account = Account.of_name(provider.url, "q-gh")
    await api.ledger.perform(
        lambda uow: change_user(
            uow,
            "quinn",
            Command(actor=SYSTEM, at=api.clock()),
            grants=None,
            groups=None,
            disabled=None,
            revision=None,
            accounts=(account,),
        )
    )
    return start(deployment)


async def approver_is_mapped_by_a_settings_change(api: Api, provider: FakeProvider) -> Attempt:
    await guard(api)
    deployment = await approved_by(api, provider, "quinn", "devin")
    body = {"groups": ["qa"], "logins": [{"issuer": provider.url, "name": "q-gh"}]}
    await patch_user(api, "quinn", groups=[])
    change = accepted_json(await send(api, "PATCH", "/users/quinn", body))
    assert ok_json(await api.get(f"/deployments/{deployment['number']}"))["status"] == "approved"
    ok_json(await decide(api, change, by=BO))
    return start(deployment)


async def user_is_added_by_a_settings_change(api: Api, provider: FakeProvider) -> Attempt:
    await guard(api)
    deployment = await approved_by(api, provider, "quinn", "devin")
    body = {
        "name": "scapegoat",
        "grants": [{"role": "reviewer"}],
        "logins": [{"issuer": provider.url, "name": "q-gh"}],
    }
    change = accepted_json(await send(api, "POST", "/users", body, by=QUINN))
    ok_json(await decide(api, change, by=BO))
    return start(deployment)


async def login_is_moved_to_the_approver(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await post_deployment(api, await start_pipeline(api, provider, "q-gh"))
    await map_login(api, provider, "ada", "q-gh")
    for reviewer in (QUINN, DEVIN):
        path = f"/deployments/{deployment['number']}/approve"
        deployment = ok_json(await api.post(path, {}, headers=reviewer))
    await set_logins(api, "ada")
    await map_login(api, provider, "quinn", "q-gh")
    return start(deployment)


async def login_is_moved_to_somebody_whom_the_approver_invited(
    api: Api, provider: FakeProvider
) -> Attempt:
    await invite_user(api, "tick", by=QUINN)
    deployment = await post_deployment(api, await start_pipeline(api, provider, "q-gh"))
    await map_login(api, provider, "ada", "q-gh")
    for reviewer in (QUINN, DEVIN):
        path = f"/deployments/{deployment['number']}/approve"
        deployment = ok_json(await api.post(path, {}, headers=reviewer))
    await set_logins(api, "ada")
    await map_login(api, provider, "tick", "q-gh")
    return start(deployment)


VOIDED: Final[list[tuple[ExpectedDenial, AttemptWithProvider]]] = [
    (REVIEW_MISSING, first_approver_is_mapped),
    (REVIEW_MISSING, last_approver_is_mapped),
    (REVIEW_MISSING, approver_is_mapped_and_unmapped),
    (STAGE_NOT_OPEN, approver_of_the_first_stage_is_mapped),
    (REVIEW_MISSING, both_approvers_depend_on_the_person_mapped),
    (REVIEW_MISSING, approver_invited_the_person_mapped),
    (REVIEW_MISSING, approver_maps_somebody_else),
    (REVIEW_MISSING, approver_adds_a_user_with_the_login),
    (REVIEW_MISSING, approver_is_mapped_in_the_terminal),
    (REVIEW_MISSING, approver_is_mapped_by_a_settings_change),
    (REVIEW_MISSING, user_is_added_by_a_settings_change),
    (REVIEW_MISSING, login_is_moved_to_the_approver),
    (REVIEW_MISSING, login_is_moved_to_somebody_whom_the_approver_invited),
]


@pytest.mark.parametrize(("denial", "attempt"), VOIDED, ids=case_id)
async def test_approval_ends_once_the_login_says_who_it_was(
    api: Api, provider: FakeProvider, denial: ExpectedDenial, attempt: AttemptWithProvider
) -> None:
    """It is voided in the transaction that adds the login; the deployment waits for reviewers."""
    denied = await attempt(api, provider)
    denied = Attempt(
        deployment=ok_json(await api.get(f"/deployments/{denied.deployment['number']}")),
        by=denied.by,
        action=denied.action,
        body=denied.body,
    )
    assert denied.deployment["status"] == "pending_approval"

    await check_denied(api, denied, denial)

    kinds = [event["kind"] for event in await api.events(denied.deployment)]
    assert "approval_voided" in kinds
    assert ok_json(await api.get("/audit/verify"))["faults"] == []


@pytest.mark.parametrize(
    "attempt",
    [login_is_moved_to_the_approver, login_is_moved_to_somebody_whom_the_approver_invited],
    ids=case_id,
)
async def test_approval_ends_where_independence_is_required(
    api: Api, provider: FakeProvider, attempt: AttemptWithProvider
) -> None:
    """Then nobody can approve again who is not independent."""
    ok_json(await put_policy(api, independent_reviewers="required"))
    deployment = (await attempt(api, provider)).deployment
    path = f"/deployments/{deployment['number']}/approve"

    response = await api.post(path, {}, headers=QUINN)

    assert response.status_code == 403, response.text
    assert response.json()["code"] in {"self_review", "not_independent"}
    ok_json(await api.post(path, {}, headers=BO))


async def test_voided_approval_can_be_given_again_with_its_mark(
    api: Api, provider: FakeProvider
) -> None:
    """The event by the system says why it was voided, and what the reviewer can do."""
    attempt = await approver_invited_the_person_mapped(api, provider)
    (voided,) = [
        event
        for event in await api.events(attempt.deployment)
        if event["kind"] == "approval_voided"
    ]
    assert (voided["actor"], voided["data"]["reviewer"]) == ("system", "quinn")
    assert "q-gh, who triggered the pipeline, was invited by quinn" in voided["note"]
    assert "quinn can approve again; the new approval is marked as dependent" in voided["note"]
    path = f"/deployments/{attempt.deployment['number']}/approve"

    approved = ok_json(await api.post(path, {}, headers=QUINN))

    assert approved["status"] == "approved"
    assert approved["independence"]["dependent"] == [
        {"reviewer": "quinn", "of": "q-gh", "through": ["quinn"], "by": "invitation"}
    ]
    await map_login(api, provider, "bo", "another")
    await set_logins(api, "tick")
    await map_login(api, provider, "tick", "q-gh")
    found = ok_json(await api.get(f"/deployments/{attempt.deployment['number']}"))
    assert found["status"] == "approved"  # the mark says it already


@pytest.mark.parametrize("issuer", [None, "https://ci.example"])
async def test_independent_approvals_stay(
    api: Api, provider: FakeProvider, issuer: str | None
) -> None:
    """Somebody independent is mapped, or a login of another issuer is added to an approver."""
    deployment = await approved_by(api, provider, "quinn", "devin")
    user = "ada" if issuer is None else "quinn"
    await set_logins(api, user, {"issuer": issuer or provider.url, "name": "q-gh"})

    path = f"/deployments/{deployment['number']}/start"
    assert ok_json(await api.post(path, {}, headers=OLGA))["status"] == "started"


async def test_queued_deployment_leaves_the_queue(api: Api, provider: FakeProvider) -> None:
    """A worker cannot claim it any more; what has started goes on."""
    stages = [("qa",)]
    await create_environment(api, "farm", *stages, execution="worker")
    for run in ("1", "2"):
        pipeline = await start_pipeline(api, provider, "q-gh", Role.REQUESTER, run=run)
        deployment = await post_deployment(api, pipeline, environment="farm")
        path = f"/deployments/{deployment['number']}"
        ok_json(await api.post(f"{path}/approve", {}, headers=QUINN))
        assert ok_json(await api.post(f"{path}/start", {}, headers=OLGA))["status"] == "queued"
    claim = {"worker": "one", "wait_s": 0}
    ok_json(await api.post("/worker/claims", claim, headers=OWNER))

    await map_login(api, provider, "quinn", "q-gh")

    found = await api.list_all("/deployments", environment="farm", order="oldest")
    assert [each["status"] for each in found] == ["started", "pending_approval"]
    assert (await api.post("/worker/claims", claim, headers=OWNER)).status_code == 204
    assert ok_json(await api.get("/audit/verify"))["faults"] == []
