"""Where bars and dots go."""

from __future__ import annotations

from gatepost_api.console.views.charts import WIDTH, Point, bar_chart, line_chart


def test_the_highest_bar_reaches_the_top_and_none_is_no_bar() -> None:
    """All stand on the floor, the second of a part right beside its first."""
    chart = bar_chart([4, 0], [1, 2], ["a", "b"])

    assert chart.top == "4"
    assert [bar.height for bar in chart.first] == [chart.plot_bottom - chart.plot_top, 0]
    assert [bar.y + bar.height for bar in (*chart.first, *chart.second)] == [chart.plot_bottom] * 4
    assert chart.second[0].x == chart.first[0].x + chart.first[0].width
    assert chart.left <= chart.first[0].x < chart.second[1].x < WIDTH


def test_of_nothing_there_is_a_chart_without_bars() -> None:
    """Its scale begins at one all the same."""
    chart = bar_chart([], [], [])

    assert (chart.top, chart.first, chart.second, chart.x_labels) == ("1", (), (), ())


def test_a_line_leaves_a_gap_where_there_is_no_value() -> None:
    """Nothing is drawn between what has no value in between; a lone value is a dot."""
    chart = line_chart([10, 5, None, 10], list("abcd"), top=10, top_label="10 s")

    middle = (chart.plot_bottom + chart.plot_top) / 2
    assert [dot.y for dot in chart.points] == [chart.plot_top, middle, chart.plot_top]
    first, second, _ = chart.points
    assert chart.polylines == (f"{first.x},{first.y} {second.x},{second.y}",)


def test_what_took_no_time_lies_on_the_floor() -> None:
    """Also where nothing took any."""
    chart = line_chart([0], ["a"], top=0, top_label="0 s")

    assert chart.points == (Point(x=(chart.left + WIDTH) / 2, y=chart.plot_bottom),)


def test_only_as_many_parts_are_named_as_there_is_room_for() -> None:
    """Evenly, from the first on."""
    x_labels = [str(number) for number in range(90)]

    chart = bar_chart([1] * 90, [0] * 90, x_labels)

    assert [each.text for each in chart.x_labels] == ["0", "13", "26", "39", "52", "65", "78"]
