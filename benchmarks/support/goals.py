"""The performance goals, as ratios that a run measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.support.figures import significant
from benchmarks.support.results import (
    BARE,
    PEER,
    Comparison,
    Durability,
    Growth,
    GrowthRow,
)

RATIO_GOALS: Final = {
    ("create", 1, PEER): 8.0,
    ("create", 32, PEER): 30.0,
    ("approve", 1, PEER): 8.0,
    ("approve", 32, PEER): 30.0,
    ("create", 32, BARE): 0.65,
    ("get one", 32, BARE): 0.75,
    ("list of 50 of an environment", 32, BARE): 0.4,
    ("304 of the current state", 32, BARE): 0.9,
    ("304 of the current state, during writes", 32, BARE): 0.9,
}
"""The product's minimum rate as a multiple of the other server's, by case and connections."""
DURABLE_GOAL: Final = 10.0
"""The minimum rate of durable creates at `SLOW_US`, as a multiple of one commit for each."""
SLOW_US: Final = 3_000
MAX_GROWTH: Final = 1.25
"""The largest history's maximum CPU time per request, as a multiple of the smallest's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal and the measured value."""

    name: str
    least: float
    measured: float

    @property
    def is_met(self) -> bool:
        """Whether the measured value reaches the goal."""
        return self.measured >= self.least


def comparison_goals(comparison: Comparison) -> Iterator[Goal]:
    """Yield the goals for a comparison."""
    for case in comparison.cases:
        for server, ratio in case.ratios.items():
            least = RATIO_GOALS.get((case.name, case.connections, server))
            if least is not None:
                connections = "1 connection" if case.connections == 1 else "32 connections"
                name = f"{case.name}, {connections}, relative to {server}"
                yield Goal(name=name, least=least, measured=ratio)


def durability_goals(durability: Durability) -> Iterator[Goal]:
    """Yield the goal for durable writes."""
    for writes in durability.writes:
        if writes.sync_us == SLOW_US:
            best = max(ratio for name, ratio in writes.ratios.items() if "product" in name)
            name = "durable creates, relative to SQLite with a commit for each, sync 3 ms"
            yield Goal(name=name, least=DURABLE_GOAL, measured=best)


def growing_rows(growth: Growth) -> list[str]:
    """Return the names of the requests whose CPU time grows by more than the goal allows.

    A small history may not fill a page or a period; the growth of such responses is named, too.
    """
    return [f"{row.name}{_longer_response(row)}" for row in growth.rows if row.growth > MAX_GROWTH]


def _longer_response(row: GrowthRow) -> str:
    if row.response_growth is None or row.response_growth <= MAX_GROWTH:
        return ""
    return f" (the response is {significant(row.response_growth, 2)} times as long)"
