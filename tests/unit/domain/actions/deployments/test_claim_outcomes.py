"""Reported steps, outcomes and deadlines of claimed deployments."""

from dataclasses import replace

import pytest

from gatepost_domain.catalog.policy import ExecutionMode, LaneMode
from gatepost_domain.deployments.claim import DEFAULT_LEASE, RolloutOutcome
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.errors.claims import ClaimLost
from gatepost_domain.deployments.step import StepKind, StepState, steps_digest
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, a_policy
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.claims import (
    a_step,
    claim,
    claim_task,
    finish,
    read_steps,
    renew,
    report,
)
from tests.support.domain.promotion import (
    advance_to,
    all_deployments,
    deploy,
    is_anything_due,
    last_event,
)
from tests.support.domain.worker_environments import (
    HOUR,
    MICROSECOND,
    SECOND,
    WORKER_POLICY,
    assert_changes_nothing,
    ledger_with_claim,
    queue_deployment,
    worker_ledger,
)


@pytest.mark.parametrize("note", [None, "", "  "])
async def test_failure_requires_a_reason(note: str | None) -> None:
    """Without a reason, the deployment continues and the reported steps are not stored."""
    ledger, task = await ledger_with_claim()

    refusal = await assert_changes_nothing(
        ledger,
        task.claim,
        finish(ledger, task.claim, RolloutOutcome.FAILED, note=note, steps=[a_step()]),
    )

    assert isinstance(refusal, ValidationFailed)


async def test_reported_steps_are_stored_with_the_current_attempt() -> None:
    """The reported attempt number is ignored, and reporting renews the claim without an event."""
    ledger, first = await ledger_with_claim()
    entries = await all_entries(ledger)

    renewed = await report(
        ledger, first.claim, a_step(attempt=7), a_step(attempt=0), at=NOON + SECOND
    )

    assert renewed == replace(first.claim, leased_until=NOON + SECOND + DEFAULT_LEASE)
    assert await all_entries(ledger) == entries
    takeover = await claim_task(ledger, at=NOON + HOUR / 2)
    await finish(ledger, takeover.claim, steps=[a_step(attempt=1)], at=NOON + HOUR / 2)
    assert [step.attempt for step in await read_steps(ledger, first.deployment.id)] == [1, 1, 2]


async def test_final_event_has_the_digest_of_all_steps() -> None:
    """The event also contains the claim and the number of steps across all attempts."""
    ledger, first = await ledger_with_claim()
    await report(ledger, first.claim, a_step(state=StepState.RUNNING))
    takeover = await claim_task(ledger, "paris-1", at=NOON + DEFAULT_LEASE)

    finished = await finish(
        ledger,
        takeover.claim,
        steps=[a_step(), a_step(kind=StepKind.CHECK)],
        at=NOON + DEFAULT_LEASE,
    )

    steps, event = await read_steps(ledger, finished.id), await last_event(ledger)
    assert len(steps) == 3
    assert event.data == {
        "steps": 3,
        "steps_digest": steps_digest(steps),
        "claim": str(takeover.claim.id),
    }
    assert (event.kind, event.actor) == (EventKind.SUCCEEDED, "worker:paris-1")
    assert (finished.status, finished.deployed_at) == (Status.SUCCEEDED, NOON + DEFAULT_LEASE)


async def test_worker_failure_is_recorded_with_its_reason() -> None:
    """The event names the worker, and the version does not go live."""
    ledger, task = await ledger_with_claim()

    finished = await finish(ledger, task.claim, RolloutOutcome.FAILED, note="health: 503")

    event = await last_event(ledger)
    assert (finished.status, finished.deployed_at) == (Status.FAILED, None)
    assert (event.kind, event.actor, event.note) == (
        EventKind.FAILED,
        "worker:berlin-1",
        "health: 503",
    )
    assert event.data["steps"] == 0


async def test_worker_success_is_promoted_in_the_same_transaction() -> None:
    """The report also creates the promotion, whose requester is the original one."""
    ledger = await worker_ledger(
        a_policy(
            execution=ExecutionMode.WORKER, auto_start=True, promotes_to="next", auto_promote=True
        ),
        next=WORKER_POLICY,
    )
    await queue_deployment(ledger)
    task = await claim_task(ledger)
    entry_count = len(await all_entries(ledger))

    await finish(ledger, task.claim)

    _, promotion = await all_deployments(ledger)
    assert (promotion.kind, promotion.promoted_from) == (
        DeploymentKind.PROMOTION,
        task.deployment.id,
    )
    assert (promotion.requester, promotion.status) == ("ada", Status.QUEUED)
    new = [entry.event for entry in (await all_entries(ledger))[entry_count:]]
    assert [(event.kind, event.actor) for event in new] == [
        (EventKind.SUCCEEDED, "worker:berlin-1"),
        (EventKind.REQUESTED, "system"),
        (EventKind.APPROVED, "system"),
        (EventKind.QUEUED, "system"),
    ]
    assert (await claim_task(ledger)).deployment.number == 2


async def test_worker_failure_is_not_promoted() -> None:
    """Only successful deployments are promoted."""
    ledger = await worker_ledger(replace(WORKER_POLICY, promotes_to="farm", auto_promote=True))
    await queue_deployment(ledger)

    await finish(ledger, (await claim_task(ledger)).claim, RolloutOutcome.FAILED, note="No.")

    assert len(await all_deployments(ledger)) == 1


@pytest.mark.parametrize("outcome", RolloutOutcome)
async def test_lane_resumes_when_a_worker_finishes(outcome: RolloutOutcome) -> None:
    """The next deployment is queued immediately."""
    ledger = await worker_ledger(replace(WORKER_POLICY, lane=LaneMode.REJECT))
    await queue_deployment(ledger)
    task = await claim_task(ledger)
    waiting = await queue_deployment(ledger, version="2.0.0")

    await finish(ledger, task.claim, outcome, note="So it went.")

    assert waiting.status is Status.APPROVED
    assert (await ledger.deployment(2)).status is Status.QUEUED
    assert (await claim_task(ledger)).deployment.number == 2


async def test_unfinished_deployment_fails_at_its_deadline() -> None:
    """The system fails the deployment even while the lease is valid, and the lane resumes."""
    ledger = await worker_ledger(replace(WORKER_POLICY, lane=LaneMode.REJECT))
    await queue_deployment(ledger)
    task = await claim_task(ledger, "berlin-1", lease=DEFAULT_LEASE)
    renewed = await renew(ledger, task.claim, at=NOON + HOUR - SECOND)
    await queue_deployment(ledger, version="2.0.0")

    early = await is_anything_due(ledger, NOON + HOUR - MICROSECOND)
    await advance_to(ledger, NOON + HOUR - MICROSECOND)
    still = await ledger.deployment(1)
    due = await is_anything_due(ledger, NOON + HOUR)
    await advance_to(ledger, NOON + HOUR)

    assert (early, due, still.status) == (False, True, Status.STARTED)
    finished = await ledger.deployment(1)
    assert (finished.status, finished.finished_at) == (Status.FAILED, NOON + HOUR)
    failed = next(
        entry.event
        for entry in reversed(await all_entries(ledger))
        if entry.event.kind is EventKind.FAILED
    )
    assert failed.actor == "system"
    assert failed.note == (
        "The rollout was not finished by its deadline. Worker berlin-1 executed it last, "
        "in attempt 1; whether "
        "anything was rolled out is unknown."
    )
    assert not await is_anything_due(ledger, NOON + HOUR)
    assert (await ledger.deployment(2)).status is Status.QUEUED
    refusal = await assert_changes_nothing(ledger, renewed, finish(ledger, renewed, at=NOON + HOUR))
    assert isinstance(refusal, ClaimLost)


async def test_deadline_counts_from_the_first_start() -> None:
    """A takeover does not extend the deadline and is refused once the deadline has passed."""
    ledger, task = await ledger_with_claim()
    at = NOON + HOUR - SECOND
    takeover = await claim_task(ledger, "paris-1", at=at)

    assert takeover.claim.deadline_at == task.claim.deadline_at == NOON + HOUR
    assert await claim(ledger, at=NOON + HOUR + DEFAULT_LEASE) is None
    await advance_to(ledger, NOON + HOUR)
    event = await last_event(ledger)
    assert event.note is not None
    assert "Worker paris-1 executed it last, in attempt 2" in event.note


async def test_operator_started_deployment_has_no_deadline() -> None:
    """The system never fails a deployment that an operator started."""
    ledger = await worker_ledger(desk=a_policy())
    await deploy(ledger, "desk")
    deployment = await request_deployment(ledger, environment="desk", version="2.0.0")
    await perform_action(ledger, Action.START, deployment.id)

    assert not await is_anything_due(ledger, NOON + 999 * HOUR)
    assert await claim(ledger, at=NOON + 999 * HOUR) is None
