"""Chart geometry: coordinates of bars and points in SVG user units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 220
_PLOT_LEFT: Final = 64
"""The left edge of the plot. The scale is to the left of it."""
_PLOT_TOP: Final = 12
_PLOT_BOTTOM: Final = 188
"""The bottom edge of the plot. The labels of the x axis are below it."""
_MAX_LABELS: Final = 7
_BAR_FILL: Final = 0.7
"""The share of a slot that its bars fill; the rest is the gap."""
_MAX_BAR_WIDTH: Final = 48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, which starts at the bottom of the plot."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a line chart."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisLabel:
    """A label on the x axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The scale and x axis that all charts have."""

    top: str
    """Label at the top of the scale."""
    x_labels: tuple[AxisLabel, ...]
    left: float = _PLOT_LEFT
    right: float = WIDTH
    plot_top: float = _PLOT_TOP
    plot_bottom: float = _PLOT_BOTTOM


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedBarChart(Chart):
    """A chart with two bars side by side in each slot."""

    first: tuple[Bar, ...]
    second: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart(Chart):
    """A chart with a point for each value and lines between neighbours."""

    points: tuple[Point, ...]
    polylines: tuple[str, ...]
    """The `points` attribute of each SVG polyline."""


def grouped_bar_chart(
    first: Sequence[int], second: Sequence[int], x_labels: Sequence[str]
) -> GroupedBarChart:
    """Return a chart of two series of counts, scaled to the highest count."""
    highest = max((*first, *second, 1))
    slot_width = _slot_width(len(x_labels))
    width = min(slot_width * _BAR_FILL / 2, _MAX_BAR_WIDTH)

    def bar(index: int, count: int, side: int) -> Bar:
        height = _round((_PLOT_BOTTOM - _PLOT_TOP) * count / highest)
        return Bar(
            x=_round(_slot_center(index, slot_width) + (side - 1) * width),
            y=_PLOT_BOTTOM - height,
            width=_round(width),
            height=height,
        )

    return GroupedBarChart(
        top=str(highest),
        x_labels=_axis_labels(x_labels, slot_width),
        first=tuple(bar(index, count, 0) for index, count in enumerate(first)),
        second=tuple(bar(index, count, 1) for index, count in enumerate(second)),
    )


def line_chart(
    values: Sequence[float | None], x_labels: Sequence[str], *, top: float, top_label: str
) -> LineChart:
    """Return a chart of values, scaled to `top`; a value of None leaves a gap."""
    slot_width = _slot_width(len(x_labels))
    segments: list[list[Point]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            segments.append([])
            continue
        height = (_PLOT_BOTTOM - _PLOT_TOP) * value / top if top else 0.0
        segments[-1].append(
            Point(x=_round(_slot_center(index, slot_width)), y=_round(_PLOT_BOTTOM - height))
        )
    return LineChart(
        top=top_label,
        x_labels=_axis_labels(x_labels, slot_width),
        points=tuple(point for segment in segments for point in segment),
        polylines=tuple(
            " ".join(f"{point.x},{point.y}" for point in segment)
            for segment in segments
            if len(segment) > 1
        ),
    )


def _slot_width(count: int) -> float:
    return (WIDTH - _PLOT_LEFT) / max(count, 1)


def _slot_center(index: int, slot_width: float) -> float:
    return _PLOT_LEFT + slot_width * (index + 0.5)


def _axis_labels(x_labels: Sequence[str], slot_width: float) -> tuple[AxisLabel, ...]:
    """Return evenly spaced labels, as many as fit."""
    step = -(-len(x_labels) // _MAX_LABELS) or 1
    return tuple(
        AxisLabel(x=_round(_slot_center(index, slot_width)), text=text)
        for index, text in enumerate(x_labels)
        if index % step == 0
    )


def _round(number: float) -> float:
    return round(number, 1)
