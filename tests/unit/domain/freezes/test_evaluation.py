"""When freezes are on, and what they say to a start."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import (
    FreezeBlock,
    FreezePeriod,
    active_period,
    find_freeze_block,
    has_ended,
    is_active,
    next_period,
)
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from tests.support.builders import NOON
from tests.support.domain.freezes import a_freeze

BERLIN = ZoneInfo("Europe/Berlin")
TICK = timedelta.resolution
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)
"""16:00 in Berlin, on the Friday after NOON, which is a Saturday."""


def weekends(**changes: Any) -> Freeze:
    """Fridays from 16:00 for 62 h in Berlin: until Monday, 06:00."""
    whole = {
        "starts_at": datetime(2026, 10, 23, 14, tzinfo=UTC),
        "created_at": datetime(2026, 10, 1, tzinfo=UTC),
        "rrule": "FREQ=WEEKLY;BYDAY=FR",
        "duration": 62 * HOUR,
        "timezone": "Europe/Berlin",
    }
    return a_freeze(**(whole | changes))


def afternoons(**changes: Any) -> Freeze:
    """An allow window every day from noon for an hour."""
    whole = {"effect": Effect.ALLOW, "rrule": "FREQ=DAILY", "duration": HOUR}
    return a_freeze(**(whole | changes))


def judged(*freezes: Freeze, at: datetime = NOON) -> FreezeBlock | None:
    return find_freeze_block(freezes, "shop", "production", Tier.PRODUCTION, at)


def blocked(freeze: Freeze, since: datetime, opens_at: datetime | None) -> FreezeBlock:
    return FreezeBlock(freeze=freeze, since=since, opens_at=opens_at)


def test_a_freeze_until_lifted_says_no_and_not_for_how_long() -> None:
    """Nobody knows when somebody will lift it."""
    freeze = a_freeze()

    assert judged(freeze, at=NOON + DAY) == blocked(freeze, NOON, None)


def test_a_freeze_with_an_end_says_when_it_opens() -> None:
    """A one-off's end is the first instant at which a start is taken again."""
    freeze = a_freeze(ends_at=NOON + HOUR)

    assert judged(freeze) == blocked(freeze, NOON, NOON + HOUR)
    assert judged(freeze, at=NOON + HOUR - TICK) is not None
    assert judged(freeze, at=NOON + HOUR) is None


def test_a_deny_wins_over_an_allow_window() -> None:
    """The window is open, and still nothing may start."""
    deny, page_request = a_freeze(ends_at=NOON + HOUR / 2), afternoons()

    assert judged(page_request, deny) == blocked(deny, NOON, NOON + HOUR / 2)


def test_when_a_deny_ends_outside_the_windows_it_opens_with_the_next() -> None:
    """Both have to let it through at once."""
    deny, page_request = a_freeze(ends_at=NOON + 2 * HOUR), afternoons()

    assert judged(deny, page_request) == blocked(deny, NOON, NOON + DAY)


def test_a_start_outside_every_window_is_refused() -> None:
    """The window that opens next says so, since the last one closed."""
    noons, evenings = afternoons(), afternoons(starts_at=NOON + 6 * HOUR)

    found = judged(noons, evenings, at=NOON + 2 * HOUR)

    assert found == blocked(evenings, NOON + HOUR, NOON + 6 * HOUR)
    assert judged(noons, evenings, at=NOON + 6 * HOUR) is None


def test_a_window_that_has_not_opened_yet_closes_from_when_it_was_made() -> None:
    """Whoever says when starts are allowed says that they are not before."""
    page_request = afternoons(starts_at=NOON + DAY, created_at=NOON)

    assert judged(page_request, at=NOON + HOUR) == blocked(page_request, NOON, NOON + DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"lifted_at": NOON + DAY},
        {"ends_at": NOON + DAY},
        {"rrule": "FREQ=DAILY;COUNT=1"},
        {"rrule": "FREQ=DAILY;UNTIL=20261122T115959Z"},
        {"rrule": None, "duration": None, "ends_at": NOON + HOUR},
    ],
)
def test_windows_that_are_over_for_ever_refuse_nothing(changes: dict[str, Any]) -> None:
    """Lifted, ended, or out of occurrences: a forgotten window does not close for good."""
    page_request = afternoons(**changes)

    assert judged(page_request, at=NOON + DAY) is None
    assert has_ended(page_request, NOON + DAY)
    assert not has_ended(page_request, NOON)


def test_a_window_that_is_over_tells_since_when_another_closes() -> None:
    """What counts is when starts were last allowed."""
    past = afternoons(rrule=None, duration=None, ends_at=NOON + 2 * HOUR)
    next_year = afternoons(starts_at=NOON + 365 * DAY)

    found = judged(past, next_year, at=NOON + DAY)

    assert found == blocked(next_year, NOON + 2 * HOUR, NOON + 365 * DAY)


def test_a_lifted_window_that_was_open_closed_when_it_was_lifted() -> None:
    """Its span ended then, not when it would have."""
    lifted = afternoons(lifted_at=NOON + HOUR / 2)
    evenings = afternoons(starts_at=NOON + 6 * HOUR)

    found = judged(lifted, evenings, at=NOON + 2 * HOUR)

    assert found == blocked(evenings, NOON + HOUR / 2, NOON + 6 * HOUR)


def test_a_window_that_comes_too_rarely_to_be_found_still_closes() -> None:
    """Where nobody looks far enough to see it open, nothing starts."""
    page_request = afternoons(rrule="FREQ=YEARLY;INTERVAL=20")

    assert judged(page_request, at=NOON + DAY) == blocked(page_request, NOON + HOUR, None)


def test_a_lifted_freeze_is_on_no_more() -> None:
    """From the instant at which it was lifted; before, it was."""
    freeze = a_freeze(lifted_at=NOON + HOUR, lifted_by="otto")

    assert is_active(freeze, NOON + HOUR - TICK)
    assert not is_active(freeze, NOON + HOUR)
    assert judged(freeze, at=NOON + HOUR) is None


def test_a_freeze_that_was_lifted_before_it_began_never_is() -> None:
    """It says nothing at its time, and none of it is to come."""
    freeze = a_freeze(starts_at=NOON + DAY, ends_at=NOON + 2 * DAY, lifted_at=NOON)

    assert not is_active(freeze, NOON + DAY)
    assert next_period(freeze, NOON) is None


def test_a_freeze_made_within_its_span_says_no_since_it_was_made() -> None:
    """Before that, starts were taken."""
    freeze = a_freeze(starts_at=NOON - DAY, ends_at=NOON + DAY, created_at=NOON)

    assert judged(freeze) == blocked(freeze, NOON, NOON + DAY)


def test_what_a_freeze_does_not_cover_starts() -> None:
    """Another service, environment or tier is none of its business."""
    assert judged(a_freeze(scope=FreezeScope(service="pay"))) is None
    assert judged(afternoons(scope=FreezeScope(tier=Tier.STAGING)), at=NOON + 2 * HOUR) is None


def test_a_recurring_freeze_tells_its_span() -> None:
    """From when to when the one that is on lasts, and when the next begins."""
    freeze = weekends()

    assert active_period(freeze, FRIDAY - TICK) is None
    assert active_period(freeze, FRIDAY) == FreezePeriod(
        starts_at=FRIDAY, ends_at=FRIDAY + 62 * HOUR
    )
    assert active_period(freeze, FRIDAY + 62 * HOUR) is None
    assert next_period(freeze, FRIDAY) == FreezePeriod(
        starts_at=FRIDAY + 7 * DAY, ends_at=FRIDAY + 7 * DAY + 62 * HOUR
    )
    assert judged(freeze, at=FRIDAY + DAY) == blocked(freeze, FRIDAY, FRIDAY + 62 * HOUR)


@pytest.mark.parametrize(
    ("friday", "ends"),
    [
        (datetime(2027, 3, 19, 16, tzinfo=BERLIN), "22 06:00"),
        (datetime(2027, 3, 26, 16, tzinfo=BERLIN), "29 07:00"),
        (datetime(2026, 10, 23, 16, tzinfo=BERLIN), "26 05:00"),
    ],
)
def test_a_span_has_its_exact_length_over_a_change_of_the_clocks(
    friday: datetime, ends: str
) -> None:
    """It begins at 16:00 as ever; its end moves by the clock, in spring to later."""
    span = active_period(weekends(), friday.astimezone(UTC))

    assert span is not None
    assert span.ends_at is not None
    assert (span.starts_at, span.ends_at - span.starts_at) == (friday, 62 * HOUR)
    assert f"{span.ends_at.astimezone(BERLIN):%d %H:%M}" == ends


def test_a_recurring_freeze_ends_as_a_whole() -> None:
    """Its last span is cut, and no other follows."""
    freeze = weekends(ends_at=FRIDAY + HOUR)

    assert active_period(freeze, FRIDAY) == FreezePeriod(starts_at=FRIDAY, ends_at=FRIDAY + HOUR)
    assert next_period(freeze, FRIDAY) is None
    assert has_ended(freeze, FRIDAY + HOUR)


def test_overlapping_and_abutting_spans_are_one_time_of_no_starts() -> None:
    """It opens where the last of them ends, not in between; the longest is the one named."""
    short = a_freeze(ends_at=NOON + 2 * HOUR)
    long = a_freeze(starts_at=NOON - HOUR, created_at=NOON - DAY, ends_at=NOON + 3 * HOUR)
    after = a_freeze(starts_at=NOON + 3 * HOUR, ends_at=NOON + 4 * HOUR)

    assert judged(short, long, after) == blocked(long, NOON - HOUR, NOON + 4 * HOUR)


def test_spans_of_one_freeze_that_overlap_open_after_the_last() -> None:
    """Three days, every day for 36 h."""
    freeze = a_freeze(rrule="FREQ=DAILY;COUNT=3", duration=36 * HOUR)

    found = judged(freeze, at=NOON + 25 * HOUR)

    assert found == blocked(freeze, NOON + DAY, NOON + 2 * DAY + 36 * HOUR)


def test_a_freeze_until_lifted_hides_when_the_others_end() -> None:
    """It is the one that lasts longest."""
    ends, until_lifted = a_freeze(ends_at=NOON + DAY), a_freeze()

    assert judged(ends, until_lifted) == blocked(until_lifted, NOON, None)


def test_the_search_for_an_opening_ends() -> None:
    """Spans that abut for ever never open, and nobody waits for the answer."""
    freeze = a_freeze(rrule="FREQ=HOURLY", duration=HOUR)

    assert judged(freeze) == blocked(freeze, NOON, None)


def test_an_opening_is_not_looked_for_beyond_ten_years() -> None:
    """What lasts that long is as good as until lifted."""
    freeze = a_freeze(ends_at=NOON + 4_000 * DAY)

    assert judged(freeze) == blocked(freeze, NOON, None)
