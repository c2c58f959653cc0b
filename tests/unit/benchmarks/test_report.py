"""The goals and the chart of the benchmark report."""

from xml.etree import ElementTree as ET

import pytest

from benchmarks.report import overload_tables
from benchmarks.support.bar_chart import Bar, bar_chart
from benchmarks.support.goals import Goal, comparison_goals, durability_goals, growing_rows
from benchmarks.support.machine import Machine
from benchmarks.support.results import (
    BARE,
    PEER,
    ComparedCase,
    Comparison,
    Durability,
    DurableWrites,
    FloodedCallers,
    Growth,
    GrowthRow,
    Overload,
    SilentlyFilled,
)

MACHINE = Machine(
    date="2026-11-21",
    cpus=2,
    model="Some CPU",
    load=0.0,
    python="3.11.7",
    sqlite="3.53.4",
    packages={},
)


def comparison_of(name: str, connections: int, ratios: dict[str, float]) -> Comparison:
    """Return a comparison with one case."""
    case = ComparedCase(
        name=name, connections=connections, servers={}, ratios=ratios, cpu_ratios=ratios
    )
    return Comparison(machine=MACHINE, deployments=20_000, rounds=3, seconds=2.0, cases=[case])


def test_goals_are_compared_with_the_ratio_to_the_right_server() -> None:
    """A create has one goal relative to the bare application and another one to the peer."""
    comparison = comparison_of("create", 32, {BARE: 0.7, PEER: 12.0})

    goals = list(comparison_goals(comparison))

    assert [(goal.least, goal.measured, goal.is_met) for goal in goals] == [
        (0.65, 0.7, True),
        (30.0, 12.0, False),
    ]


def test_cases_without_a_goal_have_no_row() -> None:
    """The current state in full is measured, but has no goal."""
    assert list(comparison_goals(comparison_of("current state of an environment", 32, {}))) == []


def test_durable_goal_applies_to_slow_disks_only() -> None:
    """The goal for durable writes applies where a synchronization takes 3 ms."""
    writes = [
        DurableWrites(sync_us=sync_us, rates={}, cpu_us={}, ratios={"product": ratio, "SQLite": 24})
        for sync_us, ratio in ((3_000, 10.5), (300, 2.0))
    ]
    durability = Durability(
        machine=MACHINE, deployments=20_000, rounds=3, seconds=2.0, writes=writes
    )

    (goal,) = durability_goals(durability)

    assert (goal.measured, goal.is_met) == (10.5, True)


def test_requests_that_grow_by_more_than_a_quarter_are_named() -> None:
    """Growth of exactly 25 % is still within the goal. A longer response is named."""
    rows = [
        GrowthRow(name=name, cpu_us={}, p50_ms={}, growth=growth, response_growth=response)
        for name, growth, response in (
            ("flat", 1.25, 1.0),
            ("grows", 1.26, 1.25),
            ("shows more", 2.0, 8.04),
            ("writes", 2.0, None),
        )
    ]
    growth = Growth(machine=MACHINE, sizes=[1, 2], rounds=3, seconds=0.5, rows=rows)

    assert growing_rows(growth) == [
        "grows",
        "shows more (the response is 8.0 times as long)",
        "writes",
    ]


@pytest.mark.parametrize(
    ("relative", "width"), [(0.0, 0.0), (1.0, 195.0), (2.0, 390.0), (9.0, 390.0)]
)
def test_bars_end_at_the_goal_in_the_middle(relative: float, width: float) -> None:
    """A bar that reaches its goal ends on the line, and none leaves the chart."""
    bar = Bar(label="create <&>", text="0.7", relative=relative, is_met=True)

    root = ET.fromstring("\n".join(bar_chart("Figures", [bar])))  # noqa: S314  # our own

    rectangles = root.findall("{http://www.w3.org/2000/svg}rect")
    assert float(rectangles[-1].attrib["width"]) == width


def test_goal_is_met_when_it_is_reached_exactly() -> None:
    """A ratio equal to the goal is enough."""
    assert Goal(name="create", least=8.0, measured=8.0).is_met


def test_overload_is_shown_by_request_and_by_kind_of_misuse() -> None:
    """Every measured request and flood has a row."""
    overload = Overload(
        machine=MACHINE,
        deployments=20_000,
        rounds=3,
        seconds=2.0,
        waiting=2_000,
        waiting_p99_ms={"create": {"nothing": 20.0, "a freeze to end": 24.0}},
        silence=SilentlyFilled(
            connections=500,
            open_files=128,
            alone_p99_ms=5.0,
            p99_ms=9.0,
            answered=4_000,
            closed_after_s=33.0,
        ),
        floods=[
            FloodedCallers(
                name="unknown tokens",
                alone_p99_ms=5.0,
                p99_ms=8.0,
                refused=3_060,
                spooled_bytes=0,
                events=0,
            )
        ],
    )

    rows = [line for line in overload_tables(overload) if line.startswith("|")]

    assert "| create | 20 ms | 24 ms |" in rows
    assert "| unknown tokens | 8.0 ms | 5.0 ms | 3,060 | 0 bytes | 0 |" in rows
    assert any("128 file descriptors | 9.0 ms | 5.0 ms | 500: all closed" in row for row in rows)
