"""Attempts to become somebody else by removing, adding or moving the logins of a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action
from tests.support.http.api import (
    Api,
    action_body,
    auth_header,
    ok_json,
)
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.pipelines import map_login, request_by_pipeline, set_logins, start_pipeline
from tests.support.http.review_attempts import (
    SELF_REVIEW,
    Attempt,
    ExpectedDenial,
    case_id,
    check_denied,
)
from tests.support.http.settings_changes import put_policy
from tests.support.http.users import (
    enrol,
    post_deployment,
)

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN, DEVIN, BO = map(auth_header, ("ada", "owner", "quinn", "devin", "bo"))
UNMAPPED: Final = ExpectedDenial(status=403, code="requester_unmapped", record="review_denied")

AttemptWithProvider = Callable[[Api, FakeProvider], Awaitable[Attempt]]


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


async def person_who_removed_their_own_login(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "Q-gh")
    await set_logins(api, "quinn", by=QUINN)
    deployment = await request_by_pipeline(api, provider)
    assert (deployment["triggered_by"], deployment["requester_unmapped"]) == ("q-gh", True)
    return Attempt(deployment=deployment, by=QUINN)


async def person_whose_login_another_admin_removed(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    await set_logins(api, "quinn", by=DEVIN)
    return Attempt(deployment=await request_by_pipeline(api, provider), by=QUINN)


async def person_whose_login_was_replaced(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    await map_login(api, provider, "quinn", "quinn-at-work", by=QUINN)
    return Attempt(deployment=await request_by_pipeline(api, provider), by=QUINN)


async def login_removed_between_exchange_and_request(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    pipeline = await start_pipeline(api, provider, "q-gh")
    await set_logins(api, "quinn", by=QUINN)
    return Attempt(deployment=await post_deployment(api, pipeline), by=QUINN)


async def login_removed_after_the_request(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    deployment = await request_by_pipeline(api, provider)
    await set_logins(api, "quinn", by=QUINN)
    return Attempt(deployment=deployment, by=QUINN)


async def login_added_and_removed_after_the_request(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await request_by_pipeline(api, provider)
    await map_login(api, provider, "quinn", "q-gh")
    await set_logins(api, "quinn", by=QUINN)
    return Attempt(deployment=deployment, by=QUINN)


async def former_holder_of_a_login_that_another_has(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    await set_logins(api, "quinn", by=QUINN)
    await map_login(api, provider, "bo", "q-gh")
    deployment = await request_by_pipeline(api, provider)
    assert (deployment["triggered_by"], deployment["requester_unmapped"]) == ("bo", False)
    return Attempt(deployment=deployment, by=QUINN)


async def present_holder_of_a_login_that_another_had(api: Api, provider: FakeProvider) -> Attempt:
    attempt = await former_holder_of_a_login_that_another_has(api, provider)
    return Attempt(deployment=attempt.deployment, by=BO)


async def former_holder_of_a_login_moved_after_the_request(
    api: Api, provider: FakeProvider
) -> Attempt:
    deployment = await request_by_pipeline(api, provider)
    await map_login(api, provider, "quinn", "q-gh")
    await set_logins(api, "quinn", by=QUINN)
    await map_login(api, provider, "bo", "q-gh")
    return Attempt(deployment=deployment, by=QUINN)


async def first_of_two_former_holders(api: Api, provider: FakeProvider) -> Attempt:
    attempt = await former_holder_of_a_login_moved_after_the_request(api, provider)
    await set_logins(api, "bo", by=BO)
    return attempt


async def former_holder_after_a_reset(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    ok_json(await api.post("/users/quinn/reset", {"reason": "Lost."}, headers=DEVIN))
    quinn = await enrol(api, "quinn", by=DEVIN)
    return Attempt(deployment=await request_by_pipeline(api, provider), by=quinn)


async def request_for_somebody_else(api: Api, provider: FakeProvider) -> Attempt:
    await map_login(api, provider, "quinn", "q-gh")
    await set_logins(api, "quinn", by=QUINN)
    pipeline = await start_pipeline(api, provider, "q-gh", Role.REQUESTER, Role.ACT_AS)
    return Attempt(deployment=await post_deployment(api, pipeline, requester="ada"), by=QUINN)


async def rejection_by_a_former_holder(api: Api, provider: FakeProvider) -> Attempt:
    attempt = await person_who_removed_their_own_login(api, provider)
    return Attempt(deployment=attempt.deployment, by=QUINN, action="reject")


async def after_review_by_a_former_holder(api: Api, provider: FakeProvider) -> Attempt:
    attempt = await person_who_removed_their_own_login(api, provider)
    broken = ok_json(await api.perform(attempt.deployment, Action.BREAK_GLASS, actor="devin"))
    body = action_body(Action.AFTER_REVIEW)
    return Attempt(deployment=broken, by=QUINN, action="after-review", body=body)


@pytest.mark.parametrize(
    "attempt",
    [
        person_who_removed_their_own_login,
        person_whose_login_another_admin_removed,
        person_whose_login_was_replaced,
        login_removed_between_exchange_and_request,
        login_removed_after_the_request,
        login_added_and_removed_after_the_request,
        former_holder_of_a_login_that_another_has,
        present_holder_of_a_login_that_another_had,
        former_holder_of_a_login_moved_after_the_request,
        first_of_two_former_holders,
        former_holder_after_a_reset,
        request_for_somebody_else,
        rejection_by_a_former_holder,
        after_review_by_a_former_holder,
    ],
    ids=case_id,
)
async def test_who_has_or_had_the_login_never_reviews(
    api: Api, provider: FakeProvider, attempt: AttemptWithProvider
) -> None:
    """Removing a login does not make its holder another person than who triggered the pipeline."""
    await check_denied(api, await attempt(api, provider), SELF_REVIEW)


async def test_former_holder_is_told_beforehand(api: Api, provider: FakeProvider) -> None:
    """Gates, inbox and preview leave them out, and the action says why; others can approve."""
    attempt = await login_added_and_removed_after_the_request(api, provider)
    path = f"/deployments/{attempt.deployment['number']}"

    gates = ok_json(await api.get(f"{path}/gates", headers=QUINN))

    assert "user:quinn" not in gates["gates"][0]["who_can_act"]
    assert "user:devin" in gates["gates"][0]["who_can_act"]
    (approve,) = [offer for offer in gates["actions"] if offer["action"] == "approve"]
    assert "q-gh was a login of quinn until it was removed" in approve["reason"]
    assert ok_json(await api.get("/reviews/inbox", headers=QUINN))["items"] == []
    pipeline = await start_pipeline(api, provider, "q-gh", run="2")
    body = {name: attempt.deployment[name] for name in ("service", "environment", "version")}
    body |= {"work_references": ["SHOP-1"], "rollback_plan": "Back.", "risk": "None."}
    preview = ok_json(await api.post("/deployments/preview", body, headers=pipeline))
    assert "user:quinn" not in preview["gates"][0]["who_can_act"]
    ok_json(await api.post(f"{path}/approve", {}, headers=DEVIN))
    assert ok_json(await api.get("/audit/verify"))["faults"] == []


async def test_login_that_was_removed_stays_known(api: Api, provider: FakeProvider) -> None:
    """It is shown with the user until the user gets it again."""
    await map_login(api, provider, "quinn", "q-gh")

    removed = await set_logins(api, "quinn")

    former = {"issuer": provider.url, "subject": None, "name": "q-gh", "linked_by": "owner"}
    assert (removed["logins"], removed["former_logins"]) == ([], [former])
    assert ok_json(await api.get("/audit/verify"))["faults"] == []
    again = await map_login(api, provider, "quinn", "q-gh")
    assert (again["logins"], again["former_logins"]) == ([former], [])


async def test_former_holder_does_not_make_the_person_known(
    api: Api, provider: FakeProvider
) -> None:
    """Where independence is required, no review counts until somebody has the login."""
    ok_json(await put_policy(api, independent_reviewers="required"))
    await map_login(api, provider, "quinn", "q-gh")
    await set_logins(api, "quinn", by=QUINN)
    deployment = await request_by_pipeline(api, provider)

    await check_denied(api, Attempt(deployment=deployment, by=DEVIN), UNMAPPED)


async def test_record_of_a_former_trigger_proves_nothing(api: Api, provider: FakeProvider) -> None:
    """The person who recorded it may have triggered the pipeline that made the request."""
    record = {"service": "shop", "environment": "test", "version": "1.0.0"}
    response = await api.post("/deployments/record", record, headers=QUINN)
    assert response.status_code == 201, response.text
    ok_json(await put_policy(api, approval_stages=[], requires=["test"]))
    await map_login(api, provider, "quinn", "q-gh")
    await map_login(api, provider, "quinn", "other", by=QUINN)
    await map_login(api, provider, "bo", "q-gh")

    deployment = await request_by_pipeline(api, provider)

    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))["gates"]
    (promotion,) = (gate for gate in gates if gate["kind"] == "promotion")
    assert promotion["state"] != "open"
    assert "quinn, who recorded it, may be the same person" in promotion["message"]
