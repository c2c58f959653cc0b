"""Splitting spans, figure definitions and the failure time of a deployment."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.reports.delivery_report import Figures
from gatepost_domain.reports.metric_definitions import COUNTING_RULE, DEFINITIONS, Figure
from gatepost_domain.reports.periods import Bucket, Span, split_span
from tests.support.builders import NOON
from tests.support.domain.deployment_facts import failed_or_rolled_back_at

ENDLESS = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(since: str, until: str, bucket: Bucket) -> list[str]:
    parts = split_span(Span(since=day(since), until=day(until)), bucket)
    return [part.since.isoformat()[:10] for part in parts]


def test_every_figure_has_a_definition() -> None:
    """Every figure has a definition, and every definition belongs to a figure."""
    figure_names = {field.name for field in fields(Figures)} | {
        "after_reviews_open",
        "after_reviews_overdue",
    }

    assert {figure.value for figure in DEFINITIONS} == figure_names == set(Figure)
    for sentence in (COUNTING_RULE, *DEFINITIONS.values()):
        assert sentence.endswith(".")


def test_days_begin_at_midnight_utc() -> None:
    """The first bucket begins with the span, and each of the others at midnight UTC."""
    span = Span(since=NOON, until=NOON + timedelta(days=2))

    parts = [(part.since, part.until) for part in split_span(span, Bucket.DAY)]

    midnight = NOON.replace(hour=0)
    assert parts == [
        (NOON, midnight + timedelta(days=1)),
        (midnight + timedelta(days=1), midnight + timedelta(days=2)),
        (midnight + timedelta(days=2), span.until),
    ]


def test_weeks_begin_on_monday() -> None:
    """Weeks follow ISO 8601, also across the turn of the year.

    The first bucket begins with the span.
    """
    begun = starts("2026-12-31", "2027-01-12", Bucket.WEEK)

    assert begun == ["2026-12-31", "2027-01-04", "2027-01-11"]


def test_months_have_their_calendar_length() -> None:
    """Each bucket after the first begins on the first day of a month, also in a leap year."""
    begun = starts("2028-01-31", "2028-04-01", Bucket.MONTH)

    assert begun == ["2028-01-31", "2028-02-01", "2028-03-01"]


@pytest.mark.parametrize("bucket", Bucket)
def test_days_are_utc_for_a_span_with_another_offset(bucket: Bucket) -> None:
    """Midnight in the span's own time zone starts no new bucket."""
    elsewhere = datetime.fromisoformat("2026-11-02T01:00:00+02:00")  # Sunday evening in UTC
    span = Span(since=elsewhere, until=day("2026-11-02"))

    assert [(each.since, each.until) for each in split_span(span, bucket)] == [
        (span.since, span.until)
    ]


@pytest.mark.parametrize("bucket", Bucket)
def test_empty_span_has_no_buckets(bucket: Bucket) -> None:
    """Splitting an empty span returns nothing."""
    assert list(split_span(Span(since=NOON, until=NOON), bucket)) == []


def test_span_cannot_end_before_it_begins() -> None:
    """Creating such a span raises an error."""
    with pytest.raises(ValueError, match="A span cannot end"):
        Span(since=NOON, until=NOON - timedelta(microseconds=1))


@pytest.mark.parametrize("bucket", Bucket)
def test_span_can_end_on_the_last_day_of_the_calendar(bucket: Bucket) -> None:
    """No bucket begins after the last representable day."""
    span = Span(since=ENDLESS - timedelta(hours=1), until=ENDLESS)

    assert list(split_span(span, bucket)) == [span]


@given(
    since=st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # UTC is set below
    length=st.timedeltas(timedelta(0), timedelta(days=200)),
    bucket=st.sampled_from(Bucket),
)
def test_buckets_cover_the_span(since: datetime, length: timedelta, bucket: Bucket) -> None:
    """The buckets have no gaps and do not overlap."""
    begin = since.replace(tzinfo=UTC)
    span = Span(since=begin, until=begin + length)

    parts = list(split_span(span, bucket))

    edges = [part.since for part in parts] + [span.until]
    assert edges[0] == span.since
    assert [part.until for part in parts] == edges[1:]
    assert all(part.since < part.until for part in parts)
    assert all(edge.time() == datetime.min.time() for edge in edges[1:-1])


@pytest.mark.parametrize(
    ("started", "finished", "deployed", "rolled_back", "fell"),
    [
        (None, None, None, None, None),
        (None, 2, None, None, None),
        (1, None, None, None, None),
        (1, 2, 2, None, None),
        (1, 2, None, None, 2),
        (1, 2, 2, 9, 9),
        (1, 2, None, 9, 2),
    ],
    ids=[
        "waits",
        "cancelled",
        "under way",
        "succeeded",
        "failed",
        "succeeded, rolled back",
        "failed, rolled back",
    ],
)
def test_failure_time_of_a_deployment(
    started: int | None,
    finished: int | None,
    deployed: int | None,
    rolled_back: int | None,
    fell: int | None,
) -> None:
    """A live deployment failed when it was rolled back; any other when it failed."""

    def at(minute: int | None) -> datetime | None:
        return None if minute is None else NOON + timedelta(minutes=minute)

    failed_at = failed_or_rolled_back_at(
        started_at=at(started),
        finished_at=at(finished),
        deployed_at=at(deployed),
        rolled_back_at=at(rolled_back),
    )

    assert failed_at == at(fell)
