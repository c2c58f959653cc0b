"""Every ledger tells alike what the gates ask of deployments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import pytest

from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, HideDecision
from gatepost_domain.deployments.emergency import AfterReview, AfterReviewState, Verdict
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, Status
from tests.support.acting import perform_action, request_deployment
from tests.support.builders import NOON, an_event, an_id, create_catalog
from tests.support.ledgers import AnyLedger
from tests.support.lifecycle import deployment_with_status
from tests.support.tracking import (
    ENVIRONMENTS,
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    retire_lane,
)

T = TypeVar("T")

HIDDEN = HideDecision(actor="root", at=NOON, reason="A typo.")
INSTANT = timedelta(microseconds=1)
ASKED = {"service", "environment", "version"}


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """One that knows two services with four versions each."""
    versions = [f"{major}.0.0" for major in range(1, 5)]
    await create_catalog(
        ledger, services=["shop", "cart"], versions=versions, policies=ENVIRONMENTS
    )
    return ledger


def there(number: int, status: Status = Status.SUCCEEDED, **changes: Any) -> Deployment:
    """A deployment of shop 1.0.0 to production, told by its number."""
    asked = {name: changes.pop(name) for name in ASKED & changes.keys()}
    return replace(deployment_with_status(status, number=number, **asked), **changes)


def imported(number: int, **changes: Any) -> Deployment:
    return there(number, kind=DeploymentKind.RECORD, started_at=None, import_seq=1, **changes)


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


def of_version(uow: UnitOfWork) -> tuple[Deployment, ...]:
    return uow.deployments.list_of_version("shop", "production", "1.0.0")


def stood_since_noon(uow: UnitOfWork) -> tuple[Deployment, ...]:
    return uow.deployments.list_deployed_since("shop", "production", NOON)


def last_good(uow: UnitOfWork, *but: str) -> Deployment | None:
    return uow.deployments.last_known_good("shop", "production", exclude=but)


async def test_a_version_that_never_stood_there_became_nothing(ledger: AnyLedger) -> None:
    """What waits, was refused or failed before it stood says nothing about a version."""
    waiting = [each for each in Status if each not in {Status.SUCCEEDED, Status.ROLLED_BACK}]
    await kept(ledger, *(there(number, each) for number, each in enumerate(waiting, 1)))

    assert await told(ledger, of_version) == ()
    assert await told(ledger, lambda uow: uow.deployments.list_of_version("a", "b", "c")) == ()


async def test_what_became_of_a_version_is_all_that_was_deployed_or_rolled_back(
    ledger: AnyLedger,
) -> None:
    """In the order of the history, with what was imported, or taken back before it stood."""
    became = [
        there(2, deployed_at=minutes_after_noon(9)),
        there(3, Status.ROLLED_BACK),
        there(4, Status.ROLLED_BACK, deployed_at=minutes_after_noon(1)),
        imported(5, deployed_at=minutes_after_noon(-99)),
        there(6, Status.FAILED, deployed_at=minutes_after_noon(2)),
    ]
    await kept(
        ledger,
        *became[::-1],
        there(1, hidden=HIDDEN),
        there(7, Status.ROLLED_BACK, hidden=HIDDEN),
        there(8, version="2.0.0"),
        there(9, service="cart"),
        there(10, environment="development"),
    )

    assert became[1].deployed_at is None
    in_order = [became[index] for index in (3, 1, 2, 4, 0)]
    assert await told(ledger, of_version) == tuple(in_order)


async def test_what_stood_since_an_instant_comes_in_the_order_it_was_deployed(
    ledger: AnyLedger,
) -> None:
    """From that very instant on, of any version, rolled back or not; ties by number."""
    stood = [
        there(5, deployed_at=NOON),
        imported(6, deployed_at=NOON),
        there(2, deployed_at=NOON + INSTANT, version="2.0.0"),
        there(1, Status.ROLLED_BACK, deployed_at=minutes_after_noon(1)),
        there(3, Status.FAILED, deployed_at=minutes_after_noon(2)),
    ]
    await kept(
        ledger,
        *stood[::-1],
        there(4, deployed_at=NOON - INSTANT),
        there(7, deployed_at=minutes_after_noon(1), hidden=HIDDEN),
        there(8, Status.FAILED, created_at=minutes_after_noon(1)),
        there(9, Status.ROLLED_BACK, created_at=minutes_after_noon(1)),
        there(10, deployed_at=minutes_after_noon(1), service="cart"),
        there(11, deployed_at=minutes_after_noon(1), environment="development"),
    )

    assert await told(ledger, stood_since_noon) == tuple(stood)


async def test_nothing_stood_where_nothing_was_deployed(ledger: AnyLedger) -> None:
    """Neither since any instant, nor to go back to."""
    await kept(ledger, there(1, Status.APPROVED), there(2, Status.FAILED))

    assert await told(ledger, stood_since_noon) == ()
    assert await told(ledger, last_good) is None


async def test_the_last_known_good_is_what_was_deployed_last_and_not_taken_back(
    ledger: AnyLedger,
) -> None:
    """By when it was deployed, whatever its number; of two at one instant, the greater number."""
    await kept(
        ledger,
        good := there(4, deployed_at=minutes_after_noon(5)),
        there(3, deployed_at=minutes_after_noon(5)),
        there(5, deployed_at=minutes_after_noon(4)),
        there(6, Status.ROLLED_BACK, deployed_at=minutes_after_noon(6)),
        there(7, deployed_at=minutes_after_noon(7), hidden=HIDDEN),
        there(8, Status.STARTED, created_at=minutes_after_noon(8)),
        there(9, deployed_at=minutes_after_noon(9), service="cart"),
        there(10, deployed_at=minutes_after_noon(10), environment="development"),
    )

    assert await told(ledger, last_good) == good


async def test_the_last_known_good_is_of_no_version_that_is_ruled_out(ledger: AnyLedger) -> None:
    """However many they are; imported ones can be gone back to."""
    await kept(
        ledger,
        oldest := imported(1, deployed_at=minutes_after_noon(1)),
        there(2, deployed_at=minutes_after_noon(2), version="2.0.0"),
        there(3, deployed_at=minutes_after_noon(3), version="3.0.0"),
    )

    assert await told(ledger, lambda uow: last_good(uow, "3.0.0", "2.0.0", "none")) == oldest
    assert await told(ledger, lambda uow: last_good(uow, "1.0.0", "2.0.0", "3.0.0")) is None


async def test_imported_and_recorded_history_counts_for_the_gates(ledger: AnyLedger) -> None:
    """As it was told, but for what was hidden."""
    rows = [history_row(2), history_row(3, version="2.0.0", deployed_at=minutes_after_noon(-5))]
    await import_rows(ledger, rows)
    told_by_hand = await create_record(ledger, version="3.0.0")
    await hide_deployment(ledger, (await create_record(ledger, version="4.0.0")).id)

    everything = DeploymentFilter(oldest_first=True)
    first, older, third, _ = (
        await ledger.reads.deployments(everything, PageRequest(limit=9))
    ).items

    assert third == told_by_hand
    assert first.import_seq == older.import_seq is not None
    assert await told(ledger, of_version) == (first,)
    assert await told(ledger, stood_since_noon) == (first, third)
    assert await told(ledger, last_good) == third
    assert await told(ledger, lambda uow: last_good(uow, "1.0.0", "3.0.0")) == older


async def test_a_deployment_is_promoted_to_each_environment_by_itself(ledger: AnyLedger) -> None:
    """What it became in one is nothing to the others, whatever became of it."""
    source = there(1, environment="development")
    promotion = there(2, Status.CANCELLED, promoted_from=source.id, kind=DeploymentKind.PROMOTION)
    other = there(3, environment="test", promoted_from=source.id, kind=DeploymentKind.PROMOTION)
    await kept(ledger, source, promotion, other, there(4), there(5, promoted_from=an_id()))

    def promoted(of: UUID, to: str) -> Callable[[UnitOfWork], Deployment | None]:
        return lambda uow: uow.deployments.find_promotion(of, to)

    assert await told(ledger, promoted(source.id, "production")) == promotion
    assert await told(ledger, promoted(source.id, "test")) == other
    assert await told(ledger, promoted(source.id, "development")) is None
    assert await told(ledger, promoted(promotion.id, "production")) is None


async def test_what_waits_expires_exactly_when_it_said_it_would(ledger: AnyLedger) -> None:
    """Not an instant before; in the order of numbers, of every lane."""
    due = [
        there(1, Status.PENDING_APPROVAL, expires_at=NOON),
        there(2, Status.APPROVED, expires_at=minutes_after_noon(-5), service="cart"),
        there(4, Status.QUEUED, expires_at=NOON, environment="development"),
    ]
    await kept(
        ledger,
        *due[::-1],
        there(3, Status.APPROVED, expires_at=NOON + INSTANT),
        there(5, Status.APPROVED),
        there(6),
    )

    assert await told(ledger, lambda uow: uow.deployments.list_expired(NOON)) == tuple(due)
    before = NOON - INSTANT
    assert await told(ledger, lambda uow: uow.deployments.list_expired(before)) == (due[1],)


def owing(number: int, due: int, state: AfterReviewState, **changes: Any) -> Deployment:
    """A break-glass whose review is due so many minutes after noon."""
    return there(
        number, after_review=AfterReview(state=state, due_at=minutes_after_noon(due)), **changes
    )


def overdue(uow: UnitOfWork) -> Deployment | None:
    return uow.deployments.find_overdue_review("production", NOON)


async def test_no_review_is_overdue_before_it_is_due(ledger: AnyLedger) -> None:
    """Or once it was given, or in another environment."""
    closed = AfterReview(
        state=AfterReviewState.CLOSED,
        due_at=minutes_after_noon(-5),
        verdict=Verdict.JUSTIFIED,
        closed_by="rita",
        closed_at=minutes_after_noon(-6),
    )
    await kept(
        ledger,
        owing(1, 1, AfterReviewState.OPEN),
        owing(2, -9, AfterReviewState.OPEN, environment="development"),
        there(3, after_review=closed),
        there(4),
    )

    assert await told(ledger, overdue) is None


@pytest.mark.parametrize("state", [AfterReviewState.OPEN, AfterReviewState.OVERDUE])
async def test_a_review_is_overdue_exactly_when_it_was_due(
    ledger: AnyLedger, state: AfterReviewState
) -> None:
    """Whether anybody has noticed yet or not, of any service."""
    await kept(ledger, late := owing(1, 0, state, service="cart"))

    before = NOON - INSTANT
    assert (
        await told(ledger, lambda uow: uow.deployments.find_overdue_review("production", before))
        is None
    )
    assert await told(ledger, overdue) == late


async def test_the_review_longest_overdue_is_told(ledger: AnyLedger) -> None:
    """By when it was due; of two at one instant, that of the lesser number."""
    await kept(
        ledger,
        owing(1, -1, AfterReviewState.OVERDUE),
        owing(4, -2, AfterReviewState.OPEN),
        longest := owing(3, -2, AfterReviewState.OVERDUE),
        owing(5, -2, AfterReviewState.OVERDUE),
        owing(2, -3, AfterReviewState.CLOSED),
    )

    assert await told(ledger, overdue) == longest


async def test_only_open_reviews_fall_due(ledger: AnyLedger) -> None:
    """At the very instant; in the order of numbers, of every environment."""
    falling = [
        owing(1, 0, AfterReviewState.OPEN),
        owing(3, -5, AfterReviewState.OPEN, environment="development"),
        owing(4, -1, AfterReviewState.OPEN, service="cart"),
    ]
    await kept(
        ledger,
        *falling[::-1],
        owing(2, -5, AfterReviewState.OVERDUE),
        owing(5, -5, AfterReviewState.CLOSED),
        owing(6, 1, AfterReviewState.OPEN),
        there(7),
    )

    assert await told(ledger, lambda uow: uow.deployments.reviews_becoming_overdue(NOON)) == tuple(
        falling
    )


async def test_what_an_emergency_leaves_is_kept_by_its_next_revision(ledger: AnyLedger) -> None:
    """A save changes what is owed and what expires, for whoever asks next."""
    await kept(ledger, waiting := there(1, Status.PENDING_APPROVAL, expires_at=NOON))
    broken = await perform_action(ledger, Action.BREAK_GLASS, waiting.id)
    assert broken.after_review is not None
    due = broken.after_review.due_at

    def falling(uow: UnitOfWork) -> tuple[Deployment, ...]:
        return uow.deployments.reviews_becoming_overdue(due)

    assert await told(ledger, falling) == (broken,)
    assert (
        await told(ledger, lambda uow: uow.deployments.find_overdue_review("production", due))
        == broken
    )
    judged = await perform_action(ledger, Action.AFTER_REVIEW, broken.id, "rita")
    assert await told(ledger, falling) == ()
    assert (
        await told(ledger, lambda uow: uow.deployments.find_overdue_review("production", due))
        is None
    )
    assert await ledger.reads.deployment(1) == judged
    cancelled = await perform_action(ledger, Action.CANCEL, judged.id)
    assert cancelled.expires_at is None
    assert await told(ledger, lambda uow: uow.deployments.list_expired(due)) == ()


async def test_a_lane_tells_each_time_it_was_retired(ledger: AnyLedger) -> None:
    """In the order in which that was told, and no other lane's."""
    await create_record(ledger)
    await create_record(ledger, service="cart")
    assert (
        await told(ledger, lambda uow: uow.retirements.retirement_times("shop", "production")) == ()
    )

    await retire_lane(ledger, now=minutes_after_noon(9), at=minutes_after_noon(7))
    await create_record(ledger, at=minutes_after_noon(9), deployed_at=minutes_after_noon(8))
    await retire_lane(ledger, now=minutes_after_noon(10), at=minutes_after_noon(9) + INSTANT)
    await retire_lane(ledger, "cart", now=minutes_after_noon(11))

    assert await told(
        ledger, lambda uow: uow.retirements.retirement_times("shop", "production")
    ) == (
        minutes_after_noon(7),
        minutes_after_noon(9) + INSTANT,
    )
    assert await told(ledger, lambda uow: uow.retirements.retirement_times("shop", "test")) == ()


async def test_a_request_that_may_wait_for_ever_never_expires(ledger: AnyLedger) -> None:
    """Its policy says nothing of how long reviewers have."""
    await request_deployment(ledger)

    assert (
        await told(ledger, lambda uow: uow.deployments.list_expired(minutes_after_noon(10**6)))
        == ()
    )
