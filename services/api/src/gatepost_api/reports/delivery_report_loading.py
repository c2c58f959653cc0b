"""Loading the delivery report for a period, for the API and the console."""

from __future__ import annotations

from asyncio import to_thread
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import Final

from gatepost_api.http.app_context import AppContext
from gatepost_api.http.problems import BadInput
from gatepost_domain.event import format_instant
from gatepost_domain.reports.delivery_report import Figures, Report, build_report
from gatepost_domain.reports.measurements import ReportFilter
from gatepost_domain.reports.periods import Bucket, Span, split_span

DEFAULT_SPAN: Final = timedelta(days=90)
"""The default period of a report."""
MAX_BUCKETS: Final = 400
"""The maximum number of buckets: enough for daily buckets over a year."""


async def load_delivery_report(
    context: AppContext, delivery_filter: ReportFilter, bucket: Bucket, now: datetime
) -> Report:
    """Return the report for a filter, divided into buckets.

    Raises:
        BadInput: there would be too many buckets.
    """
    buckets = list(islice(split_span(delivery_filter.span, bucket), MAX_BUCKETS + 1))
    if len(buckets) > MAX_BUCKETS:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "too_many_buckets",
            "query/bucket",
            f"The period has more than {MAX_BUCKETS} buckets of one {bucket}; choose longer "
            "buckets or a shorter period.",
        )
    measurements = await context.reads.delivery_measurements(delivery_filter, buckets)
    return await to_thread(build_report, measurements, delivery_filter.span, buckets, now=now)


async def load_figures(context: AppContext, delivery_filter: ReportFilter) -> Figures:
    """Return the metrics for a filter, without buckets."""
    span = delivery_filter.span
    measurements = await context.reads.delivery_measurements(delivery_filter, [span])
    report = await to_thread(build_report, measurements, span, [span], now=span.until)
    return report.figures


def resolve_span(
    since: datetime | None, until: datetime | None, now: datetime, *, pointer: str = "query/since"
) -> Span:
    """Return the period from `since` to `until`, by default the last 90 days up to now.

    `pointer` refers to the field in which the start was given.

    Raises:
        BadInput: `since` is after `until`.
    """
    end = until or now
    start = since or _default_start(end)
    if start > end:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "since_after_until",
            pointer,
            f"The period starts after its end, {format_instant(end)}; choose an earlier start.",
        )
    return Span(since=start, until=end)


def _default_start(end: datetime) -> datetime:
    try:
        return end - DEFAULT_SPAN
    except OverflowError:  # the start would be before the year 1
        return datetime.min.replace(tzinfo=UTC)
