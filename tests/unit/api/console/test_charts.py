"""Coordinates of bars and points."""

from __future__ import annotations

from gatepost_api.console.views.charts import WIDTH, Point, grouped_bar_chart, line_chart


def test_bars_are_scaled_to_the_highest_count() -> None:
    """The highest count fills the plot's height. The two bars of a slot are side by side."""
    chart = grouped_bar_chart([4, 0], [1, 2], ["a", "b"])

    assert chart.top == "4"
    assert [bar.height for bar in chart.first] == [chart.plot_bottom - chart.plot_top, 0]
    assert [bar.y + bar.height for bar in (*chart.first, *chart.second)] == [chart.plot_bottom] * 4
    assert chart.second[0].x == chart.first[0].x + chart.first[0].width
    assert chart.left <= chart.first[0].x < chart.second[1].x < WIDTH


def test_a_chart_without_values_has_no_bars() -> None:
    """Without values, the top of the scale is 1 and no bars are drawn."""
    chart = grouped_bar_chart([], [], [])

    assert (chart.top, chart.first, chart.second, chart.x_labels) == ("1", (), (), ())


def test_a_missing_value_leaves_a_gap_in_the_line() -> None:
    """The values on either side of the gap are not connected. A single value is a point."""
    chart = line_chart([10, 5, None, 10], list("abcd"), top=10, top_label="10 s")

    middle = (chart.plot_bottom + chart.plot_top) / 2
    assert [point.y for point in chart.points] == [chart.plot_top, middle, chart.plot_top]
    first, second, _ = chart.points
    assert chart.polylines == (f"{first.x},{first.y} {second.x},{second.y}",)


def test_a_value_of_zero_is_at_the_bottom() -> None:
    """Zero is at the bottom even if every value is zero."""
    chart = line_chart([0], ["a"], top=0, top_label="0 s")

    assert chart.points == (Point(x=(chart.left + WIDTH) / 2, y=chart.plot_bottom),)


def test_only_as_many_labels_are_shown_as_fit() -> None:
    """The labels are evenly spaced, starting with the first one."""
    x_labels = [str(number) for number in range(90)]

    chart = grouped_bar_chart([1] * 90, [0] * 90, x_labels)

    assert [label.text for label in chart.x_labels] == ["0", "13", "26", "39", "52", "65", "78"]
