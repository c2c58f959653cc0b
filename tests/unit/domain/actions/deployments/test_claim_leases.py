"""A claim is its worker's until that ends it, is lost or late, or somebody ends it by hand."""

from dataclasses import replace
from functools import partial

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.policy import ExecutionMode, LaneMode
from gatepost_domain.deployments.claim import DEFAULT_LEASE, RolloutOutcome
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.errors import ClaimLost
from gatepost_domain.deployments.step import Step, StepKind, StepState, steps_digest
from gatepost_domain.errors import NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON, a_command, a_policy, an_id
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
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.promotion import (
    advance_to,
    all_deployments,
    deploy,
    is_anything_due,
    last_event,
)
from tests.support.domain.worker_environments import (
    CLAIM_CALLS,
    HOUR,
    MICROSECOND,
    SECOND,
    WORKER_POLICY,
    assert_changes_nothing,
    ledger_with_claim,
    queue_deployment,
    worker_ledger,
    worker_with_grants,
)


@pytest.mark.parametrize("deed", CLAIM_CALLS)
@pytest.mark.parametrize("token", [0, 2, 2**63 - 1])
async def test_nothing_is_done_with_another_token(deed: str, token: int) -> None:
    """Neither with an earlier one nor with one that is still to come."""
    ledger, task = await ledger_with_claim()
    await report(ledger, task.claim, a_step(detail="once"))

    refused = await assert_changes_nothing(
        ledger, task.claim, CLAIM_CALLS[deed](ledger, task.claim, token=token, at=NOON + SECOND)
    )

    assert isinstance(refused, ClaimLost)


@pytest.mark.parametrize("deed", CLAIM_CALLS)
async def test_nothing_is_done_under_a_claim_that_another_worker_took_over(deed: str) -> None:
    """The one that was lost comes back, and is told whose it is; neither token helps."""
    ledger, lost = await ledger_with_claim()
    at = NOON + DEFAULT_LEASE
    taken = await claim_task(ledger, "paris-1", at=at)

    for token in (lost.claim.fencing_token, taken.claim.fencing_token):
        refused = await assert_changes_nothing(
            ledger, lost.claim, CLAIM_CALLS[deed](ledger, lost.claim, token=token, at=at)
        )
        assert (refused.code, str(refused)) == (
            "claim_lost",
            "This claim on DEP-1 is no longer valid: worker:paris-1 holds it now.",
        )
    await finish(ledger, taken.claim, at=at)


@pytest.mark.parametrize("deed", CLAIM_CALLS)
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.SUCCEED, "succeeded"),
        (Action.FAIL, "failed"),
        (Action.ROLLBACK, "rolled_back"),
    ],
)
async def test_nothing_is_done_for_what_somebody_ended_by_hand(
    deed: str, action: Action, status: str
) -> None:
    """An operator may end what a worker carries out; the worker hears of it."""
    ledger, task = await ledger_with_claim()
    await perform_action(ledger, action, 1)

    refused = await assert_changes_nothing(
        ledger, task.claim, CLAIM_CALLS[deed](ledger, task.claim, at=NOON + SECOND)
    )

    assert isinstance(refused, ClaimLost)
    assert str(refused) == f"This claim on DEP-1 is no longer valid: its status is {status}."
    assert await claim(ledger, at=NOON + DEFAULT_LEASE) is None
    assert not await is_anything_due(ledger, NOON + HOUR)


@pytest.mark.parametrize("deed", CLAIM_CALLS)
async def test_a_claim_that_is_finished_is_over(deed: str) -> None:
    """It does not end twice, however it is told."""
    ledger, task = await ledger_with_claim()
    await finish(ledger, task.claim)

    refused = await assert_changes_nothing(
        ledger, task.claim, CLAIM_CALLS[deed](ledger, task.claim)
    )

    assert isinstance(refused, ClaimLost)


@pytest.mark.parametrize("deed", CLAIM_CALLS)
async def test_a_claim_that_was_never_made_is_unknown(deed: str) -> None:
    """Whatever token comes with it."""
    ledger, task = await ledger_with_claim()
    made_up = replace(task.claim, id=an_id())

    with pytest.raises(NotFound):
        await CLAIM_CALLS[deed](ledger, made_up)


@pytest.mark.parametrize("deed", CLAIM_CALLS)
async def test_nothing_is_done_under_a_claim_by_who_may_not_carry_it_out(deed: str) -> None:
    """Not with the right token either; the attempt is on record."""
    ledger, task = await ledger_with_claim()
    by = worker_with_grants(Grant(role=Role.WORKER, service="cart"), Grant(role=Role.OPERATOR))
    told, before = len(await all_entries(ledger)), await ledger.deployment(1)

    with pytest.raises(Forbidden):
        await CLAIM_CALLS[deed](ledger, task.claim, by=by, at=NOON + SECOND)

    (denied,) = (await all_entries(ledger))[told:]
    assert (denied.event.kind, denied.event.deployment_id) == (EventKind.ACCESS_DENIED, before.id)
    assert await ledger.deployment(1) == before
    assert await ledger.read_snapshot(lambda uow: uow.claims.get(task.claim.id)) == task.claim


@pytest.mark.parametrize("note", [None, "", "  "])
async def test_what_failed_says_why(note: str | None) -> None:
    """Else it goes on, and what was told with it is not kept."""
    ledger, task = await ledger_with_claim()

    refused = await assert_changes_nothing(
        ledger,
        task.claim,
        finish(ledger, task.claim, RolloutOutcome.FAILED, note=note, steps=[a_step()]),
    )

    assert isinstance(refused, ValidationFailed)


async def test_a_renewed_claim_is_kept_for_another_lease() -> None:
    """From the renewal on; nothing was decided, so that no event tells of it."""
    ledger, task = await ledger_with_claim(lease=5 * SECOND)
    told, before = await all_entries(ledger), await ledger.deployment(1)

    renewed = await renew(ledger, task.claim, at=NOON + 4 * SECOND)

    assert renewed == replace(task.claim, leased_until=NOON + 9 * SECOND)
    assert await ledger.read_snapshot(lambda uow: uow.claims.get(task.claim.id)) == renewed
    assert (await all_entries(ledger), await ledger.deployment(1)) == (told, before)
    assert await claim(ledger, at=NOON + 9 * SECOND - MICROSECOND) is None
    assert (await claim_task(ledger, at=NOON + 9 * SECOND)).claim.attempt == 2


async def test_a_lapsed_claim_that_nobody_took_over_is_still_its_workers() -> None:
    """A worker that was slow goes on, as if it had not been."""
    ledger, task = await ledger_with_claim()

    renewed = await renew(ledger, task.claim, at=NOON + 2 * DEFAULT_LEASE)

    assert renewed.leased_until == NOON + 3 * DEFAULT_LEASE
    assert await claim(ledger, at=NOON + 2 * DEFAULT_LEASE) is None
    assert (await finish(ledger, renewed, at=NOON + 9 * DEFAULT_LEASE)).status is Status.SUCCEEDED


async def test_a_lost_worker_is_replaced_once_its_lease_has_ended() -> None:
    """At that very instant: another attempt at the same build, and an event that tells of it."""
    ledger, lost = await ledger_with_claim()
    await report(ledger, lost.claim, a_step(state=StepState.RUNNING, took_ms=None))
    before, told = await ledger.deployment(1), len(await all_entries(ledger))

    early = await claim(ledger, "paris-1", at=NOON + DEFAULT_LEASE - MICROSECOND)
    taken = await claim_task(ledger, "paris-1", at=NOON + DEFAULT_LEASE, lease=DEFAULT_LEASE * 2)

    assert early is None
    assert (taken.claim.attempt, taken.claim.worker) == (2, "paris-1")
    assert taken.claim.fencing_token > lost.claim.fencing_token
    assert taken.claim.leased_until == NOON + 3 * DEFAULT_LEASE
    assert taken.claim.deadline_at == lost.claim.deadline_at
    stands = await ledger.deployment(1)
    assert taken.deployment == stands
    assert stands == replace(
        before,
        attempt=2,
        worker="worker:paris-1",
        deployed_by="worker:paris-1",
        revision=before.revision + 1,
    )
    (entry,) = (await all_entries(ledger))[told:]
    event = entry.event
    assert (event.kind, event.actor, event.data) == (
        EventKind.TAKEN_OVER,
        "worker:paris-1",
        {"attempt": 2},
    )
    assert event.note == "Worker berlin-1 did not renew its claim in time."


async def test_what_was_left_comes_before_what_is_queued() -> None:
    """A lane that is half rolled out waits for nobody, and no freeze keeps it."""
    ledger, _ = await ledger_with_claim()
    await queue_deployment(ledger, "cart test", at=NOON - HOUR)
    await ledger.perform(
        partial(
            impose_freeze,
            request=a_freeze_request(),
            command=a_command("o"),
            id=an_id(),
            new_id=an_id,
        )
    )

    taken = await claim_task(ledger, "paris-1", at=NOON + DEFAULT_LEASE)

    assert taken.deployment.number == 1
    assert await claim(ledger, at=NOON + DEFAULT_LEASE) is None


@pytest.mark.parametrize(
    ("steps", "rolled_out"),
    [
        ([], False),
        ([a_step(state=StepState.RUNNING)], False),
        ([a_step(state=StepState.FAILED), a_step(state=StepState.ERRORED)], False),
        ([a_step(kind=StepKind.READY), a_step(kind=StepKind.CHECK)], False),
        ([a_step(state=StepState.RUNNING), a_step()], True),
    ],
)
async def test_whoever_takes_over_is_told_whether_it_was_rolled_out(
    steps: list[Step], *, rolled_out: bool
) -> None:
    """So that it rolls out a second time only where it has to; also at the third attempt."""
    ledger, lost = await ledger_with_claim()
    await report(ledger, lost.claim, *steps)

    second = await claim_task(ledger, at=NOON + DEFAULT_LEASE)
    third = await claim_task(ledger, at=NOON + 2 * DEFAULT_LEASE)

    assert [each.rolled_out for each in (lost, second, third)] == [False, rolled_out, rolled_out]


async def test_what_is_told_is_kept_with_its_attempt() -> None:
    """Whatever attempt the worker said it was; to tell renews the claim, and is no event."""
    ledger, lost = await ledger_with_claim()
    told = await all_entries(ledger)

    held = await report(ledger, lost.claim, a_step(attempt=7), a_step(attempt=0), at=NOON + SECOND)

    assert held == replace(lost.claim, leased_until=NOON + SECOND + DEFAULT_LEASE)
    assert await all_entries(ledger) == told
    taken = await claim_task(ledger, at=NOON + HOUR / 2)
    await finish(ledger, taken.claim, steps=[a_step(attempt=1)], at=NOON + HOUR / 2)
    assert [each.attempt for each in await read_steps(ledger, lost.deployment.id)] == [1, 1, 2]


async def test_the_event_that_ends_a_deployment_vouches_for_what_was_told() -> None:
    """How much it was, by what claim, and the digest of all of it, of every attempt."""
    ledger, lost = await ledger_with_claim()
    await report(ledger, lost.claim, a_step(state=StepState.RUNNING))
    taken = await claim_task(ledger, "paris-1", at=NOON + DEFAULT_LEASE)

    ended = await finish(
        ledger, taken.claim, steps=[a_step(), a_step(kind=StepKind.CHECK)], at=NOON + DEFAULT_LEASE
    )

    steps, event = await read_steps(ledger, ended.id), await last_event(ledger)
    assert len(steps) == 3
    assert event.data == {
        "steps": 3,
        "steps_digest": steps_digest(steps),
        "claim": str(taken.claim.id),
    }
    assert (event.kind, event.actor) == (EventKind.SUCCEEDED, "worker:paris-1")
    assert (ended.status, ended.deployed_at) == (Status.SUCCEEDED, NOON + DEFAULT_LEASE)


async def test_what_failed_is_told_with_its_reason() -> None:
    """In its worker's name; it stands nowhere."""
    ledger, task = await ledger_with_claim()

    ended = await finish(ledger, task.claim, RolloutOutcome.FAILED, note="health: 503")

    event = await last_event(ledger)
    assert (ended.status, ended.deployed_at) == (Status.FAILED, None)
    assert (event.kind, event.actor, event.note) == (
        EventKind.FAILED,
        "worker:berlin-1",
        "health: 503",
    )
    assert event.data["steps"] == 0


async def test_what_succeeded_is_promoted_in_the_same_transaction() -> None:
    """In the name of whoever asked for it, by no worker."""
    ledger = await worker_ledger(
        a_policy(
            execution=ExecutionMode.WORKER, auto_start=True, promotes_to="next", auto_promote=True
        ),
        next=WORKER_POLICY,
    )
    await queue_deployment(ledger)
    task = await claim_task(ledger)
    told = len(await all_entries(ledger))

    await finish(ledger, task.claim)

    _, promotion = await all_deployments(ledger)
    assert (promotion.kind, promotion.promoted_from) == (
        DeploymentKind.PROMOTION,
        task.deployment.id,
    )
    assert (promotion.requester, promotion.status) == ("ada", Status.QUEUED)
    new = [entry.event for entry in (await all_entries(ledger))[told:]]
    assert [(event.kind, event.actor) for event in new] == [
        (EventKind.SUCCEEDED, "worker:berlin-1"),
        (EventKind.REQUESTED, "system"),
        (EventKind.APPROVED, "system"),
        (EventKind.QUEUED, "system"),
    ]
    assert (await claim_task(ledger)).deployment.number == 2


async def test_what_failed_is_promoted_nowhere() -> None:
    """What follows a success does not follow."""
    ledger = await worker_ledger(replace(WORKER_POLICY, promotes_to="farm", auto_promote=True))
    await queue_deployment(ledger)

    await finish(ledger, (await claim_task(ledger)).claim, RolloutOutcome.FAILED, note="No.")

    assert len(await all_deployments(ledger)) == 1


@pytest.mark.parametrize("outcome", RolloutOutcome)
async def test_a_lane_goes_on_when_a_worker_has_ended_something(outcome: RolloutOutcome) -> None:
    """What waited for it to be free is queued at once."""
    ledger = await worker_ledger(replace(WORKER_POLICY, lane=LaneMode.REJECT))
    await queue_deployment(ledger)
    task = await claim_task(ledger)
    waiting = await queue_deployment(ledger, version="2.0.0")

    await finish(ledger, task.claim, outcome, note="So it went.")

    assert waiting.status is Status.APPROVED
    assert (await ledger.deployment(2)).status is Status.QUEUED
    assert (await claim_task(ledger)).deployment.number == 2


async def test_what_has_not_ended_by_its_deadline_has_failed() -> None:
    """At that very instant and by the system, whatever its lease; the lane goes on."""
    ledger = await worker_ledger(replace(WORKER_POLICY, lane=LaneMode.REJECT))
    await queue_deployment(ledger)
    task = await claim_task(ledger, "berlin-1", lease=DEFAULT_LEASE)
    held = await renew(ledger, task.claim, at=NOON + HOUR - SECOND)
    await queue_deployment(ledger, version="2.0.0")

    early = await is_anything_due(ledger, NOON + HOUR - MICROSECOND)
    await advance_to(ledger, NOON + HOUR - MICROSECOND)
    still = await ledger.deployment(1)
    due = await is_anything_due(ledger, NOON + HOUR)
    await advance_to(ledger, NOON + HOUR)

    assert (early, due, still.status) == (False, True, Status.STARTED)
    ended = await ledger.deployment(1)
    assert (ended.status, ended.finished_at) == (Status.FAILED, NOON + HOUR)
    failed = next(
        entry.event
        for entry in reversed(await all_entries(ledger))
        if entry.event.kind is EventKind.FAILED
    )
    assert failed.actor == "system"
    assert failed.note == (
        "Not finished by its deadline. Worker berlin-1 executed it last, in attempt 1; whether "
        "anything was rolled out is unknown."
    )
    assert not await is_anything_due(ledger, NOON + HOUR)
    assert (await ledger.deployment(2)).status is Status.QUEUED
    refused = await assert_changes_nothing(ledger, held, finish(ledger, held, at=NOON + HOUR))
    assert isinstance(refused, ClaimLost)


async def test_a_deadline_is_counted_from_the_first_start() -> None:
    """Workers that are lost one after another do not put it off; nobody takes over after it."""
    ledger, task = await ledger_with_claim()
    at = NOON + HOUR - SECOND
    taken = await claim_task(ledger, "paris-1", at=at)

    assert taken.claim.deadline_at == task.claim.deadline_at == NOON + HOUR
    assert await claim(ledger, at=NOON + HOUR + DEFAULT_LEASE) is None
    await advance_to(ledger, NOON + HOUR)
    event = await last_event(ledger)
    assert event.note is not None
    assert "Worker paris-1 executed it last, in attempt 2" in event.note


async def test_what_an_operator_has_started_has_no_deadline() -> None:
    """Nobody claimed it, so that nobody is late."""
    ledger = await worker_ledger(desk=a_policy())
    await deploy(ledger, "desk")
    asked = await request_deployment(ledger, environment="desk", version="2.0.0")
    await perform_action(ledger, Action.START, asked.id)

    assert not await is_anything_due(ledger, NOON + 999 * HOUR)
    assert await claim(ledger, at=NOON + 999 * HOUR) is None
