"""Retrying a rollback that failed, was rejected or was cancelled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Role
from gatepost_domain.catalog.policy import Policy, RollbackApprovals
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.tracking.current_state import live_cells
from tests.support.builders import NOON, QA_THEN_DEVOPS, an_actor
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.promotion import (
    all_deployments,
    approve,
    deploy,
    expect_refusal,
    promotion_ledger,
    roll_back,
)
from tests.support.memory.ledger import InMemoryLedger

LATER = NOON + timedelta(hours=1)
FREELY = replace(QA_THEN_DEVOPS, rollback_approvals=RollbackApprovals.NONE)


async def rolled_back_to(
    production: Policy = FREELY,
) -> tuple[InMemoryLedger, Deployment, Deployment]:
    """Deploy 1.0.0 and 2.0.0, roll 2.0.0 back, and return it with the rollback to 1.0.0."""
    ledger = await promotion_ledger(production=production)
    await deploy(ledger)
    bad = await deploy(ledger, version="2.0.0", at=LATER)
    bad = await roll_back(ledger, bad.id, at=LATER)
    return ledger, bad, (await all_deployments(ledger))[-1]


async def end(ledger: InMemoryLedger, rollback: Deployment, *actions: Action) -> Deployment:
    for action in actions:
        rollback = await perform_action(ledger, action, rollback.id, at=LATER)
    return rollback


async def live_version(ledger: InMemoryLedger) -> str:
    (cell,) = live_cells(await all_deployments(ledger), {}).values()
    return cell.version


@pytest.mark.parametrize(
    "actions", [[Action.START, Action.FAIL], [Action.CANCEL]], ids=["failed", "cancelled"]
)
async def test_retry_is_a_rollback_of_the_same_deployment(actions: list[Action]) -> None:
    """The new deployment has the kind, version and approvals of the first attempt."""
    ledger, bad, first = await rolled_back_to()
    first = await end(ledger, first, *actions)

    second = await perform_action(ledger, Action.RETRY, first.id, at=LATER, note="Now.")

    assert second.number == first.number + 1
    assert (second.kind, second.rolls_back, second.version) == (
        DeploymentKind.ROLLBACK,
        bad.id,
        "1.0.0",
    )
    assert (second.status, second.notes, second.requester) == (Status.APPROVED, "Now.", "olga")
    assert (second.risk, second.work_references) == (first.risk, first.work_references)
    assert (await ledger.deployment(bad.id)).rolled_back_by == second.id


async def test_retry_records_which_deployment_takes_the_place_of_which() -> None:
    """The deployment that was rolled back has an event, and the new one is requested."""
    ledger, bad, first = await rolled_back_to()
    first = await end(ledger, first, Action.CANCEL)
    count = len(await all_entries(ledger))

    second = await perform_action(ledger, Action.RETRY, first.id, at=LATER, note=None)

    events = [entry.event for entry in (await all_entries(ledger))[count:]]
    assert [(event.kind, event.deployment_id) for event in events] == [
        (EventKind.ROLLBACK_RETRIED, bad.id),
        (EventKind.REQUESTED, second.id),
        (EventKind.APPROVED, second.id),
    ]
    assert events[0].data == {"rolled_back_by": str(second.id), "instead_of": str(first.id)}
    assert (events[0].from_status, events[0].to_status) == (Status.ROLLED_BACK,) * 2
    assert second.notes == first.notes  # without a note, those of the first attempt


async def test_rejected_rollback_waits_for_its_reviewers_again() -> None:
    """If the policy requires reviews of rollbacks, it requires them of the next attempt."""
    ledger, _, first = await rolled_back_to(QA_THEN_DEVOPS)
    first = await perform_action(ledger, Action.REJECT, first.id, "quinn", at=LATER)

    second = await perform_action(ledger, Action.RETRY, first.id, at=LATER)

    assert (second.status, second.unreviewed) == (Status.PENDING_APPROVAL, False)


async def test_bad_version_is_replaced_once_the_next_attempt_succeeds() -> None:
    """Until then it is live; afterwards it never is again, not even if the attempt is reverted."""
    ledger, _, first = await rolled_back_to()
    first = await end(ledger, first, Action.START, Action.FAIL)
    second = await perform_action(ledger, Action.RETRY, first.id, at=LATER)
    assert await live_version(ledger) == "2.0.0"

    await end(ledger, second, Action.START, Action.SUCCEED)
    assert await live_version(ledger) == "1.0.0"
    await end(ledger, second, Action.ROLLBACK)

    assert await live_version(ledger) == "1.0.0"


async def test_next_attempt_passes_the_order_gate() -> None:
    """A newer deployment that has failed does not make the rollback outdated."""
    ledger, _, first = await rolled_back_to()
    first = await end(ledger, first, Action.CANCEL)
    newer = await approve(ledger, await request_deployment(ledger, version="3.0.0", at=LATER))
    second = await perform_action(ledger, Action.RETRY, first.id, at=LATER)
    await end(ledger, newer, Action.START, Action.FAIL)

    assert (await end(ledger, second, Action.START)).status is Status.STARTED


@pytest.mark.parametrize(
    ("by", "actions", "code"),
    [
        (an_actor("bo", roles=[Role.REQUESTER]), [Action.CANCEL], "forbidden"),
        ("olga", [], "transition_refused"),
        ("olga", [Action.START], "transition_refused"),
        ("olga", [Action.START, Action.SUCCEED], "transition_refused"),
    ],
)
async def test_refused_retry_requests_nothing(
    by: Actor | str, actions: list[Action], code: str
) -> None:
    """Only operators retry, and only what has ended without success."""
    ledger, _, first = await rolled_back_to()
    first = await end(ledger, first, *actions)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.RETRY, first.id, by))

    assert refusal.code == code
    assert (await all_deployments(ledger))[-1].id == first.id


async def test_deployment_that_is_no_rollback_is_not_retried() -> None:
    """It is requested again, with its reviews."""
    ledger, _, _ = await rolled_back_to()
    failed = await request_deployment(ledger, version="3.0.0")
    await perform_action(ledger, Action.CANCEL, failed.id)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.RETRY, failed.id))

    assert refusal.code == "not_a_rollback"


async def test_rollback_is_retried_only_by_its_latest_attempt() -> None:
    """The refusal names the later attempt, which can be retried."""
    ledger, _, first = await rolled_back_to()
    first = await end(ledger, first, Action.CANCEL)
    second = await perform_action(ledger, Action.RETRY, first.id, at=LATER)
    second = await end(ledger, second, Action.CANCEL)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.RETRY, first.id))
    third = await perform_action(ledger, Action.RETRY, second.id, at=LATER)

    assert refusal.code == "rollback_replaced"
    assert f"DEP-{second.number} came after DEP-{first.number}" in str(refusal)
    assert third.kind is DeploymentKind.ROLLBACK


async def test_rollback_is_not_retried_over_a_later_deployment() -> None:
    """Once another version is live, there is nothing to roll back."""
    ledger, _, first = await rolled_back_to()
    first = await end(ledger, first, Action.CANCEL)
    fixed = await deploy(ledger, version="3.0.0", at=LATER)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.RETRY, first.id))

    assert refusal.code == "rollback_replaced"
    assert f"DEP-{fixed.number} came after" in str(refusal)


async def test_retry_without_a_known_good_version_is_refused() -> None:
    """The version to bring back was rolled back itself in the meantime."""
    ledger, bad, first = await rolled_back_to()
    first = await end(ledger, first, Action.CANCEL)
    (good,) = [each for each in await all_deployments(ledger) if each.version == "1.0.0"][:1]
    await roll_back(ledger, good.id, redeploy=False, at=LATER)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.RETRY, first.id))

    assert refusal.code == "no_known_good"
    assert (await ledger.deployment(bad.id)).rolled_back_by == first.id
