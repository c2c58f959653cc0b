"""Chart geometry: coordinates of bars and points in SVG user units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_api.console.views.chart_scales import Scale

WIDTH: Final = 520
HEIGHT: Final = 170
_PLOT_LEFT: Final = 52
"""The left edge of the plot. The labels of the scale are to the left of it."""
_PLOT_TOP: Final = 10
_PLOT_BOTTOM: Final = 140
"""The bottom edge of the plot. The labels of the x axis are below it."""
_MAX_LABELS: Final = 6
_BAR_FILL: Final = 0.7
"""The share of a slot that its bar fills; the rest is the gap."""
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
    """A label on an axis."""

    at: float
    """Its x coordinate on the x axis, or its y coordinate on the y axis."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with bars, or with points and lines between neighbours."""

    x_labels: tuple[AxisLabel, ...]
    y_labels: tuple[AxisLabel, ...]
    bars: tuple[Bar, ...] = ()
    points: tuple[Point, ...] = ()
    polylines: tuple[str, ...] = ()
    """The `points` attribute of each SVG polyline."""
    left: float = _PLOT_LEFT
    right: float = WIDTH
    bottom: float = _PLOT_BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(values: Sequence[float | None], x_labels: Sequence[str], scale: Scale) -> Chart:
    """Return a chart with a bar for each value that is not None."""
    slot_width = _slot_width(len(x_labels))
    width = min(slot_width * _BAR_FILL, _MAX_BAR_WIDTH)

    def bar(index: int, value: float) -> Bar:
        y = _y_of(value, scale)
        return Bar(
            x=_round(_slot_center(index, slot_width) - width / 2),
            y=y,
            width=_round(width),
            height=_round(_PLOT_BOTTOM - y),
        )

    return Chart(
        x_labels=_x_labels(x_labels, slot_width),
        y_labels=_y_labels(scale),
        bars=tuple(bar(index, value) for index, value in enumerate(values) if value is not None),
    )


def line_chart(values: Sequence[float | None], x_labels: Sequence[str], scale: Scale) -> Chart:
    """Return a chart of values; a value of None leaves a gap in the line."""
    slot_width = _slot_width(len(x_labels))
    segments: list[list[Point]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            segments.append([])
        else:
            x = _round(_slot_center(index, slot_width))
            segments[-1].append(Point(x=x, y=_y_of(value, scale)))
    return Chart(
        x_labels=_x_labels(x_labels, slot_width),
        y_labels=_y_labels(scale),
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


def _y_of(value: float, scale: Scale) -> float:
    return _round(_PLOT_BOTTOM - (_PLOT_BOTTOM - _PLOT_TOP) * value / scale.top)


def _x_labels(texts: Sequence[str], slot_width: float) -> tuple[AxisLabel, ...]:
    """Return evenly spaced labels, as many as fit."""
    step = -(-len(texts) // _MAX_LABELS) or 1
    return tuple(
        AxisLabel(at=_round(_slot_center(index, slot_width)), text=text)
        for index, text in enumerate(texts)
        if index % step == 0
    )


def _y_labels(scale: Scale) -> tuple[AxisLabel, ...]:
    return tuple(AxisLabel(at=_y_of(value, scale), text=text) for value, text in scale.ticks)


def _round(number: float) -> float:
    return round(number, 1)
