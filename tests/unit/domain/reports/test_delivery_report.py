"""The figures of small worlds, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.reports.delivery_report import (
    MAX_BUCKET_CONTRIBUTORS,
    MAX_CONTRIBUTORS,
    Contributors,
    CountValue,
    DurationStats,
    Figures,
    FrequencyValue,
    RateValue,
    Report,
    build_report,
)
from gatepost_domain.reports.deployment_facts import (
    DeliveryFacts,
    DeploymentFacts,
    PendingAfterReview,
)
from gatepost_domain.reports.periods import Bucket, Span, split_span
from gatepost_domain.status import CancelReason, Status
from tests.support.builders import NOON

MIDNIGHT: Final = NOON.replace(hour=0)
WEEK: Final = Span(since=MIDNIGHT, until=MIDNIGHT + timedelta(days=7))
NOBODY: Final = Contributors(numbers=(), more=False)
NONE: Final = CountValue(count=0, contributors=NOBODY)
NO_RATE: Final = RateValue(rate=None, numerator=0, denominator=0, contributors=NOBODY)
NO_TIME: Final = DurationStats(measured=0, median_s=None, p90_s=None, contributors=NOBODY)
_numbers = count(1)


def hours(number: float) -> datetime:
    """So many hours after the week began."""
    return MIDNIGHT + timedelta(hours=number)


def a_course(**changes: Any) -> DeploymentFacts:
    """Of a deployment that was asked for as the week began and waits for its review."""
    whole: dict[str, Any] = {
        "number": next(_numbers),
        "kind": DeploymentKind.REQUEST,
        "status": Status.PENDING_APPROVAL,
        "cancel_reason": None,
        "created_at": MIDNIGHT,
        "approved_at": None,
        "started_at": None,
        "deployed_at": None,
        "failed_at": None,
        "recovered_at": None,
        "committed_at": None,
        "reviewed": False,
        "overridden": False,
        "used_break_glass": False,
    }
    return DeploymentFacts(**(whole | changes))


def succeeded(at: float = 3, **changes: Any) -> DeploymentFacts:
    """Asked for at 0, approved at 1, started at 2, stood at 3 unless told otherwise."""
    whole: dict[str, Any] = {
        "status": Status.SUCCEEDED,
        "approved_at": hours(1),
        "started_at": hours(2),
        "deployed_at": hours(at),
        "reviewed": True,
    }
    return a_course(**(whole | changes))


def failed(**changes: Any) -> DeploymentFacts:
    """As above, but that it failed at 3."""
    return succeeded(
        **({"status": Status.FAILED, "deployed_at": None, "failed_at": hours(3)} | changes)
    )


def recorded(at: float = 3, **changes: Any) -> DeploymentFacts:
    """Told of at 0 that it had stood."""
    whole = {"kind": DeploymentKind.RECORD, "status": Status.SUCCEEDED, "deployed_at": hours(at)}
    return a_course(**(whole | changes))


def report(
    *courses: DeploymentFacts, span: Span = WEEK, owed: Iterable[PendingAfterReview] = ()
) -> Report:
    """By the day."""
    made_of = DeliveryFacts(deployments=courses, pending_reviews=tuple(owed))
    return build_report(made_of, span, list(split_span(span, Bucket.DAY)), now=WEEK.until)


def of_all(*courses: DeploymentFacts) -> Figures:
    return report(*courses).figures


def took(seconds: float, *numbers: int) -> DurationStats:
    """One was measured, or several that took equally long."""
    behind = Contributors(numbers=numbers, more=False)
    return DurationStats(
        measured=len(numbers), median_s=seconds, p90_s=seconds, contributors=behind
    )


def test_of_nothing_there_are_no_rates_and_no_durations() -> None:
    """A span in which nothing happened tells none, not nought."""
    found = report()

    days = 7.0
    assert found.figures == Figures(
        deployments=NONE,
        rollbacks=NONE,
        frequency=FrequencyValue(per_day=0, count=0, days=days),
        change_failure_rate=NO_RATE,
        lead_time=NO_TIME,
        lead_time_from_commit=NO_TIME,
        recovery_time=NO_TIME,
        approval_latency=NO_TIME,
        waiting_time=NO_TIME,
        override_rate=NO_RATE,
        break_glass_rate=NO_RATE,
        rejected=NONE,
        superseded=NONE,
        expired=NONE,
    )
    assert len(found.buckets) == days
    assert (found.after_reviews_open, found.after_reviews_overdue) == (NONE, NONE)


def test_of_an_empty_span_there_is_no_frequency() -> None:
    """It has no days to divide by, and no parts; nothing is in it, not even at its instant."""
    found = report(recorded(0), span=Span(since=MIDNIGHT, until=MIDNIGHT))

    assert found.buckets == ()
    assert found.figures.deployments == NONE
    assert found.figures.frequency == FrequencyValue(per_day=None, count=0, days=0)


def test_one_deployment_has_every_figure_of_its_own() -> None:
    """Asked for at 0, approved at 1, started at 2, deployed at 3, committed a day before."""
    figures = of_all(succeeded(number=7, committed_at=hours(-24)))

    behind = Contributors(numbers=(7,), more=False)
    assert figures.deployments == CountValue(count=1, contributors=behind)
    assert figures.frequency == FrequencyValue(per_day=1 / 7, count=1, days=7)
    assert figures.change_failure_rate == RateValue(
        rate=0, numerator=0, denominator=1, contributors=NOBODY
    )
    assert figures.lead_time == took(3 * 3600, 7)
    assert figures.lead_time_from_commit == took(27 * 3600, 7)
    assert figures.approval_latency == took(3600, 7)
    assert figures.waiting_time == took(3600, 7)
    assert figures.recovery_time == NO_TIME


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (WEEK.since - timedelta(microseconds=1), 0),
        (WEEK.since, 1),
        (WEEK.until - timedelta(microseconds=1), 1),
        (WEEK.until, 0),
    ],
)
def test_a_span_holds_its_beginning_and_not_its_end(at: datetime, counts: int) -> None:
    """What stood by when it stood, what never did by when it was asked for."""
    stood = recorded(deployed_at=at, created_at=NOON)
    refused = a_course(status=Status.REJECTED, created_at=at)

    figures = of_all(stood, refused)

    assert (figures.deployments.count, figures.rejected.count) == (counts, counts)


def test_what_was_asked_for_before_counts_when_it_stood() -> None:
    """Once, with its whole lead time, however long ago that began."""
    figures = of_all(succeeded(created_at=hours(-100)))

    assert figures.deployments.count == 1
    assert figures.lead_time.median_s == 103 * 3600


def test_every_deployment_counts_in_just_one_part() -> None:
    """The parts add up to the whole, by the day on which each stood."""
    found = report(*(succeeded(at) for at in (3, 24, 47.99, 48)), failed())

    counts = [part.figures.deployments.count for part in found.buckets]
    ended = [part.figures.change_failure_rate.denominator for part in found.buckets]
    assert counts == [1, 2, 1, 0, 0, 0, 0]
    assert ended == [2, 2, 1, 0, 0, 0, 0]
    assert found.figures.deployments.count == 4
    assert [part.figures.frequency.per_day for part in found.buckets][:3] == [1, 2, 1]


def test_changes_fail_that_failed_or_were_rolled_back() -> None:
    """Of those started here that ended: neither records, nor rollbacks, nor what is under way."""
    figures = of_all(
        succeeded(),
        succeeded(),
        failed(number=101),
        succeeded(
            number=102, status=Status.ROLLED_BACK, kind=DeploymentKind.PROMOTION, failed_at=hours(9)
        ),
        failed(number=103, status=Status.ROLLED_BACK),
        recorded(),
        succeeded(kind=DeploymentKind.ROLLBACK),
        failed(kind=DeploymentKind.ROLLBACK),
        succeeded(status=Status.STARTED, deployed_at=None),
        a_course(),
    )

    assert figures.change_failure_rate == RateValue(
        rate=3 / 5,
        numerator=3,
        denominator=5,
        contributors=Contributors(numbers=(103, 102, 101), more=False),
    )
    assert figures.deployments.count == 4
    assert figures.rollbacks.count == 1


def test_lead_times_are_those_of_changes() -> None:
    """From asking, of what was asked for here; from the commit, of records too."""
    figures = of_all(
        succeeded(3, number=1),
        recorded(5, number=2, committed_at=hours(1)),
        succeeded(9, kind=DeploymentKind.ROLLBACK, committed_at=hours(1)),
        failed(committed_at=hours(1)),
    )

    assert figures.lead_time == took(3 * 3600, 1)
    assert figures.lead_time_from_commit == took(4 * 3600, 2)


def test_a_commit_later_than_its_deployment_is_no_lead_time() -> None:
    """A clock was wrong somewhere; nobody deployed before it was written."""
    figures = of_all(recorded(3, committed_at=hours(4)))

    assert figures.lead_time_from_commit == NO_TIME


def test_recovery_is_from_the_failure_to_what_stood_next() -> None:
    """What has not recovered is not measured, nor is a rollback that failed in between."""
    figures = of_all(
        failed(number=1, recovered_at=hours(5)),
        succeeded(number=2, status=Status.ROLLED_BACK, failed_at=hours(10), recovered_at=hours(11)),
        failed(),
        failed(kind=DeploymentKind.ROLLBACK, recovered_at=hours(5)),
    )

    assert figures.recovery_time == DurationStats(
        measured=2, median_s=5400, p90_s=7200, contributors=Contributors(numbers=(2, 1), more=False)
    )


def test_approvals_are_measured_where_somebody_gave_them() -> None:
    """Neither by policy, nor by break-glass; a no is no approval."""
    figures = of_all(
        succeeded(number=1),
        a_course(number=2, status=Status.APPROVED, approved_at=hours(1), reviewed=True),
        succeeded(reviewed=False),
        succeeded(used_break_glass=True),
        a_course(status=Status.REJECTED, reviewed=True),
    )

    assert figures.approval_latency == took(3600, 2, 1)


def test_median_and_ninetieth_percentile_are_of_what_was_measured() -> None:
    """Of ten: the mean of the fifth and sixth, and the ninth."""
    figures = of_all(*(succeeded(hour) for hour in (10, 2, 9, 3, 8, 4, 7, 5, 6, 1)))

    assert figures.lead_time.measured == 10
    assert figures.lead_time.median_s == 5.5 * 3600
    assert figures.lead_time.p90_s == 9 * 3600


def test_of_eleven_the_tenth_is_what_nine_in_ten_did_not_exceed() -> None:
    """Nine of eleven would be fewer."""
    figures = of_all(*(succeeded(hour) for hour in range(1, 12)))

    assert figures.lead_time.median_s == 6 * 3600
    assert figures.lead_time.p90_s == 10 * 3600


def test_emergencies_are_told_among_what_was_started() -> None:
    """An override of what never started passed nothing."""
    figures = of_all(
        succeeded(),
        succeeded(number=1, overridden=True),
        failed(number=2, used_break_glass=True, overridden=True),
        succeeded(kind=DeploymentKind.ROLLBACK),
        a_course(overridden=True),
        recorded(),
    )

    assert figures.override_rate == RateValue(
        rate=1 / 2,
        numerator=2,
        denominator=4,
        contributors=Contributors(numbers=(2, 1), more=False),
    )
    assert figures.break_glass_rate == RateValue(
        rate=1 / 4, numerator=1, denominator=4, contributors=Contributors(numbers=(2,), more=False)
    )


def test_what_ended_before_it_started_is_told_by_why() -> None:
    """What somebody took back is nobody's trouble, and not told."""
    figures = of_all(
        a_course(number=1, status=Status.REJECTED),
        *(
            a_course(number=n, status=Status.CANCELLED, cancel_reason=reason)
            for n, reason in enumerate(CancelReason, start=2)
        ),
    )

    def one(number: int) -> CountValue:
        return CountValue(count=1, contributors=Contributors(numbers=(number,), more=False))

    by_reason = {reason: one(n) for n, reason in enumerate(CancelReason, start=2)}
    assert figures.rejected == one(1)
    assert figures.superseded == by_reason[CancelReason.SUPERSEDED]
    assert figures.expired == by_reason[CancelReason.EXPIRED]


def test_reviews_are_overdue_from_the_instant_they_were_due() -> None:
    """As of now, whenever the deployments were."""
    now = WEEK.until
    found = report(
        owed=[
            PendingAfterReview(1, now + timedelta(microseconds=1)),
            PendingAfterReview(2, now),
            PendingAfterReview(3, now - timedelta(days=99)),
        ]
    )

    assert found.after_reviews_open == CountValue(
        count=1, contributors=Contributors(numbers=(1,), more=False)
    )
    assert found.after_reviews_overdue == CountValue(
        count=2, contributors=Contributors(numbers=(3, 2), more=False)
    )


@pytest.mark.parametrize("besides", [0, 1])
def test_as_many_are_named_behind_a_figure_as_can_be_looked_at(besides: int) -> None:
    """The latest asked for, and that there are more if there are; fewer behind that of a part."""
    found = report(*(recorded(number=n) for n in range(1, MAX_CONTRIBUTORS + besides + 1)))

    behind = found.figures.deployments.contributors
    assert found.figures.deployments.count == MAX_CONTRIBUTORS + besides
    assert behind.numbers == tuple(range(MAX_CONTRIBUTORS + besides, besides, -1))
    assert behind.more is bool(besides)
    of_part = found.buckets[0].figures.deployments
    assert (of_part.count, len(of_part.contributors.numbers)) == (
        MAX_CONTRIBUTORS + besides,
        MAX_BUCKET_CONTRIBUTORS,
    )
