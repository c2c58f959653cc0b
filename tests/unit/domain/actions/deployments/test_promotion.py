"""Automatic promotion: what is promoted, what blocks it and what sets a hold."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, a_policy
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.promotion import (
    AUTO_PROMOTE_POLICY,
    all_deployments,
    approve,
    archive,
    complete_deployment,
    deploy,
    expect_refusal,
    get_hold,
    promote,
    promotion_ledger,
    release_hold,
    roll_back,
    set_policy,
)
from tests.support.domain.tracking import create_record
from tests.support.memory.ledger import InMemoryLedger

BY_HAND = a_policy(promotes_to="production")


async def test_success_creates_the_promotion_automatically() -> None:
    """The promotion is created in the same transaction and has the same requester."""
    ledger = await promotion_ledger()
    entry_count = len(await all_entries(ledger))

    source = await deploy(ledger, "test", requester="bo", notes="New.")

    (_, promotion) = await all_deployments(ledger)
    assert (promotion.kind, promotion.promoted_from) == (DeploymentKind.PROMOTION, source.id)
    assert (promotion.environment, promotion.version, promotion.automatic) == (
        "production",
        "1.0.0",
        True,
    )
    assert (promotion.requester, promotion.identities) == ("bo", source.identities)
    assert (promotion.work_references, promotion.rollback_plan) == (
        source.work_references,
        source.rollback_plan,
    )
    assert (promotion.risk, promotion.notes) == (source.risk, "New.")
    assert (promotion.status, promotion.approvals) == (Status.PENDING_APPROVAL, ())
    assert source.promotion_blocked is None
    new = [entry.event for entry in (await all_entries(ledger))[entry_count:]]
    assert [(event.kind, event.actor) for event in new] == [
        (EventKind.REQUESTED, "bo"),
        (EventKind.APPROVED, "system"),
        (EventKind.STARTED, "olga"),
        (EventKind.SUCCEEDED, "olga"),
        (EventKind.REQUESTED, "system"),
    ]


async def test_the_requester_of_the_source_cannot_approve_its_promotion() -> None:
    """The approval is refused even if somebody else reported the success."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", requester="bo")

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, 2, "Bo"))

    assert (refusal.code, str(refusal)) == (
        "self_review",
        "bo requested this deployment; somebody else must review it.",
    )


async def test_promotion_continues_through_all_environments() -> None:
    """A version that needs no approvals is promoted to each environment in turn."""
    by_itself = a_policy(promotes_to="production", auto_promote=True, auto_start=True)
    ledger = await promotion_ledger(
        test=replace(AUTO_PROMOTE_POLICY, promotes_to="staging"), staging=by_itself
    )

    await deploy(ledger, "test")
    await perform_action(ledger, Action.SUCCEED, 2)

    assert [
        (deployment.environment, deployment.status) for deployment in await all_deployments(ledger)
    ] == [
        ("test", Status.SUCCEEDED),
        ("staging", Status.SUCCEEDED),
        ("production", Status.PENDING_APPROVAL),
    ]


@pytest.mark.parametrize(
    ("test", "done"),
    [
        (BY_HAND, Action.SUCCEED),
        (a_policy(), Action.SUCCEED),
        (AUTO_PROMOTE_POLICY, Action.FAIL),
        (AUTO_PROMOTE_POLICY, Action.ROLLBACK),
    ],
)
async def test_nothing_is_promoted_without_a_policy_or_a_success(test: Any, done: Action) -> None:
    """No promotion is created, and no blocked promotion is recorded."""
    ledger = await promotion_ledger(test=test)
    await perform_action(
        ledger, Action.START, (await request_deployment(ledger, environment="test")).id
    )

    ended = await perform_action(ledger, done, 1)

    assert await all_deployments(ledger) == [ended]
    assert ended.promotion_blocked is None


async def test_successful_rollback_is_not_promoted() -> None:
    """A rollback in test deploys no old version to production."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", "1.0.0")
    bad = await deploy(ledger, "test", "2.0.0")
    await roll_back(ledger, bad.id)
    (*_, back) = await all_deployments(ledger)

    succeeded = await complete_deployment(ledger, back)

    assert (succeeded.kind, succeeded.version) == (DeploymentKind.ROLLBACK, "1.0.0")
    assert [deployment.kind for deployment in await all_deployments(ledger)].count(
        DeploymentKind.PROMOTION
    ) == 2


async def test_promotion_uses_the_policy_at_creation() -> None:
    """The policy under which a deployment was requested decides about its promotion."""
    ledger = await promotion_ledger()
    deployment = await request_deployment(ledger, environment="test")
    await set_policy(ledger, "test", a_policy())

    await complete_deployment(ledger, deployment)

    assert [deployment.environment for deployment in await all_deployments(ledger)] == [
        "test",
        "production",
    ]


REASONS = {
    "risk_required": "production is a production environment; risk notes are required.",
    "version_blocked": (
        "1.0.0 of shop is blocked in production because olga rolled back DEP-2; an "
        "operator can unblock it. Reason: It lost orders."
    ),
    "held": (
        "bo deployed 3.0.0 of shop to production manually (DEP-3); an operator can release the "
        "hold, or a requester can promote manually."
    ),
    "after_review_overdue": (
        "The break-glass review of DEP-1 is overdue; automatic "
        "promotion to production is paused until a reviewer closes that review."
    ),
    "environment_archived": (
        "The environment production is archived and accepts nothing new; unarchive it first."
    ),
    "service_archived": "The service shop is archived and accepts nothing new; unarchive it first.",
}


async def blocked_by(code: str) -> tuple[InMemoryLedger, int]:
    """Return a ledger whose next promotion is blocked, and the source deployment's number."""
    ledger = await promotion_ledger()
    asking: dict[str, Any] = {"environment": "test"}
    match code:
        case "risk_required":
            asking["risk"] = None
        case "version_blocked":
            await create_record(ledger, version="2.0.0")
            await roll_back(ledger, (await deploy(ledger, "production")).id)
        case "held":
            await deploy(ledger, "test", "2.0.0")
            await deploy(ledger, "production", "3.0.0", requester="bo")
        case "after_review_overdue":
            await perform_action(
                ledger, Action.BREAK_GLASS, (await request_deployment(ledger)).id, "eve"
            )
        case _:
            pass
    started = await perform_action(
        ledger, Action.START, (await request_deployment(ledger, **asking)).id
    )
    if code.endswith("_archived"):
        await archive(ledger, code.removesuffix("_archived"))
    return ledger, started.number


@pytest.mark.parametrize("code", REASONS)
async def test_blocked_promotion_is_recorded_on_its_source(code: str) -> None:
    """An event and a visible reason are stored, and no deployment is created."""
    ledger, number = await blocked_by(code)
    before = await all_deployments(ledger)

    source = await perform_action(ledger, Action.SUCCEED, number, at=NOON + timedelta(days=4))

    assert len(await all_deployments(ledger)) == len(before)
    blocked = source.promotion_blocked
    assert blocked is not None
    assert (blocked.environment, blocked.code, blocked.reason) == (
        "production",
        code,
        REASONS[code],
    )
    assert await ledger.deployment(number) == source
    (*_, last) = [
        entry.event for entry in await all_entries(ledger) if entry.event.deployment_id == source.id
    ]
    assert (last.kind, last.actor, last.note) == (
        EventKind.PROMOTION_BLOCKED,
        "system",
        REASONS[code],
    )
    assert last.data == {"environment": "production", "code": code}


async def test_promotion_blocked_for_risk_can_be_made_manually() -> None:
    """The manual promotion succeeds when it supplies the missing risk notes."""
    ledger, number = await blocked_by("risk_required")
    await perform_action(ledger, Action.SUCCEED, number)

    promotion = await promote(ledger, number, risk="It is slow.")

    assert (promotion.risk, promotion.status) == ("It is slow.", Status.PENDING_APPROVAL)


async def test_manual_deployment_of_another_version_sets_a_hold() -> None:
    """The hold and its event name the person and the version."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", "1.0.0")

    by_hand = await deploy(ledger, "production", "3.0.0", requester="bo")

    hold = await get_hold(ledger)
    assert hold is not None
    assert (hold.by, hold.version, hold.number, hold.at) == ("bo", "3.0.0", by_hand.number, NOON)
    (event,) = [
        entry.event for entry in await all_entries(ledger) if entry.event.kind == EventKind.HOLD_SET
    ]
    assert (event.actor, event.deployment_id) == ("system", by_hand.id)
    assert event.note == (
        "bo deployed 3.0.0 manually; automatic promotion to production is on hold until an "
        "operator releases it."
    )


async def test_hold_blocks_pending_automatic_promotions_until_released() -> None:
    """Manual promotions are not affected by the hold."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", "1.0.0")
    by_hand = await request_deployment(ledger, version="3.0.0")
    later = await deploy(ledger, "test", "2.0.0")
    await complete_deployment(ledger, by_hand)
    waiting = (await all_deployments(ledger))[-1]
    await approve(ledger, waiting)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.START, waiting.id))
    await release_hold(ledger)
    started = await perform_action(ledger, Action.START, waiting.id)

    assert (waiting.promoted_from, refusal.code) == (later.id, "held")
    assert started.status is Status.STARTED


@pytest.mark.parametrize(
    ("test", "steps"),
    [
        (AUTO_PROMOTE_POLICY, [("production", "1.0.0")]),
        (AUTO_PROMOTE_POLICY, [("test", "1.0.0"), ("production", "1.0.0")]),
        (BY_HAND, [("test", "1.0.0"), ("production", "2.0.0")]),
        (AUTO_PROMOTE_POLICY, [("test", "1.0.0"), ("test", "2.0.0"), ("production", "2.0.0")]),
    ],
)
async def test_promoted_version_sets_no_hold(test: Any, steps: list[tuple[str, str]]) -> None:
    """A hold is set only if policies would have promoted a different version automatically."""
    ledger = await promotion_ledger(test=test)

    for environment, version in steps:
        await deploy(ledger, environment, version)

    assert await get_hold(ledger) is None


async def test_automatic_promotion_and_rollback_set_no_hold() -> None:
    """Only a successful deployment made by a person sets a hold."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", "1.0.0")
    await complete_deployment(ledger, (await all_deployments(ledger))[-1])
    await deploy(ledger, "test", "2.0.0")
    second = await complete_deployment(ledger, (await all_deployments(ledger))[-1])
    await roll_back(ledger, second.id)
    await complete_deployment(ledger, (await all_deployments(ledger))[-1])
    failing = await request_deployment(ledger, version="3.0.0")
    await approve(ledger, failing)
    await perform_action(ledger, Action.START, failing.id)
    await perform_action(ledger, Action.FAIL, failing.id)

    assert await get_hold(ledger) is None
