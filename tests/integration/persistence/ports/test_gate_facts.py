"""Every ledger provides the gates with the same facts about deployments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, HideDecision
from gatepost_domain.deployments.emergency_record import AfterReview, AfterReviewState, Verdict
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, an_id, create_catalog
from tests.support.domain.actions import perform_action
from tests.support.domain.lifecycle import deployment_with_status
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    retire_lane,
)
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.waiting_deployments import add_deployments, query

HIDDEN = HideDecision(actor="root", at=NOON, reason="A typo.")
INSTANT = timedelta(microseconds=1)
CORE_FIELDS = {"service", "environment", "version"}


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services that have four versions each."""
    versions = [f"{major}.0.0" for major in range(1, 5)]
    await create_catalog(
        ledger, services=["shop", "cart"], versions=versions, policies=ENVIRONMENTS
    )
    return ledger


def build_deployment(number: int, status: Status = Status.SUCCEEDED, **changes: Any) -> Deployment:
    """Build a deployment of shop 1.0.0 to production with this number."""
    core = {name: changes.pop(name) for name in CORE_FIELDS & changes.keys()}
    return replace(deployment_with_status(status, number=number, **core), **changes)


def build_imported(number: int, **changes: Any) -> Deployment:
    return build_deployment(
        number, kind=DeploymentKind.RECORD, started_at=None, import_seq=1, **changes
    )


def deployments_of_version(uow: UnitOfWork) -> tuple[Deployment, ...]:
    return uow.deployments.list_ever_deployed("shop", "production", "1.0.0")


def deployed_since_noon(uow: UnitOfWork) -> tuple[Deployment, ...]:
    return uow.deployments.list_deployed_since("shop", "production", NOON)


def list_retirement_times(uow: UnitOfWork) -> tuple[datetime, ...]:
    return uow.retirements.list_retirement_times("shop", "production")


def find_last_good(uow: UnitOfWork, *exclude: str) -> Deployment | None:
    return uow.deployments.find_last_good("shop", "production", exclude=exclude)


async def test_version_that_was_never_deployed_has_no_deployments(ledger: AnyLedger) -> None:
    """Waiting, rejected, cancelled and failed deployments do not count."""
    statuses = [status for status in Status if status not in {Status.SUCCEEDED, Status.ROLLED_BACK}]
    await add_deployments(
        ledger, *(build_deployment(number, status) for number, status in enumerate(statuses, 1))
    )

    assert await query(ledger, deployments_of_version) == ()
    assert await query(ledger, lambda uow: uow.deployments.list_ever_deployed("a", "b", "c")) == ()


async def test_deployments_of_a_version_are_those_deployed_or_rolled_back(
    ledger: AnyLedger,
) -> None:
    """The deployments are ordered by time and include imports and early rollbacks."""
    deployments = [
        build_deployment(2, deployed_at=minutes_after_noon(9)),
        build_deployment(3, Status.ROLLED_BACK),
        build_deployment(4, Status.ROLLED_BACK, deployed_at=minutes_after_noon(1)),
        build_imported(5, deployed_at=minutes_after_noon(-99)),
        build_deployment(6, Status.FAILED, deployed_at=minutes_after_noon(2)),
    ]
    await add_deployments(
        ledger,
        *deployments[::-1],
        build_deployment(1, hidden=HIDDEN),
        build_deployment(7, Status.ROLLED_BACK, hidden=HIDDEN),
        build_deployment(8, version="2.0.0"),
        build_deployment(9, service="cart"),
        build_deployment(10, environment="development"),
    )

    assert deployments[1].deployed_at is None
    in_order = [deployments[index] for index in (3, 1, 2, 4, 0)]
    assert await query(ledger, deployments_of_version) == tuple(in_order)


async def test_deployments_since_a_time_are_in_deployment_order(
    ledger: AnyLedger,
) -> None:
    """Deployments of any version at or after the time are found, in order of time, then number."""
    deployments = [
        build_deployment(5, deployed_at=NOON),
        build_imported(6, deployed_at=NOON),
        build_deployment(2, deployed_at=NOON + INSTANT, version="2.0.0"),
        build_deployment(1, Status.ROLLED_BACK, deployed_at=minutes_after_noon(1)),
        build_deployment(3, Status.FAILED, deployed_at=minutes_after_noon(2)),
    ]
    await add_deployments(
        ledger,
        *deployments[::-1],
        build_deployment(4, deployed_at=NOON - INSTANT),
        build_deployment(7, deployed_at=minutes_after_noon(1), hidden=HIDDEN),
        build_deployment(8, Status.FAILED, created_at=minutes_after_noon(1)),
        build_deployment(9, Status.ROLLED_BACK, created_at=minutes_after_noon(1)),
        build_deployment(10, deployed_at=minutes_after_noon(1), service="cart"),
        build_deployment(11, deployed_at=minutes_after_noon(1), environment="development"),
    )

    assert await query(ledger, deployed_since_noon) == tuple(deployments)


async def test_lane_without_deployments_has_no_last_known_good(ledger: AnyLedger) -> None:
    """Approved and failed deployments do not count, because they were never deployed."""
    await add_deployments(
        ledger, build_deployment(1, Status.APPROVED), build_deployment(2, Status.FAILED)
    )

    assert await query(ledger, deployed_since_noon) == ()
    assert await query(ledger, find_last_good) is None


async def test_last_known_good_is_the_latest_deployment_not_rolled_back(
    ledger: AnyLedger,
) -> None:
    """The latest deployment is determined by deployment time, then by number."""
    await add_deployments(
        ledger,
        good := build_deployment(4, deployed_at=minutes_after_noon(5)),
        build_deployment(3, deployed_at=minutes_after_noon(5)),
        build_deployment(5, deployed_at=minutes_after_noon(4)),
        build_deployment(6, Status.ROLLED_BACK, deployed_at=minutes_after_noon(6)),
        build_deployment(7, deployed_at=minutes_after_noon(7), hidden=HIDDEN),
        build_deployment(8, Status.STARTED, created_at=minutes_after_noon(8)),
        build_deployment(9, deployed_at=minutes_after_noon(9), service="cart"),
        build_deployment(10, deployed_at=minutes_after_noon(10), environment="development"),
    )

    assert await query(ledger, find_last_good) == good


async def test_last_known_good_skips_excluded_versions(ledger: AnyLedger) -> None:
    """Any number of versions can be excluded, and imported versions are considered."""
    await add_deployments(
        ledger,
        oldest := build_imported(1, deployed_at=minutes_after_noon(1)),
        build_deployment(2, deployed_at=minutes_after_noon(2), version="2.0.0"),
        build_deployment(3, deployed_at=minutes_after_noon(3), version="3.0.0"),
    )

    assert await query(ledger, lambda uow: find_last_good(uow, "3.0.0", "2.0.0", "none")) == oldest
    assert await query(ledger, lambda uow: find_last_good(uow, "1.0.0", "2.0.0", "3.0.0")) is None


async def test_imports_and_records_count_for_the_gates(ledger: AnyLedger) -> None:
    """Imports and records count, but hidden records do not."""
    rows = [history_row(2), history_row(3, version="2.0.0", deployed_at=minutes_after_noon(-5))]
    await import_rows(ledger, rows)
    record = await create_record(ledger, version="3.0.0")
    await hide_deployment(ledger, (await create_record(ledger, version="4.0.0")).id)

    everything = DeploymentFilter(oldest_first=True)
    first, older, third, _ = (
        await ledger.reads.deployments(everything, PageRequest(limit=9))
    ).items

    assert third == record
    assert first.import_seq == older.import_seq is not None
    assert await query(ledger, deployments_of_version) == (first,)
    assert await query(ledger, deployed_since_noon) == (first, third)
    assert await query(ledger, find_last_good) == third
    assert await query(ledger, lambda uow: find_last_good(uow, "1.0.0", "3.0.0")) == older


async def test_promotion_is_found_per_target_environment(ledger: AnyLedger) -> None:
    """Promotions to other environments and of other deployments do not match."""
    source = build_deployment(1, environment="development")
    promotion = build_deployment(
        2, Status.CANCELLED, promoted_from=source.id, kind=DeploymentKind.PROMOTION
    )
    promotion_to_test = build_deployment(
        3, environment="test", promoted_from=source.id, kind=DeploymentKind.PROMOTION
    )
    await add_deployments(
        ledger,
        source,
        promotion,
        promotion_to_test,
        build_deployment(4),
        build_deployment(5, promoted_from=an_id()),
    )

    def find_promotion(
        source_id: UUID, environment: str
    ) -> Callable[[UnitOfWork], Deployment | None]:
        return lambda uow: uow.deployments.find_promotion(source_id, environment)

    assert await query(ledger, find_promotion(source.id, "production")) == promotion
    assert await query(ledger, find_promotion(source.id, "test")) == promotion_to_test
    assert await query(ledger, find_promotion(source.id, "development")) is None
    assert await query(ledger, find_promotion(promotion.id, "production")) is None


async def test_waiting_deployment_expires_exactly_at_its_time(ledger: AnyLedger) -> None:
    """A waiting deployment is returned at its expiry time, but not a microsecond earlier."""
    due = [
        build_deployment(2, Status.APPROVED, expires_at=minutes_after_noon(-5), service="cart"),
        build_deployment(1, Status.PENDING_APPROVAL, expires_at=NOON),
        build_deployment(4, Status.QUEUED, expires_at=NOON, environment="development"),
    ]
    await add_deployments(
        ledger,
        *due[::-1],
        build_deployment(3, Status.APPROVED, expires_at=NOON + INSTANT),
        build_deployment(5, Status.APPROVED),
        build_deployment(6),
    )

    assert await query(ledger, lambda uow: uow.deployments.list_due_to_expire(NOON)) == tuple(due)
    before = NOON - INSTANT
    assert await query(ledger, lambda uow: uow.deployments.list_due_to_expire(before)) == (due[0],)
    assert await query(
        ledger, lambda uow: uow.deployments.list_due_to_expire(NOON, limit=2)
    ) == tuple(due[:2])


def with_after_review(number: int, due: int, state: AfterReviewState, **changes: Any) -> Deployment:
    """Return a break-glass deployment whose review is due this many minutes after noon."""
    return build_deployment(
        number, after_review=AfterReview(state=state, due_at=minutes_after_noon(due)), **changes
    )


def overdue_review(uow: UnitOfWork, at: datetime = NOON) -> Deployment | None:
    return uow.deployments.find_overdue_after_review("production", at)


async def test_review_is_not_overdue_before_its_due_date(ledger: AnyLedger) -> None:
    """Closed reviews and reviews in other environments are ignored, even after their due date."""
    closed = AfterReview(
        state=AfterReviewState.CLOSED,
        due_at=minutes_after_noon(-5),
        verdict=Verdict.JUSTIFIED,
        closed_by="rita",
        closed_at=minutes_after_noon(-6),
    )
    await add_deployments(
        ledger,
        with_after_review(1, 1, AfterReviewState.OPEN),
        with_after_review(2, -9, AfterReviewState.OPEN, environment="development"),
        build_deployment(3, after_review=closed),
        build_deployment(4),
    )

    assert await query(ledger, overdue_review) is None


@pytest.mark.parametrize("state", [AfterReviewState.OPEN, AfterReviewState.OVERDUE])
async def test_review_is_overdue_exactly_at_its_due_date(
    ledger: AnyLedger, state: AfterReviewState
) -> None:
    """The review is overdue even if it is not marked as overdue yet."""
    await add_deployments(ledger, late := with_after_review(1, 0, state, service="cart"))

    before = NOON - INSTANT
    assert await query(ledger, lambda uow: overdue_review(uow, before)) is None
    assert await query(ledger, overdue_review) == late


async def test_review_with_the_oldest_due_date_is_returned(ledger: AnyLedger) -> None:
    """The review that has been overdue longest is returned; the lower number breaks ties."""
    await add_deployments(
        ledger,
        with_after_review(1, -1, AfterReviewState.OVERDUE),
        with_after_review(4, -2, AfterReviewState.OPEN),
        longest := with_after_review(3, -2, AfterReviewState.OVERDUE),
        with_after_review(5, -2, AfterReviewState.OVERDUE),
        with_after_review(2, -3, AfterReviewState.CLOSED),
    )

    assert await query(ledger, overdue_review) == longest


async def test_only_open_reviews_become_overdue(ledger: AnyLedger) -> None:
    """Open reviews are returned at their due date, in order of their numbers."""
    due = [
        with_after_review(3, -5, AfterReviewState.OPEN, environment="development"),
        with_after_review(4, -1, AfterReviewState.OPEN, service="cart"),
        with_after_review(1, 0, AfterReviewState.OPEN),
    ]
    await add_deployments(
        ledger,
        *due[::-1],
        with_after_review(2, -5, AfterReviewState.OVERDUE),
        with_after_review(5, -5, AfterReviewState.CLOSED),
        with_after_review(6, 1, AfterReviewState.OPEN),
        build_deployment(7),
    )

    assert await query(
        ledger, lambda uow: uow.deployments.list_newly_overdue_after_reviews(NOON)
    ) == tuple(due)


async def test_saved_revision_updates_due_reviews_and_expiry(ledger: AnyLedger) -> None:
    """After the save, the review is closed and the expiry is removed in all queries."""
    await add_deployments(
        ledger, waiting := build_deployment(1, Status.PENDING_APPROVAL, expires_at=NOON)
    )
    emergency = await perform_action(ledger, Action.BREAK_GLASS, waiting.id)
    assert emergency.after_review is not None
    due_at = emergency.after_review.due_at

    def due_reviews(uow: UnitOfWork) -> tuple[Deployment, ...]:
        return uow.deployments.list_newly_overdue_after_reviews(due_at)

    assert await query(ledger, due_reviews) == (emergency,)
    assert await query(ledger, lambda uow: overdue_review(uow, due_at)) == emergency
    reviewed = await perform_action(ledger, Action.AFTER_REVIEW, emergency.id, "rita")
    assert await query(ledger, due_reviews) == ()
    assert await query(ledger, lambda uow: overdue_review(uow, due_at)) is None
    assert await ledger.reads.deployment(1) == reviewed
    cancelled = await perform_action(ledger, Action.CANCEL, reviewed.id)
    assert cancelled.expires_at is None
    assert await query(ledger, lambda uow: uow.deployments.list_due_to_expire(due_at)) == ()


async def test_retirements_of_a_lane_are_in_order_of_recording(ledger: AnyLedger) -> None:
    """Retirements of other lanes are not included."""
    await create_record(ledger)
    await create_record(ledger, service="cart")
    assert await query(ledger, list_retirement_times) == ()

    await retire_lane(ledger, now=minutes_after_noon(9), at=minutes_after_noon(7))
    await create_record(ledger, at=minutes_after_noon(9), deployed_at=minutes_after_noon(8))
    await retire_lane(ledger, now=minutes_after_noon(10), at=minutes_after_noon(9) + INSTANT)
    await retire_lane(ledger, "cart", now=minutes_after_noon(11))

    assert await query(ledger, list_retirement_times) == (
        minutes_after_noon(7),
        minutes_after_noon(9) + INSTANT,
    )
    assert (
        await query(ledger, lambda uow: uow.retirements.list_retirement_times("shop", "test")) == ()
    )
