"""Every ledger returns the same facts for the delivery report."""

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


async def deploy(
    ledger: AnyLedger, at: int, *, last: Action = Action.SUCCEED, **fields: Any
) -> Deployment:
    """Request a deployment two minutes before the given minute, start it a minute later, end it."""
    request: dict[str, Any] = {"environment": "development", "version": "1"} | fields
    deployment = await request_deployment(ledger, at=minutes_after_noon(at - 2), **request)
    await perform_action(ledger, Action.START, deployment.id, at=minutes_after_noon(at - 1))
    return await perform_action(ledger, last, deployment.id, at=minutes_after_noon(at))


async def facts(ledger: AnyLedger, span: Span = HOUR, **filters: tuple[str, ...]) -> ReportFacts:
    return await ledger.reads.delivery_facts(DeliveryFilter(span=span, **filters))


async def deployment_numbers(
    ledger: AnyLedger, span: Span = HOUR, **filters: tuple[str, ...]
) -> list[int]:
    return sorted(
        deployment.number for deployment in (await facts(ledger, span, **filters)).deployments
    )


async def facts_of(ledger: AnyLedger, deployment: Deployment, span: Span = HOUR) -> DeploymentFacts:
    deployments = (await facts(ledger, span)).deployments
    return next(
        deployment_facts
        for deployment_facts in deployments
        if deployment_facts.number == deployment.number
    )


def span_of(since: int, until: int) -> Span:
    return Span(since=minutes_after_noon(since), until=minutes_after_noon(until))


async def test_empty_ledger_has_no_delivery_facts(ledger: AnyLedger) -> None:
    """There are neither deployments nor pending after-reviews."""
    delivery = await facts(ledger)

    assert (list(delivery.deployments), delivery.pending_reviews) == ([], ())


async def test_facts_describe_the_outcome_of_a_deployment(ledger: AnyLedger) -> None:
    """The facts contain the status, the time of each transition and the version's commit time."""
    deployed = await deploy(ledger, 5, version="3")

    assert list((await facts(ledger)).deployments) == [
        DeploymentFacts(
            number=deployed.number,
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


async def test_deployed_facts_are_found_by_deployment_time(ledger: AnyLedger) -> None:
    """The deployment time must lie in the span, which includes its start and excludes its end."""
    deployed = await deploy(ledger, 5)

    assert await deployment_numbers(ledger, span_of(5, 6)) == [deployed.number]
    assert await deployment_numbers(ledger, span_of(0, 5)) == []
    assert await deployment_numbers(ledger, span_of(6, 60)) == []


async def test_undeployed_facts_are_found_by_request_time(ledger: AnyLedger) -> None:
    """Waiting and failed deployments are found by their request time."""
    waiting = await request_deployment(ledger, at=minutes_after_noon(5), version="1")
    failed = await deploy(ledger, 7, last=Action.FAIL)

    assert await deployment_numbers(ledger, span_of(5, 6)) == [waiting.number, failed.number]
    assert await deployment_numbers(ledger, span_of(0, 5)) == []
    assert await deployment_numbers(ledger, span_of(6, 60)) == []


async def test_facts_are_filtered_by_service_and_environment(ledger: AnyLedger) -> None:
    """Each filter accepts several names, and a deployment must match both filters."""
    shop = await create_record(ledger, version="1")
    cart = await create_record(ledger, version="1", service="cart")
    test = await create_record(ledger, version="1", environment="test")

    assert await deployment_numbers(ledger) == [shop.number, cart.number, test.number]
    assert await deployment_numbers(ledger, services=("cart",)) == [cart.number]
    assert await deployment_numbers(ledger, environments=("test", "staging")) == [test.number]
    assert await deployment_numbers(
        ledger, services=("shop", "cart"), environments=("production",)
    ) == [
        shop.number,
        cart.number,
    ]
    assert await deployment_numbers(ledger, services=("cart",), environments=("test",)) == []
    assert await deployment_numbers(ledger, services=("nobody",)) == []


async def test_hidden_record_has_no_facts(ledger: AnyLedger) -> None:
    """A hidden record counts neither as a deployment nor as a recovery."""
    failed = await deploy(ledger, 5, last=Action.FAIL)
    wrong = await create_record(
        ledger,
        environment="development",
        version="1",
        deployed_at=minutes_after_noon(9),
        at=minutes_after_noon(9),
    )
    assert (await facts_of(ledger, failed)).recovered_at == minutes_after_noon(9)

    await hide_deployment(ledger, wrong.id, at=minutes_after_noon(10))

    assert await deployment_numbers(ledger) == [failed.number]
    assert (await facts_of(ledger, failed)).recovered_at is None


async def test_recovery_is_the_next_deployment_of_the_lane(ledger: AnyLedger) -> None:
    """A recovery may be after the span.

    Earlier deployments, failed deployments and deployments in other lanes do not count.
    """
    await deploy(ledger, 3)
    failed = await deploy(ledger, 6, last=Action.FAIL)
    await deploy(ledger, 9, service="cart")
    failed_again = await deploy(ledger, 12, last=Action.FAIL)
    rolled_back = await deploy(ledger, 90)
    await deploy(ledger, 120)
    await perform_action(ledger, Action.ROLLBACK, rolled_back.id, at=minutes_after_noon(130))
    await deploy(ledger, 140)

    failures = [await facts_of(ledger, deployment) for deployment in (failed, failed_again)]
    assert [failure.failed_at for failure in failures] == [
        minutes_after_noon(6),
        minutes_after_noon(12),
    ]
    assert [failure.recovered_at for failure in failures] == [
        minutes_after_noon(90),
        minutes_after_noon(90),
    ]
    rollback = await facts_of(ledger, rolled_back, span_of(60, 100))
    assert (rollback.failed_at, rollback.recovered_at) == (
        minutes_after_noon(130),
        minutes_after_noon(140),
    )
    assert rollback.status is Status.ROLLED_BACK


async def test_failure_time_is_the_first_failure_or_rollback(ledger: AnyLedger) -> None:
    """A rollback after a failure does not change the failure time."""
    failed = await deploy(ledger, 5, last=Action.FAIL)
    await perform_action(ledger, Action.ROLLBACK, failed.id, at=minutes_after_noon(9))
    in_progress = await deploy(ledger, 15, last=Action.ROLLBACK)

    assert (await facts_of(ledger, failed)).failed_at == minutes_after_noon(5)
    assert (await facts_of(ledger, in_progress)).failed_at == minutes_after_noon(15)


async def test_facts_have_the_reason_for_not_starting(ledger: AnyLedger) -> None:
    """The reason shows whether a reviewer rejected the deployment or it was withdrawn."""
    rejected = await request_deployment(ledger, version="1")
    await perform_action(ledger, Action.REJECT, rejected.id, at=minutes_after_noon(1))
    cancelled = await request_deployment(ledger, version="1")
    await perform_action(ledger, Action.CANCEL, cancelled.id, at=minutes_after_noon(1))

    rejected_facts, cancelled_facts = (
        await facts_of(ledger, rejected),
        await facts_of(ledger, cancelled),
    )

    assert (rejected_facts.status, rejected_facts.reviewed) == (Status.REJECTED, True)
    assert cancelled_facts.cancel_reason is CancelReason.WITHDRAWN
    assert (cancelled_facts.failed_at, cancelled_facts.started_at) == (None, None)


async def test_facts_have_reviews_and_break_glass(ledger: AnyLedger) -> None:
    """A break-glass approval is marked, and its after-review is pending until it is closed."""
    requested = await request_deployment(ledger, environment="staging", version="1")
    await perform_action(ledger, Action.APPROVE, requested.id, "quinn", at=minutes_after_noon(4))
    emergency = await request_deployment(
        ledger, environment="staging", version="2", at=minutes_after_noon(1)
    )
    await perform_action(ledger, Action.BREAK_GLASS, emergency.id, "eve", at=minutes_after_noon(2))

    reviewed, unreviewed = await facts_of(ledger, requested), await facts_of(ledger, emergency)

    assert (reviewed.reviewed, reviewed.used_break_glass) == (True, False)
    assert reviewed.approved_at == minutes_after_noon(4)
    assert unreviewed.used_break_glass
    pending = (PendingAfterReview(emergency.number, minutes_after_noon(3)),)
    assert (await facts(ledger, span_of(50, 60))).pending_reviews == pending
    assert (await facts(ledger, environments=("staging",))).pending_reviews == pending
    assert (await facts(ledger, services=("cart",))).pending_reviews == ()
    await perform_action(
        ledger, Action.AFTER_REVIEW, emergency.id, "quinn", at=minutes_after_noon(9)
    )
    assert (await facts(ledger)).pending_reviews == ()


async def test_facts_have_overrides(ledger: AnyLedger) -> None:
    """Only the deployment whose gate was overridden is marked."""
    older = await request_deployment(ledger, environment="development", version="1")
    await deploy(ledger, 5)

    await perform_action(ledger, Action.OVERRIDE, older.id, "eve", at=minutes_after_noon(9))

    assert (await facts_of(ledger, older)).overridden
    assert [deployment.overridden for deployment in (await facts(ledger)).deployments].count(
        True
    ) == 1
