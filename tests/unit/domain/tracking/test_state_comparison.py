"""The differences between two states."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.tracking.current_state import Cell, CurrentFilter
from gatepost_domain.tracking.state_comparison import (
    CellDifference,
    Difference,
    StateComparison,
    StateReference,
    find_differences,
)
from tests.support.builders import NOON

STAGING, PRODUCTION = (
    StateReference(environment="staging"),
    StateReference(environment="production"),
)
EARLIER = StateReference(at=NOON)


def a_cell(service: str, environment: str, version: str, *, number: int = 1) -> Cell:
    return Cell(
        service=service,
        environment=environment,
        tier=Tier.TEST,
        deployment_id=UUID(int=number),
        number=number,
        version=version,
        deployed_at=NOON + timedelta(minutes=number),
        deployed_by=None,
    )


def summarize(differences: tuple[CellDifference, ...]) -> list[tuple[str, str | None, Difference]]:
    return [(entry.service, entry.environment, entry.difference) for entry in differences]


def test_only_lanes_with_another_version_differ() -> None:
    """A version that was deployed again runs as before, although the deployment is another one."""
    before = [
        a_cell("cart", "test", "1"),
        a_cell("shop", "test", "1"),
        a_cell("shop", "live", "1"),
        a_cell("auth", "test", "1"),
    ]
    after = [
        a_cell("cart", "test", "1", number=9),
        a_cell("shop", "test", "2"),
        a_cell("auth", "test", "1"),
        a_cell("auth", "live", "1"),
    ]

    assert summarize(find_differences(before, after, compares_environments=False)) == [
        ("auth", "live", Difference.ADDED),
        ("shop", "live", Difference.REMOVED),
        ("shop", "test", Difference.CHANGED),
    ]


def test_environments_are_compared_by_service() -> None:
    """The difference belongs to no single environment, so it names none."""
    before = [a_cell("cart", "staging", "1"), a_cell("shop", "staging", "2")]
    after = [a_cell("auth", "live", "1"), a_cell("cart", "live", "1"), a_cell("shop", "live", "1")]

    differences = find_differences(before, after, compares_environments=True)

    assert summarize(differences) == [
        ("auth", None, Difference.ADDED),
        ("shop", None, Difference.CHANGED),
    ]
    assert (differences[1].before, differences[1].after) == (before[1], after[2])


@pytest.mark.parametrize(
    ("before", "after", "compares_environments", "environments"),
    [
        (EARLIER, StateReference(), False, ((), ())),
        (STAGING, PRODUCTION, True, (("staging",), ("production",))),
        (EARLIER, PRODUCTION, False, (("production",), ("production",))),
        (STAGING, EARLIER, False, (("staging",), ("staging",))),
    ],
    ids=["times", "environments", "to an environment", "from an environment"],
)
def test_state_without_an_environment_is_that_of_the_other(
    before: StateReference,
    after: StateReference,
    *,
    compares_environments: bool,
    environments: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    """A time and an environment mean the same environment at two times."""
    comparison = StateComparison.of(before, after)

    assert comparison.compares_environments is compares_environments
    assert environments == tuple(
        comparison.narrow(CurrentFilter(), side).environments
        for side in (comparison.before, comparison.after)
    )
    assert (comparison.before.at, comparison.after.at) == (before.at, after.at)
