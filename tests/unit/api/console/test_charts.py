"""Coordinates of bars and points, and scales with round numbers."""

from __future__ import annotations

import pytest

from gatepost_api.console.views.chart_scales import count_scale, duration_scale, share_scale
from gatepost_api.console.views.charts import WIDTH, bar_chart, line_chart


def test_bars_are_scaled_to_the_top_of_the_scale() -> None:
    """The highest count reaches the top tick. Bars start at the bottom, in the order of slots."""
    chart = bar_chart([4, 0, None], ["a", "b", "c"], count_scale([4, 0]))

    high, zero = chart.bars
    assert high.y == chart.y_labels[-1].at
    assert [bar.y + bar.height for bar in chart.bars] == [chart.bottom] * 2
    assert zero.height == 0
    assert chart.left <= high.x < zero.x < WIDTH


def test_a_chart_without_values_has_no_bars() -> None:
    """The scale is still drawn."""
    chart = bar_chart([], [], count_scale([]))

    assert (chart.bars, chart.x_labels) == ((), ())
    assert [label.text for label in chart.y_labels] == ["0", "1"]


def test_a_missing_value_leaves_a_gap_in_the_line() -> None:
    """The values on either side of the gap are not connected. A single value is a point."""
    chart = line_chart([10, 5, None, 10], list("abcd"), count_scale([10]))

    first, second, _ = chart.points
    assert len(chart.points) == 3
    assert first.y < second.y < chart.bottom
    assert chart.polylines == (f"{first.x},{first.y} {second.x},{second.y}",)


def test_only_as_many_labels_are_shown_as_fit() -> None:
    """The labels are evenly spaced, starting with the first one."""
    x_labels = [str(number) for number in range(90)]

    chart = bar_chart([1] * 90, x_labels, count_scale([1]))

    assert [label.text for label in chart.x_labels] == ["0", "15", "30", "45", "60", "75"]


@pytest.mark.parametrize(
    ("highest", "texts"),
    [
        (0, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (7, ["0", "2", "4", "6", "8"]),
        (1_234, ["0", "500", "1,000", "1,500"]),
    ],
)
def test_counts_have_whole_ticks(highest: int, texts: list[str]) -> None:
    """There are at most four intervals, and the top is not below the highest count."""
    assert [text for _, text in count_scale([highest]).ticks] == texts


@pytest.mark.parametrize(
    ("highest", "texts"),
    [
        (0, ["0", "1 s"]),
        (200, ["0", "1 min", "2 min", "3 min", "4 min"]),
        (5 * 3600, ["0", "2 h", "4 h", "6 h"]),
        (47 * 3600, ["0", "12 h", "24 h", "36 h", "48 h"]),
        (9 * 86_400, ["0", "5 d", "10 d"]),
        (9_999 * 86_400, ["0", *(f"{365 * number:,} d" for number in range(1, 29))]),
    ],
)
def test_durations_have_ticks_that_people_read(highest: float, texts: list[str]) -> None:
    """Ticks are whole minutes, hours or days."""
    assert [text for _, text in duration_scale([None, highest]).ticks] == texts


def test_shares_have_ticks_in_percent() -> None:
    """The scale ends soon after the highest share, so that small rates can be told apart."""
    assert [text for _, text in share_scale([0.08]).ticks] == ["0%", "2%", "4%", "6%", "8%"]
    assert share_scale([1.0]).top == 1
