"""Time spans and their division into days, weeks and months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Bucket(StrEnum):
    """How long the parts of a report are; all begin at midnight UTC."""

    DAY = "day"
    WEEK = "week"
    """From Monday (ISO 8601)."""
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of time, which holds its beginning and not its end."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins."""
        if self.until < self.since:
            raise ValueError("A span ends when it begins, or later.")


def split_span(span: Span, bucket: Bucket) -> Iterator[Span]:
    """The days, weeks or months of a span in turn; the first and the last end with it."""
    since, whole_since = span.since, _bucket_start(span.since, bucket)
    while since < span.until:
        try:
            whole_until = _bucket_end(whole_since, bucket)
        except (OverflowError, ValueError):  # beyond the calendar's last day
            whole_until = span.until
        until = min(whole_until, span.until)
        yield Span(since=since, until=until)
        since = whole_since = until


def _bucket_start(at: datetime, bucket: Bucket) -> datetime:
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match bucket:
        case Bucket.DAY:
            return midnight
        case Bucket.WEEK:
            return midnight - timedelta(days=midnight.weekday())
        case Bucket.MONTH:
            return midnight.replace(day=1)


def _bucket_end(whole: datetime, bucket: Bucket) -> datetime:
    match bucket:
        case Bucket.DAY:
            return whole + timedelta(days=1)
        case Bucket.WEEK:
            return whole + timedelta(days=7)
        case Bucket.MONTH:
            return (whole + timedelta(days=31)).replace(day=1)
