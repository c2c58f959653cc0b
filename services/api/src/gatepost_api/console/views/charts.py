"""Chart geometry: coordinates of bars, points and outliers in SVG user units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_api.console.views.chart_scales import Scale
from gatepost_api.console.views.formatting import format_duration

WIDTH: Final = 520
HEIGHT: Final = 170
_CHARACTER_WIDTH: Final = 9
"""The width of a character in a label on phones, where labels are largest."""
_LABEL_GAP: Final = 8
"""The distance between the scale's labels and the plot."""
_MIN_PLOT_LEFT: Final = 40
_PLOT_RIGHT: Final = WIDTH - 20
"""The right edge of the plot. The last label on the x-axis extends beyond it."""
_PLOT_TOP: Final = 10
_PLOT_BOTTOM: Final = 140
"""The bottom edge of the plot. The labels of the x-axis are below it."""
_MAX_LABELS: Final = 6
_BAR_FILL: Final = 0.7
"""The share of a slot's width that its bar fills; the rest is a gap."""
_MAX_BAR_WIDTH: Final = 48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, which rises from the bottom of the plot."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value in a line chart."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A value above the scale, drawn at the top of the plot with its value as text."""

    x: float
    y: float
    text: str
    is_at_right: bool
    """Whether the point is so far right that its text fits only to its left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisLabel:
    """A label on an axis."""

    at: float
    """The label's x coordinate on the x-axis, or its y coordinate on the y-axis."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with bars, or with points joined by lines."""

    x_labels: tuple[AxisLabel, ...]
    y_labels: tuple[AxisLabel, ...]
    bars: tuple[Bar, ...] = ()
    points: tuple[Point, ...] = ()
    polylines: tuple[str, ...] = ()
    """The `points` attribute of each SVG polyline."""
    outliers: tuple[Outlier, ...] = ()
    left: float
    """The left edge of the plot. The scale's labels are to the left of it."""
    right: float = _PLOT_RIGHT
    bottom: float = _PLOT_BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(values: Sequence[float | None], x_labels: Sequence[str], scale: Scale) -> Chart:
    """Return a chart with a bar for each value that is not None."""
    left = _left_of_plot(scale)
    slot_width = _slot_width(len(x_labels), left)
    width = min(slot_width * _BAR_FILL, _MAX_BAR_WIDTH)

    def bar(index: int, value: float) -> Bar:
        y = _y_of(value, scale)
        return Bar(
            x=_round(_slot_center(index, slot_width, left) - width / 2),
            y=y,
            width=_round(width),
            height=_round(_PLOT_BOTTOM - y),
        )

    return Chart(
        left=left,
        x_labels=_x_labels(x_labels, slot_width, left),
        y_labels=_y_labels(scale),
        bars=tuple(bar(index, value) for index, value in enumerate(values) if value is not None),
    )


def duration_line_chart(
    values: Sequence[float | None], x_labels: Sequence[str], scale: Scale
) -> Chart:
    """Return a line chart of durations, with a gap in the line for each None and outlier."""
    left = _left_of_plot(scale)
    slot_width = _slot_width(len(x_labels), left)
    segments: list[list[Point]] = [[]]
    outliers: list[Outlier] = []
    for index, value in enumerate(values):
        x = _round(_slot_center(index, slot_width, left))
        if value is None:
            segments.append([])
        elif value > scale.top:
            segments.append([])
            outliers.append(_outlier(x, value))
        else:
            segments[-1].append(Point(x=x, y=_y_of(value, scale)))
    return Chart(
        left=left,
        x_labels=_x_labels(x_labels, slot_width, left),
        y_labels=_y_labels(scale),
        points=tuple(point for segment in segments for point in segment),
        polylines=tuple(
            " ".join(f"{point.x},{point.y}" for point in segment)
            for segment in segments
            if len(segment) > 1
        ),
        outliers=tuple(outliers),
    )


def _left_of_plot(scale: Scale) -> float:
    longest = max(len(text) for _, text in scale.ticks)
    return max(_MIN_PLOT_LEFT, longest * _CHARACTER_WIDTH + _LABEL_GAP)


def _slot_width(count: int, left: float) -> float:
    return (_PLOT_RIGHT - left) / max(count, 1)


def _slot_center(index: int, slot_width: float, left: float) -> float:
    return left + slot_width * (index + 0.5)


def _outlier(x: float, value: float) -> Outlier:
    text = format_duration(value)
    is_at_right = x + (len(text) + 1) * _CHARACTER_WIDTH > WIDTH
    return Outlier(x=x, y=_PLOT_TOP, text=text, is_at_right=is_at_right)


def _y_of(value: float, scale: Scale) -> float:
    return _round(_PLOT_BOTTOM - (_PLOT_BOTTOM - _PLOT_TOP) * value / scale.top)


def _x_labels(texts: Sequence[str], slot_width: float, left: float) -> tuple[AxisLabel, ...]:
    """Return evenly spaced labels for the x-axis, as many as fit."""
    step = -(-len(texts) // _MAX_LABELS) or 1
    return tuple(
        AxisLabel(at=_round(_slot_center(index, slot_width, left)), text=text)
        for index, text in enumerate(texts)
        if index % step == 0
    )


def _y_labels(scale: Scale) -> tuple[AxisLabel, ...]:
    return tuple(AxisLabel(at=_y_of(value, scale), text=text) for value, text in scale.ticks)


def _round(number: float) -> float:
    return round(number, 1)
