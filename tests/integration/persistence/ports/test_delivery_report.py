"""Every ledger measures the same for the delivery report."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.actions.catalog.create import create_environment, register_version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.reports.measurements import (
    PendingAfterReview,
    ReportFilter,
    ReportMeasurements,
)
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    a_command,
    a_policy,
    a_stage,
    a_version,
    an_environment,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.deployment_facts import DeploymentFacts, measure_buckets
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


async def measurements(ledger: AnyLedger, span: Span = HOUR, **filters: Any) -> ReportMeasurements:
    return await ledger.reads.delivery_measurements(ReportFilter(span=span, **filters), [span])


async def numbers(
    ledger: AnyLedger,
    *figures: Figure,
    span: Span = HOUR,
    **filters: Any,
) -> list[int]:
    """Return the numbers of the deployments that count for any of the figures."""
    (measured,) = (await measurements(ledger, span, **filters)).buckets
    return sorted({number for figure in figures for number in measured.contributors[figure].latest})


async def minutes(ledger: AnyLedger, figure: Figure, span: Span = HOUR) -> list[float]:
    """Return the measured durations of a figure."""
    (measured,) = (await measurements(ledger, span)).buckets
    return [micros / 60e6 for part in measured.durations[figure].parts for micros in part]


async def pending_reviews(
    ledger: AnyLedger, span: Span = HOUR, **filters: tuple[str, ...]
) -> tuple[PendingAfterReview, ...]:
    return (await measurements(ledger, span, **filters)).pending_reviews


def span_of(since: int, until: int) -> Span:
    return Span(since=minutes_after_noon(since), until=minutes_after_noon(until))


async def test_empty_ledger_has_no_measurements(ledger: AnyLedger) -> None:
    """There are neither deployments nor pending after-reviews."""
    assert await measurements(ledger) == ReportMeasurements(
        buckets=measure_buckets((), HOUR, [HOUR]), pending_reviews=()
    )


async def test_no_buckets_have_no_measurements(ledger: AnyLedger) -> None:
    """A span without length has no buckets."""
    criteria = ReportFilter(span=Span(since=NOON, until=NOON))

    assert (await ledger.reads.delivery_measurements(criteria, [])).buckets == ()


async def test_outcome_of_a_deployment_is_measured(ledger: AnyLedger) -> None:
    """It is measured from its request, approval and commit until it started and went live."""
    deployed = await deploy(ledger, 5, version="3")

    (measured,) = (await measurements(ledger)).buckets
    facts = DeploymentFacts(
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
    assert (measured,) == measure_buckets([facts], HOUR, [HOUR])
    assert await minutes(ledger, Figure.LEAD_TIME) == [2]
    assert await minutes(ledger, Figure.LEAD_TIME_FROM_COMMIT) == [2 * 24 * 60 + 5]


async def test_live_deployments_are_found_by_deployment_time(ledger: AnyLedger) -> None:
    """The deployment time must lie in the span, which includes its start and excludes its end."""
    deployed = await deploy(ledger, 5)

    found = [
        await numbers(ledger, Figure.DEPLOYMENTS, span=span_of(*span))
        for span in ((5, 6), (0, 5), (6, 60))
    ]
    assert found == [[deployed.number], [], []]


async def test_other_deployments_are_found_by_request_time(ledger: AnyLedger) -> None:
    """Rejected and failed deployments are found by their request time."""
    rejected = await request_deployment(ledger, at=minutes_after_noon(5), version="1")
    await perform_action(ledger, Action.REJECT, rejected.id, at=minutes_after_noon(20))
    failed = await deploy(ledger, 7, last=Action.FAIL)

    found = [
        await numbers(ledger, Figure.REJECTED, Figure.CHANGE_FAILURE_RATE, span=span_of(*span))
        for span in ((5, 6), (0, 5), (6, 60))
    ]
    assert found == [[rejected.number, failed.number], [], []]


async def test_buckets_are_measured_separately(ledger: AnyLedger) -> None:
    """The measurements are in the order of the buckets."""
    buckets = [span_of(0, 10), span_of(10, 20), span_of(20, 60)]
    for minute in (5, 15, 16):
        await deploy(ledger, minute)

    measured = await ledger.reads.delivery_measurements(ReportFilter(span=HOUR), buckets)

    counts = [bucket.contributors[Figure.DEPLOYMENTS].count for bucket in measured.buckets]
    assert counts == [1, 2, 0]


async def test_deployments_are_filtered_by_service_and_environment(ledger: AnyLedger) -> None:
    """Each filter accepts several names, and a deployment must match both filters."""
    shop = await create_record(ledger, version="1")
    cart = await create_record(ledger, version="1", service="cart")
    test = await create_record(ledger, version="1", environment="test")

    async def found(**filters: Any) -> list[int]:
        return await numbers(ledger, Figure.DEPLOYMENTS, **filters)

    assert await found() == [shop.number, cart.number, test.number]
    assert await found(services=("cart",)) == [cart.number]
    assert await found(environments=("test", "staging")) == [test.number]
    production = await found(services=("shop", "cart"), environments=("production",))
    assert production == [shop.number, cart.number]
    assert await found(services=("cart",), environments=("test",)) == []
    assert await found(services=("nobody",)) == []


async def test_deployments_are_filtered_by_tier_and_team(ledger: AnyLedger) -> None:
    """The tier is that of the request, and the team is the one that the service has now."""
    production = await create_record(ledger, version="1")
    test = await create_record(ledger, version="1", environment="test")

    async def found(**filters: Any) -> list[int]:
        return await numbers(ledger, Figure.DEPLOYMENTS, **filters)

    assert await found(tiers=(Tier.PRODUCTION,)) == [production.number]
    assert await found(tiers=(Tier.TEST, Tier.STAGING), teams=("team",)) == [test.number]
    assert await found(teams=("nobody",)) == []


async def record(ledger: AnyLedger, version: str, at: int, environment: str = "production") -> int:
    """Record a deployment of shop in the given minute and return its number."""
    instant = minutes_after_noon(at)
    made = await create_record(
        ledger, version=version, environment=environment, deployed_at=instant, at=instant
    )
    return made.number


async def test_a_record_of_an_earlier_version_is_a_rollback(ledger: AnyLedger) -> None:
    """Version 2 failed, and went live again later; a repeated version is a redeployment.

    1 at 1, again at 2; 2 at 5, back to 1 at 9, forward to 2 at 20, and to 3 at 30. Of the five
    changes, the first deployment of 2 failed, and was live for four minutes.
    """
    first, again = await record(ledger, "1", 1), await record(ledger, "1", 2)
    bad = await record(ledger, "2", 5)
    rollback = await record(ledger, "1", 9)
    fixed, last = await record(ledger, "2", 20), await record(ledger, "3", 30)

    assert await numbers(ledger, Figure.ROLLBACKS) == [rollback]
    assert await numbers(ledger, Figure.DEPLOYMENTS) == [first, again, bad, fixed, last]
    assert await numbers(ledger, Figure.CHANGE_FAILURE_RATE) == [bad]
    assert await minutes(ledger, Figure.RECOVERY_TIME) == [4]
    (measured,) = (await measurements(ledger)).buckets
    assert (measured.finished, measured.started) == (5, 0)


async def test_a_record_can_revert_a_deployment_of_gatepost(ledger: AnyLedger) -> None:
    """A deployment that succeeded counts as failed once a record shows the return from it."""
    await deploy(ledger, 3, version="1")
    bad = await deploy(ledger, 6, version="2")
    await record(ledger, "1", 10, "development")

    assert await numbers(ledger, Figure.CHANGE_FAILURE_RATE) == [bad.number]
    assert await minutes(ledger, Figure.RECOVERY_TIME) == [4]


async def test_lead_time_from_promotion_begins_in_a_lower_tier(ledger: AnyLedger) -> None:
    """It is measured from the first time the version was live there, not from a later time."""
    await record(ledger, "1", 3, "test")
    await record(ledger, "1", 8, "test")
    production = await record(ledger, "1", 15)
    await record(ledger, "2", 20)

    assert await minutes(ledger, Figure.LEAD_TIME_FROM_PROMOTION) == [12]
    assert await numbers(ledger, Figure.LEAD_TIME_FROM_PROMOTION) == [production]


async def test_hidden_record_is_not_counted(ledger: AnyLedger) -> None:
    """A hidden record counts neither as a deployment nor as a recovery."""
    await deploy(ledger, 5, last=Action.FAIL)
    wrong = await create_record(
        ledger,
        environment="development",
        version="1",
        deployed_at=minutes_after_noon(9),
        at=minutes_after_noon(9),
    )
    before = await minutes(ledger, Figure.RECOVERY_TIME)

    await hide_deployment(ledger, wrong.id, at=minutes_after_noon(10))

    assert (before, await minutes(ledger, Figure.RECOVERY_TIME)) == ([4], [])
    assert await numbers(ledger, Figure.DEPLOYMENTS) == []


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

    assert await minutes(ledger, Figure.RECOVERY_TIME) == [90 - 12, 90 - 6]
    assert await numbers(ledger, Figure.RECOVERY_TIME) == [failed.number, failed_again.number]
    later = span_of(60, 100)
    assert await minutes(ledger, Figure.RECOVERY_TIME, later) == [140 - 130]
    assert await numbers(ledger, Figure.CHANGE_FAILURE_RATE, span=later) == [rolled_back.number]


async def test_failure_time_is_the_first_failure_or_rollback(ledger: AnyLedger) -> None:
    """A rollback after a failure does not change the failure time."""
    failed = await deploy(ledger, 5, last=Action.FAIL)
    await perform_action(ledger, Action.ROLLBACK, failed.id, at=minutes_after_noon(9))
    await deploy(ledger, 15, last=Action.ROLLBACK)
    await deploy(ledger, 25)

    assert await minutes(ledger, Figure.RECOVERY_TIME) == [25 - 15, 25 - 5]


async def test_reason_for_not_starting_is_counted(ledger: AnyLedger) -> None:
    """A reviewer rejected the deployment, or a newer one superseded it; others do not count."""
    rejected = await request_deployment(ledger, version="1")
    await perform_action(ledger, Action.REJECT, rejected.id, at=minutes_after_noon(1))
    cancelled = await request_deployment(ledger, version="1")
    await perform_action(ledger, Action.CANCEL, cancelled.id, at=minutes_after_noon(1))

    assert await numbers(ledger, Figure.REJECTED) == [rejected.number]
    assert await numbers(ledger, Figure.SUPERSEDED, Figure.EXPIRED) == []
    assert await numbers(ledger, Figure.CHANGE_FAILURE_RATE) == []


async def test_reviews_and_break_glass_are_measured(ledger: AnyLedger) -> None:
    """A break-glass approval has no latency, and its after-review is pending until it is closed."""
    requested = await request_deployment(ledger, environment="staging", version="1")
    await perform_action(ledger, Action.APPROVE, requested.id, "quinn", at=minutes_after_noon(4))
    emergency = await request_deployment(
        ledger, environment="staging", version="2", at=minutes_after_noon(1)
    )
    await perform_action(ledger, Action.BREAK_GLASS, emergency.id, "eve", at=minutes_after_noon(2))

    assert await minutes(ledger, Figure.APPROVAL_LATENCY) == [4]
    assert await numbers(ledger, Figure.APPROVAL_LATENCY) == [requested.number]
    pending = (PendingAfterReview(emergency.number, minutes_after_noon(3)),)
    assert await pending_reviews(ledger, span_of(50, 60)) == pending
    assert await pending_reviews(ledger, environments=("staging",)) == pending
    assert await pending_reviews(ledger, services=("cart",)) == ()
    await perform_action(
        ledger, Action.AFTER_REVIEW, emergency.id, "quinn", at=minutes_after_noon(9)
    )
    assert await pending_reviews(ledger) == ()


async def test_overrides_are_counted(ledger: AnyLedger) -> None:
    """Only the deployment whose gate was overridden counts, once it has started."""
    older = await request_deployment(ledger, environment="development", version="1")
    await deploy(ledger, 5)
    await perform_action(ledger, Action.OVERRIDE, older.id, "eve", at=minutes_after_noon(9))
    before = await numbers(ledger, Figure.OVERRIDE_RATE)

    await perform_action(ledger, Action.START, older.id, at=minutes_after_noon(10))

    assert (before, await numbers(ledger, Figure.OVERRIDE_RATE)) == ([], [older.number])


async def test_unreviewed_production_changes_are_counted(ledger: AnyLedger) -> None:
    """Neither an approved one nor one by break-glass counts, and nor do those that never start."""
    for tier, name in ((Tier.PRODUCTION, "live"), (Tier.STAGING, "below")):
        action = partial(
            create_environment,
            environment=an_environment(name, tier=tier),
            policy=a_policy(),
            command=a_command("owner"),
        )
        await ledger.perform(action)
    started: dict[str, int] = {}
    for environment in ("live", "below"):
        deployment = await request_deployment(ledger, environment=environment, version="1")
        await perform_action(ledger, Action.START, deployment.id, at=minutes_after_noon(1))
        started[environment] = deployment.number
    await request_deployment(ledger, environment="live", version="2")

    assert await numbers(ledger, Figure.UNREVIEWED_CHANGES) == [started["live"]]
    assert await numbers(ledger, Figure.DEPENDENT_APPROVALS) == []


async def test_record_of_a_failure_counts_as_a_failed_change(ledger: AnyLedger) -> None:
    """Like an imported one; it never went live."""
    failed = await create_record(
        ledger,
        version="1",
        deployed_at=minutes_after_noon(5),
        has_failed=True,
        at=minutes_after_noon(9),
    )
    worked = await create_record(
        ledger, version="1", deployed_at=minutes_after_noon(7), at=minutes_after_noon(9)
    )

    assert await numbers(ledger, Figure.CHANGE_FAILURE_RATE) == [failed.number]
    assert await numbers(ledger, Figure.DEPLOYMENTS) == [worked.number]
