"""The freezes of the past block starts by the rules that blocked them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import find_freeze_block
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_domain.simulation.freeze_calendar import FreezeCalendar
from tests.support.builders import NOON
from tests.support.domain.freezes import a_freeze

hours = st.integers(-50, 50).map(lambda count: NOON + timedelta(hours=count))


@st.composite
def freezes(draw: st.DrawFn) -> Freeze:
    """Generate freezes and windows, lifted or not, some of which recur."""
    starts_at = draw(hours)
    rrule = draw(st.none() | st.sampled_from(["FREQ=DAILY", "FREQ=HOURLY;INTERVAL=7;COUNT=4"]))
    return a_freeze(
        effect=draw(st.sampled_from(Effect)),
        scope=FreezeScope(
            service=draw(st.sampled_from([None, "shop", "cart"])),
            environment=draw(st.sampled_from([None, "production", "test"])),
            tier=draw(st.sampled_from([None, Tier.PRODUCTION, Tier.TEST])),
        ),
        starts_at=starts_at,
        ends_at=draw(st.none() | st.just(starts_at + timedelta(hours=draw(st.integers(1, 60))))),
        rrule=rrule,
        duration=None if rrule is None else timedelta(hours=draw(st.integers(1, 30))),
        created_at=draw(hours),
        lifted_at=draw(st.none() | hours),
    )


@given(st.lists(freezes(), max_size=4), st.lists(hours, min_size=1, max_size=12))
@settings(max_examples=200)
def test_a_start_is_blocked_exactly_when_the_freezes_there_were_blocked_it(
    of_environment: list[Freeze], instants: list[datetime]
) -> None:
    """Asked in the order of time, the calendar agrees with the freeze gate at every instant."""
    calendar = FreezeCalendar(of_environment, "production")
    for at in sorted(instants):
        created = [freeze for freeze in of_environment if freeze.created_at <= at]

        block = find_freeze_block(created, "shop", "production", Tier.PRODUCTION, at)

        assert calendar.is_blocked("shop", Tier.PRODUCTION, at) == (block is not None)
