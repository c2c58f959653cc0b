"""Coordinates of bars and points, and scales with round numbers."""

from __future__ import annotations

import pytest

from gatepost_api.console.views.chart_scales import count_scale, duration_scale, share_scale
from gatepost_api.console.views.charts import WIDTH, bar_chart, duration_line_chart


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
    chart = duration_line_chart([10, 5, None, 10], list("abcd"), count_scale([10]))

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


def test_an_outlier_does_not_flatten_the_others() -> None:
    """It is drawn at the top with its value, and the line has a gap there."""
    hours = [1.0, 2.0, 30 * 24.0, 2.0, 1.5]
    values = [hour * 3600 for hour in hours]
    scale = duration_scale(values)

    chart = duration_line_chart(values, list("abcde"), scale)

    assert scale.top == 2 * 3600
    assert [(outlier.text, outlier.is_at_right) for outlier in chart.outliers] == [("30 d", False)]
    assert len(chart.points) == 4
    assert len(chart.polylines) == 2
    assert chart.outliers[0].y == min(label.at for label in chart.y_labels)


def test_durations_that_differ_little_are_all_within_the_scale() -> None:
    """A value is an outlier only if it is more than four times the upper quartile."""
    assert duration_scale([3600, 3600, 3600, 4 * 3600]).top == 4 * 3600
    assert duration_scale([0, 0, 0, 86_400]).top == 86_400


def test_the_text_of_an_outlier_at_the_right_edge_is_on_its_left() -> None:
    """Otherwise it would be cut."""
    values = [3600.0] * 9 + [400 * 86_400.0]

    (outlier,) = duration_line_chart(
        values, [str(value) for value in values], duration_scale(values)
    ).outliers

    assert outlier.is_at_right


def test_long_labels_of_the_scale_move_the_plot_to_the_right() -> None:
    """No label of the scale is cut at the left edge, also in the large type of phones."""
    short, long = (bar_chart([top], ["a"], count_scale([top])) for top in (3, 9_000_000))

    assert short.left < long.left
    assert long.left > 9 * len("10,000,000")
