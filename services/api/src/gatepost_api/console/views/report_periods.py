"""Report periods: whole days in UTC, presets, and division into buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from gatepost_api.console.views.formatting import end_of_day, start_of_day
from gatepost_api.reports.delivery_report_loading import resolve_span
from gatepost_domain.reports.periods import Bucket, Span

DEFAULT_DAYS: Final = 90
_DAY: Final = timedelta(days=1)
_PRESET_DAYS: Final = (7, 30, DEFAULT_DAYS)
_MAX_DAYS: Final = {Bucket.DAY: 14, Bucket.WEEK: 150}
"""The longest period, in days, for which buckets of each length are chosen automatically."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A period that the page offers as a link."""

    text: str
    since: date
    until: date
    """The last day."""


def parse_span(since: str, until: str, now: datetime) -> Span:
    """Return the period for the given days, ending no later than now; default: the last 90 days.

    Raises:
        BadInput: the period starts after its end.
    """
    latest = now + timedelta.resolution  # a span excludes its end
    end = min(end_of_day(until) or latest, latest)
    start = start_of_day(since)
    if start is None:
        first = _last_day(end) - (DEFAULT_DAYS - 1) * _DAY
        start = start_of_day(f"{first:%Y-%m-%d}")
    return resolve_span(start, end, now)


def last_day_of(span: Span) -> date:
    """Return the last day of a period."""
    return max(_last_day(span.until), span.since.date())


def days_in(span: Span) -> int:
    """Return the number of days in a period; a day that has begun counts as a whole day."""
    return (last_day_of(span) - span.since.date()).days + 1


def span_before(span: Span) -> Span:
    """Return the period of the same length that ends when the given one begins."""
    length = span.until - span.since
    earliest = datetime.min.replace(tzinfo=span.since.tzinfo)
    return Span(since=span.since - min(length, span.since - earliest), until=span.since)


def choose_bucket(name: str, span: Span) -> Bucket:
    """Return the chosen bucket, or one that suits the period if none was chosen."""
    days = (span.until - span.since) / _DAY
    suitable = next((bucket for bucket, most in _MAX_DAYS.items() if days <= most), Bucket.MONTH)
    return next((bucket for bucket in Bucket if bucket == name), suitable)


def presets(now: datetime) -> tuple[Preset, ...]:
    """Return the presets: the last 7, 30 and 90 days, this month and last month."""
    today = now.date()
    first_of_month = today.replace(day=1)
    last_month = first_of_month - _DAY
    return (
        *(
            Preset(text=f"{days} days", since=today - (days - 1) * _DAY, until=today)
            for days in _PRESET_DAYS
        ),
        Preset(text=f"{today:%B}", since=first_of_month, until=today),
        Preset(text=f"{last_month:%B}", since=last_month.replace(day=1), until=last_month),
    )


def bucket_labels(starts: list[datetime], bucket: Bucket) -> list[str]:
    """Return the axis labels of the buckets."""
    if bucket is Bucket.MONTH:
        return [f"{start:%b %Y}" for start in starts]
    return [f"{start.day} {start:%b}" for start in starts]


def _last_day(end: datetime) -> date:
    """Return the last day before an exclusive end."""
    return (end - timedelta.resolution).date()
