"""Attempts by one person to change guarded settings alone: none of them takes effect."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.http.api import Api, Json, assert_problem, auth_header, deployment_body, ok_json
from tests.support.http.review_attempts import case_id
from tests.support.http.settings_changes import (
    OWNER,
    QUINN,
    WEBHOOK,
    accepted_json,
    all_events,
    decide,
    guard,
    policy_body,
    put_policy,
    send,
    settings,
)
from tests.support.http.users import (
    create_user,
    enrol,
    patch_user,
    post_deployment,
    post_token,
    post_user,
)

pytestmark = pytest.mark.every_database

ADA, DEVIN = map(auth_header, ("ada", "devin"))
VIEWER: Final = [{"role": "viewer"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision on a settings change that must be denied."""

    change: Json
    by: Mapping[str, str]


DecisionFactory = Callable[[Api], Awaitable[Decision]]
ProposalFactory = Callable[[Api], Awaitable[httpx2.Response]]


async def lower_guard(api: Api, by: Mapping[str, str] = OWNER) -> Json:
    return accepted_json(await put_policy(api, by=by, settings_approvals=0))


async def reset(api: Api, name: str, *, by: Mapping[str, str]) -> Mapping[str, str]:
    """Reset a person, and return the header of a token that they created afterwards.

    The powers of the person are taken away before the invitation, and given back with an approval.
    """
    ok_json(await send(api, "POST", f"/users/{name}/reset", {"reason": "Lost."}, by=by))
    person = ok_json(await api.get(f"/users/{name}"))
    ok_json(await send(api, "PATCH", f"/users/{name}", {"grants": [], "groups": []}, by=by))
    token = await enrol(api, name, by=by)
    powers = {field: person[field] for field in ("grants", "groups")}
    change = accepted_json(await send(api, "PATCH", f"/users/{name}", powers, by=by))
    ok_json(await decide(api, change, by=DEVIN if by == QUINN else QUINN))
    return token


async def own_lowering_of_the_guard(api: Api) -> Decision:
    return Decision(change=await lower_guard(api), by=OWNER)


async def own_change_with_another_token(api: Api) -> Decision:
    token = await post_token(api, "owner", by=OWNER)
    return Decision(change=await lower_guard(api), by=token)


async def own_removal_of_the_review(api: Api) -> Decision:
    change = accepted_json(await put_policy(api, approval_stages=[]))
    return Decision(change=change, by=OWNER)


async def own_grant(api: Api) -> Decision:
    await patch_user(api, "bo", grants=[{"role": "admin"}], groups=[])
    by, grants = auth_header("bo"), [{"role": "admin"}, {"role": "reviewer"}]
    change = accepted_json(await send(api, "PATCH", "/users/bo", {"grants": grants}, by=by))
    return Decision(change=change, by=by)


async def own_group(api: Api) -> Decision:
    await patch_user(api, "bo", groups=[])
    by = auth_header("bo")
    change = accepted_json(await send(api, "PATCH", "/users/bo", {"groups": ["qa"]}, by=by))
    return Decision(change=change, by=by)


async def grant_of_an_accomplice_approved_by_the_accomplice(api: Api) -> Decision:
    await post_user(api, "tick", by=OWNER, grants=VIEWER, groups=[])
    sock = await enrol(api, "tick")
    body = {"grants": [{"role": "admin"}]}
    change = accepted_json(await send(api, "PATCH", "/users/tick", body))
    return Decision(change=change, by=sock)


async def approval_by_an_admin_made_by_the_proposer(api: Api) -> Decision:
    return Decision(change=await lower_guard(api), by=await enrol(api, "sock"))


async def change_of_an_admin_made_by_the_approver(api: Api) -> Decision:
    sock = await enrol(api, "sock")
    return Decision(change=await lower_guard(api, by=sock), by=OWNER)


async def change_of_the_approvers_service_account(api: Api) -> Decision:
    bot = await post_token(api, "quinns-bot", by=DEVIN)
    return Decision(change=await lower_guard(api, by=bot), by=QUINN)


async def approval_by_a_service_account(api: Api) -> Decision:
    bot = await post_token(api, "quinns-bot", by=QUINN)
    return Decision(change=await lower_guard(api), by=bot)


async def change_by_an_admin_whom_the_approver_reset(api: Api) -> Decision:
    return Decision(change=await lower_guard(api, by=await reset(api, "ada", by=QUINN)), by=QUINN)


async def change_approved_by_an_admin_whom_the_proposer_reset(api: Api) -> Decision:
    return Decision(change=await lower_guard(api), by=await reset(api, "ada", by=OWNER))


async def change_approved_with_a_token_replaced_after_a_reset(api: Api) -> Decision:
    token = await post_token(api, "ada", by=await reset(api, "ada", by=OWNER))
    return Decision(change=await lower_guard(api), by=token)


async def change_approved_by_an_admin_whom_the_same_person_reset(api: Api) -> Decision:
    ada, bo = await reset(api, "ada", by=DEVIN), await reset(api, "bo", by=DEVIN)
    return Decision(change=await lower_guard(api, by=bo), by=ada)


async def change_approved_through_two_invitations(api: Api) -> Decision:
    sock = await enrol(api, "sock")
    await post_user(api, "tick", by=sock, grants=VIEWER, groups=[])
    body = {"grants": [{"role": "admin"}]}
    change = accepted_json(await send(api, "PATCH", "/users/tick", body, by=sock))
    ok_json(await decide(api, change, by=DEVIN))
    return Decision(change=await lower_guard(api), by=await enrol(api, "tick", by=sock))


async def approval_with_the_role(api: Api, role: Role) -> Decision:
    return Decision(change=await lower_guard(api), by=await create_user(api, "mo", role))


async def change_approved_by_an_admin_of_another_environment(api: Api) -> Decision:
    grants = [{"role": "admin", "environment": "staging"}]
    await patch_user(api, "bo", grants=grants)
    return Decision(change=await lower_guard(api), by=auth_header("bo"))


async def grant_approved_by_an_admin_of_the_environment_alone(api: Api) -> Decision:
    await patch_user(api, "bo", grants=[{"role": "admin", "environment": "production"}])
    await post_user(api, "tick", by=OWNER, grants=VIEWER, groups=[])
    body = {"grants": [{"role": "reviewer"}]}
    change = accepted_json(await send(api, "PATCH", "/users/tick", body))
    return Decision(change=change, by=auth_header("bo"))


DENIED_DECISIONS: Final[list[tuple[str, DecisionFactory]]] = [
    ("not_independent", own_lowering_of_the_guard),
    ("not_independent", own_change_with_another_token),
    ("not_independent", own_removal_of_the_review),
    ("not_independent", own_grant),
    ("not_independent", own_group),
    ("not_independent", change_by_an_admin_whom_the_approver_reset),
    ("not_independent", change_approved_by_an_admin_whom_the_proposer_reset),
    ("not_independent", change_approved_with_a_token_replaced_after_a_reset),
    ("not_independent", change_approved_by_an_admin_whom_the_same_person_reset),
    ("not_independent", change_approved_through_two_invitations),
    ("not_independent", approval_by_an_admin_made_by_the_proposer),
    ("not_independent", change_of_an_admin_made_by_the_approver),
    ("not_independent", change_of_the_approvers_service_account),
    ("decision_by_service_account", approval_by_a_service_account),
    ("forbidden", grant_of_an_accomplice_approved_by_the_accomplice),
    ("forbidden", change_approved_by_an_admin_of_another_environment),
    ("forbidden", grant_approved_by_an_admin_of_the_environment_alone),
    *(
        ("forbidden", partial(approval_with_the_role, role=role))
        for role in Role
        if role is not Role.ADMIN
    ),
]
"""Each decision with the code of its denial."""


@pytest.fixture
async def guarded(api: Api) -> Api:
    """An API whose production is guarded, with accounts that were made before."""
    await post_user(api, "sock", by=OWNER)
    await post_user(api, "quinns-bot", by=QUINN, kind=UserKind.SERVICE)
    await guard(api)
    return api


@pytest.mark.parametrize(("code", "create_decision"), DENIED_DECISIONS, ids=case_id)
async def test_nobody_approves_alone(
    guarded: Api, code: str, create_decision: DecisionFactory
) -> None:
    """The approval is denied and recorded, and the change stays pending."""
    decision = await create_decision(guarded)
    before, events = await settings(guarded), await all_events(guarded)

    response = await decide(guarded, decision.change, by=decision.by)

    assert_problem(response, 403, code)
    assert await settings(guarded) == before
    stored = ok_json(await guarded.get(f"/settings-changes/{decision.change['id']}"))
    assert stored | {"can_approve": False} == decision.change
    (denied,) = (await all_events(guarded))[len(events) :]
    assert (denied["kind"], denied["data"]["code"]) == ("access_denied", code)


async def policy_without_review(api: Api) -> httpx2.Response:
    return await put_policy(api, approval_stages=[])


async def policy_with_another_group(api: Api) -> httpx2.Response:
    """The proposer is alone in the new group, to which nobody had to approve the addition."""
    await patch_user(api, "ada", groups=["qa", "devops", "friends"])
    stages = [{"name": "friends", "rules": [{"group": "friends"}]}]
    return await put_policy(api, approval_stages=stages)


async def group_of_a_proposed_policy(api: Api) -> httpx2.Response:
    accepted_json(await policy_with_another_group(api))
    return await send(api, "PATCH", "/users/olga", {"groups": ["qa", "devops", "friends"]})


async def tier_without_risk_notes(api: Api) -> httpx2.Response:
    return await send(api, "PATCH", "/environments/production", {"tier": "test"})


async def tier_hidden_among_details(api: Api) -> httpx2.Response:
    body = {"display_name": "Production", "rank": 40, "tier": "development"}
    return await send(api, "PATCH", "/environments/production", body)


async def another_executor(api: Api) -> httpx2.Response:
    return await send(api, "PUT", "/services/shop/targets/production", WEBHOOK)


async def target_of_a_new_service(api: Api) -> httpx2.Response:
    return await send(api, "PUT", "/services/cart/targets/production", WEBHOOK)


async def enabling_a_disabled_reviewer(api: Api) -> httpx2.Response:
    await patch_user(api, "eve", disabled=True)
    return await send(api, "PATCH", "/users/eve", {"disabled": False})


async def grant_of_a_disabled_user(api: Api) -> httpx2.Response:
    await patch_user(api, "eve", disabled=True, grants=VIEWER)
    return await send(api, "PATCH", "/users/eve", {"grants": [{"role": "reviewer"}]})


async def grant_taken_away_and_given_back(api: Api) -> httpx2.Response:
    await patch_user(api, "eve", grants=VIEWER)
    return await send(api, "PATCH", "/users/eve", {"grants": [{"role": "operator"}]})


async def wider_grant(api: Api) -> httpx2.Response:
    grant = {"role": "operator", "service": "cart"}
    await patch_user(api, "eve", grants=[{**grant, "environment": "production"}])
    body = {"grants": [{"role": "operator", "environment": "production"}]}
    return await send(api, "PATCH", "/users/eve", body)


async def grant_moved_from_another_environment(api: Api) -> httpx2.Response:
    await patch_user(api, "eve", grants=[{"role": "reviewer", "environment": "staging"}])
    body = {"grants": [{"role": "reviewer", "environment": "production"}]}
    return await send(api, "PATCH", "/users/eve", body)


async def grant_of_one_service(api: Api) -> httpx2.Response:
    grant = {"role": "emergency", "service": "shop", "environment": "production"}
    return await send(api, "POST", "/users", {"name": "tick", "grants": [grant]})


async def new_account_with_a_group_alone(api: Api) -> httpx2.Response:
    return await send(api, "POST", "/users", {"name": "tick", "groups": ["devops"]})


async def service_account_with_the_role(api: Api) -> httpx2.Response:
    body = {"name": "bot", "kind": "service", "grants": [{"role": "operator"}]}
    return await send(api, "POST", "/users", body)


async def policy_with_the_present_revision(api: Api) -> httpx2.Response:
    version = ok_json(await api.get("/environments/production"))["policy_version"]
    return await api.client.put(
        "/api/v1/environments/production/policy",
        json=await policy_body(api, settings_approvals=0),
        headers={**OWNER, "If-Match": f'"{version}"'},
    )


GUARDED_CHANGES: Final[list[ProposalFactory]] = [
    policy_without_review,
    policy_with_another_group,
    group_of_a_proposed_policy,
    policy_with_the_present_revision,
    tier_without_risk_notes,
    tier_hidden_among_details,
    another_executor,
    target_of_a_new_service,
    enabling_a_disabled_reviewer,
    grant_of_a_disabled_user,
    grant_taken_away_and_given_back,
    wider_grant,
    grant_moved_from_another_environment,
    grant_of_one_service,
    new_account_with_a_group_alone,
    service_account_with_the_role,
]


@pytest.mark.parametrize("propose", GUARDED_CHANGES, ids=case_id)
async def test_no_way_around_the_approval(guarded: Api, propose: ProposalFactory) -> None:
    """The change waits for another admin, and its proposer cannot approve it."""
    change = accepted_json(await propose(guarded))
    before = await settings(guarded)

    assert_problem(await decide(guarded, change, by=OWNER), 403, "not_independent")

    assert await settings(guarded) == before


async def test_policy_cannot_be_switched_off_for_one_request(guarded: Api) -> None:
    """A request made while the policy change is pending needs its reviews, also afterwards."""
    change = accepted_json(await policy_without_review(guarded))
    deployment = await post_deployment(guarded, OWNER)
    assert deployment["status"] == "pending_approval"

    ok_json(await decide(guarded, change))

    found = ok_json(await guarded.get(f"/deployments/{deployment['number']}"))
    assert (found["status"], found["review"]["policy_version"]) == (
        "pending_approval",
        deployment["review"]["policy_version"],
    )


async def test_risk_notes_are_required_until_the_tier_is_approved(guarded: Api) -> None:
    """A pending change of the tier dispenses nobody from naming the risk."""
    accepted_json(await tier_without_risk_notes(guarded))

    response = await guarded.post("/deployments", deployment_body("risk"), headers=OWNER)

    assert_problem(response, 422, "risk_required", "#/risk")


async def test_second_approval_is_refused(guarded: Api) -> None:
    """A change is applied once, whoever approves it again, with whichever key."""
    change = accepted_json(await put_policy(guarded, after_review_s=60))
    ok_json(await decide(guarded, change, by=QUINN, key="first"))
    before = await settings(guarded)

    for by, key in ((QUINN, "second"), (ADA, "first"), (ADA, None)):
        response = await decide(guarded, change, by=by, key=key)
        assert_problem(response, 409, "settings_change_decided")

    assert await settings(guarded) == before


async def test_key_of_another_change_is_not_replayed(guarded: Api) -> None:
    """The key of one approval does not approve another change."""
    first = accepted_json(await put_policy(guarded, after_review_s=60))
    second = accepted_json(await another_executor(guarded))
    ok_json(await decide(guarded, first, key="key"))

    assert_problem(await decide(guarded, second, key="key"), 422, "idempotency_mismatch")
