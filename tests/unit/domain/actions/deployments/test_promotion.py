"""From one environment to the next by itself, what keeps it from going, and what holds it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.event import EventKind
from gatepost_domain.status import Action, Status
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


async def test_what_succeeds_is_asked_for_in_the_next_environment_by_itself() -> None:
    """In the same transaction, in the name of whoever asked before, and it waits for approval."""
    ledger = await promotion_ledger()
    told = len(await all_entries(ledger))

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
    new = [entry.event for entry in (await all_entries(ledger))[told:]]
    assert [(event.kind, event.actor) for event in new] == [
        (EventKind.REQUESTED, "bo"),
        (EventKind.APPROVED, "system"),
        (EventKind.STARTED, "olga"),
        (EventKind.SUCCEEDED, "olga"),
        (EventKind.REQUESTED, "system"),
    ]


async def test_the_requester_of_the_source_cannot_approve_its_promotion() -> None:
    """Self-review still bites, whoever reported the success."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", requester="bo")

    refused = await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, 2, "Bo"))

    assert (refused.code, str(refused)) == (
        "self_review",
        "bo requested this deployment; somebody else must review it.",
    )


async def test_a_promotion_goes_on_from_environment_to_environment() -> None:
    """What nobody reviews and starts by itself goes as far as the policies send it."""
    by_itself = a_policy(promotes_to="production", auto_promote=True, auto_start=True)
    ledger = await promotion_ledger(
        test=replace(AUTO_PROMOTE_POLICY, promotes_to="staging"), staging=by_itself
    )

    await deploy(ledger, "test")
    await perform_action(ledger, Action.SUCCEED, 2)

    assert [(each.environment, each.status) for each in await all_deployments(ledger)] == [
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
async def test_nothing_is_promoted_that_the_policy_does_not_send_on(
    test: Any, done: Action
) -> None:
    """Nor what did not succeed; and nothing is told, for nothing was to be."""
    ledger = await promotion_ledger(test=test)
    await perform_action(
        ledger, Action.START, (await request_deployment(ledger, environment="test")).id
    )

    ended = await perform_action(ledger, done, 1)

    assert await all_deployments(ledger) == [ended]
    assert ended.promotion_blocked is None


async def test_the_success_of_a_rollback_never_promotes() -> None:
    """To go back in test is no reason to go on in production."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", "1.0.0")
    bad = await deploy(ledger, "test", "2.0.0")
    await roll_back(ledger, bad.id)
    (*_, back) = await all_deployments(ledger)

    succeeded = await complete_deployment(ledger, back)

    assert (succeeded.kind, succeeded.version) == (DeploymentKind.ROLLBACK, "1.0.0")
    assert [each.kind for each in await all_deployments(ledger)].count(
        DeploymentKind.PROMOTION
    ) == 2


async def test_a_policy_edited_meanwhile_does_not_stop_what_was_asked_under_the_old_one() -> None:
    """The rules in force at creation go with the deployment."""
    ledger = await promotion_ledger()
    asked = await request_deployment(ledger, environment="test")
    await set_policy(ledger, "test", a_policy())

    await complete_deployment(ledger, asked)

    assert [each.environment for each in await all_deployments(ledger)] == ["test", "production"]


REASONS = {
    "risk_required": "production is a production environment; risk notes are required.",
    "version_blocked": (
        "1.0.0 of shop is blocked in production since olga rolled back DEP-2; an "
        "operator can unblock it. Reason: It lost orders."
    ),
    "held": (
        "bo deployed 3.0.0 of shop to production manually (DEP-3); an operator can release the "
        "hold, or a requester can promote manually."
    ),
    "after_review_overdue": (
        "The after-review of DEP-1 in production is overdue; automatic "
        "promotion there is paused until a reviewer closes it."
    ),
    "environment_archived": (
        "The environment production is archived and accepts nothing new; unarchive it first."
    ),
    "service_archived": "The service shop is archived and accepts nothing new; unarchive it first.",
}


async def blocked_by(code: str) -> tuple[InMemoryLedger, int]:
    """A ledger in which the next promotion is blocked, and the number of what is under way."""
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
async def test_a_promotion_that_cannot_be_is_told_on_its_source(code: str) -> None:
    """No silent skip: an event and a visible reason, and nothing is asked for."""
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


async def test_what_is_blocked_for_its_risk_is_promoted_by_hand_with_it() -> None:
    """The reason told is one that somebody can do something about."""
    ledger, number = await blocked_by("risk_required")
    await perform_action(ledger, Action.SUCCEED, number)

    promotion = await promote(ledger, number, risk="It is slow.")

    assert (promotion.risk, promotion.status) == ("It is slow.", Status.PENDING_APPROVAL)


async def test_another_version_by_hand_holds_automatic_promotion() -> None:
    """What a person chose stays in place, and the history says so."""
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


async def test_a_hold_keeps_what_is_on_its_way_and_lets_it_go_when_released() -> None:
    """A promotion that was asked for before the hold waits at its gate; one by hand does not."""
    ledger = await promotion_ledger()
    await deploy(ledger, "test", "1.0.0")
    by_hand = await request_deployment(ledger, version="3.0.0")
    later = await deploy(ledger, "test", "2.0.0")
    await complete_deployment(ledger, by_hand)
    waiting = (await all_deployments(ledger))[-1]
    await approve(ledger, waiting)

    refused = await expect_refusal(ledger, perform_action(ledger, Action.START, waiting.id))
    await release_hold(ledger)
    started = await perform_action(ledger, Action.START, waiting.id)

    assert (waiting.promoted_from, refused.code) == (later.id, "held")
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
async def test_what_would_have_been_promoted_anyway_holds_nothing(
    test: Any, steps: list[tuple[str, str]]
) -> None:
    """Nor anything where nothing is promoted by itself, or nothing ever succeeded before."""
    ledger = await promotion_ledger(test=test)

    for environment, version in steps:
        await deploy(ledger, environment, version)

    assert await get_hold(ledger) is None


async def test_what_came_by_itself_or_went_back_holds_nothing() -> None:
    """Only a person's own choice does, and only once it has succeeded."""
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
