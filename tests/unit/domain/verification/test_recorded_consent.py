"""Histories with consent that ends have no fault and prove the state of the deployment."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_policy
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.consent import end_consent, replace_target
from tests.support.domain.promotion import all_deployments, approve, promotion_ledger
from tests.support.domain.recorded_histories import assert_proves
from tests.support.memory.ledger import InMemoryLedger

LATER: Final = NOON + timedelta(hours=1)


async def withdraw_and_approve_again(ledger: InMemoryLedger) -> None:
    await replace_target(ledger, "production")
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.APPROVE, deployment.id, "quinn")
    await perform_action(ledger, Action.WITHDRAW, deployment.id, "quinn")
    for reviewer in ("quinn", "dora"):
        await perform_action(ledger, Action.APPROVE, deployment.id, reviewer)
    await replace_target(ledger, "production", duration_s=2)
    await perform_action(ledger, Action.WITHDRAW, deployment.id, "quinn", at=LATER)
    await perform_action(ledger, Action.APPROVE, deployment.id, "carl", at=LATER)
    await perform_action(ledger, Action.START, deployment.id, at=LATER)


async def disable_a_reviewer(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    for reviewer in ("quinn", "dora"):
        await perform_action(ledger, Action.APPROVE, deployment.id, reviewer)
    await end_consent(ledger, "dora", at=LATER)
    await perform_action(ledger, Action.APPROVE, deployment.id, "carl", at=LATER)
    await perform_action(ledger, Action.START, deployment.id, at=LATER)


async def disable_a_reviewer_after_break_glass(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.APPROVE, deployment.id, "quinn")
    await perform_action(ledger, Action.BREAK_GLASS, deployment.id, "eve")
    await end_consent(ledger, "quinn")
    await perform_action(ledger, Action.START, deployment.id)


@pytest.mark.parametrize(
    "story",
    [withdraw_and_approve_again, disable_a_reviewer, disable_a_reviewer_after_break_glass],
)
async def test_recorded_history_has_no_fault(
    story: Callable[[InMemoryLedger], Coroutine[Any, Any, None]],
) -> None:
    """The events agree with each other, with the policy and with the stored deployment."""
    ledger = await promotion_ledger()

    await story(ledger)

    for deployment in await all_deployments(ledger):
        assert_proves(ledger, deployment)


@pytest.mark.parametrize("is_queued", [True, False])
async def test_cancelled_automatic_start_is_proved(*, is_queued: bool) -> None:
    """The requester was disabled, and an operator started the deployment."""
    execution = ExecutionMode.WORKER if is_queued else ExecutionMode.OPERATOR
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, execution=execution, auto_start=True)
    ledger = await promotion_ledger(production=policy)
    deployment = await request_deployment(ledger)
    if is_queued:
        await approve(ledger, deployment)
        assert (await ledger.deployment(1)).status is Status.QUEUED

    await end_consent(ledger, "ada", at=LATER)

    cancelled = assert_proves(ledger, await ledger.deployment(1))
    assert cancelled.outcome["auto_start"] is False
    await approve(ledger, await ledger.deployment(1), at=LATER)
    await perform_action(ledger, Action.START, 1, at=LATER)
    assert_proves(ledger, await ledger.deployment(1))
