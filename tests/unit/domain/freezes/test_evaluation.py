"""Freeze periods, and whether they block a start."""

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
    periods_between,
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
    """Return a freeze for 62 h from Fridays at 16:00 in Berlin, until Monday at 06:00."""
    whole = {
        "starts_at": datetime(2026, 10, 23, 14, tzinfo=UTC),
        "created_at": datetime(2026, 10, 1, tzinfo=UTC),
        "rrule": "FREQ=WEEKLY;BYDAY=FR",
        "duration": 62 * HOUR,
        "timezone": "Europe/Berlin",
    }
    return a_freeze(**(whole | changes))


def afternoons(**changes: Any) -> Freeze:
    """Return an allow window that opens every day at noon for one hour."""
    whole = {"effect": Effect.ALLOW, "rrule": "FREQ=DAILY", "duration": HOUR}
    return a_freeze(**(whole | changes))


def block_of(*freezes: Freeze, at: datetime = NOON) -> FreezeBlock | None:
    return find_freeze_block(freezes, "shop", "production", Tier.PRODUCTION, at)


def blocked(freeze: Freeze, since: datetime, opens_at: datetime | None) -> FreezeBlock:
    return FreezeBlock(freeze=freeze, since=since, opens_at=opens_at)


def test_freeze_until_lifted_has_no_opening_time() -> None:
    """A freeze without an end blocks starts, and no opening time is known."""
    freeze = a_freeze()

    assert block_of(freeze, at=NOON + DAY) == blocked(freeze, NOON, None)


def test_freeze_with_an_end_opens_at_its_end() -> None:
    """Starts are allowed again from the exact end of the freeze."""
    freeze = a_freeze(ends_at=NOON + HOUR)

    assert block_of(freeze) == blocked(freeze, NOON, NOON + HOUR)
    assert block_of(freeze, at=NOON + HOUR - TICK) is not None
    assert block_of(freeze, at=NOON + HOUR) is None


def test_deny_freeze_takes_precedence_over_an_allow_window() -> None:
    """Starts are blocked even while the window is open."""
    deny, window = a_freeze(ends_at=NOON + HOUR / 2), afternoons()

    assert block_of(window, deny) == blocked(deny, NOON, NOON + HOUR / 2)


def test_opening_needs_no_deny_freeze_and_an_open_window() -> None:
    """Starts are allowed when the next window opens after the deny freeze ends."""
    deny, window = a_freeze(ends_at=NOON + 2 * HOUR), afternoons()

    assert block_of(deny, window) == blocked(deny, NOON, NOON + DAY)


def test_start_outside_all_allow_windows_is_blocked() -> None:
    """The block names the window that opens next and begins when the last one closed."""
    noons, evenings = afternoons(), afternoons(starts_at=NOON + 6 * HOUR)

    block = block_of(noons, evenings, at=NOON + 2 * HOUR)

    assert block == blocked(evenings, NOON + HOUR, NOON + 6 * HOUR)
    assert block_of(noons, evenings, at=NOON + 6 * HOUR) is None


def test_future_allow_window_blocks_from_its_creation() -> None:
    """Starts are blocked from the window's creation until the window first opens."""
    window = afternoons(starts_at=NOON + DAY, created_at=NOON)

    assert block_of(window, at=NOON + HOUR) == blocked(window, NOON, NOON + DAY)


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
def test_ended_allow_windows_block_nothing(changes: dict[str, Any]) -> None:
    """A window ends when it is lifted, reaches its end or has no more occurrences."""
    window = afternoons(**changes)

    assert block_of(window, at=NOON + DAY) is None
    assert has_ended(window, NOON + DAY)
    assert not has_ended(window, NOON)


def test_ended_window_counts_for_since_when_starts_are_blocked() -> None:
    """If a window has closed for good and another is planned, the block begins at that closing."""
    past = afternoons(rrule=None, duration=None, ends_at=NOON + 2 * HOUR)
    next_year = afternoons(starts_at=NOON + 365 * DAY)

    block = block_of(past, next_year, at=NOON + DAY)

    assert block == blocked(next_year, NOON + 2 * HOUR, NOON + 365 * DAY)


def test_open_window_closes_when_it_is_lifted() -> None:
    """Starts are blocked from that time, not from the regular end of the period."""
    lifted = afternoons(lifted_at=NOON + HOUR / 2)
    evenings = afternoons(starts_at=NOON + 6 * HOUR)

    block = block_of(lifted, evenings, at=NOON + 2 * HOUR)

    assert block == blocked(evenings, NOON + HOUR / 2, NOON + 6 * HOUR)


def test_window_beyond_the_search_horizon_still_blocks() -> None:
    """Starts are blocked although no opening time is found."""
    window = afternoons(rrule="FREQ=YEARLY;INTERVAL=20")

    assert block_of(window, at=NOON + DAY) == blocked(window, NOON + HOUR, None)


def test_lifted_freeze_is_not_active() -> None:
    """The freeze is inactive from the instant at which it was lifted."""
    freeze = a_freeze(lifted_at=NOON + HOUR, lifted_by="otto")

    assert is_active(freeze, NOON + HOUR - TICK)
    assert not is_active(freeze, NOON + HOUR)
    assert block_of(freeze, at=NOON + HOUR) is None


def test_freeze_lifted_before_its_start_is_never_active() -> None:
    """The freeze has neither an active nor a future period."""
    freeze = a_freeze(starts_at=NOON + DAY, ends_at=NOON + 2 * DAY, lifted_at=NOON)

    assert not is_active(freeze, NOON + DAY)
    assert next_period(freeze, NOON) is None


def test_freeze_blocks_since_its_creation_at_the_earliest() -> None:
    """The block does not begin before the freeze was created."""
    freeze = a_freeze(starts_at=NOON - DAY, ends_at=NOON + DAY, created_at=NOON)

    assert block_of(freeze) == blocked(freeze, NOON, NOON + DAY)


def test_freeze_does_not_apply_outside_its_scope() -> None:
    """Other services, environments and tiers are not blocked."""
    assert block_of(a_freeze(scope=FreezeScope(service="pay"))) is None
    assert block_of(afternoons(scope=FreezeScope(tier=Tier.STAGING)), at=NOON + 2 * HOUR) is None


def test_recurring_freeze_has_an_active_and_a_next_period() -> None:
    """Both periods have a start and an end."""
    freeze = weekends()

    assert active_period(freeze, FRIDAY - TICK) is None
    assert active_period(freeze, FRIDAY) == FreezePeriod(
        starts_at=FRIDAY, ends_at=FRIDAY + 62 * HOUR
    )
    assert active_period(freeze, FRIDAY + 62 * HOUR) is None
    assert next_period(freeze, FRIDAY) == FreezePeriod(
        starts_at=FRIDAY + 7 * DAY, ends_at=FRIDAY + 7 * DAY + 62 * HOUR
    )
    assert block_of(freeze, at=FRIDAY + DAY) == blocked(freeze, FRIDAY, FRIDAY + 62 * HOUR)


@pytest.mark.parametrize(
    ("friday", "ends"),
    [
        (datetime(2027, 3, 19, 16, tzinfo=BERLIN), "22 06:00"),
        (datetime(2027, 3, 26, 16, tzinfo=BERLIN), "29 07:00"),
        (datetime(2026, 10, 23, 16, tzinfo=BERLIN), "26 05:00"),
    ],
)
def test_period_keeps_its_length_across_a_clock_change(friday: datetime, ends: str) -> None:
    """The period lasts 62 h, so its local end time shifts by an hour when clocks change."""
    span = active_period(weekends(), friday.astimezone(UTC))

    assert span is not None
    assert span.ends_at is not None
    assert (span.starts_at, span.ends_at - span.starts_at) == (friday, 62 * HOUR)
    assert f"{span.ends_at.astimezone(BERLIN):%d %H:%M}" == ends


def test_recurring_freeze_ends_with_its_last_period_cut() -> None:
    """The end of the freeze cuts the last period short, and no period follows."""
    freeze = weekends(ends_at=FRIDAY + HOUR)

    assert active_period(freeze, FRIDAY) == FreezePeriod(starts_at=FRIDAY, ends_at=FRIDAY + HOUR)
    assert next_period(freeze, FRIDAY) is None
    assert has_ended(freeze, FRIDAY + HOUR)


def test_overlapping_and_adjacent_freezes_block_without_a_gap() -> None:
    """Starts are allowed after the last freeze ends.

    The block names the freeze that covers the instant and ends last.
    """
    short = a_freeze(ends_at=NOON + 2 * HOUR)
    long = a_freeze(starts_at=NOON - HOUR, created_at=NOON - DAY, ends_at=NOON + 3 * HOUR)
    after = a_freeze(starts_at=NOON + 3 * HOUR, ends_at=NOON + 4 * HOUR)

    assert block_of(short, long, after) == blocked(long, NOON - HOUR, NOON + 4 * HOUR)


def test_overlapping_periods_of_one_freeze_open_after_the_last() -> None:
    """Starts are allowed again after the last of three daily periods of 36 h each."""
    freeze = a_freeze(rrule="FREQ=DAILY;COUNT=3", duration=36 * HOUR)

    block = block_of(freeze, at=NOON + 25 * HOUR)

    assert block == blocked(freeze, NOON + DAY, NOON + 2 * DAY + 36 * HOUR)


def test_freeze_until_lifted_is_named_before_others() -> None:
    """A freeze without an end takes precedence over one with an end."""
    ends, until_lifted = a_freeze(ends_at=NOON + DAY), a_freeze()

    assert block_of(ends, until_lifted) == blocked(until_lifted, NOON, None)


def test_search_for_an_opening_ends() -> None:
    """The search stops even if adjacent periods leave no opening."""
    freeze = a_freeze(rrule="FREQ=HOURLY", duration=HOUR)

    assert block_of(freeze) == blocked(freeze, NOON, None)


def test_opening_is_not_searched_beyond_ten_years() -> None:
    """A later opening is reported as unknown."""
    freeze = a_freeze(ends_at=NOON + 4_000 * DAY)

    assert block_of(freeze) == blocked(freeze, NOON, None)


def test_periods_of_a_span_include_the_active_one() -> None:
    """Periods that start at or after its end are left out, and no more than the limit are given."""
    daily = a_freeze(rrule="FREQ=DAILY", duration=timedelta(hours=2))
    since, until = NOON + timedelta(hours=1), NOON + timedelta(days=3)

    periods = periods_between(daily, since, until, limit=9)

    assert [period.starts_at for period in periods] == [
        NOON + timedelta(days=days) for days in range(3)
    ]
    assert periods_between(daily, since, until, limit=2) == periods[:2]
    assert periods_between(a_freeze(), NOON - timedelta(days=2), NOON, limit=9) == ()
