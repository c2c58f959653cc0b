"""Attempts by one person to approve alone over HTTP: none of them counts, and each is recorded."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.review_attempts import (
    ACT_AS_FORBIDDEN,
    ALREADY_REVIEWED,
    SELF_REVIEW,
    SERVICE_ACCOUNT_REVIEW,
    Attempt,
    AttemptFactory,
    ExpectedDenial,
    case_id,
    check_denied,
)
from tests.support.http.users import (
    create_environment,
    create_service_account,
    create_user,
    post_deployment,
    post_token,
    post_user,
)

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN, DEVIN = map(auth_header, ("ada", "owner", "quinn", "devin"))
APPROVE: Final = Action.APPROVE


async def own_request(api: Api, action: str) -> Attempt:
    return Attempt(deployment=await api.create_deployment(), by=ADA, action=action)


async def own_request_in_another_spelling(api: Api, name: str) -> Attempt:
    return Attempt(deployment=await api.create_deployment(), by=ADA, body={"actor": name})


async def review_for_another(
    api: Api, role: Role | None, action: str, named: str = "quinn"
) -> Attempt:
    deployment = await api.create_deployment()
    by = ADA if role is None else await create_user(api, "mo", role, Role.REVIEWER)
    return Attempt(deployment=deployment, by=by, action=action, body={"actor": named})


async def service_account_of_the_requester(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA)
    return Attempt(deployment=await post_deployment(api, ADA), by=bot)


async def requesters_service_account_with_anothers_token(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA, issuer=OWNER)
    return Attempt(deployment=await post_deployment(api, ADA), by=bot)


async def service_account_of_a_service_account(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA, issuer=OWNER)
    await post_user(api, "bot-of-bot", by=ADA, kind=UserKind.SERVICE)
    deployment = await post_deployment(api, bot)
    return Attempt(deployment=deployment, by=await post_token(api, "bot-of-bot", by=DEVIN))


async def human_behind_the_requesting_service_account(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA)
    return Attempt(deployment=await post_deployment(api, bot), by=ADA)


async def human_behind_a_service_account_with_anothers_token(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA, issuer=OWNER)
    return Attempt(deployment=await post_deployment(api, bot), by=ADA)


async def creator_of_the_account_acting_for_another(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=OWNER, issuer=DEVIN)
    return Attempt(deployment=await post_deployment(api, bot, requester="ada"), by=OWNER)


async def issuer_of_the_token_acting_for_another(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=OWNER, issuer=DEVIN)
    return Attempt(deployment=await post_deployment(api, bot, requester="ada"), by=DEVIN)


async def person_the_request_was_made_for(api: Api, named: str) -> Attempt:
    return Attempt(deployment=await post_deployment(api, QUINN, requester=named), by=ADA)


async def caller_acting_for_another(api: Api) -> Attempt:
    return Attempt(deployment=await post_deployment(api, QUINN, requester="ada"), by=QUINN)


async def own_request_with_another_token(api: Api) -> Attempt:
    token = await post_token(api, "ada", by=ADA)
    return Attempt(deployment=await post_deployment(api, ADA), by=token)


async def two_stages_by_one_person(api: Api) -> Attempt:
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=QUINN, body={"stage": "devops"})


async def two_stages_by_one_person_with_two_tokens(api: Api) -> Attempt:
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=await post_token(api, "quinn", by=QUINN))


async def both_groups_of_one_stage_by_one_person(api: Api) -> Attempt:
    environment = await create_environment(api, "canary", ["qa", "devops"])
    deployment = ok_json(
        await api.perform(
            await api.create_deployment(environment=environment), APPROVE, actor="quinn"
        )
    )
    return Attempt(deployment=deployment, by=QUINN)


async def one_group_twice_by_one_person(api: Api) -> Attempt:
    environment = await create_environment(api, "canary", ["qa", "qa"], distinct_reviewers=False)
    deployment = ok_json(
        await api.perform(
            await api.create_deployment(environment=environment), APPROVE, actor="quinn"
        )
    )
    return Attempt(deployment=deployment, by=QUINN)


async def second_stage_by_the_first_reviewers_service_account(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=QUINN, issuer=OWNER)
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=bot)


SPELLINGS: Final = (
    "ada",
    "ADA",
    " ada ",
    "\u3000ada",
    "\uff41da",
    "\uff21\uff24\uff21",
    "\U0001d41ada",
    "ad\u00aa",
)
ATTEMPTS: Final[list[tuple[ExpectedDenial, AttemptFactory]]] = [
    *((SELF_REVIEW, partial(own_request, action=action)) for action in ("approve", "reject")),
    *((SELF_REVIEW, partial(own_request_in_another_spelling, name=name)) for name in SPELLINGS),
    *(
        (ACT_AS_FORBIDDEN, partial(review_for_another, role=role, action=action))
        for role in (None, Role.ADMIN, Role.ACT_AS, Role.OPERATOR)
        for action in ("approve", "reject")
    ),
    *(
        (
            ACT_AS_FORBIDDEN,
            partial(review_for_another, role=Role.ACT_AS, action="approve", named=named),
        )
        for named in ("system", "worker:one", "nobody", "QUINN")
    ),
    (SERVICE_ACCOUNT_REVIEW, service_account_of_the_requester),
    (SERVICE_ACCOUNT_REVIEW, requesters_service_account_with_anothers_token),
    (SERVICE_ACCOUNT_REVIEW, service_account_of_a_service_account),
    (SELF_REVIEW, human_behind_the_requesting_service_account),
    (SELF_REVIEW, human_behind_a_service_account_with_anothers_token),
    (SELF_REVIEW, creator_of_the_account_acting_for_another),
    (SELF_REVIEW, issuer_of_the_token_acting_for_another),
    *(
        (SELF_REVIEW, partial(person_the_request_was_made_for, named=name))
        for name in ("ada", "Ada", "ADA")
    ),
    (SELF_REVIEW, caller_acting_for_another),
    (SELF_REVIEW, own_request_with_another_token),
    (ALREADY_REVIEWED, two_stages_by_one_person),
    (ALREADY_REVIEWED, two_stages_by_one_person_with_two_tokens),
    (ALREADY_REVIEWED, both_groups_of_one_stage_by_one_person),
    (ALREADY_REVIEWED, one_group_twice_by_one_person),
    (SERVICE_ACCOUNT_REVIEW, second_stage_by_the_first_reviewers_service_account),
]
"""Each attempt with its expected denial. In each, the same person acts twice on a deployment."""


@pytest.mark.parametrize(("denial", "create_attempt"), ATTEMPTS, ids=case_id)
async def test_one_human_never_acts_as_two(
    api: Api, denial: ExpectedDenial, create_attempt: AttemptFactory
) -> None:
    """An attempt to act as a second person is refused and recorded; the deployment is unchanged."""
    await check_denied(api, await create_attempt(api), denial)


async def test_two_other_people_get_it_approved(api: Api) -> None:
    """A reviewer from qa and another from devops approve the deployment."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin"):
        deployment = ok_json(await api.perform(deployment, APPROVE, actor=actor))

    assert deployment["status"] == "approved"
