"""Times, durations and names as the console shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gatepost_api.console.views.browser_zone import zone_name
from gatepost_api.console.views.formatting import (
    catalog_label,
    end_of_day,
    format_duration,
    format_elapsed,
    format_relative,
    start_of_day,
)
from tests.support.builders import an_environment

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("elapsed", "text", "exactly"),
    [
        (timedelta(days=120, seconds=56), "120 d", "120 d 56 s"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h", "2 d 3 h"),
        (timedelta(hours=1, seconds=5), "1 h", "1 h 5 s"),
        (timedelta(minutes=1, seconds=5), "1 min 5 s", "1 min 5 s"),
        (timedelta(seconds=7), "7 s", "7 s"),
        (timedelta(0), "0 s", "0 s"),
    ],
)
def test_elapsed_time_leaves_out_what_is_too_small_to_matter(
    elapsed: timedelta, text: str, exactly: str
) -> None:
    """The length of a setting keeps it."""
    assert format_elapsed(elapsed) == text
    assert format_duration(elapsed) == exactly


@pytest.mark.parametrize(
    ("name", "display_name", "label"),
    [
        ("production", "Production", "Production"),
        ("us-production", "US Production", "US Production"),
        ("catalog", "Product Catalog", "Product Catalog (catalog)"),
    ],
)
def test_a_label_has_the_name_only_if_the_display_name_says_something_else(
    name: str, display_name: str, label: str
) -> None:
    """Case and spaces make no difference."""
    assert catalog_label(an_environment(name, display_name=display_name)) == label


def test_days_are_those_of_the_time_zone() -> None:
    """A day can have 25 hours. What is not a day has no start or end."""
    assert start_of_day("2026-11-20") == datetime(2026, 11, 20, tzinfo=UTC)
    assert start_of_day("2026-11-20", BERLIN) == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert end_of_day("2026-10-25", BERLIN) == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert start_of_day("2026-10-25", BERLIN) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    for text in ("", "2026-02-30", "9999-12-31", "yesterday"):
        assert end_of_day(text, BERLIN) is None
    assert start_of_day("0001-01-01", BERLIN) is None


def test_a_zone_has_the_short_name_of_the_season() -> None:
    """So that a field says which time it means."""
    assert zone_name(BERLIN, datetime(2026, 1, 1, tzinfo=UTC)) == "CET"
    assert zone_name(BERLIN, datetime(2026, 7, 1, tzinfo=UTC)) == "CEST"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=9), "just now"),
        (timedelta(seconds=59.7), "1 minute ago"),
        (timedelta(hours=3, minutes=52), "4 hours ago"),
        (timedelta(hours=23, minutes=40), "1 day ago"),
        (timedelta(days=120, hours=4), "4 months ago"),
        (-timedelta(days=2, hours=20), "in 3 days"),
        (-timedelta(days=8, hours=10), "in 8 days"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_relative_time_is_rounded(ago: timedelta, text: str) -> None:
    """It is the nearest whole number of its largest unit, and never "60 minutes"."""
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    assert format_relative(now - ago, now) == text
