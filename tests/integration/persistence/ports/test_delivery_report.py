"""Every ledger tells alike what a report on delivery is made of."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.reports.deployment_facts import (
    DeliveryFilter,
    DeploymentFacts,
    PendingAfterReview,
    ReportFacts,
)
from gatepost_domain.reports.periods import Span
from gatepost_domain.status import Action, CancelReason, Status
from tests.support.builders import NOON, a_command, a_policy, a_stage, a_version, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    hide_deployment,
    minutes_after_noon,
)
from tests.support.storage.ledgers import AnyLedger

COMMITTED = NOON - timedelta(days=2)
HOUR = Span(since=NOON, until=minutes_after_noon(60))
REVIEWED = {"staging": (Tier.STAGING, a_policy(a_stage("qa"), after_review_s=60))}


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1", "2"], policies=ENVIRONMENTS | REVIEWED
    )
    version = a_version("3", committed_at=COMMITTED)
    await ledger.perform(partial(register_version, version=version, command=a_command("owner")))
    return ledger


async def deployed(
    ledger: AnyLedger, at: int, *, last: Action = Action.SUCCEED, **asked: Any
) -> Deployment:
    """Asked for two minutes before, started a minute before, and at its end."""
    whole: dict[str, Any] = {"environment": "development", "version": "1"} | asked
    deployment = await request_deployment(ledger, at=minutes_after_noon(at - 2), **whole)
    await perform_action(ledger, Action.START, deployment.id, at=minutes_after_noon(at - 1))
    return await perform_action(ledger, last, deployment.id, at=minutes_after_noon(at))


async def told(ledger: AnyLedger, span: Span = HOUR, **filters: tuple[str, ...]) -> ReportFacts:
    return await ledger.reads.delivery_facts(DeliveryFilter(span=span, **filters))


async def numbers(ledger: AnyLedger, span: Span = HOUR, **filters: tuple[str, ...]) -> list[int]:
    return sorted(each.number for each in (await told(ledger, span, **filters)).deployments)


async def course(ledger: AnyLedger, deployment: Deployment, span: Span = HOUR) -> DeploymentFacts:
    found = (await told(ledger, span)).deployments
    return next(each for each in found if each.number == deployment.number)


def from_minute(since: int, until: int) -> Span:
    return Span(since=minutes_after_noon(since), until=minutes_after_noon(until))


async def test_nothing_is_told_at_first(ledger: AnyLedger) -> None:
    """Neither deployments nor reviews that are owed."""
    found = await told(ledger)

    assert (list(found.deployments), found.pending_reviews) == ([], ())


async def test_a_course_tells_what_became_of_a_deployment(ledger: AnyLedger) -> None:
    """All of it, with the commit of its version."""
    done = await deployed(ledger, 5, version="3")

    assert list((await told(ledger)).deployments) == [
        DeploymentFacts(
            number=done.number,
            kind=DeploymentKind.REQUEST,
            status=Status.SUCCEEDED,
            cancel_reason=None,
            created_at=minutes_after_noon(3),
            approved_at=minutes_after_noon(3),
            started_at=minutes_after_noon(4),
            deployed_at=minutes_after_noon(5),
            failed_at=None,
            recovered_at=None,
            committed_at=COMMITTED,
            reviewed=False,
            overridden=False,
            used_break_glass=False,
        )
    ]


async def test_what_stood_is_told_by_when_it_did(ledger: AnyLedger) -> None:
    """From the beginning of the span on, until its end, whenever it was asked for."""
    done = await deployed(ledger, 5)

    assert await numbers(ledger, from_minute(5, 6)) == [done.number]
    assert await numbers(ledger, from_minute(0, 5)) == []
    assert await numbers(ledger, from_minute(6, 60)) == []


async def test_what_never_stood_is_told_by_when_it_was_asked_for(ledger: AnyLedger) -> None:
    """Whether it waits, is under way or failed, and whenever it did."""
    waits = await request_deployment(ledger, at=minutes_after_noon(5), version="1")
    failed = await deployed(ledger, 7, last=Action.FAIL)

    assert await numbers(ledger, from_minute(5, 6)) == [waits.number, failed.number]
    assert await numbers(ledger, from_minute(0, 5)) == []
    assert await numbers(ledger, from_minute(6, 60)) == []


async def test_only_what_is_wanted_is_told(ledger: AnyLedger) -> None:
    """Of any of the services, in any of the environments; what is unknown has none."""
    first = await create_record(ledger, version="1")
    other = await create_record(ledger, version="1", service="cart")
    test = await create_record(ledger, version="1", environment="test")

    assert await numbers(ledger) == [first.number, other.number, test.number]
    assert await numbers(ledger, services=("cart",)) == [other.number]
    assert await numbers(ledger, environments=("test", "staging")) == [test.number]
    assert await numbers(ledger, services=("shop", "cart"), environments=("production",)) == [
        first.number,
        other.number,
    ]
    assert await numbers(ledger, services=("cart",), environments=("test",)) == []
    assert await numbers(ledger, services=("nobody",)) == []


async def test_a_hidden_record_is_not_told(ledger: AnyLedger) -> None:
    """It never stood anywhere, so nothing recovered by it either."""
    failed = await deployed(ledger, 5, last=Action.FAIL)
    wrong = await create_record(
        ledger,
        environment="development",
        version="1",
        deployed_at=minutes_after_noon(9),
        at=minutes_after_noon(9),
    )
    assert (await course(ledger, failed)).recovered_at == minutes_after_noon(9)

    await hide_deployment(ledger, wrong.id, at=minutes_after_noon(10))

    assert await numbers(ledger) == [failed.number]
    assert (await course(ledger, failed)).recovered_at is None


async def test_recovery_is_the_next_that_stood_in_the_lane(ledger: AnyLedger) -> None:
    """After the failure, also beyond the span; not what stood before, or elsewhere, or failed."""
    await deployed(ledger, 3)
    failed = await deployed(ledger, 6, last=Action.FAIL)
    await deployed(ledger, 9, service="cart")
    again = await deployed(ledger, 12, last=Action.FAIL)
    rolled = await deployed(ledger, 90)
    await deployed(ledger, 120)
    await perform_action(ledger, Action.ROLLBACK, rolled.id, at=minutes_after_noon(130))
    await deployed(ledger, 140)

    fell = [await course(ledger, each) for each in (failed, again)]
    assert [each.failed_at for each in fell] == [minutes_after_noon(6), minutes_after_noon(12)]
    assert [each.recovered_at for each in fell] == [minutes_after_noon(90), minutes_after_noon(90)]
    reverted = await course(ledger, rolled, from_minute(60, 100))
    assert (reverted.failed_at, reverted.recovered_at) == (
        minutes_after_noon(130),
        minutes_after_noon(140),
    )
    assert reverted.status is Status.ROLLED_BACK


async def test_what_failed_fell_then_and_not_when_it_was_reverted(ledger: AnyLedger) -> None:
    """A rollout that is rolled back on its way fell at that instant."""
    failed = await deployed(ledger, 5, last=Action.FAIL)
    await perform_action(ledger, Action.ROLLBACK, failed.id, at=minutes_after_noon(9))
    under_way = await deployed(ledger, 15, last=Action.ROLLBACK)

    assert (await course(ledger, failed)).failed_at == minutes_after_noon(5)
    assert (await course(ledger, under_way)).failed_at == minutes_after_noon(15)


async def test_why_something_did_not_start_is_told(ledger: AnyLedger) -> None:
    """Rejected by a reviewer, or taken back."""
    rejected = await request_deployment(ledger, version="1")
    await perform_action(ledger, Action.REJECT, rejected.id, at=minutes_after_noon(1))
    cancelled = await request_deployment(ledger, version="1")
    await perform_action(ledger, Action.CANCEL, cancelled.id, at=minutes_after_noon(1))

    refused, withdrawn = await course(ledger, rejected), await course(ledger, cancelled)

    assert (refused.status, refused.reviewed) == (Status.REJECTED, True)
    assert withdrawn.cancel_reason is CancelReason.WITHDRAWN
    assert (withdrawn.failed_at, withdrawn.started_at) == (None, None)


async def test_reviews_and_the_ways_round_them_are_told(ledger: AnyLedger) -> None:
    """What a reviewer approved is reviewed; after a break-glass, the review is owed until given."""
    asked = await request_deployment(ledger, environment="staging", version="1")
    await perform_action(ledger, Action.APPROVE, asked.id, "quinn", at=minutes_after_noon(4))
    broken = await request_deployment(
        ledger, environment="staging", version="2", at=minutes_after_noon(1)
    )
    await perform_action(ledger, Action.BREAK_GLASS, broken.id, "eve", at=minutes_after_noon(2))

    approved, passed = await course(ledger, asked), await course(ledger, broken)

    assert (approved.reviewed, approved.used_break_glass) == (True, False)
    assert approved.approved_at == minutes_after_noon(4)
    assert passed.used_break_glass
    owed = (PendingAfterReview(broken.number, minutes_after_noon(3)),)
    assert (await told(ledger, from_minute(50, 60))).pending_reviews == owed
    assert (await told(ledger, environments=("staging",))).pending_reviews == owed
    assert (await told(ledger, services=("cart",))).pending_reviews == ()
    await perform_action(ledger, Action.AFTER_REVIEW, broken.id, "quinn", at=minutes_after_noon(9))
    assert (await told(ledger)).pending_reviews == ()


async def test_a_gate_that_was_passed_is_told(ledger: AnyLedger) -> None:
    """Of the deployment it was passed for."""
    older = await request_deployment(ledger, environment="development", version="1")
    await deployed(ledger, 5)

    await perform_action(ledger, Action.OVERRIDE, older.id, "eve", at=minutes_after_noon(9))

    assert (await course(ledger, older)).overridden
    assert [each.overridden for each in (await told(ledger)).deployments].count(True) == 1
