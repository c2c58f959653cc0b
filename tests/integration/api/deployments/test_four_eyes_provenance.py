"""Approvals by people as whom another person behind the deployment could have acted, over HTTP.

None of them counts unmarked, and none counts at all where the policy requires independence.
"""

from __future__ import annotations

from typing import Final

import pytest

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
from tests.support.http.review_attempts import (
    NOT_INDEPENDENT,
    Attempt,
    AttemptFactory,
    case_id,
    check_denied,
)
from tests.support.http.users import (
    Headers,
    create_environment,
    create_service_account,
    enrol,
    invite_user,
    patch_user,
    post_deployment,
    post_token,
    post_user,
    store_token,
)

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN, DEVIN = map(auth_header, ("ada", "owner", "quinn", "devin"))
LANE: Final = "canary"


async def request(api: Api, by: Headers, **changes: object) -> Json:
    return await post_deployment(api, by, environment=LANE, **changes)


async def reset(api: Api, name: str, *, by: Headers = OWNER) -> Json:
    return ok_json(await api.post(f"/users/{name}/reset", {"reason": "Lost."}, headers=dict(by)))


async def reviewer_invited_by_the_requester(api: Api) -> Attempt:
    sock = await invite_user(api, "sock")
    return Attempt(deployment=await request(api, OWNER), by=sock)


async def reviewer_enrolled_after_the_request(api: Api) -> Attempt:
    await post_user(api, "sock", by=OWNER)
    deployment = await request(api, OWNER)
    return Attempt(deployment=deployment, by=await enrol(api, "sock"))


async def reviewer_with_a_replaced_token(api: Api) -> Attempt:
    token = await post_token(api, "sock", by=await invite_user(api, "sock"))
    return Attempt(deployment=await request(api, OWNER), by=await post_token(api, "sock", by=token))


async def reviewer_whose_account_the_requester_created(api: Api) -> Attempt:
    await post_user(api, "sock", by=OWNER)
    token = await store_token(api, "sock")
    return Attempt(deployment=await request(api, OWNER), by=token)


async def reviewer_reset_by_the_requester(api: Api) -> Attempt:
    await reset(api, "quinn")
    quinn = await enrol(api, "quinn", by=ADA)
    return Attempt(deployment=await request(api, OWNER), by=quinn)


async def reviewer_who_invited_the_requester(api: Api) -> Attempt:
    return Attempt(deployment=await request(api, await invite_user(api, "sock")), by=OWNER)


async def reviewer_and_requester_invited_by_a_third_person(api: Api) -> Attempt:
    one, other = await invite_user(api, "one"), await invite_user(api, "two")
    return Attempt(deployment=await request(api, one), by=other)


async def reviewer_two_hops_away(api: Api) -> Attempt:
    one = await invite_user(api, "one")
    two = await invite_user(api, "two", by=one)
    return Attempt(deployment=await request(api, OWNER), by=two)


async def reviewer_three_hops_away(api: Api) -> Attempt:
    two = await invite_user(api, "two", by=await invite_user(api, "one"))
    three = await invite_user(api, "three", by=two)
    return Attempt(deployment=await request(api, OWNER), by=three)


async def requester_three_hops_away(api: Api) -> Attempt:
    two = await invite_user(api, "two", by=await invite_user(api, "one"))
    three = await invite_user(api, "three", by=two)
    return Attempt(deployment=await request(api, three), by=OWNER)


async def both_on_branches_of_one_tree(api: Api) -> Attempt:
    left = await invite_user(api, "ll", by=await invite_user(api, "left"))
    right = await invite_user(api, "rr", by=await invite_user(api, "right"))
    return Attempt(deployment=await request(api, left), by=right)


async def reviewer_invited_by_the_requesters_robot(api: Api) -> Attempt:
    robot = await create_service_account(api, "robot", maker=OWNER)
    sock = await invite_user(api, "sock", by=robot)
    return Attempt(deployment=await request(api, OWNER), by=sock)


async def robot_of_somebody_the_reviewer_invited(api: Api) -> Attempt:
    sock = await invite_user(api, "sock")
    robot = await create_service_account(api, "robot", maker=sock)
    return Attempt(deployment=await request(api, robot), by=OWNER)


async def reviewer_whose_inviter_left(api: Api) -> Attempt:
    one = await invite_user(api, "one")
    two = await invite_user(api, "two", by=one)
    await patch_user(api, "one", disabled=True, grants=[])
    return Attempt(deployment=await request(api, OWNER), by=two)


async def speaker_invited_by_the_reviewer(api: Api) -> Attempt:
    speaker = await invite_user(api, "speaker", by=QUINN)
    return Attempt(deployment=await request(api, speaker, requester="ada"), by=QUINN)


async def second_reviewer_invited_by_the_first(api: Api) -> Attempt:
    sock = await invite_user(api, "sock", by=QUINN)
    deployment = await request(api, ADA)
    deployment = ok_json(await Attempt(deployment=deployment, by=QUINN).send(api))
    return Attempt(deployment=deployment, by=sock)


async def second_reviewer_who_invited_the_first(api: Api) -> Attempt:
    sock = await invite_user(api, "sock", by=QUINN)
    deployment = await request(api, ADA)
    deployment = ok_json(await Attempt(deployment=deployment, by=sock).send(api))
    return Attempt(deployment=deployment, by=QUINN)


async def two_reviewers_invited_by_one_person(api: Api) -> Attempt:
    one, other = await invite_user(api, "one"), await invite_user(api, "two")
    deployment = await request(api, ADA)
    deployment = ok_json(await Attempt(deployment=deployment, by=one).send(api))
    return Attempt(deployment=deployment, by=other)


async def reviewer_with_a_login_linked_by_the_requester(api: Api) -> Attempt:
    login = {"issuer": "https://id.example", "subject": "1"}
    await patch_user(api, "quinn", logins=[login])
    return Attempt(deployment=await request(api, OWNER), by=QUINN)


ATTEMPTS: Final[list[AttemptFactory]] = [
    reviewer_invited_by_the_requester,
    reviewer_enrolled_after_the_request,
    reviewer_with_a_replaced_token,
    reviewer_whose_account_the_requester_created,
    reviewer_reset_by_the_requester,
    reviewer_who_invited_the_requester,
    reviewer_and_requester_invited_by_a_third_person,
    reviewer_two_hops_away,
    reviewer_three_hops_away,
    requester_three_hops_away,
    both_on_branches_of_one_tree,
    reviewer_invited_by_the_requesters_robot,
    robot_of_somebody_the_reviewer_invited,
    reviewer_whose_inviter_left,
    speaker_invited_by_the_reviewer,
    second_reviewer_invited_by_the_first,
    second_reviewer_who_invited_the_first,
    two_reviewers_invited_by_one_person,
    reviewer_with_a_login_linked_by_the_requester,
]
"""In each, somebody could have acted both as the reviewer and as another person."""

STAGES: Final = (["qa"], ["devops"])


@pytest.mark.parametrize("create_attempt", ATTEMPTS, ids=case_id)
async def test_dependent_approval_is_refused_where_independence_is_required(
    api: Api, create_attempt: AttemptFactory
) -> None:
    """The attempt is recorded, and the deployment is unchanged."""
    await create_environment(api, LANE, *STAGES, independent_reviewers="required")

    attempt = await create_attempt(api)

    await check_denied(api, attempt, NOT_INDEPENDENT)


@pytest.mark.parametrize("create_attempt", ATTEMPTS, ids=case_id)
async def test_dependent_approval_is_marked_permanently(
    api: Api, create_attempt: AttemptFactory
) -> None:
    """By default it counts, and the deployment and its event say on whom the reviewer depends."""
    await create_environment(api, LANE, *STAGES)
    attempt = await create_attempt(api)
    assert attempt.deployment["independence"] == {"dependent": []}

    approved = ok_json(await attempt.send(api))

    dependent = approved["independence"]["dependent"]
    assert dependent
    assert all(each["through"] and each["of"] for each in dependent)
    event = (await api.events(approved))[-1]
    assert event["data"]["independence"] == dependent
    number = approved["number"]
    assert (
        ok_json(await api.get(f"/deployments/{number}"))["independence"]["dependent"] == dependent
    )


async def test_refusal_says_who_invited_whom(api: Api) -> None:
    """The reviewer learns the reason, and that somebody else must review."""
    await create_environment(api, LANE, *STAGES, independent_reviewers="required")
    attempt = await reviewer_invited_by_the_requester(api)

    problem = assert_problem(await attempt.send(api), 403, "not_independent")

    assert problem["detail"] == (
        "sock was invited by owner, who requested this deployment, and canary requires independent "
        "reviewers. Somebody else must review this deployment."
    )


async def test_independent_people_approve_unmarked(api: Api) -> None:
    """People whom the server's terminal added depend on nobody."""
    await create_environment(api, LANE, *STAGES, independent_reviewers="required")
    deployment = await request(api, ADA)
    for by in (QUINN, DEVIN):
        deployment = ok_json(await Attempt(deployment=deployment, by=by).send(api))

    assert deployment["status"] == "approved"
    assert deployment["independence"] == {"dependent": []}


async def test_dependent_reviewer_can_reject(api: Api) -> None:
    """Only approvals and after-reviews need independence."""
    await create_environment(api, LANE, *STAGES, independent_reviewers="required")
    attempt = await reviewer_invited_by_the_requester(api)

    rejected = await api.post(
        f"/deployments/{attempt.deployment['number']}/reject",
        {"note": "No."},
        headers=dict(attempt.by),
    )

    assert ok_json(rejected)["status"] == "rejected"


@pytest.mark.parametrize("policy", ["marked", "required"])
async def test_after_review_by_somebody_dependent(api: Api, policy: str) -> None:
    """Whoever invited the person who used break-glass closes the after-review marked, or not."""
    await create_environment(api, LANE, *STAGES, independent_reviewers=policy)
    sock = await invite_user(api, "sock", by=QUINN)
    deployment = await request(api, ADA)
    path = f"/deployments/{deployment['number']}"
    broken = {"reason": "The shop is down.", "incident": "INC-1"}
    ok_json(await api.post(f"{path}/break-glass", broken, headers=sock))

    body = {"verdict": "justified", "note": "It was."}
    response = await api.post(f"{path}/after-review", body, headers=QUINN)

    if policy == "required":
        assert_problem(response, 403, "not_independent")
    else:
        (dependence,) = ok_json(response)["independence"]["dependent"]
        assert (dependence["reviewer"], dependence["of"]) == ("quinn", "sock")


@pytest.mark.parametrize("name", ["quinn", "Quinn", "QUINN"])
async def test_admin_issues_no_token_to_another_person(api: Api, name: str) -> None:
    """Nobody holds a credential of somebody else, in any spelling."""
    response = await api.post(f"/users/{name}/tokens", {}, headers=OWNER)

    assert_problem(response, 403, "credential_of_another")


async def test_admin_issues_tokens_to_service_accounts(api: Api) -> None:
    """A service account counts as whoever issued its token, so that this is no way around."""
    await post_user(api, "robot", by=OWNER, kind=UserKind.SERVICE)

    assert await post_token(api, "robot", by=ADA)


async def test_somebody_with_a_token_is_not_invited(api: Api) -> None:
    """Otherwise an admin could act as them beside their own tokens, unnoticed."""
    problem = assert_problem(
        await api.post("/users/quinn/invitations", headers=OWNER), 409, "already_enrolled"
    )

    assert "reset quinn first" in problem["detail"]


async def test_approvals_before_a_reset_stay_and_later_ones_depend(api: Api) -> None:
    """A reset revokes every token, and the admin stays in the provenance of what follows."""
    await create_environment(api, LANE, *STAGES)
    first = ok_json(await Attempt(deployment=await request(api, ADA), by=QUINN).send(api))
    user = await reset(api, "quinn")

    assert_problem(await api.get("/me", headers=QUINN), 401, "unauthenticated")
    assert user["provenance"] == {"owner": "reset"}
    assert ok_json(await api.get(f"/deployments/{first['number']}"))["independence"] == {
        "dependent": []
    }
    quinn = await enrol(api, "quinn", by=ADA)
    second = ok_json(await Attempt(deployment=await request(api, OWNER), by=quinn).send(api))
    assert second["independence"]["dependent"] == [
        {"reviewer": "quinn", "of": "owner", "through": ["owner"], "by": "reset"}
    ]


async def test_invitation_is_spent_by_accepting_it_only(api: Api) -> None:
    """Showing the page does not spend the link, so previews of links in messages do no harm."""
    await post_user(api, "sock", by=OWNER)
    invited = created_json(await api.post("/users/sock/invitations", headers=OWNER))
    path = "/" + invited["url"].split("/", 3)[3]

    page = await api.client.get(path)

    assert (page.status_code, invited["invited_by"]) == (200, "owner")
    assert "owner</bdi> invited you" in page.text
    assert await enrol(api, "sock")
    assert (await api.client.get(path)).status_code == 401


async def test_people_are_told_beforehand_that_they_are_not_independent(api: Api) -> None:
    """Where it is required, gates and inbox leave them out, and the gate says why."""
    await create_environment(api, LANE, *STAGES, independent_reviewers="required")
    sock = await invite_user(api, "sock", groups=["qa"])
    path = f"/deployments/{(await request(api, OWNER))['number']}/gates"

    gates = ok_json(await api.get(path, headers=sock))

    gate = gates["gates"][0]
    assert "user:sock" not in gate["who_can_act"]
    assert "user:quinn" in gate["who_can_act"]
    assert (
        "sock is not independent, but the policy requires independent reviewers: sock was invited "
        "by owner"
    ) in gate["message"]
    (approve,) = [offer for offer in gates["actions"] if offer["action"] == "approve"]
    assert approve["allowed"] is False
    assert "canary requires independent reviewers" in approve["reason"]
    inbox = ok_json(await api.get("/reviews/inbox", headers=sock))
    assert inbox["items"] == []
    (refused,) = inbox["refused"]
    assert refused["number"] == "DEP-1"
    assert refused["refused_because"] == approve["reason"]
    assert "sock was invited by owner, who requested" in refused["refused_because"]
    assert ok_json(await api.get("/reviews/inbox", headers=QUINN))["refused"] == []
    assert ok_json(await api.get("/reviews/inbox", headers=OWNER))["refused"] == []


async def test_people_are_told_beforehand_that_they_will_be_marked(api: Api) -> None:
    """By default, gates, preview and inbox say how the approval would be marked."""
    await create_environment(api, LANE, *STAGES)
    sock = await invite_user(api, "sock")
    path = f"/deployments/{(await request(api, OWNER))['number']}/gates"

    gate = ok_json(await api.get(path, headers=sock))["gates"][0]
    preview = ok_json(
        await api.post("/deployments/preview", deployment_body(environment=LANE), headers=OWNER)
    )

    mark = {"reviewer": "sock", "of": "owner", "through": ["owner"], "by": "invitation"}
    assert gate["would_be_dependent"] == [mark]
    assert preview["gates"][0]["would_be_dependent"] == [mark]
    assert "would be marked as dependent: sock was invited by owner" in gate["message"]
    (item,) = ok_json(await api.get("/reviews/inbox", headers=sock))["items"]
    assert item["would_be_dependent"] == [
        "sock was invited by owner, who requested this deployment"
    ]
    (other,) = ok_json(await api.get("/reviews/inbox", headers=QUINN))["items"]
    assert other["would_be_dependent"] == []
