"""Manual promotion: what is promoted and what is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.status_transitions import Action, Status
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


async def test_person_can_promote_manually() -> None:
    """The default target is the next environment, and the person becomes the requester."""
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
    refusal = await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, first.id, "bo"))
    assert refusal.code == "self_review"


async def test_manual_promotion_follows_the_policy_of_its_environment() -> None:
    """The promotion needs the same approvals as any other request in its environment."""
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
            "DEP-1 already succeeded in test; specify another environment.",
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
async def test_refused_promotion_stores_nothing(
    by: Actor | str, options: dict[str, Any], code: str, sentence: str
) -> None:
    """No deployment is created. Only an attempt without the required right is recorded."""
    ledger = await promotion_ledger(test=BY_HAND)
    source = await deploy(ledger, "test", risk=None)

    refusal = await expect_refusal(ledger, promote(ledger, source.id, by, **options))

    assert (refusal.code, str(refusal)) == (code, sentence)
    assert (refusal.audit_event is not None) == (code == "forbidden")


@pytest.mark.parametrize("by", [VIEWER, TESTER])
async def test_missing_right_is_reported_before_the_status(by: Actor) -> None:
    """The refusal names the missing right even if the deployment cannot be promoted yet."""
    ledger = await promotion_ledger(test=BY_HAND)
    pending = await request_deployment(ledger, environment="test")

    refusal = await expect_refusal(ledger, promote(ledger, pending.id, by))

    assert refusal.code == "forbidden"


@pytest.mark.parametrize("by", ["ada", VIEWER])
async def test_only_a_successful_deployment_can_be_promoted(by: Actor | str) -> None:
    """Without a next environment, the refusal names the status, whatever the actor's rights."""
    ledger = await promotion_ledger(test=a_policy())
    approved = await request_deployment(ledger, environment="test")

    refusal = await expect_refusal(ledger, promote(ledger, approved.id, by))

    assert (refusal.code, str(refusal)) == (
        "transition_refused",
        (
            "This action is not available until the deployment has succeeded; available now: "
            "start, "
            "cancel, withdraw."
        ),
    )


async def test_promotion_without_a_next_environment_needs_a_name() -> None:
    """The promotion is refused until an environment is named explicitly."""
    ledger = await promotion_ledger(test=a_policy())
    source = await deploy(ledger, "test")

    refusal = await expect_refusal(ledger, promote(ledger, source.id))
    promotion = await promote(ledger, source.id, environment="production")

    assert (refusal.code, str(refusal)) == (
        "environment_required",
        "The policy of test names no next environment; specify one.",
    )
    assert promotion.environment == "production"


async def test_record_cannot_be_promoted() -> None:
    """A record describes a deployment made elsewhere and is immutable, so promotion is refused."""
    ledger = await promotion_ledger(test=BY_HAND)
    record = await create_record(ledger, environment="test")

    refusal = await expect_refusal(ledger, promote(ledger, record.id, VIEWER))

    assert refusal.code == "record_is_immutable"


@pytest.mark.parametrize("end", [None, Action.CANCEL, Action.REJECT])
@pytest.mark.parametrize("test", [BY_HAND, AUTO_PROMOTE_POLICY])
async def test_deployment_is_promoted_to_an_environment_once(test: Any, end: Action | None) -> None:
    """A second promotion is refused in every status, but the version can be requested again."""
    ledger = await promotion_ledger(test=test)
    source = await deploy(ledger, "test")
    if test is BY_HAND:
        await promote(ledger, source.id)
    if end is not None:
        await perform_action(ledger, end, 2, "olga")

    refusal = await expect_refusal(ledger, promote(ledger, source.id))

    assert refusal.code == "already_promoted"
    assert str(refusal) == (
        "DEP-1 was already promoted to production as DEP-2; to deploy the version there again, "
        "create a new request."
    )
    assert (await request_deployment(ledger)).status is Status.PENDING_APPROVAL


@pytest.mark.parametrize("what", ["service", "environment"])
async def test_archived_service_or_environment_refuses_promotion(what: str) -> None:
    """The message says whether the service or the environment is archived."""
    ledger = await promotion_ledger(test=BY_HAND)
    source = await deploy(ledger, "test")
    await archive(ledger, what)

    refusal = await expect_refusal(ledger, promote(ledger, source.id))

    assert refusal.code == f"{what}_archived"


async def test_blocked_version_cannot_be_promoted() -> None:
    """Promotion is refused until the version is unblocked."""
    ledger = await promotion_ledger(
        test=BY_HAND, production=replace(QA_THEN_DEVOPS, auto_start=True)
    )
    source = await deploy(ledger, "test")
    await create_record(ledger, version="2.0.0")
    bad = await request_deployment(ledger)
    await approve(ledger, bad)
    await roll_back(ledger, bad.id)

    refusal = await expect_refusal(ledger, promote(ledger, source.id))

    assert refusal.code == "version_blocked"
