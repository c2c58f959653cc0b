"""The current state, tested by examples and against a simple model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, HideDecision
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import (
    Age,
    age_category,
    ages_unchanged_until,
    live_cells,
    may_be_live,
    to_cell,
)
from tests.support.builders import NOON, a_deployment
from tests.support.domain.tracking import minutes_after_noon

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def deployed(
    at: int | None, *, back: int | None = None, hidden: bool = False, number: int = 1
) -> Deployment:
    """Return a record deployed and rolled back at these minutes after noon."""
    return replace(
        a_deployment(number=number),
        kind=DeploymentKind.RECORD,
        status=Status.SUCCEEDED,
        deployed_at=None if at is None else minutes_after_noon(at),
        rolled_back_at=None if back is None else minutes_after_noon(back),
        hidden=HideDecision(actor="root", at=NOON, reason="A typo.") if hidden else None,
    )


@pytest.mark.parametrize(
    ("deployment", "retired", "at", "expected"),
    [
        (deployed(None), [], None, False),
        (deployed(None), [], 9, False),
        (deployed(1, hidden=True), [], None, False),
        (deployed(1, hidden=True), [], 1, False),
        (deployed(1, back=3), [], None, False),
        (deployed(1, back=3), [], 3, False),
        (deployed(1, back=1), [], 1, False),
        (deployed(1), [], 0, False),
        (deployed(1), [1], None, False),
        (deployed(1), [2], None, False),
        (deployed(1), [0, 2], None, False),
        (deployed(1), [2], 2, False),
        (deployed(1), [1], 1, False),
        (deployed(1), [], None, True),
        (deployed(1), [], 1, True),
        (deployed(1, back=3), [], 2, True),
        (deployed(1), [0], None, True),
        (deployed(1), [2], 1, True),
    ],
)
def test_may_be_live_at_the_bounds(
    deployment: Deployment, retired: list[int], at: int | None, *, expected: bool
) -> None:
    """A deployment is live at the instant of its deployment, but not at that of its end."""
    retired_at = [minutes_after_noon(hour) for hour in retired]

    assert (
        may_be_live(deployment, retired_at, at=None if at is None else minutes_after_noon(at))
        is expected
    )


@pytest.mark.parametrize(
    ("redeployed", "at", "expected"),
    [(None, None, True), (None, 5, True), (5, None, False), (5, 4, True), (5, 5, False)],
)
def test_replaced_deployment_is_live_until_the_other_one_is(
    redeployed: int | None, at: int | None, *, expected: bool
) -> None:
    """Until the deployment that rolled it back has succeeded, the old version still runs."""
    deployment = replace(deployed(1, back=3), rolled_back_by=UUID(int=7))

    assert (
        may_be_live(
            deployment,
            at=None if at is None else minutes_after_noon(at),
            redeployed_at=None if redeployed is None else minutes_after_noon(redeployed),
        )
        is expected
    )


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (-DAY, Age.FRESH),
        (0 * DAY, Age.FRESH),
        (30 * DAY - MOMENT, Age.FRESH),
        (30 * DAY, Age.AGING),
        (90 * DAY, Age.AGING),
        (90 * DAY + MOMENT, Age.STALE),
    ],
)
def test_age_of_a_live_deployment(age: timedelta, expected: Age) -> None:
    """A deployment is fresh for less than 30 days, aging up to 90 days and then stale."""
    cell = to_cell(deployed(0))

    assert age_category(NOON, NOON + age) is expected
    assert cell.age(NOON + age) is expected


@pytest.mark.parametrize(
    ("after", "until"),
    [
        (-DAY, 29 * DAY),
        (0 * DAY, 29 * DAY),
        (29 * DAY + MOMENT, 30 * DAY),
        (30 * DAY + MOMENT, 89 * DAY),
        (89 * DAY + MOMENT, 90 * DAY),
    ],
)
def test_ages_stay_the_same_until_the_next_cell_changes(after: timedelta, until: timedelta) -> None:
    """The instant is given for two cells, of which one was deployed a day before the other."""
    cells = [replace(to_cell(deployed(0)), deployed_at=at) for at in (NOON, NOON - DAY)]

    assert ages_unchanged_until(cells, NOON + after) == NOON + until


def test_stale_cells_never_change_their_age() -> None:
    """Nor do no cells."""
    cell = to_cell(deployed(0))

    assert ages_unchanged_until([cell], NOON + 90 * DAY + MOMENT).year == 9999
    assert ages_unchanged_until([], NOON).year == 9999


def test_deployment_that_was_never_live_has_no_cell() -> None:
    """A deployment without a deployment time raises an error."""
    with pytest.raises(ValueError, match="1"):
        to_cell(deployed(None))


TIMES = st.integers(0, 6)
DEPLOYED = st.lists(
    st.builds(
        deployed,
        at=st.none() | TIMES,
        back=st.none() | TIMES,
        hidden=st.sampled_from([False, False, False, True]),
    ),
    max_size=8,
)


@given(DEPLOYED, st.lists(TIMES, max_size=2), st.none() | st.integers(-1, 7))
@settings(max_examples=400)
def test_live_cells_agree_with_a_replay_of_all_changes(
    deployments: list[Deployment], retired: list[int], at: int | None
) -> None:
    """The results agree for any history in any order."""
    numbered = [replace(each, number=n) for n, each in enumerate(deployments, start=1)]
    retired_at = [minutes_after_noon(each) for each in retired]
    lanes: Mapping[tuple[str, str], Sequence[datetime]] = {("shop", "production"): retired_at}

    cells = live_cells(reversed(numbered), lanes, at=None if at is None else minutes_after_noon(at))

    expected = brute_force(numbered, retired_at, at=None if at is None else minutes_after_noon(at))
    assert {lane: cell.number for lane, cell in cells.items()} == (
        {} if expected is None else {("shop", "production"): expected}
    )
    assert cells == live_cells(numbered, lanes, at=None if at is None else minutes_after_noon(at))


def brute_force(
    deployments: Sequence[Deployment], retired: Sequence[datetime], *, at: datetime | None
) -> int | None:
    """Return the number of the live deployment by replaying all changes by time."""
    happened: list[tuple[datetime, int, int, str]] = []
    for each in deployments:
        if each.deployed_at is not None and each.hidden is None:
            happened.append((each.deployed_at, 0, each.number, "deployed"))
            if each.rolled_back_at is not None:
                back = max(each.rolled_back_at, each.deployed_at)
                happened.append((back, 1, each.number, "rolled back"))
    happened += [(each, 1, 0, "retired") for each in retired]
    on_top: list[int] = []
    for retired_at, _, number, what in sorted(happened):
        if at is not None and retired_at > at:
            break
        if what == "deployed":
            on_top.append(number)
        elif what == "retired":
            on_top.clear()
        elif number in on_top:
            on_top.remove(number)
    return on_top[-1] if on_top else None
