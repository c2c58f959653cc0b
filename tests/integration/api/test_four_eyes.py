"""Attempts to get around four eyes over HTTP: none counts, and each that is denied is on record."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.status import Action
from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.users import (
    ACT_AS_FORBIDDEN,
    ALREADY_REVIEWED,
    SELF_REVIEW,
    Attempt,
    AttemptFactory,
    ExpectedDenial,
    case_id,
    check_denied,
    create_environment,
    create_service_account,
    create_user,
    post_deployment,
    post_token,
    post_user,
)

ADA, OWNER, QUINN, DEVIN = map(auth_header, ("ada", "owner", "quinn", "devin"))
APPROVE: Final = Action.APPROVE


async def own_request(api: Api, action: str) -> Attempt:
    return Attempt(deployment=await api.create_deployment(), by=ADA, action=action)


async def own_request_spelt(api: Api, name: str) -> Attempt:
    return Attempt(deployment=await api.create_deployment(), by=ADA, body={"actor": name})


async def own_request_composed_otherwise(api: Api) -> Attempt:
    await post_user(api, "zo\u00eb", by=OWNER)
    zoe = await post_token(api, "zo\u00eb", by=OWNER)
    return Attempt(deployment=await post_deployment(api, zoe), by=zoe, body={"actor": "ZOE\u0308"})


async def another_named(api: Api, role: Role | None, action: str, named: str = "quinn") -> Attempt:
    deployment = await api.create_deployment()
    by = ADA if role is None else await create_user(api, "mo", role, Role.REVIEWER)
    return Attempt(deployment=deployment, by=by, action=action, body={"actor": named})


async def token_of_another_by_the_requester(api: Api) -> Attempt:
    deployment = await post_deployment(api, OWNER)
    return Attempt(deployment=deployment, by=await post_token(api, "quinn", by=OWNER))


async def token_of_another_made_before_the_request(api: Api) -> Attempt:
    minted = await post_token(api, "quinn", by=OWNER)
    return Attempt(deployment=await post_deployment(api, OWNER), by=minted)


async def token_of_another_replaced_by_itself(api: Api) -> Attempt:
    minted = await post_token(api, "quinn", by=OWNER)
    laundered = await post_token(api, "quinn", by=minted)
    return Attempt(deployment=await post_deployment(api, OWNER), by=laundered)


async def token_of_another_replaced_by_itself_twice(api: Api) -> Attempt:
    minted = await post_token(api, "quinn", by=OWNER)
    laundered = await post_token(api, "quinn", by=await post_token(api, "quinn", by=minted))
    return Attempt(deployment=await post_deployment(api, OWNER), by=laundered)


async def somebody_new_by_the_requester(api: Api) -> Attempt:
    await post_user(api, "sock", by=OWNER)
    return Attempt(
        deployment=await post_deployment(api, OWNER), by=await post_token(api, "sock", by=OWNER)
    )


async def requested_with_a_token_by_the_reviewer(api: Api) -> Attempt:
    minted = await post_token(api, "ada", by=OWNER)
    return Attempt(deployment=await post_deployment(api, minted), by=OWNER)


async def requested_with_a_replaced_token_by_the_reviewer(api: Api) -> Attempt:
    minted = await post_token(api, "ada", by=await post_token(api, "ada", by=OWNER))
    return Attempt(deployment=await post_deployment(api, minted), by=OWNER)


async def service_account_of_the_requester(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA)
    return Attempt(deployment=await post_deployment(api, ADA), by=bot)


async def service_account_of_the_requester_with_a_token_by_another(api: Api) -> Attempt:
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


async def human_behind_a_requesting_account_with_a_token_by_another(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=ADA, issuer=OWNER)
    return Attempt(deployment=await post_deployment(api, bot), by=ADA)


async def maker_of_the_bot_that_speaks_for_another(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=OWNER, issuer=DEVIN)
    return Attempt(deployment=await post_deployment(api, bot, requester="ada"), by=OWNER)


async def issuer_of_the_token_of_a_speaker(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=OWNER, issuer=DEVIN)
    return Attempt(deployment=await post_deployment(api, bot, requester="ada"), by=DEVIN)


async def the_person_spoken_for(api: Api, named: str) -> Attempt:
    return Attempt(deployment=await post_deployment(api, QUINN, requester=named), by=ADA)


async def the_speaker(api: Api) -> Attempt:
    return Attempt(deployment=await post_deployment(api, QUINN, requester="ada"), by=QUINN)


async def own_request_with_another_token(api: Api) -> Attempt:
    other = await post_token(api, "ada", by=ADA)
    return Attempt(deployment=await post_deployment(api, ADA), by=other)


async def two_stages_by_one_person(api: Api) -> Attempt:
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=QUINN, body={"stage": "devops"})


async def two_stages_by_one_person_with_two_tokens(api: Api) -> Attempt:
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=await post_token(api, "quinn", by=QUINN))


async def both_groups_of_one_stage_by_one_person(api: Api) -> Attempt:
    place = await create_environment(api, "canary", ["qa", "devops"])
    deployment = ok_json(
        await api.perform(await api.create_deployment(environment=place), APPROVE, actor="quinn")
    )
    return Attempt(deployment=deployment, by=QUINN)


async def one_group_of_two_by_one_person_of_both_stages_alike(api: Api) -> Attempt:
    place = await create_environment(api, "canary", ["qa", "qa"], distinct_reviewers=False)
    deployment = ok_json(
        await api.perform(await api.create_deployment(environment=place), APPROVE, actor="quinn")
    )
    return Attempt(deployment=deployment, by=QUINN)


async def second_stage_with_a_token_by_the_first_approver(api: Api) -> Attempt:
    minted = await post_token(api, "devin", by=QUINN)
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=minted)


async def second_stage_with_a_replaced_token_by_the_first_approver(api: Api) -> Attempt:
    minted = await post_token(api, "devin", by=await post_token(api, "devin", by=QUINN))
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=minted)


async def second_stage_by_who_issued_the_token_of_the_first(api: Api) -> Attempt:
    deployment, minted = await api.create_deployment(), await post_token(api, "devin", by=QUINN)
    ok_json(await Attempt(deployment=deployment, by=minted).send(api))
    return Attempt(deployment=deployment, by=QUINN)


async def second_stage_by_a_service_account_of_the_first_approver(api: Api) -> Attempt:
    bot = await create_service_account(api, "bot", maker=QUINN, issuer=OWNER)
    deployment = ok_json(await api.perform(await api.create_deployment(), APPROVE, actor="quinn"))
    return Attempt(deployment=deployment, by=bot)


async def two_service_accounts_of_one_human(api: Api) -> Attempt:
    one = await create_service_account(api, "one", maker=QUINN, issuer=OWNER)
    two = await create_service_account(api, "two", maker=QUINN, issuer=DEVIN)
    deployment = await api.create_deployment()
    ok_json(await Attempt(deployment=deployment, by=one).send(api))
    return Attempt(deployment=deployment, by=two)


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
    *((SELF_REVIEW, partial(own_request_spelt, name=name)) for name in SPELLINGS),
    (SELF_REVIEW, own_request_composed_otherwise),
    *(
        (ACT_AS_FORBIDDEN, partial(another_named, role=role, action=action))
        for role in (None, Role.ADMIN, Role.ACT_AS, Role.OPERATOR)
        for action in ("approve", "reject")
    ),
    *(
        (ACT_AS_FORBIDDEN, partial(another_named, role=Role.ACT_AS, action="approve", named=named))
        for named in ("system", "worker:one", "nobody", "QUINN")
    ),
    (SELF_REVIEW, token_of_another_by_the_requester),
    (SELF_REVIEW, token_of_another_made_before_the_request),
    (SELF_REVIEW, token_of_another_replaced_by_itself),
    (SELF_REVIEW, token_of_another_replaced_by_itself_twice),
    (SELF_REVIEW, somebody_new_by_the_requester),
    (SELF_REVIEW, requested_with_a_token_by_the_reviewer),
    (SELF_REVIEW, requested_with_a_replaced_token_by_the_reviewer),
    (SELF_REVIEW, service_account_of_the_requester),
    (SELF_REVIEW, service_account_of_the_requester_with_a_token_by_another),
    (SELF_REVIEW, service_account_of_a_service_account),
    (SELF_REVIEW, human_behind_the_requesting_service_account),
    (SELF_REVIEW, human_behind_a_requesting_account_with_a_token_by_another),
    (SELF_REVIEW, maker_of_the_bot_that_speaks_for_another),
    (SELF_REVIEW, issuer_of_the_token_of_a_speaker),
    *(
        (SELF_REVIEW, partial(the_person_spoken_for, named=name))
        for name in ("ada", "Ada", "\uff41da")
    ),
    (SELF_REVIEW, the_speaker),
    (SELF_REVIEW, own_request_with_another_token),
    (ALREADY_REVIEWED, two_stages_by_one_person),
    (ALREADY_REVIEWED, two_stages_by_one_person_with_two_tokens),
    (ALREADY_REVIEWED, both_groups_of_one_stage_by_one_person),
    (ALREADY_REVIEWED, one_group_of_two_by_one_person_of_both_stages_alike),
    (ALREADY_REVIEWED, second_stage_with_a_token_by_the_first_approver),
    (ALREADY_REVIEWED, second_stage_with_a_replaced_token_by_the_first_approver),
    (ALREADY_REVIEWED, second_stage_by_who_issued_the_token_of_the_first),
    (ALREADY_REVIEWED, second_stage_by_a_service_account_of_the_first_approver),
    (ALREADY_REVIEWED, two_service_accounts_of_one_human),
]
"""How each is answered: one human behind two parts, whatever name, token or account they use."""


@pytest.mark.parametrize(("denial", "arranged"), ATTEMPTS, ids=case_id)
async def test_nobody_gets_around_four_eyes(
    api: Api, denial: ExpectedDenial, arranged: AttemptFactory
) -> None:
    """It is refused, the deployment stays as it was, and what was denied is an event of it."""
    await check_denied(api, await arranged(api), denial)


async def test_two_others_get_it_approved(api: Api) -> None:
    """What all of these tried goes through with one of qa and another of devops."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin"):
        deployment = ok_json(await api.perform(deployment, APPROVE, actor=actor))

    assert deployment["status"] == "approved"
