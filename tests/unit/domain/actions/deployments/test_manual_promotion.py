"""From one environment to another by hand: what is promoted, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_policy, an_actor
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.promotion import (
    AUTO_PROMOTE_POLICY,
    STAGES,
    approve,
    archive,
    deploy,
    expect_refusal,
    promote,
    promotion_ledger,
    roll_back,
    set_policy,
)
from tests.support.domain.tracking import create_record

LATER = NOON + timedelta(hours=1)
BY_HAND = a_policy(promotes_to="production")
VIEWER = an_actor("vic", roles=[Role.VIEWER])
TESTER = an_actor("tess", grants=(Grant(role=Role.REQUESTER, environment="test"),))


async def test_a_person_promotes_by_hand() -> None:
    """To the next environment unless told another; the promotion is theirs."""
    ledger = await promotion_ledger(test=BY_HAND, staging=a_policy())
    source = await deploy(ledger, "test")

    first = await promote(ledger, source.id, "bo", note="Now.", at=LATER)
    second = await promote(ledger, source.id, "bo", environment="staging")

    assert (first.environment, first.requester, first.notes) == ("production", "bo", "Now.")
    assert (first.kind, first.automatic, first.promoted_from) == (
        DeploymentKind.PROMOTION,
        False,
        source.id,
    )
    assert (first.risk, first.created_at) == (source.risk, LATER)
    assert (second.environment, second.status) == ("staging", Status.APPROVED)
    refused = await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, first.id, "bo"))
    assert refused.code == "self_review"


async def test_a_promotion_by_hand_asks_what_the_environment_asks_of_any() -> None:
    """It waits for the very same reviewers, under the policy in force there now."""
    ledger = await promotion_ledger(test=BY_HAND)
    source = await deploy(ledger, "test")
    await set_policy(ledger, "production", a_policy(*STAGES, approval_expires_s=3600))

    promotion = await promote(ledger, source.id)

    assert (promotion.policy_version, promotion.expires_at) == (2, LATER)
    assert promotion.status is Status.PENDING_APPROVAL


@pytest.mark.parametrize(
    ("by", "options", "code", "sentence"),
    [
        (
            VIEWER,
            {},
            "forbidden",
            "vic needs the requester role for shop in production.",
        ),
        (
            TESTER,
            {},
            "forbidden",
            "tess needs the requester role for shop in production.",
        ),
        (
            "ada",
            {"environment": "test"},
            "same_environment",
            "DEP-1 already succeeded in test; give another one.",
        ),
        (
            "ada",
            {"environment": "nowhere"},
            "unknown_environment",
            "There is no environment nowhere.",
        ),
        (
            "ada",
            {},
            "risk_required",
            "production is a production environment; risk notes are required.",
        ),
    ],
)
async def test_a_promotion_that_breaks_a_rule_leaves_nothing(
    by: Actor | str, options: dict[str, Any], code: str, sentence: str
) -> None:
    """But the record of what was denied."""
    ledger = await promotion_ledger(test=BY_HAND)
    source = await deploy(ledger, "test", risk=None)

    refused = await expect_refusal(ledger, promote(ledger, source.id, by, **options))

    assert (refused.code, str(refused)) == (code, sentence)
    assert (refused.audit_event is not None) == (code == "forbidden")


@pytest.mark.parametrize("by", [VIEWER, TESTER])
async def test_who_may_not_ask_is_told_so_before_anything_else(by: Actor) -> None:
    """Whatever the status, the right comes first."""
    ledger = await promotion_ledger(test=BY_HAND)
    pending = await request_deployment(ledger, environment="test")

    refused = await expect_refusal(ledger, promote(ledger, pending.id, by))

    assert refused.code == "forbidden"


@pytest.mark.parametrize("by", ["ada", VIEWER])
async def test_what_has_not_succeeded_is_not_promoted(by: Actor | str) -> None:
    """Its status is told; where no next environment is known, no right is asked first."""
    ledger = await promotion_ledger(test=a_policy())
    approved = await request_deployment(ledger, environment="test")

    refused = await expect_refusal(ledger, promote(ledger, approved.id, by))

    assert (refused.code, str(refused)) == (
        "transition_refused",
        "Not available until it has succeeded; available now: start, cancel.",
    )


async def test_where_no_environment_comes_next_one_must_be_named() -> None:
    """And naming one is all it takes."""
    ledger = await promotion_ledger(test=a_policy())
    source = await deploy(ledger, "test")

    refused = await expect_refusal(ledger, promote(ledger, source.id))
    promotion = await promote(ledger, source.id, environment="production")

    assert (refused.code, str(refused)) == (
        "environment_required",
        "The policy of test names no next environment; give one.",
    )
    assert promotion.environment == "production"


async def test_a_record_is_not_promoted() -> None:
    """What happened elsewhere proves nothing here; that is told to everybody alike."""
    ledger = await promotion_ledger(test=BY_HAND)
    told = await create_record(ledger, environment="test")

    refused = await expect_refusal(ledger, promote(ledger, told.id, VIEWER))

    assert refused.code == "record_is_immutable"


@pytest.mark.parametrize("end", [None, Action.CANCEL, Action.REJECT])
@pytest.mark.parametrize("test", [BY_HAND, AUTO_PROMOTE_POLICY])
async def test_one_deployment_is_promoted_to_an_environment_once(
    test: Any, end: Action | None
) -> None:
    """By hand or by itself, and whatever became of it; to ask for the version is always open."""
    ledger = await promotion_ledger(test=test)
    source = await deploy(ledger, "test")
    if test is BY_HAND:
        await promote(ledger, source.id)
    if end is not None:
        await perform_action(ledger, end, 2, "olga")

    refused = await expect_refusal(ledger, promote(ledger, source.id))

    assert refused.code == "already_promoted"
    assert str(refused) == (
        "DEP-1 was already promoted to production as DEP-2; to deploy the version there again, "
        "create a new request."
    )
    assert (await request_deployment(ledger)).status is Status.PENDING_APPROVAL


@pytest.mark.parametrize("what", ["service", "environment"])
async def test_what_takes_nothing_new_takes_no_promotion(what: str) -> None:
    """By hand it is refused in so many words."""
    ledger = await promotion_ledger(test=BY_HAND)
    source = await deploy(ledger, "test")
    await archive(ledger, what)

    refused = await expect_refusal(ledger, promote(ledger, source.id))

    assert refused.code == f"{what}_archived"


async def test_a_version_that_was_rolled_back_there_is_not_promoted_there() -> None:
    """Until somebody unblocks it."""
    ledger = await promotion_ledger(
        test=BY_HAND, production=replace(QA_THEN_DEVOPS, auto_start=True)
    )
    source = await deploy(ledger, "test")
    await create_record(ledger, version="2.0.0")
    bad = await request_deployment(ledger)
    await approve(ledger, bad)
    await roll_back(ledger, bad.id)

    refused = await expect_refusal(ledger, promote(ledger, source.id))

    assert refused.code == "version_blocked"
