"""Report figures of small examples, computed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.reports.delivery_report import (
    MAX_BUCKET_CONTRIBUTORS,
    CountValue,
    DurationStats,
    FigureDeployments,
    Figures,
    FrequencyValue,
    RateValue,
    Report,
    build_report,
)
from gatepost_domain.reports.measurements import (
    MAX_CONTRIBUTORS,
    PendingAfterReview,
    ReportMeasurements,
)
from gatepost_domain.reports.periods import Bucket, Span, split_span
from gatepost_domain.status_transitions import CancelReason, Status
from tests.support.builders import NOON
from tests.support.domain.deployment_facts import DeploymentFacts, measure_buckets

MIDNIGHT: Final = NOON.replace(hour=0)
WEEK: Final = Span(since=MIDNIGHT, until=MIDNIGHT + timedelta(days=7))
NOBODY: Final = FigureDeployments(numbers=(), more=False)
NONE: Final = CountValue(count=0, contributors=NOBODY)
NO_RATE: Final = RateValue(rate=None, numerator=0, denominator=0, contributors=NOBODY)
NO_TIME: Final = DurationStats(measured=0, median_s=None, p90_s=None, contributors=NOBODY)
_numbers = count(1)


def hours(number: float) -> datetime:
    """Return the instant this many hours after the week began."""
    return MIDNIGHT + timedelta(hours=number)


def a_course(**changes: Any) -> DeploymentFacts:
    """Return the facts of a deployment requested at hour 0 that waits for approval."""
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
    """Return a deployment approved at hour 1, started at 2 and live at 3 by default."""
    whole: dict[str, Any] = {
        "status": Status.SUCCEEDED,
        "approved_at": hours(1),
        "started_at": hours(2),
        "deployed_at": hours(at),
        "reviewed": True,
    }
    return a_course(**(whole | changes))


def failed(**changes: Any) -> DeploymentFacts:
    """Return a deployment approved at hour 1, started at 2 and failed at 3."""
    return succeeded(
        **({"status": Status.FAILED, "deployed_at": None, "failed_at": hours(3)} | changes)
    )


def recorded(at: float = 3, **changes: Any) -> DeploymentFacts:
    """Return a record of a deployment that went live at this hour."""
    whole = {"kind": DeploymentKind.RECORD, "status": Status.SUCCEEDED, "deployed_at": hours(at)}
    return a_course(**(whole | changes))


def report(
    *courses: DeploymentFacts, span: Span = WEEK, owed: Iterable[PendingAfterReview] = ()
) -> Report:
    """Build the report with daily buckets."""
    buckets = list(split_span(span, Bucket.DAY))
    measurements = ReportMeasurements(
        buckets=measure_buckets(courses, span, buckets), pending_reviews=tuple(owed)
    )
    return build_report(measurements, span, buckets, now=WEEK.until)


def of_all(*courses: DeploymentFacts) -> Figures:
    return report(*courses).figures


def took(seconds: float, *numbers: int) -> DurationStats:
    """Return the statistics of these deployments, all with the same duration."""
    behind = FigureDeployments(numbers=numbers, more=False)
    return DurationStats(
        measured=len(numbers), median_s=seconds, p90_s=seconds, contributors=behind
    )


def test_empty_span_has_no_rates_and_no_durations() -> None:
    """Missing figures are None, not 0."""
    result = report()

    days = 7.0
    assert result.figures == Figures(
        deployments=NONE,
        rollbacks=NONE,
        frequency=FrequencyValue(per_day=0, count=0, days=days),
        change_failure_rate=NO_RATE,
        lead_time=NO_TIME,
        lead_time_from_commit=NO_TIME,
        lead_time_from_promotion=NO_TIME,
        recovery_time=NO_TIME,
        approval_latency=NO_TIME,
        waiting_time=NO_TIME,
        override_rate=NO_RATE,
        break_glass_rate=NO_RATE,
        unreviewed_changes=NONE,
        dependent_approvals=NONE,
        rejected=NONE,
        superseded=NONE,
        expired=NONE,
    )
    assert len(result.buckets) == days
    assert (result.after_reviews_open, result.after_reviews_overdue) == (NONE, NONE)


def test_span_of_zero_length_has_no_frequency() -> None:
    """The span has no days, buckets or deployments, not even at its only instant."""
    result = report(recorded(0), span=Span(since=MIDNIGHT, until=MIDNIGHT))

    assert result.buckets == ()
    assert result.figures.deployments == NONE
    assert result.figures.frequency == FrequencyValue(per_day=None, count=0, days=0)


def test_one_deployment_has_every_figure() -> None:
    """A single deployment determines all figures. It was committed a day before its request."""
    figures = of_all(succeeded(number=7, committed_at=hours(-24)))

    behind = FigureDeployments(numbers=(7,), more=False)
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
def test_span_includes_its_start_and_excludes_its_end(at: datetime, counts: int) -> None:
    """A deployment counts when it went live, or else when it was requested."""
    live = recorded(deployed_at=at, created_at=NOON)
    rejected = a_course(status=Status.REJECTED, created_at=at)

    figures = of_all(live, rejected)

    assert (figures.deployments.count, figures.rejected.count) == (counts, counts)


def test_deployment_counts_when_it_went_live() -> None:
    """The whole lead time counts, even if the request was made before the span."""
    figures = of_all(succeeded(created_at=hours(-100)))

    assert figures.deployments.count == 1
    assert figures.lead_time.median_s == 103 * 3600


def test_deployment_counts_in_one_bucket() -> None:
    """The counts of the buckets add up to those of the span."""
    result = report(*(succeeded(at) for at in (3, 24, 47.99, 48)), failed())

    counts = [part.figures.deployments.count for part in result.buckets]
    ended = [part.figures.change_failure_rate.denominator for part in result.buckets]
    assert counts == [1, 2, 1, 0, 0, 0, 0]
    assert ended == [2, 2, 1, 0, 0, 0, 0]
    assert result.figures.deployments.count == 4
    assert [part.figures.frequency.per_day for part in result.buckets][:3] == [1, 2, 1]


def test_change_failure_rate_counts_failures_and_rollbacks() -> None:
    """The rate covers finished and recorded deployments except rollbacks."""
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
        rate=3 / 6,
        numerator=3,
        denominator=6,
        contributors=FigureDeployments(numbers=(103, 102, 101), more=False),
    )
    assert figures.deployments.count == 4
    assert figures.rollbacks.count == 1


def test_lead_time_is_measured_for_changes() -> None:
    """Records only have a lead time from the commit, and rollbacks have none."""
    figures = of_all(
        succeeded(3, number=1),
        recorded(5, number=2, committed_at=hours(1)),
        succeeded(9, kind=DeploymentKind.ROLLBACK, committed_at=hours(1)),
        failed(committed_at=hours(1)),
    )

    assert figures.lead_time == took(3 * 3600, 1)
    assert figures.lead_time_from_commit == took(4 * 3600, 2)


def test_commit_after_its_deployment_is_not_measured() -> None:
    """A negative lead time indicates a wrong clock and is ignored."""
    figures = of_all(recorded(3, committed_at=hours(4)))

    assert figures.lead_time_from_commit == NO_TIME


def test_recovery_time_ends_with_the_next_live_deployment() -> None:
    """Failures without recovery and failed rollbacks are not measured."""
    figures = of_all(
        failed(number=1, recovered_at=hours(5)),
        succeeded(number=2, status=Status.ROLLED_BACK, failed_at=hours(10), recovered_at=hours(11)),
        failed(),
        failed(kind=DeploymentKind.ROLLBACK, recovered_at=hours(5)),
    )

    assert figures.recovery_time == DurationStats(
        measured=2,
        median_s=5400,
        p90_s=7200,
        contributors=FigureDeployments(numbers=(2, 1), more=False),
    )


def test_approval_latency_is_measured_for_reviews_only() -> None:
    """Rejections and approvals by policy or break-glass are not measured."""
    figures = of_all(
        succeeded(number=1),
        a_course(number=2, status=Status.APPROVED, approved_at=hours(1), reviewed=True),
        succeeded(reviewed=False),
        succeeded(used_break_glass=True),
        a_course(status=Status.REJECTED, reviewed=True),
    )

    assert figures.approval_latency == took(3600, 2, 1)


def test_median_and_90th_percentile_of_ten() -> None:
    """The median is the mean of the fifth and sixth values; the percentile is the ninth value."""
    figures = of_all(*(succeeded(hour) for hour in (10, 2, 9, 3, 8, 4, 7, 5, 6, 1)))

    assert figures.lead_time.measured == 10
    assert figures.lead_time.median_s == 5.5 * 3600
    assert figures.lead_time.p90_s == 9 * 3600


def test_90th_percentile_of_eleven_is_the_tenth() -> None:
    """The ninth value would cover less than 90 % of the eleven values."""
    figures = of_all(*(succeeded(hour) for hour in range(1, 12)))

    assert figures.lead_time.median_s == 6 * 3600
    assert figures.lead_time.p90_s == 10 * 3600


def test_emergency_rates_count_started_deployments() -> None:
    """Overrides of deployments that never started are not counted."""
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
        contributors=FigureDeployments(numbers=(2, 1), more=False),
    )
    assert figures.break_glass_rate == RateValue(
        rate=1 / 4,
        numerator=1,
        denominator=4,
        contributors=FigureDeployments(numbers=(2,), more=False),
    )


def test_unreviewed_changes_and_dependent_approvals_are_counted() -> None:
    """Each is listed with its deployments."""
    waived, dependent = succeeded(reviewed=False, waived=True), succeeded(dependent=True)

    figures = of_all(waived, dependent, succeeded())

    assert figures.unreviewed_changes.contributors.numbers == (waived.number,)
    assert figures.dependent_approvals.contributors.numbers == (dependent.number,)
    assert (figures.unreviewed_changes.count, figures.dependent_approvals.count) == (1, 1)


def test_deployments_that_never_started_count_by_reason() -> None:
    """Rejected, superseded and expired deployments are counted; withdrawn requests are not."""
    figures = of_all(
        a_course(number=1, status=Status.REJECTED),
        *(
            a_course(number=n, status=Status.CANCELLED, cancel_reason=reason)
            for n, reason in enumerate(CancelReason, start=2)
        ),
    )

    def one(number: int) -> CountValue:
        return CountValue(count=1, contributors=FigureDeployments(numbers=(number,), more=False))

    by_reason = {reason: one(n) for n, reason in enumerate(CancelReason, start=2)}
    assert figures.rejected == one(1)
    assert figures.superseded == by_reason[CancelReason.SUPERSEDED]
    assert figures.expired == by_reason[CancelReason.EXPIRED]


def test_after_review_is_overdue_from_its_due_time() -> None:
    """After-reviews are counted as of now, regardless of the report's span."""
    now = WEEK.until
    result = report(
        owed=[
            PendingAfterReview(1, now + timedelta(microseconds=1)),
            PendingAfterReview(2, now),
            PendingAfterReview(3, now - timedelta(days=99)),
        ]
    )

    assert result.after_reviews_open == CountValue(
        count=1, contributors=FigureDeployments(numbers=(1,), more=False)
    )
    assert result.after_reviews_overdue == CountValue(
        count=2, contributors=FigureDeployments(numbers=(3, 2), more=False)
    )


@pytest.mark.parametrize("besides", [0, 1])
def test_contributors_are_limited(besides: int) -> None:
    """The newest deployments are listed, and a flag says whether there are more.

    Buckets have a lower limit than the whole span.
    """
    result = report(*(recorded(number=n) for n in range(1, MAX_CONTRIBUTORS + besides + 1)))

    behind = result.figures.deployments.contributors
    assert result.figures.deployments.count == MAX_CONTRIBUTORS + besides
    assert behind.numbers == tuple(range(MAX_CONTRIBUTORS + besides, besides, -1))
    assert behind.more is bool(besides)
    of_part = result.buckets[0].figures.deployments
    assert (of_part.count, len(of_part.contributors.numbers)) == (
        MAX_CONTRIBUTORS + besides,
        MAX_BUCKET_CONTRIBUTORS,
    )
