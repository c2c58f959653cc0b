"""Work that the system does once when it becomes due."""

from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.deployments.emergency_record import AfterReviewState
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action, CancelReason, Status
from tests.support.builders import NOON, a_command, a_policy, an_id
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.promotion import (
    STAGES,
    advance_to,
    approve,
    close_after_review,
    deploy,
    is_anything_due,
    last_event,
    promote,
    promotion_ledger,
)
from tests.support.memory.ledger import InMemoryLedger

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
HASTY = a_policy(*STAGES, approval_expires_s=3600)
FARM = a_policy(*STAGES, approval_expires_s=3600, execution=ExecutionMode.WORKER)
TO_APPROVE = "The deployment was not approved within the time that the policy of production allows."
TO_START = "The deployment was not started within the time that the policy of production allows."


async def one_at(status: Status) -> InMemoryLedger:
    """Return a ledger with one deployment, requested at noon, in this status.

    The deployment reached the status half an hour after the request.
    """
    later = NOON + HOUR / 2
    ledger = await promotion_ledger(production=FARM if status is Status.QUEUED else HASTY)
    await request_deployment(ledger)
    if status is not Status.PENDING_APPROVAL:
        await approve(ledger, await ledger.deployment(1), at=later)
        await perform_action(
            ledger, Action.START, 1, at=later
        ) if status is not Status.APPROVED else None
    if status in {Status.SUCCEEDED, Status.FAILED}:
        await perform_action(
            ledger, Action.SUCCEED if status is Status.SUCCEEDED else Action.FAIL, 1, at=later
        )
    return ledger


@pytest.mark.parametrize(
    ("status", "expires", "note"),
    [
        (Status.PENDING_APPROVAL, HOUR, TO_APPROVE),
        (Status.APPROVED, HOUR * 1.5, TO_START),
        (Status.QUEUED, HOUR * 1.5, TO_START),
    ],
)
async def test_deployment_expires_if_not_approved_or_started_in_time(
    status: Status, expires: timedelta, note: str
) -> None:
    """The system cancels the deployment with a reason. The time limit restarts at the approval."""
    ledger = await one_at(status)
    before = await ledger.deployment(1)

    early = await is_anything_due(ledger, NOON + expires - SECOND)
    await advance_to(ledger, NOON + expires - SECOND)
    still = await ledger.deployment(1)
    due = await is_anything_due(ledger, NOON + expires)
    await advance_to(ledger, NOON + expires)

    ended, event = await ledger.deployment(1), await last_event(ledger)
    assert (before.expires_at, before.status) == (NOON + expires, status)
    assert (early, still, due) == (False, before, True)
    assert (ended.status, ended.cancel_reason) == (Status.CANCELLED, CancelReason.EXPIRED)
    assert (ended.finished_at, ended.expires_at) == (NOON + expires, None)
    assert (event.kind, event.actor, event.note) == (EventKind.CANCELLED, "system", note)
    assert event.data == {"reason": "expired"}
    assert not await is_anything_due(ledger, NOON + 9 * HOUR)


@pytest.mark.parametrize("status", [Status.STARTED, Status.SUCCEEDED, Status.FAILED])
async def test_started_deployment_never_expires(status: Status) -> None:
    """The time limit no longer applies once the deployment has started."""
    ledger = await one_at(status)
    before, entries = await ledger.deployment(1), await all_entries(ledger)

    due = await is_anything_due(ledger, NOON + timedelta(days=99))
    await advance_to(ledger, NOON + timedelta(days=99))

    assert (due, before.status, before.expires_at) == (False, status, None)
    assert (await ledger.deployment(1), await all_entries(ledger)) == (before, entries)


async def test_nothing_expires_without_a_limit() -> None:
    """No deployment is cancelled if its policy has no time limit."""
    ledger = await promotion_ledger()
    await request_deployment(ledger)

    assert not await is_anything_due(ledger, NOON + timedelta(days=999))


async def test_partial_approval_does_not_extend_the_expiry() -> None:
    """The time limit counts from the request."""
    ledger = await promotion_ledger(production=HASTY)
    which = await request_deployment(ledger)

    half = await perform_action(ledger, Action.APPROVE, which.id, "quinn", at=NOON + HOUR / 2)

    assert half.expires_at == which.expires_at == NOON + HOUR


async def test_promotion_expires_like_any_request() -> None:
    """The policy of the target environment sets the time limit."""
    ledger = await promotion_ledger(test=a_policy(promotes_to="production"), production=HASTY)
    source = await deploy(ledger, "test")

    promotion = await promote(ledger, source.id, at=NOON + HOUR)

    assert promotion.expires_at == NOON + 2 * HOUR


async def test_after_review_becomes_overdue_once() -> None:
    """An open after-review becomes overdue at its due time; a closed one does not."""
    ledger = await promotion_ledger(production=a_policy(*STAGES, after_review_s=3600))
    glass = await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, glass.id, "eve")
    paid = await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, paid.id, "eve")
    await close_after_review(ledger, paid.id)

    early = await is_anything_due(ledger, NOON + HOUR - SECOND)
    due = await is_anything_due(ledger, NOON + HOUR)
    await advance_to(ledger, NOON + HOUR)
    again = await is_anything_due(ledger, NOON + 2 * HOUR)

    event = await last_event(ledger)
    assert (early, due, again) == (False, True, False)
    assert (event.kind, event.actor, event.deployment_id) == (
        EventKind.AFTER_REVIEW_OVERDUE,
        "system",
        glass.id,
    )
    review = (await ledger.deployment(glass.id)).after_review
    assert review is not None
    assert review.state is AfterReviewState.OVERDUE


async def test_deployment_starts_automatically_when_its_gate_opens() -> None:
    """The system starts the deployment when a freeze ends or the soak time has passed."""
    soaked = a_policy(*STAGES, requires=("test",), soak_s=3600, auto_start=True)
    ledger = await promotion_ledger(test=a_policy(), production=soaked)
    await deploy(ledger, "test")
    freeze = a_freeze_request(ttl=HOUR / 2)
    await ledger.perform(
        partial(impose_freeze, request=freeze, command=a_command("otto"), id=an_id(), new_id=an_id)
    )
    waiting = await approve(ledger, await request_deployment(ledger))

    early = await is_anything_due(ledger, NOON + HOUR - SECOND)
    due = await is_anything_due(ledger, NOON + HOUR)
    await advance_to(ledger, NOON + HOUR)

    assert (waiting.status, early, due) == (Status.APPROVED, False, True)
    assert (await ledger.deployment(waiting.id)).status is Status.STARTED
    assert not await is_anything_due(ledger, NOON + HOUR)


async def test_deployment_that_expires_when_its_gate_opens_does_not_start() -> None:
    """The expiry takes precedence over the start."""
    policy = a_policy(
        *STAGES, requires=("test",), soak_s=3600, auto_start=True, approval_expires_s=3600
    )
    ledger = await promotion_ledger(test=a_policy(), production=policy)
    await deploy(ledger, "test")
    waiting = await approve(ledger, await request_deployment(ledger))

    await advance_to(ledger, NOON + HOUR)

    assert (await ledger.deployment(waiting.id)).cancel_reason is CancelReason.EXPIRED
