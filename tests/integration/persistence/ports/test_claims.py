"""Every ledger tells alike what can be claimed, who carries it out, and what they told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import pytest

from gatepost_domain.deployments.claim import DEFAULT_LEASE, Claim
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON, an_event, an_id, create_catalog
from tests.support.domain.actions import perform_action
from tests.support.domain.claims import a_claim, a_step
from tests.support.domain.lifecycle import deployment_with_status
from tests.support.domain.tracking import ENVIRONMENTS, minutes_after_noon
from tests.support.storage.ledgers import AnyLedger

T = TypeVar("T")

INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """One that knows two services and three environments."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


def there(
    number: int, status: Status, place: str = "shop production", **changes: Any
) -> Deployment:
    service, environment = place.split()
    found = deployment_with_status(status, number=number, service=service, environment=environment)
    return replace(found, **changes)


async def kept(ledger: AnyLedger, *deployments: Deployment) -> None:
    for each in deployments:
        await ledger.perform(partial(add, deployment=each))


def add(uow: UnitOfWork, *, deployment: Deployment) -> None:
    event = an_event(EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status)
    uow.deployments.add(deployment, event)


async def told(ledger: AnyLedger, question: Callable[[UnitOfWork], T]) -> T:
    """What a transaction answers, and whoever only looks with it."""
    answer = await ledger.perform(question)
    assert await ledger.reads.read_snapshot(question) == answer
    return answer


async def claimable(
    ledger: AnyLedger, limit: int = 100, *, behind: Deployment | None = None
) -> list[int]:
    found = await told(ledger, lambda uow: uow.deployments.list_claimable(limit, after=behind))
    return [each.number for each in found]


async def lapsed(ledger: AnyLedger, at: datetime) -> tuple[Claim, ...]:
    return await told(ledger, lambda uow: uow.claims.list_expired(at))


async def past_deadline(ledger: AnyLedger, at: datetime) -> tuple[Claim, ...]:
    return await told(ledger, lambda uow: uow.claims.list_past_deadline(at))


async def carried_out(ledger: AnyLedger, number: int, place: str, **changes: Any) -> Claim:
    """A claim on something that is started, both of which are kept."""
    token = changes.pop("fencing_token", number)
    attempt = changes.setdefault("attempt", 1)
    started = there(number, Status.STARTED, place, attempt=attempt)
    claim = a_claim(fencing_token=token, deployment_id=started.id, number=number, **changes)
    await kept(ledger, started)
    await ledger.perform(lambda uow: uow.claims.add(claim))
    return claim


async def test_only_what_is_queued_can_be_claimed(ledger: AnyLedger) -> None:
    """Nothing that waits for anything else, goes on or has ended; of it, every field is told."""
    await kept(ledger, *(there(n, each) for n, each in enumerate(Status, 1) if each != "started"))

    (found,) = await told(ledger, lambda uow: uow.deployments.list_claimable(100))

    assert found.status is Status.QUEUED
    assert found == await ledger.reads.deployment(found.number)


async def test_nothing_can_be_claimed_where_something_is_started(ledger: AnyLedger) -> None:
    """In that lane alone: another service or environment goes on."""
    await kept(
        ledger,
        there(1, Status.QUEUED, "shop production"),
        there(2, Status.QUEUED, "cart production"),
        there(3, Status.QUEUED, "shop test"),
        there(4, Status.STARTED, "shop production"),
    )

    assert await claimable(ledger) == [2, 3]


async def test_what_has_been_queued_longest_can_be_claimed_first(ledger: AnyLedger) -> None:
    """Whatever its number; of two at one instant the lesser; no more than asked for."""
    await kept(
        ledger,
        there(1, Status.QUEUED, queued_at=minutes_after_noon(3)),
        there(2, Status.QUEUED, "cart test", queued_at=minutes_after_noon(1)),
        there(4, Status.QUEUED, queued_at=minutes_after_noon(1)),
        there(3, Status.QUEUED, "shop test", queued_at=minutes_after_noon(1)),
        there(5, Status.QUEUED, queued_at=minutes_after_noon(1) - INSTANT),
    )

    assert await claimable(ledger) == [5, 2, 3, 4, 1]
    assert await claimable(ledger, 2) == [5, 2]
    for number, behind in ((5, [2, 3, 4, 1]), (2, [3, 4, 1]), (4, [1]), (1, [])):
        after = await ledger.reads.deployment(number)
        assert await claimable(ledger, behind=after) == behind
        assert await claimable(ledger, 1, behind=after) == behind[:1]


async def test_what_is_claimed_or_cancelled_can_be_claimed_no_more(ledger: AnyLedger) -> None:
    """Nor what waits behind it, until it has ended."""
    await kept(ledger, *(there(number, Status.QUEUED, build_id=an_id()) for number in (1, 2, 3)))
    assert await claimable(ledger) == [1, 2, 3]

    await perform_action(ledger, Action.CANCEL, 1)
    assert await claimable(ledger) == [2, 3]
    started = replace(there(4, Status.STARTED))
    await kept(ledger, started)
    assert await claimable(ledger) == []
    await perform_action(ledger, Action.FAIL, 4)
    assert await claimable(ledger) == [2, 3]


@pytest.mark.parametrize("missing", [an_id(), UUID(int=0)])
async def test_a_claim_that_is_not_there_is_unknown(ledger: AnyLedger, missing: UUID) -> None:
    """Whatever others there are."""
    await carried_out(ledger, 1, "shop test")

    with pytest.raises(NotFound, match=f"There is no claim {missing}"):
        await ledger.perform(lambda uow: uow.claims.get(missing))


async def test_a_claim_reads_back_as_it_was(ledger: AnyLedger) -> None:
    """In every field, to the microsecond, however great its token."""
    first = await carried_out(ledger, 1, "shop test")
    other = await carried_out(
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

    assert await told(ledger, lambda uow: uow.claims.get(first.id)) == first
    assert await told(ledger, lambda uow: uow.claims.get(other.id)) == other


async def test_fencing_tokens_count_all_claims(ledger: AnyLedger) -> None:
    """From 1, over every deployment."""
    tokens = [await told(ledger, lambda uow: uow.claims.next_fencing_token())]
    for number, place in enumerate(("shop test", "cart test"), 1):
        await carried_out(ledger, number, place)
        tokens.append(await told(ledger, lambda uow: uow.claims.next_fencing_token()))

    assert tokens == [1, 2, 3]


async def test_a_claim_that_is_saved_is_leased_for_longer(ledger: AnyLedger) -> None:
    """No other is with it."""
    first, other = [
        await carried_out(ledger, number, place)
        for number, place in enumerate(("shop test", "cart test"), 1)
    ]
    renewed = replace(first, leased_until=minutes_after_noon(7))

    await ledger.perform(lambda uow: uow.claims.save(renewed))

    assert await told(ledger, lambda uow: uow.claims.get(first.id)) == renewed
    assert await told(ledger, lambda uow: uow.claims.get(other.id)) == other
    assert await lapsed(ledger, other.leased_until) == (other,)


async def test_a_lease_ends_exactly_when_it_said_it_would(ledger: AnyLedger) -> None:
    """Not an instant before."""
    claim = await carried_out(ledger, 1, "shop test")

    assert await lapsed(ledger, claim.leased_until - INSTANT) == ()
    assert await lapsed(ledger, claim.leased_until) == (claim,)


async def test_a_deadline_is_missed_exactly_when_it_was(ledger: AnyLedger) -> None:
    """From then on nobody takes over, whether the lease has ended or not."""
    claim = await carried_out(ledger, 1, "shop test")
    renewed = await carried_out(ledger, 2, "cart test", leased_until=minutes_after_noon(120))
    at = claim.deadline_at
    assert at == renewed.deadline_at

    assert await past_deadline(ledger, at - INSTANT) == ()
    assert await lapsed(ledger, at - INSTANT) == (claim,)
    assert await past_deadline(ledger, at) == (claim, renewed)
    assert await lapsed(ledger, at) == ()
    assert await lapsed(ledger, minutes_after_noon(120)) == ()


async def test_what_lapsed_or_was_missed_longest_comes_first(ledger: AnyLedger) -> None:
    """Of two at one instant, the earlier claim."""
    claims = [
        await carried_out(
            ledger, number, place, leased_until=until, deadline_at=until + 2 * DEFAULT_LEASE
        )
        for number, place, until in (
            (1, "shop test", minutes_after_noon(3)),
            (3, "cart test", minutes_after_noon(1)),
            (2, "shop production", minutes_after_noon(1)),
            (4, "cart production", minutes_after_noon(1) - INSTANT),
        )
    ]
    in_order = tuple(claims[index] for index in (3, 2, 1, 0))
    wide = timedelta(hours=1)

    assert await past_deadline(ledger, minutes_after_noon(9)) == in_order
    assert await lapsed(ledger, minutes_after_noon(1)) == in_order[:3]
    assert await lapsed(ledger, NOON - wide) == ()


async def test_nobody_is_missed_where_a_deployment_has_ended(ledger: AnyLedger) -> None:
    """However it ended; an operator's start was never a worker's."""
    claim = await carried_out(ledger, 1, "shop test")
    await kept(ledger, there(2, Status.STARTED, "cart test"))

    assert await past_deadline(ledger, minutes_after_noon(999)) == (claim,)
    await perform_action(ledger, Action.FAIL, 1)

    assert await past_deadline(ledger, minutes_after_noon(999)) == ()
    assert await lapsed(ledger, claim.leased_until) == ()


async def test_only_the_last_claim_on_a_deployment_counts(ledger: AnyLedger) -> None:
    """One that was taken over lapses no more and misses nothing."""
    last = await carried_out(ledger, 1, "shop test", attempt=2, fencing_token=2)
    first = replace(last, id=an_id(), fencing_token=1, attempt=1, leased_until=NOON)
    await ledger.perform(lambda uow: uow.claims.add(first))

    assert await lapsed(ledger, last.leased_until) == (last,)
    assert await past_deadline(ledger, last.deadline_at) == (last,)
    assert await told(ledger, lambda uow: uow.claims.get(first.id)) == first


async def tell(ledger: AnyLedger, deployment: UUID, steps: Sequence[Step]) -> None:
    await ledger.perform(lambda uow: uow.claims.add_steps(deployment, steps))


async def steps_of(ledger: AnyLedger, deployment: UUID) -> tuple[Step, ...]:
    return await told(ledger, lambda uow: uow.claims.steps(deployment))


async def test_steps_are_told_in_the_order_in_which_they_came(ledger: AnyLedger) -> None:
    """Every field of them, one deployment's apart from another's, the same one twice too."""
    await kept(
        ledger, *(there(n, Status.STARTED, f"{s} test") for n, s in ((1, "shop"), (2, "cart")))
    )
    of, other = [(await ledger.reads.deployment(number)).id for number in (1, 2)]
    steps = [
        a_step(state=StepState.RUNNING, took_ms=None, at=minutes_after_noon(9)),
        a_step(detail="Zeile 1\n'Zeile' 2 ✓\t\U0001f600" + "x" * 10_000, took_ms=10**12),
        a_step(kind=StepKind.READY, name="ready", state=StepState.ERRORED, tried=10**6),
        a_step(kind=StepKind.CHECK, name="a", state=StepState.FAILED, attempt=2, at=NOON - INSTANT),
        a_step(kind=StepKind.CHECK, name="a", state=StepState.FAILED, attempt=2, at=NOON - INSTANT),
    ]

    await tell(ledger, of, steps[:2])
    await tell(ledger, other, [a_step(name="webhook")])
    await tell(ledger, of, steps[2:])

    assert await steps_of(ledger, of) == tuple(steps)
    assert await steps_of(ledger, other) == (a_step(name="webhook"),)


async def test_nothing_was_told_of_what_nobody_told_of(ledger: AnyLedger) -> None:
    """Also after no steps were told, and where there is no such deployment."""
    await kept(ledger, started := there(1, Status.STARTED))

    await tell(ledger, started.id, [])

    assert await steps_of(ledger, started.id) == ()
    assert await steps_of(ledger, an_id()) == ()


async def test_what_a_refused_action_claimed_or_told_is_not_kept(ledger: AnyLedger) -> None:
    """All of an action or nothing."""
    claim = await carried_out(ledger, 1, "shop test")
    second = replace(claim, id=an_id(), fencing_token=2, attempt=2)

    def fail(uow: UnitOfWork) -> None:
        uow.claims.save(replace(claim, leased_until=minutes_after_noon(9)))
        uow.claims.add(second)
        uow.claims.add_steps(claim.deployment_id, [a_step()])
        uow.services.get("moon")

    with pytest.raises(NotFound, match="There is no service moon"):
        await ledger.perform(fail)

    assert await told(ledger, lambda uow: uow.claims.get(claim.id)) == claim
    assert await told(ledger, lambda uow: uow.claims.next_fencing_token()) == 2
    assert await steps_of(ledger, claim.deployment_id) == ()
