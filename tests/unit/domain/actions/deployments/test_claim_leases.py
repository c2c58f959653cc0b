"""Claim leases: renewal, loss and takeover."""

from dataclasses import replace
from functools import partial

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.deployments.errors.claims import ClaimLost
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, a_command, an_id
from tests.support.domain.actions import all_entries, perform_action
from tests.support.domain.claims import (
    a_step,
    claim,
    claim_task,
    finish,
    renew,
    report,
)
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.promotion import (
    is_anything_due,
)
from tests.support.domain.worker_environments import (
    CLAIM_CALLS,
    HOUR,
    MICROSECOND,
    SECOND,
    assert_changes_nothing,
    ledger_with_claim,
    queue_deployment,
    worker_with_grants,
)


@pytest.mark.parametrize("call", CLAIM_CALLS)
@pytest.mark.parametrize("token", [0, 2, 2**63 - 1])
async def test_other_fencing_token_is_refused(call: str, token: int) -> None:
    """Neither an earlier nor a later token is accepted."""
    ledger, task = await ledger_with_claim()
    await report(ledger, task.claim, a_step(detail="once"))

    refusal = await assert_changes_nothing(
        ledger, task.claim, CLAIM_CALLS[call](ledger, task.claim, token=token, at=NOON + SECOND)
    )

    assert isinstance(refusal, ClaimLost)


@pytest.mark.parametrize("call", CLAIM_CALLS)
async def test_claim_taken_over_by_another_worker_is_lost(call: str) -> None:
    """The previous worker is told who holds the claim and cannot use either fencing token."""
    ledger, first = await ledger_with_claim()
    at = NOON + DEFAULT_LEASE
    takeover = await claim_task(ledger, "paris-1", at=at)

    for token in (first.claim.fencing_token, takeover.claim.fencing_token):
        refusal = await assert_changes_nothing(
            ledger, first.claim, CLAIM_CALLS[call](ledger, first.claim, token=token, at=at)
        )
        assert (refusal.code, str(refusal)) == (
            "claim_lost",
            "This claim on DEP-1 is no longer valid: worker:paris-1 holds it now.",
        )
    await finish(ledger, takeover.claim, at=at)


@pytest.mark.parametrize("call", CLAIM_CALLS)
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.SUCCEED, "succeeded"),
        (Action.FAIL, "failed"),
        (Action.ROLLBACK, "rolled_back"),
    ],
)
async def test_claim_is_lost_when_an_operator_ends_the_deployment(
    call: str, action: Action, status: str
) -> None:
    """The worker's next call is refused, with the status that the operator set."""
    ledger, task = await ledger_with_claim()
    await perform_action(ledger, action, 1)

    refusal = await assert_changes_nothing(
        ledger, task.claim, CLAIM_CALLS[call](ledger, task.claim, at=NOON + SECOND)
    )

    assert isinstance(refusal, ClaimLost)
    assert str(refusal) == f"This claim on DEP-1 is no longer valid: its status is {status}."
    assert await claim(ledger, at=NOON + DEFAULT_LEASE) is None
    assert not await is_anything_due(ledger, NOON + HOUR)


@pytest.mark.parametrize("call", CLAIM_CALLS)
async def test_finished_claim_cannot_be_used_again(call: str) -> None:
    """A report for a deployment that has already ended is refused."""
    ledger, task = await ledger_with_claim()
    await finish(ledger, task.claim)

    refusal = await assert_changes_nothing(
        ledger, task.claim, CLAIM_CALLS[call](ledger, task.claim)
    )

    assert isinstance(refusal, ClaimLost)


@pytest.mark.parametrize("call", CLAIM_CALLS)
async def test_unknown_claim_is_not_found(call: str) -> None:
    """The claim is not found, regardless of the fencing token."""
    ledger, task = await ledger_with_claim()
    made_up = replace(task.claim, id=an_id())

    with pytest.raises(NotFound):
        await CLAIM_CALLS[call](ledger, made_up)


@pytest.mark.parametrize("call", CLAIM_CALLS)
async def test_claim_requires_the_worker_role_for_its_lane(call: str) -> None:
    """A valid fencing token alone is not sufficient, and the attempt is recorded."""
    ledger, task = await ledger_with_claim()
    by = worker_with_grants(Grant(role=Role.WORKER, service="cart"), Grant(role=Role.OPERATOR))
    entry_count, before = len(await all_entries(ledger)), await ledger.deployment(1)

    with pytest.raises(Forbidden):
        await CLAIM_CALLS[call](ledger, task.claim, by=by, at=NOON + SECOND)

    (denied,) = (await all_entries(ledger))[entry_count:]
    assert (denied.event.kind, denied.event.deployment_id) == (EventKind.ACCESS_DENIED, before.id)
    assert await ledger.deployment(1) == before
    assert await ledger.read_snapshot(lambda uow: uow.claims.get(task.claim.id)) == task.claim


async def test_renewal_extends_the_lease_without_an_event() -> None:
    """The lease is extended from the time of the renewal, and no event is recorded."""
    ledger, task = await ledger_with_claim(lease=5 * SECOND)
    entries, before = await all_entries(ledger), await ledger.deployment(1)

    renewed = await renew(ledger, task.claim, at=NOON + 4 * SECOND)

    assert renewed == replace(task.claim, leased_until=NOON + 9 * SECOND)
    assert await ledger.read_snapshot(lambda uow: uow.claims.get(task.claim.id)) == renewed
    assert (await all_entries(ledger), await ledger.deployment(1)) == (entries, before)
    assert await claim(ledger, at=NOON + 9 * SECOND - MICROSECOND) is None
    assert (await claim_task(ledger, at=NOON + 9 * SECOND)).claim.attempt == 2


async def test_expired_claim_stays_valid_until_taken_over() -> None:
    """A slow worker can continue as long as no other worker has taken over."""
    ledger, task = await ledger_with_claim()

    renewed = await renew(ledger, task.claim, at=NOON + 2 * DEFAULT_LEASE)

    assert renewed.leased_until == NOON + 3 * DEFAULT_LEASE
    assert await claim(ledger, at=NOON + 2 * DEFAULT_LEASE) is None
    assert (await finish(ledger, renewed, at=NOON + 9 * DEFAULT_LEASE)).status is Status.SUCCEEDED


async def test_another_worker_takes_over_when_the_lease_ends() -> None:
    """The takeover is the next attempt at the same build and is recorded as an event."""
    ledger, first = await ledger_with_claim()
    await report(ledger, first.claim, a_step(state=StepState.RUNNING, took_ms=None))
    before, entry_count = await ledger.deployment(1), len(await all_entries(ledger))

    early = await claim(ledger, "paris-1", at=NOON + DEFAULT_LEASE - MICROSECOND)
    takeover = await claim_task(ledger, "paris-1", at=NOON + DEFAULT_LEASE, lease=DEFAULT_LEASE * 2)

    assert early is None
    assert (takeover.claim.attempt, takeover.claim.worker) == (2, "paris-1")
    assert takeover.claim.fencing_token > first.claim.fencing_token
    assert takeover.claim.leased_until == NOON + 3 * DEFAULT_LEASE
    assert takeover.claim.deadline_at == first.claim.deadline_at
    current = await ledger.deployment(1)
    assert takeover.deployment == current
    assert current == replace(
        before,
        attempt=2,
        worker="worker:paris-1",
        deployed_by="worker:paris-1",
        revision=before.revision + 1,
    )
    (entry,) = (await all_entries(ledger))[entry_count:]
    event = entry.event
    assert (event.kind, event.actor, event.data) == (
        EventKind.TAKEN_OVER,
        "worker:paris-1",
        {"attempt": 2},
    )
    assert event.note == "Worker berlin-1 did not renew its claim in time."


async def test_takeover_comes_before_queued_deployments() -> None:
    """An interrupted rollout is resumed first, even during a freeze."""
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

    takeover = await claim_task(ledger, "paris-1", at=NOON + DEFAULT_LEASE)

    assert takeover.deployment.number == 1
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
async def test_takeover_task_says_whether_the_rollout_was_done(
    steps: list[Step], *, rolled_out: bool
) -> None:
    """Every later attempt knows whether the executor already finished the rollout."""
    ledger, first = await ledger_with_claim()
    await report(ledger, first.claim, *steps)

    second = await claim_task(ledger, at=NOON + DEFAULT_LEASE)
    third = await claim_task(ledger, at=NOON + 2 * DEFAULT_LEASE)

    assert [task.rolled_out for task in (first, second, third)] == [False, rolled_out, rolled_out]
