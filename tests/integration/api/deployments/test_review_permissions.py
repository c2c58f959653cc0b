"""Reviews that are not permitted, come too late or happen concurrently."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.status_transitions import Action
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, auth_header, ok_json
from tests.support.http.review_attempts import (
    ACCESS_DENIED,
    MISSING_ROLE,
    NOT_ELIGIBLE,
    REVIEWER_MAY_NOT_START,
    SELF_REVIEW,
    STAGE_NOT_OPEN,
    TRANSITION_REFUSED,
    UNAUTHENTICATED,
    Attempt,
    AttemptFactory,
    ExpectedDenial,
    case_id,
    check_denied,
)
from tests.support.http.users import (
    Headers,
    create_environment,
    create_user,
    patch_user,
    post_deployment,
    post_token,
    post_user,
)

ADA, OWNER, QUINN, DEVIN = map(auth_header, ("ada", "owner", "quinn", "devin"))
APPROVE: Final = Action.APPROVE


async def scoped_token(api: Api, **scope: object) -> Attempt:
    return Attempt(
        deployment=await api.create_deployment(),
        by=await post_token(api, "quinn", by=QUINN, scopes=[scope]),
    )


async def grant_elsewhere(api: Api, **place: object) -> Attempt:
    await patch_user(api, "quinn", grants=[{"role": "reviewer", **place}])
    return Attempt(deployment=await api.create_deployment(), by=QUINN)


async def single_role(api: Api, role: Role, action: str) -> Attempt:
    by = await create_user(api, "mo", role)
    return Attempt(deployment=await api.create_deployment(), by=by, action=action)


async def every_role_but_reviewer(api: Api) -> Attempt:
    by = await create_user(api, "mo", *(set(Role) - {Role.REVIEWER}))
    return Attempt(deployment=await api.create_deployment(), by=by)


async def in_no_group(api: Api, action: str) -> Attempt:
    by = await create_user(api, "mo", Role.REVIEWER, groups=("ops",))
    return Attempt(deployment=await api.create_deployment(), by=by, action=action)


async def in_the_group_of_the_next_stage(api: Api) -> Attempt:
    by = await create_user(api, "mo", Role.REVIEWER, groups=("devops",))
    return Attempt(deployment=await api.create_deployment(), by=by)


async def stage_out_of_order(api: Api, stage: str, approvals: int) -> Attempt:
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin")[:approvals]:
        deployment = ok_json(await api.perform(deployment, APPROVE, actor=actor))
    return Attempt(deployment=deployment, by=auth_header("eve"), body={"stage": stage})


async def lose_role(api: Api, headers: Headers) -> Headers:
    await patch_user(api, "devin", grants=[{"role": "viewer"}])
    return headers


async def lose_groups(api: Api, headers: Headers) -> Headers:
    await patch_user(api, "devin", groups=[])
    return headers


async def disable_user(api: Api, headers: Headers) -> Headers:
    await patch_user(api, "devin", disabled=True)
    return headers


async def lose_token(api: Api, headers: Headers) -> Headers:
    token = ok_json(await api.get("/me", headers=dict(headers)))["token"]["id"]
    ok_json(await api.client.delete(f"/api/v1/users/devin/tokens/{token}", headers=OWNER))
    return headers


async def let_token_expire(api: Api, headers: Headers) -> Headers:
    token = await post_token(api, "devin", by=headers, expires_at="2026-11-21T13:00:00Z")
    api.clock.advance(timedelta(hours=1))
    return token


Loss = Callable[[Api, Headers], Awaitable[Headers]]


async def review_after_loss(api: Api, loss: Loss, approvals: int) -> Attempt:
    """Return a review by devin, who may no longer review after `approvals` reviews by quinn."""
    deployment = await api.create_deployment()
    for _ in range(approvals):
        deployment = ok_json(await api.perform(deployment, APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=await loss(api, DEVIN))


async def relax_policy(api: Api) -> None:
    policy = {"approval_stages": [], "auto_start": True}
    ok_json(await api.put("/environments/production/policy", policy, headers=OWNER))


async def policy_relaxed_after_the_request(api: Api, action: str, by: Headers) -> Attempt:
    deployment = await post_deployment(api, OWNER)
    await relax_policy(api)
    return Attempt(deployment=deployment, by=by, action=action)


async def policy_relaxed_between_the_approvals(api: Api) -> Attempt:
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    await relax_policy(api)
    return Attempt(deployment=deployment, by=OWNER, action="start")


async def idempotency_key_of_another(api: Api, by: Headers) -> Attempt:
    deployment = await api.create_deployment()
    approval = Attempt(deployment=deployment, by=QUINN, key="k")
    return Attempt(deployment=ok_json(await approval.send(api)), by=by, key="k")


async def own_idempotency_key_with_a_revoked_token(api: Api) -> Attempt:
    deployment = await api.create_deployment()
    approval = Attempt(deployment=deployment, by=DEVIN, key="k")
    deployment = ok_json(await approval.send(api))
    return Attempt(deployment=deployment, by=await lose_token(api, DEVIN), key="k")


async def start_without_approval(api: Api, approvals: int) -> Attempt:
    deployment = await api.create_deployment()
    for _ in range(approvals):
        deployment = ok_json(await api.perform(deployment, APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=OWNER, action="start")


async def approve_where_reviewers_may_not_start(api: Api) -> Json:
    environment = await create_environment(api, "canary", ["qa"], reviewer_may_start=False)
    return ok_json(
        await api.perform(
            await api.create_deployment(environment=environment), APPROVE, actor="quinn"
        )
    )


async def start_by_a_reviewer(api: Api) -> Attempt:
    return Attempt(
        deployment=await approve_where_reviewers_may_not_start(api), by=QUINN, action="start"
    )


async def start_with_a_token_issued_by_a_reviewer(api: Api) -> Attempt:
    await post_user(api, "robot", by=OWNER, kind=UserKind.SERVICE)
    token = await post_token(api, "robot", by=QUINN)
    return Attempt(
        deployment=await approve_where_reviewers_may_not_start(api), by=token, action="start"
    )


async def start_naming_a_reviewer(api: Api, named: str) -> Attempt:
    deployment = await approve_where_reviewers_may_not_start(api)
    body = {"actor": named}
    return Attempt(deployment=deployment, by=auth_header("olga"), action="start", body=body)


ROLES_WITHOUT_REVIEW: Final = tuple(role for role in Role if role is not Role.REVIEWER)

LOSSES: Final[tuple[tuple[ExpectedDenial, Loss], ...]] = (
    (MISSING_ROLE, lose_role),
    (NOT_ELIGIBLE, lose_groups),
    (UNAUTHENTICATED, disable_user),
    (UNAUTHENTICATED, lose_token),
    (UNAUTHENTICATED, let_token_expire),
)
ATTEMPTS: Final[list[tuple[ExpectedDenial, AttemptFactory]]] = [
    *((MISSING_ROLE, partial(scoped_token, role=role)) for role in ("viewer", "operator", "admin")),
    (MISSING_ROLE, partial(scoped_token, role="reviewer", service="cart")),
    (MISSING_ROLE, partial(scoped_token, role="reviewer", environment="staging")),
    (MISSING_ROLE, partial(grant_elsewhere, service="cart")),
    (MISSING_ROLE, partial(grant_elsewhere, environment="staging")),
    (MISSING_ROLE, partial(grant_elsewhere, service="shop", environment="staging")),
    *(
        (MISSING_ROLE, partial(single_role, role=role, action=action))
        for role in ROLES_WITHOUT_REVIEW
        for action in ("approve", "reject")
    ),
    (MISSING_ROLE, every_role_but_reviewer),
    *((NOT_ELIGIBLE, partial(in_no_group, action=action)) for action in ("approve", "reject")),
    (NOT_ELIGIBLE, in_the_group_of_the_next_stage),
    (STAGE_NOT_OPEN, partial(stage_out_of_order, stage="devops", approvals=0)),
    (STAGE_NOT_OPEN, partial(stage_out_of_order, stage="qa", approvals=1)),
    *(
        (denial, partial(review_after_loss, loss=loss, approvals=approvals))
        for denial, loss in LOSSES
        for approvals in (0, 1)
    ),
    (SELF_REVIEW, partial(policy_relaxed_after_the_request, action="approve", by=OWNER)),
    (TRANSITION_REFUSED, partial(policy_relaxed_after_the_request, action="start", by=OWNER)),
    (TRANSITION_REFUSED, partial(policy_relaxed_after_the_request, action="start", by=QUINN)),
    (TRANSITION_REFUSED, policy_relaxed_between_the_approvals),
    (SELF_REVIEW, partial(idempotency_key_of_another, by=ADA)),
    (UNAUTHENTICATED, own_idempotency_key_with_a_revoked_token),
    *(
        (TRANSITION_REFUSED, partial(start_without_approval, approvals=approvals))
        for approvals in (0, 1)
    ),
    (REVIEWER_MAY_NOT_START, start_by_a_reviewer),
    (REVIEWER_MAY_NOT_START, start_with_a_token_issued_by_a_reviewer),
    *(
        (REVIEWER_MAY_NOT_START, partial(start_naming_a_reviewer, named=name))
        for name in ("quinn", "QUINN")
    ),
]
"""Each attempt with its expected denial.

Refusals of an invalid token (401) are not recorded because the token identifies nobody. Refusals
by status, stage or start rule (409, 403) are not recorded because they deny no right.
"""


@pytest.mark.parametrize(("denial", "create_attempt"), ATTEMPTS, ids=case_id)
async def test_review_without_permission_does_not_count(
    api: Api, denial: ExpectedDenial, create_attempt: AttemptFactory
) -> None:
    """The attempt is refused, the deployment is unchanged, and a denial is recorded."""
    await check_denied(api, await create_attempt(api), denial)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_only_an_operator_starts_a_deployment(api: Api, role: Role) -> None:
    """The attempt by a user with any other role is refused and recorded."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin"):
        deployment = ok_json(await api.perform(deployment, APPROVE, actor=actor))
    by = await create_user(api, "mo", role)

    await check_denied(api, Attempt(deployment=deployment, by=by, action="start"), ACCESS_DENIED)


async def test_ten_concurrent_approvals_by_one_person_count_once(api: Api) -> None:
    """One approval counts for qa; the other nine are refused, and the first of them is recorded."""
    deployment = await api.create_deployment()
    attempt = Attempt(deployment=deployment, by=QUINN)

    responses = await asyncio.gather(*(attempt.send(api) for _ in range(10)))

    assert sorted(response.status_code for response in responses) == [200] + [409] * 9
    after = ok_json(await api.get(f"/deployments/{deployment['id']}"))
    assert [len(stage["approvals"]) for stage in after["review"]["stages"]] == [1, 0]
    kinds = [event["kind"] for event in await api.events(deployment)]
    assert sorted(kinds) == ["approved", "requested", "review_denied"]


async def test_ten_concurrent_self_approvals_are_all_refused(api: Api) -> None:
    """The first attempt is recorded, and the deployment is unchanged."""
    deployment = await api.create_deployment()
    attempt = Attempt(deployment=deployment, by=ADA)

    responses = await asyncio.gather(*(attempt.send(api) for _ in range(10)))

    assert {response.status_code for response in responses} == {403}
    assert ok_json(await api.get(f"/deployments/{deployment['id']}")) == deployment
    kinds = [event["kind"] for event in await api.events(deployment)]
    assert kinds == ["requested", "review_denied"]


async def test_token_counts_until_it_expires(api: Api) -> None:
    """A review still counts if it is sent a second before its token expires."""
    deployment = await api.create_deployment()
    token = await post_token(api, "quinn", by=QUINN, expires_at="2026-11-21T13:00:00Z")
    api.clock.at = NOON + timedelta(minutes=59, seconds=59)

    response = await Attempt(deployment=deployment, by=token).send(api)

    assert ok_json(response)["review"]["label"] == "approved_by_qa"
