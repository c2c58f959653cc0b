"""Attempts at a review without the right to it, too late, or all at once: none of them counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action
from tests.support.api import Api, Json, found, token_of
from tests.support.builders import NOON
from tests.support.people import (
    MAY_NOT,
    NO_ROLE,
    NOT_ASKED,
    NOT_NOW,
    OTHER_STAGE,
    REVIEWED_IT,
    SELF,
    UNKNOWN,
    Arranged,
    Attempt,
    Denial,
    Headers,
    asked,
    change,
    check_denied,
    employ,
    environment,
    issue,
    says,
)

ADA, OWNER, QUINN, DEVIN = map(token_of, ("ada", "owner", "quinn", "devin"))
APPROVE: Final = Action.APPROVE


async def confined_token(api: Api, **scope: object) -> Attempt:
    return Attempt(
        deployment=await api.ask(), by=await issue(api, "quinn", by=QUINN, scopes=[scope])
    )


async def grant_elsewhere(api: Api, **where: object) -> Attempt:
    await change(api, "quinn", grants=[{"role": "reviewer", **where}])
    return Attempt(deployment=await api.ask(), by=QUINN)


async def role_alone(api: Api, role: Role, action: str) -> Attempt:
    by = await employ(api, "mo", role)
    return Attempt(deployment=await api.ask(), by=by, action=action)


async def every_role_but_reviewer(api: Api) -> Attempt:
    by = await employ(api, "mo", *(set(Role) - {Role.REVIEWER}))
    return Attempt(deployment=await api.ask(), by=by)


async def in_no_group(api: Api, action: str) -> Attempt:
    by = await employ(api, "mo", Role.REVIEWER, groups=("ops",))
    return Attempt(deployment=await api.ask(), by=by, action=action)


async def in_the_group_of_the_next_stage(api: Api) -> Attempt:
    by = await employ(api, "mo", Role.REVIEWER, groups=("devops",))
    return Attempt(deployment=await api.ask(), by=by)


async def a_stage_out_of_order(api: Api, stage: str, approvals: int) -> Attempt:
    deployment = await api.ask()
    for actor in ("quinn", "devin")[:approvals]:
        deployment = found(await api.act(deployment, APPROVE, actor=actor))
    return Attempt(deployment=deployment, by=token_of("eve"), body={"stage": stage})


async def lose_role(api: Api, headers: Headers) -> Headers:
    await change(api, "devin", grants=[{"role": "viewer"}])
    return headers


async def lose_groups(api: Api, headers: Headers) -> Headers:
    await change(api, "devin", groups=[])
    return headers


async def lose_everything(api: Api, headers: Headers) -> Headers:
    await change(api, "devin", disabled=True)
    return headers


async def lose_token(api: Api, headers: Headers) -> Headers:
    token = found(await api.get("/me", headers=dict(headers)))["token"]["id"]
    found(await api.client.delete(f"/api/v1/users/devin/tokens/{token}", headers=OWNER))
    return headers


async def outlive_token(api: Api, headers: Headers) -> Headers:
    short = await issue(api, "devin", by=headers, expires_at="2026-11-21T13:00:00Z")
    api.clock.advance(timedelta(hours=1))
    return short


Loss = Callable[[Api, Headers], Awaitable[Headers]]


async def too_late(api: Api, loss: Loss, approvals: int) -> Attempt:
    """Devin reviews qa or, after quinn, devops, and loses the right to it just before."""
    deployment = await api.ask()
    for _ in range(approvals):
        deployment = found(await api.act(deployment, APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=await loss(api, DEVIN))


async def relax(api: Api) -> None:
    policy = {"approval_stages": [], "auto_start": True}
    found(await api.put("/environments/production/policy", policy, headers=OWNER))


async def policy_relaxed_after_the_request(api: Api, action: str, by: Headers) -> Attempt:
    deployment = await asked(api, OWNER)
    await relax(api)
    return Attempt(deployment=deployment, by=by, action=action)


async def policy_relaxed_between_the_approvals(api: Api) -> Attempt:
    deployment = found(await api.act(await api.ask(), APPROVE, actor="quinn"))
    await relax(api)
    return Attempt(deployment=deployment, by=OWNER, action="start")


async def key_of_another(api: Api, by: Headers) -> Attempt:
    deployment = await api.ask()
    first = Attempt(deployment=deployment, by=QUINN, key="k")
    return Attempt(deployment=found(await first.send(api)), by=by, key="k")


async def key_of_ones_own_once_revoked(api: Api) -> Attempt:
    deployment = await api.ask()
    first = Attempt(deployment=deployment, by=DEVIN, key="k")
    deployment = found(await first.send(api))
    return Attempt(deployment=deployment, by=await lose_token(api, DEVIN), key="k")


async def start_of_what_is_not_approved(api: Api, approvals: int) -> Attempt:
    deployment = await api.ask()
    for _ in range(approvals):
        deployment = found(await api.act(deployment, APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=OWNER, action="start")


async def approved_apart(api: Api) -> Json:
    place = await environment(api, "canary", ["qa"], reviewer_may_start=False)
    return found(await api.act(await api.ask(environment=place), APPROVE, actor="quinn"))


async def start_by_a_reviewer(api: Api) -> Attempt:
    return Attempt(deployment=await approved_apart(api), by=QUINN, action="start")


async def start_with_a_token_by_a_reviewer(api: Api) -> Attempt:
    minted = await issue(api, "olga", by=QUINN)
    return Attempt(deployment=await approved_apart(api), by=minted, action="start")


async def start_in_the_name_of_a_reviewer(api: Api, named: str) -> Attempt:
    deployment = await approved_apart(api)
    body = {"actor": named}
    return Attempt(deployment=deployment, by=token_of("olga"), action="start", body=body)


NOT_REVIEWING: Final = tuple(role for role in Role if role is not Role.REVIEWER)

LOSSES: Final[tuple[tuple[Denial, Loss], ...]] = (
    (NO_ROLE, lose_role),
    (NOT_ASKED, lose_groups),
    (UNKNOWN, lose_everything),
    (UNKNOWN, lose_token),
    (UNKNOWN, outlive_token),
)
ATTEMPTS: Final[list[tuple[Denial, Arranged]]] = [
    *((NO_ROLE, partial(confined_token, role=role)) for role in ("viewer", "operator", "admin")),
    (NO_ROLE, partial(confined_token, role="reviewer", service="cart")),
    (NO_ROLE, partial(confined_token, role="reviewer", environment="staging")),
    (NO_ROLE, partial(grant_elsewhere, service="cart")),
    (NO_ROLE, partial(grant_elsewhere, environment="staging")),
    (NO_ROLE, partial(grant_elsewhere, service="shop", environment="staging")),
    *(
        (NO_ROLE, partial(role_alone, role=role, action=action))
        for role in NOT_REVIEWING
        for action in ("approve", "reject")
    ),
    (NO_ROLE, every_role_but_reviewer),
    *((NOT_ASKED, partial(in_no_group, action=action)) for action in ("approve", "reject")),
    (NOT_ASKED, in_the_group_of_the_next_stage),
    (OTHER_STAGE, partial(a_stage_out_of_order, stage="devops", approvals=0)),
    (OTHER_STAGE, partial(a_stage_out_of_order, stage="qa", approvals=1)),
    *(
        (denial, partial(too_late, loss=loss, approvals=approvals))
        for denial, loss in LOSSES
        for approvals in (0, 1)
    ),
    (SELF, partial(policy_relaxed_after_the_request, action="approve", by=OWNER)),
    (NOT_NOW, partial(policy_relaxed_after_the_request, action="start", by=OWNER)),
    (NOT_NOW, partial(policy_relaxed_after_the_request, action="start", by=QUINN)),
    (NOT_NOW, policy_relaxed_between_the_approvals),
    (SELF, partial(key_of_another, by=ADA)),
    (UNKNOWN, key_of_ones_own_once_revoked),
    *((NOT_NOW, partial(start_of_what_is_not_approved, approvals=done)) for done in (0, 1)),
    (REVIEWED_IT, start_by_a_reviewer),
    (REVIEWED_IT, start_with_a_token_by_a_reviewer),
    *(
        (REVIEWED_IT, partial(start_in_the_name_of_a_reviewer, named=name))
        for name in ("quinn", "QUINN")
    ),
]
"""How each is answered. A token that opens nothing is refused (401) before it is known whose it is,
and a status, a stage or a start (409, 403) refuses nobody in particular: those leave no event."""


@pytest.mark.parametrize(("denial", "arranged"), ATTEMPTS, ids=says)
async def test_a_review_without_the_right_to_it_does_not_count(
    api: Api, denial: Denial, arranged: Arranged
) -> None:
    """It is refused, the deployment stays as it was, and what was denied is an event of it."""
    await check_denied(api, await arranged(api), denial)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_only_an_operator_starts_what_is_approved(api: Api, role: Role) -> None:
    """To have asked for it or reviewed it is no right to start it; the attempt is on record."""
    deployment = await api.ask()
    for actor in ("quinn", "devin"):
        deployment = found(await api.act(deployment, APPROVE, actor=actor))
    by = await employ(api, "mo", role)

    await check_denied(api, Attempt(deployment=deployment, by=by, action="start"), MAY_NOT)


async def test_ten_approvals_at_once_by_one_person_count_once(api: Api) -> None:
    """One is consent to qa; the nine others are refused and on record, and devops still waits."""
    deployment = await api.ask()
    attempt = Attempt(deployment=deployment, by=QUINN)

    answers = await asyncio.gather(*(attempt.send(api) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    after = found(await api.get(f"/deployments/{deployment['id']}"))
    assert [len(stage["approvals"]) for stage in after["review"]["stages"]] == [1, 0]
    kinds = [event["kind"] for event in await api.events(deployment)]
    assert sorted(kinds) == ["approved", "requested"] + ["review_denied"] * 9


async def test_ten_approvals_at_once_of_ones_own_request_count_for_nothing(api: Api) -> None:
    """Each is refused, and each is on record."""
    deployment = await api.ask()
    attempt = Attempt(deployment=deployment, by=ADA)

    answers = await asyncio.gather(*(attempt.send(api) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {403}
    assert found(await api.get(f"/deployments/{deployment['id']}")) == deployment
    kinds = [event["kind"] for event in await api.events(deployment)]
    assert kinds == ["requested"] + ["review_denied"] * 10


async def test_a_token_that_still_lives_counts(api: Api) -> None:
    """The same review counts a moment before the token expires."""
    deployment = await api.ask()
    short = await issue(api, "quinn", by=QUINN, expires_at="2026-11-21T13:00:00Z")
    api.clock.at = NOON + timedelta(minutes=59, seconds=59)

    answer = await Attempt(deployment=deployment, by=short).send(api)

    assert found(answer)["review"]["label"] == "approved_by_qa"
