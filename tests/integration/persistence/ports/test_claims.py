"""Every ledger stores claims and steps, and finds claimable deployments, in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from gatepost_domain.deployments.claim import DEFAULT_LEASE, Claim
from gatepost_domain.deployments.lane_state import WaitingFor
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, an_id, create_catalog
from tests.support.domain.actions import perform_action
from tests.support.domain.claims import a_claim, a_step
from tests.support.domain.tracking import ENVIRONMENTS, minutes_after_noon
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.waiting_deployments import (
    add_claim,
    add_deployments,
    build_deployment,
    query,
)

INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services and three environments."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


async def claimable_numbers(ledger: AnyLedger) -> list[int]:
    """Return the numbers of the queued deployments of lanes that are not busy, by lane."""

    def find_claimable(uow: UnitOfWork) -> list[int]:
        return [
            deployment.number
            for lane in uow.deployments.list_waiting_lanes(WaitingFor.WORKER)
            for deployment in uow.deployments.list_in_queue(
                WaitingFor.WORKER,
                lane.service,
                lane.environment,
                only_exempt=False,
                after_number=0,
                limit=100,
            )
        ]

    return await query(ledger, find_claimable)


async def expired_claims(ledger: AnyLedger, at: datetime) -> tuple[Claim, ...]:
    return await query(ledger, lambda uow: uow.claims.list_with_expired_lease(at))


async def claims_past_deadline(ledger: AnyLedger, at: datetime) -> tuple[Claim, ...]:
    return await query(ledger, lambda uow: uow.claims.list_past_deadline(at))


async def add_claimed(ledger: AnyLedger, number: int, lane: str, **changes: Any) -> Claim:
    """Add a started deployment and a claim on it, and return the claim."""
    token = changes.pop("fencing_token", number)
    attempt = changes.setdefault("attempt", 1)
    started = build_deployment(number, Status.STARTED, lane, attempt=attempt)
    claim = a_claim(fencing_token=token, deployment_id=started.id, number=number, **changes)
    await add_deployments(ledger, started)
    await ledger.perform(partial(add_claim, claim=claim))
    return claim


async def test_only_queued_deployments_are_claimable(ledger: AnyLedger) -> None:
    """Of deployments in all statuses, only the queued one is returned."""
    await add_deployments(
        ledger,
        *(
            build_deployment(number, status)
            for number, status in enumerate(Status, 1)
            if status != "started"
        ),
    )

    (claimable,) = await claimable_numbers(ledger)

    assert (await ledger.reads.deployment(claimable)).status is Status.QUEUED


async def test_deployment_in_a_busy_lane_is_not_claimable(ledger: AnyLedger) -> None:
    """Nothing is claimable in a lane where a deployment has started; other lanes are unaffected."""
    await add_deployments(
        ledger,
        build_deployment(1, Status.QUEUED, "shop production"),
        build_deployment(2, Status.QUEUED, "cart production"),
        build_deployment(3, Status.QUEUED, "shop test"),
        build_deployment(4, Status.STARTED, "shop production"),
    )

    assert await claimable_numbers(ledger) == [2, 3]


async def test_claimable_deployments_are_ordered_by_queue_time(ledger: AnyLedger) -> None:
    """In a lane, and among lanes, those queued at the same time are ordered by number."""
    await add_deployments(
        ledger,
        build_deployment(1, Status.QUEUED, queued_at=minutes_after_noon(3)),
        build_deployment(2, Status.QUEUED, "cart test", queued_at=minutes_after_noon(1)),
        build_deployment(4, Status.QUEUED, queued_at=minutes_after_noon(1)),
        build_deployment(3, Status.QUEUED, "shop test", queued_at=minutes_after_noon(1)),
        build_deployment(5, Status.QUEUED, queued_at=minutes_after_noon(1) - INSTANT),
    )

    assert await claimable_numbers(ledger) == [5, 4, 1, 2, 3]


async def test_claimed_or_cancelled_deployment_is_not_claimable(ledger: AnyLedger) -> None:
    """A cancelled deployment is never claimable; a started one blocks its lane until it ends."""
    await add_deployments(
        ledger, *(build_deployment(number, Status.QUEUED, build_id=an_id()) for number in (1, 2, 3))
    )
    assert await claimable_numbers(ledger) == [1, 2, 3]

    await perform_action(ledger, Action.CANCEL, 1)
    assert await claimable_numbers(ledger) == [2, 3]
    started = replace(build_deployment(4, Status.STARTED))
    await add_deployments(ledger, started)
    assert await claimable_numbers(ledger) == []
    await perform_action(ledger, Action.FAIL, 4)
    assert await claimable_numbers(ledger) == [2, 3]


@pytest.mark.parametrize("missing", [an_id(), UUID(int=0)])
async def test_unknown_claim_is_not_found(ledger: AnyLedger, missing: UUID) -> None:
    """The error names the requested id."""
    await add_claimed(ledger, 1, "shop test")

    with pytest.raises(NotFound, match=f"There is no claim {missing}"):
        await ledger.perform(lambda uow: uow.claims.get(missing))


async def test_claim_is_stored_with_every_field(ledger: AnyLedger) -> None:
    """Times are exact to the microsecond, and tokens may be larger than 2**53."""
    first = await add_claimed(ledger, 1, "shop test")
    second = await add_claimed(
        ledger,
        2,
        "cart test",
        fencing_token=2**53 + 1,
        attempt=7,
        worker="Berlin_2.a-b",
        claimed_at=NOON - INSTANT,
        leased_until=minutes_after_noon(5) + INSTANT,
        lease=timedelta(hours=1),
        deadline_at=minutes_after_noon(10**6),
    )

    assert await query(ledger, lambda uow: uow.claims.get(first.id)) == first
    assert await query(ledger, lambda uow: uow.claims.get(second.id)) == second


async def test_fencing_tokens_are_consecutive(ledger: AnyLedger) -> None:
    """Fencing tokens start at 1 and count the claims on all deployments."""
    tokens = [await query(ledger, lambda uow: uow.claims.next_fencing_token())]
    for number, lane in enumerate(("shop test", "cart test"), 1):
        await add_claimed(ledger, number, lane)
        tokens.append(await query(ledger, lambda uow: uow.claims.next_fencing_token()))

    assert tokens == [1, 2, 3]


async def test_saved_claim_has_a_new_lease(ledger: AnyLedger) -> None:
    """The saved claim has its new lease, and no other claim changes."""
    first, second = [
        await add_claimed(ledger, number, lane)
        for number, lane in enumerate(("shop test", "cart test"), 1)
    ]
    renewed = replace(first, leased_until=minutes_after_noon(7))

    await ledger.perform(lambda uow: uow.claims.save_lease(renewed))

    assert await query(ledger, lambda uow: uow.claims.get(first.id)) == renewed
    assert await query(ledger, lambda uow: uow.claims.get(second.id)) == second
    assert await expired_claims(ledger, second.leased_until) == (second,)


async def test_lease_ends_exactly_at_its_end(ledger: AnyLedger) -> None:
    """The lease is active one microsecond before its end and has expired at its end."""
    claim = await add_claimed(ledger, 1, "shop test")

    assert await expired_claims(ledger, claim.leased_until - INSTANT) == ()
    assert await expired_claims(ledger, claim.leased_until) == (claim,)


async def test_deadline_is_missed_exactly_at_its_time(ledger: AnyLedger) -> None:
    """A claim past its deadline is no longer listed as expired, so no worker takes it over."""
    claim = await add_claimed(ledger, 1, "shop test")
    renewed = await add_claimed(ledger, 2, "cart test", leased_until=minutes_after_noon(120))
    at = claim.deadline_at
    assert at == renewed.deadline_at

    assert await claims_past_deadline(ledger, at - INSTANT) == ()
    assert await expired_claims(ledger, at - INSTANT) == (claim,)
    assert await claims_past_deadline(ledger, at) == (claim, renewed)
    assert await expired_claims(ledger, at) == ()
    assert await expired_claims(ledger, minutes_after_noon(120)) == ()


async def test_expired_claims_are_ordered_by_time(ledger: AnyLedger) -> None:
    """Claims that expired at the same time are ordered by fencing token."""
    claims = [
        await add_claimed(
            ledger, number, lane, leased_until=until, deadline_at=until + 2 * DEFAULT_LEASE
        )
        for number, lane, until in (
            (1, "shop test", minutes_after_noon(3)),
            (3, "cart test", minutes_after_noon(1)),
            (2, "shop production", minutes_after_noon(1)),
            (4, "cart production", minutes_after_noon(1) - INSTANT),
        )
    ]
    in_order = tuple(claims[index] for index in (3, 2, 1, 0))
    hour = timedelta(hours=1)

    assert await claims_past_deadline(ledger, minutes_after_noon(9)) == in_order
    assert await expired_claims(ledger, minutes_after_noon(1)) == in_order[:3]
    assert await expired_claims(ledger, NOON - hour) == ()


async def test_claim_of_a_finished_deployment_does_not_expire(ledger: AnyLedger) -> None:
    """Once its deployment has ended, a claim neither expires nor misses its deadline."""
    claim = await add_claimed(ledger, 1, "shop test")
    await add_deployments(ledger, build_deployment(2, Status.STARTED, "cart test"))

    assert await claims_past_deadline(ledger, minutes_after_noon(999)) == (claim,)
    await perform_action(ledger, Action.FAIL, 1)

    assert await claims_past_deadline(ledger, minutes_after_noon(999)) == ()
    assert await expired_claims(ledger, claim.leased_until) == ()


async def test_only_the_last_claim_of_a_deployment_expires(ledger: AnyLedger) -> None:
    """A claim that was taken over neither expires nor misses its deadline."""
    last = await add_claimed(ledger, 1, "shop test", attempt=2, fencing_token=2)
    first = replace(last, id=an_id(), fencing_token=1, attempt=1, leased_until=NOON)
    await ledger.perform(partial(add_claim, claim=first))

    assert await expired_claims(ledger, last.leased_until) == (last,)
    assert await claims_past_deadline(ledger, last.deadline_at) == (last,)
    assert await query(ledger, lambda uow: uow.claims.get(first.id)) == first


async def add_steps(ledger: AnyLedger, deployment: UUID, steps: Sequence[Step]) -> None:
    await ledger.perform(lambda uow: uow.claims.add_steps(deployment, steps))


async def steps_of(ledger: AnyLedger, deployment: UUID) -> tuple[Step, ...]:
    return await query(ledger, lambda uow: uow.claims.steps(deployment))


async def test_steps_are_stored_in_order_of_their_reports(ledger: AnyLedger) -> None:
    """Every field is stored per deployment, and equal steps are all kept."""
    await add_deployments(
        ledger,
        *(
            build_deployment(number, Status.STARTED, f"{service} test")
            for number, service in ((1, "shop"), (2, "cart"))
        ),
    )
    first, second = [(await ledger.reads.deployment(number)).id for number in (1, 2)]
    steps = [
        a_step(state=StepState.RUNNING, took_ms=None, at=minutes_after_noon(9)),
        a_step(detail="Zeile 1\n'Zeile' 2 ✓\t\U0001f600" + "x" * 10_000, took_ms=10**12),
        a_step(kind=StepKind.READY, name="ready", state=StepState.ERRORED, tried=10**6),
        a_step(kind=StepKind.CHECK, name="a", state=StepState.FAILED, attempt=2, at=NOON - INSTANT),
        a_step(kind=StepKind.CHECK, name="a", state=StepState.FAILED, attempt=2, at=NOON - INSTANT),
    ]

    await add_steps(ledger, first, steps[:2])
    await add_steps(ledger, second, [a_step(name="webhook")])
    await add_steps(ledger, first, steps[2:])

    assert await steps_of(ledger, first) == tuple(steps)
    assert await steps_of(ledger, second) == (a_step(name="webhook"),)


async def test_deployment_without_reports_has_no_steps(ledger: AnyLedger) -> None:
    """An empty report adds no steps, and an unknown deployment has none."""
    await add_deployments(ledger, started := build_deployment(1, Status.STARTED))

    await add_steps(ledger, started.id, [])

    assert await steps_of(ledger, started.id) == ()
    assert await steps_of(ledger, an_id()) == ()


async def test_refused_action_stores_no_claim_and_no_step(ledger: AnyLedger) -> None:
    """If an action is refused, its claims, lease changes and steps are not stored."""
    claim = await add_claimed(ledger, 1, "shop test")
    second = replace(claim, id=an_id(), fencing_token=2, attempt=2)

    def fail(uow: UnitOfWork) -> None:
        uow.claims.save_lease(replace(claim, leased_until=minutes_after_noon(9)))
        add_claim(uow, claim=second)
        uow.claims.add_steps(claim.deployment_id, [a_step()])
        uow.services.get("moon")

    with pytest.raises(NotFound, match="There is no service moon"):
        await ledger.perform(fail)

    assert await query(ledger, lambda uow: uow.claims.get(claim.id)) == claim
    assert await query(ledger, lambda uow: uow.claims.next_fencing_token()) == 2
    assert await steps_of(ledger, claim.deployment_id) == ()
