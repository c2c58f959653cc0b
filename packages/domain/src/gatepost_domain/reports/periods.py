"""Time spans, and splitting them into days, weeks and months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Bucket(StrEnum):
    """The length of a report's buckets. Buckets start and end at midnight UTC."""

    DAY = "day"
    WEEK = "week"
    """Begins on Monday (ISO 8601)."""
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time span that includes `since` and excludes `until`."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins."""
        if self.until < self.since:
            raise ValueError("A span cannot end before it begins.")


def split_span(span: Span, bucket: Bucket) -> Iterator[Span]:
    """Yield the days, weeks or months of a span. The first and the last may be partial."""
    since, bucket_start = span.since, _bucket_start(span.since, bucket)
    while since < span.until:
        try:
            bucket_end = _bucket_end(bucket_start, bucket)
        except (OverflowError, ValueError):  # the bucket would end after the year 9999
            bucket_end = span.until
        until = min(bucket_end, span.until)
        yield Span(since=since, until=until)
        since = bucket_start = until


def _bucket_start(at: datetime, bucket: Bucket) -> datetime:
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match bucket:
        case Bucket.DAY:
            return midnight
        case Bucket.WEEK:
            return midnight - timedelta(days=midnight.weekday())
        case Bucket.MONTH:
            return midnight.replace(day=1)


def _bucket_end(start: datetime, bucket: Bucket) -> datetime:
    match bucket:
        case Bucket.DAY:
            return start + timedelta(days=1)
        case Bucket.WEEK:
            return start + timedelta(days=7)
        case Bucket.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
