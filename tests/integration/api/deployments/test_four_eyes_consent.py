"""Attempts to go on with consent that has ended, or that was never given to what would run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.review_attempts import (
    ACT_AS_FORBIDDEN,
    NO_APPROVAL,
    SELF_REVIEW,
    SERVICE_ACCOUNT_REVIEW,
    STAGE_NOT_OPEN,
    TRANSITION_REFUSED,
    Attempt,
    AttemptFactory,
    ExpectedDenial,
    case_id,
    check_denied,
)
from tests.support.http.users import (
    Headers,
    create_service_account,
    create_user,
    patch_user,
    post_deployment,
)

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN, DEVIN, OLGA = map(auth_header, ("ada", "owner", "quinn", "devin", "olga"))
EXEMPT: Final[Json] = {
    "approval_stages": [{"name": "qa", "rules": [{"group": "qa"}]}],
    "rollback_approvals": "none",
}


async def approve(api: Api, *reviewers: str) -> Json:
    """Create a deployment that these reviewers approve, one stage each."""
    deployment = await api.create_deployment()
    for reviewer in reviewers:
        deployment = ok_json(await api.perform(deployment, Action.APPROVE, actor=reviewer))
    return deployment


async def withdraw(api: Api, deployment: Json, reviewer: str) -> Json:
    return ok_json(await api.perform(deployment, Action.WITHDRAW, actor=reviewer))


async def start_without_the_disabled_reviewer(api: Api, name: str) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    await patch_user(api, name, disabled=True)
    return Attempt(deployment=deployment, by=OLGA, action="start")


async def start_after_the_reviewer_is_enabled_again(api: Api) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    await patch_user(api, "quinn", disabled=True)
    await patch_user(api, "quinn", disabled=False)
    return Attempt(deployment=deployment, by=OLGA, action="start")


async def start_after_the_reviewer_is_disabled_with_other_changes(api: Api) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    await patch_user(api, "quinn", disabled=True, groups=[], grants=[{"role": "admin"}])
    return Attempt(deployment=deployment, by=OLGA, action="start")


async def last_stage_after_the_first_reviewer_is_disabled(api: Api) -> Attempt:
    deployment = await approve(api, "quinn")
    await patch_user(api, "quinn", disabled=True)
    return Attempt(deployment=deployment, by=DEVIN, body={"stage": "devops"})


async def start_after_a_withdrawal(api: Api, name: str) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    await withdraw(api, deployment, name)
    return Attempt(deployment=deployment, by=OLGA, action="start")


async def start_by_who_withdrew(api: Api) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    await withdraw(api, deployment, "quinn")
    return Attempt(deployment=deployment, by=QUINN, action="start")


async def last_stage_after_the_first_was_withdrawn(api: Api) -> Attempt:
    deployment = await withdraw(api, await approve(api, "quinn"), "quinn")
    return Attempt(deployment=deployment, by=DEVIN, body={"stage": "devops"})


async def withdrawal_by_another(api: Api, by: Headers) -> Attempt:
    return Attempt(deployment=await approve(api, "quinn", "devin"), by=by, action="withdraw")


async def withdrawal_in_anothers_name(api: Api) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    return Attempt(deployment=deployment, by=OWNER, action="withdraw", body={"actor": "quinn"})


async def second_withdrawal(api: Api) -> Attempt:
    deployment = await withdraw(api, await approve(api, "quinn", "devin"), "quinn")
    return Attempt(deployment=deployment, by=QUINN, action="withdraw")


async def withdrawal_after_the_start(api: Api) -> Attempt:
    deployment = await approve(api, "quinn", "devin")
    deployment = ok_json(await api.perform(deployment, Action.START))
    return Attempt(deployment=deployment, by=QUINN, action="withdraw")


async def review_by_a_service_account(api: Api, action: str) -> Attempt:
    bot = await create_service_account(api, "bot", maker=OWNER)
    return Attempt(deployment=await api.create_deployment(), by=bot, action=action)


async def review_by_a_service_account_of_the_terminal(api: Api, action: str) -> Attempt:
    bot = await create_user(api, "bot", *Role, kind=UserKind.SERVICE)
    return Attempt(deployment=await api.create_deployment(), by=bot, action=action)


async def second_stage_by_a_service_account(api: Api) -> Attempt:
    bot = await create_user(api, "bot", *Role, kind=UserKind.SERVICE)
    return Attempt(deployment=await approve(api, "quinn"), by=bot)


async def after_review_by_a_service_account(api: Api) -> Attempt:
    bot = await create_user(api, "bot", *Role, kind=UserKind.SERVICE)
    deployment = await api.create_deployment()
    deployment = ok_json(await api.perform(deployment, Action.BREAK_GLASS, actor="eve"))
    body = {"verdict": "justified"}
    return Attempt(deployment=deployment, by=bot, action="after-review", body=body)


async def withdrawal_by_the_reviewers_service_account(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=QUINN)
    return Attempt(deployment=await approve(api, "quinn", "devin"), by=bot, action="withdraw")


async def waive(api: Api) -> None:
    """Deploy 1.0.0 while the policy requires no approval."""
    await set_policy(api, {})
    await complete(api, await post_deployment(api, ADA))


async def record(api: Api) -> None:
    """Record 1.0.0 as deployed elsewhere."""
    body = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", body, headers=ADA))


async def record_before_the_stages(api: Api) -> None:
    """Record 1.0.0 while the policy requires no approval, so that it is not marked."""
    await set_policy(api, {})
    await record(api)


async def break_glass(api: Api, verdict: str | None) -> None:
    """Deploy 1.0.0 by break-glass, and judge it."""
    deployment = await post_deployment(api, ADA)
    ok_json(await api.perform(deployment, Action.BREAK_GLASS, actor="eve"))
    await complete(api, deployment)
    if verdict is not None:
        path, body = f"/deployments/{deployment['number']}/after-review", {"note": "So it was."}
        ok_json(await api.post(path, body | {"verdict": verdict}, headers=QUINN))


async def break_glass_after_a_review(api: Api) -> None:
    """Deploy 1.0.0 after a review, and again by break-glass, judged unjustified."""
    await set_policy(api, EXEMPT)
    deployment = await post_deployment(api, ADA)
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    await complete(api, deployment)
    await break_glass(api, "unjustified")


async def set_policy(api: Api, policy: Json) -> None:
    ok_json(await api.put("/environments/production/policy", policy))


async def complete(api: Api, deployment: Json) -> None:
    for action in (Action.START, Action.SUCCEED):
        ok_json(await api.perform(deployment, action, actor="olga"))


async def start_of_a_rollback_to(api: Api, deploy: Callable[[Api], Awaitable[None]]) -> Attempt:
    """Deploy 1.0.0 in some way, and then roll 2.0.0 back to it without a review."""
    await deploy(api)
    await set_policy(api, EXEMPT)
    await api.version("2.0.0")
    bad = await post_deployment(api, ADA, version="2.0.0")
    ok_json(await api.perform(bad, Action.APPROVE, actor="quinn"))
    await complete(api, bad)
    body = {"note": "Errors.", "redeploy": True}
    path = f"/deployments/{bad['number']}/rollback"
    bad = ok_json(await api.post(path, body, headers=OLGA))
    return Attempt(deployment={**bad, **await redeployment_of(api, bad)}, by=OLGA, action="start")


async def redeployment_of(api: Api, bad: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))


unjustified = partial(break_glass, verdict="unjustified")
not_judged = partial(break_glass, verdict=None)

ATTEMPTS: Final[list[tuple[ExpectedDenial, AttemptFactory]]] = [
    *(
        (TRANSITION_REFUSED, partial(start_without_the_disabled_reviewer, name=name))
        for name in ("quinn", "devin")
    ),
    (TRANSITION_REFUSED, start_after_the_reviewer_is_enabled_again),
    (TRANSITION_REFUSED, start_after_the_reviewer_is_disabled_with_other_changes),
    (STAGE_NOT_OPEN, last_stage_after_the_first_reviewer_is_disabled),
    *(
        (TRANSITION_REFUSED, partial(start_after_a_withdrawal, name=name))
        for name in ("quinn", "devin")
    ),
    (TRANSITION_REFUSED, start_by_who_withdrew),
    (STAGE_NOT_OPEN, last_stage_after_the_first_was_withdrawn),
    *((NO_APPROVAL, partial(withdrawal_by_another, by=by)) for by in (OWNER, OLGA)),
    (SELF_REVIEW, partial(withdrawal_by_another, by=ADA)),
    (ACT_AS_FORBIDDEN, withdrawal_in_anothers_name),
    (NO_APPROVAL, second_withdrawal),
    (TRANSITION_REFUSED, withdrawal_after_the_start),
    *(
        (SERVICE_ACCOUNT_REVIEW, partial(attempt, action=action))
        for attempt in (review_by_a_service_account, review_by_a_service_account_of_the_terminal)
        for action in ("approve", "reject")
    ),
    (SERVICE_ACCOUNT_REVIEW, second_stage_by_a_service_account),
    (SERVICE_ACCOUNT_REVIEW, after_review_by_a_service_account),
    (SERVICE_ACCOUNT_REVIEW, withdrawal_by_the_reviewers_service_account),
    *(
        (TRANSITION_REFUSED, partial(start_of_a_rollback_to, deploy=deploy))
        for deploy in (
            waive,
            record,
            record_before_the_stages,
            unjustified,
            not_judged,
            break_glass_after_a_review,
        )
    ),
]
"""Each attempt with its expected denial."""


@pytest.mark.parametrize(("denial", "create_attempt"), ATTEMPTS, ids=case_id)
async def test_ended_or_missing_consent_never_counts(
    api: Api, denial: ExpectedDenial, create_attempt: AttemptFactory
) -> None:
    """The attempt is refused, and the deployment is unchanged."""
    await check_denied(api, await create_attempt(api), denial)


async def test_rollback_to_a_justified_break_glass_needs_no_review(api: Api) -> None:
    """A reviewer has judged the version, as if it had been approved."""
    attempt = await start_of_a_rollback_to(api, partial(break_glass, verdict="justified"))

    assert ok_json(await attempt.send(api))["status"] == "started"
    assert attempt.deployment["unreviewed"] is False


async def test_rollback_to_a_version_nobody_reviewed_starts_once_it_is_approved(api: Api) -> None:
    """It is marked, and goes through the stages like a request."""
    attempt = await start_of_a_rollback_to(api, unjustified)
    assert attempt.deployment["unreviewed"] is True

    ok_json(await api.perform(attempt.deployment, Action.APPROVE, actor="quinn"))

    assert ok_json(await attempt.send(api))["status"] == "started"
