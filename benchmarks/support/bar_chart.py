"""SVG bar charts of values relative to their goals, drawn without a library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH, LABEL_WIDTH, ROW_HEIGHT = 900, 430, 22
_BAR_WIDTH: Final = WIDTH - LABEL_WIDTH - 80
_MET, _MISSED, _INK = "#2f7d4f", "#b4552d", "#1d2733"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A value relative to its goal: 1 means that the goal is reached exactly."""

    label: str
    text: str
    relative: float
    is_met: bool


def bar_chart(title: str, bars: Sequence[Bar]) -> Iterator[str]:
    """Yield the lines of a chart in which all goals are on one vertical line.

    The scale ends at twice the goal; longer bars are cut off there.
    """
    height = ROW_HEIGHT * (len(bars) + 2) + 10
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="12">'
    )
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    yield f'<text x="10" y="18" font-weight="bold" fill="{_INK}">{escape(title)}</text>'
    for row, bar in enumerate(bars):
        yield from _bar(ROW_HEIGHT * (row + 1) + 10, bar)
    goal = LABEL_WIDTH + _BAR_WIDTH / 2
    bottom = ROW_HEIGHT * (len(bars) + 1) + 8
    yield (
        f'<line x1="{goal:g}" x2="{goal:g}" y1="30" y2="{bottom}" stroke="{_INK}" '
        'stroke-dasharray="4 3"/>'
    )
    yield f'<text x="{goal:g}" y="{bottom + 15}" text-anchor="middle" fill="{_INK}">goal</text>'
    yield "</svg>"


def _bar(top: int, bar: Bar) -> Iterator[str]:
    length = min(max(bar.relative, 0.0) / 2, 1.0) * _BAR_WIDTH
    colour = _MET if bar.is_met else _MISSED
    middle = top + 13
    yield (
        f'<text x="{LABEL_WIDTH - 8}" y="{middle}" text-anchor="end" fill="{_INK}">'
        f"{escape(bar.label)}</text>"
    )
    yield (
        f'<rect x="{LABEL_WIDTH}" y="{top + 2}" width="{length:.1f}" height="{ROW_HEIGHT - 6}" '
        f'fill="{colour}"/>'
    )
    yield (
        f'<text x="{LABEL_WIDTH + length + 6:.1f}" y="{middle}" fill="{_INK}">'
        f"{escape(bar.text)}</text>"
    )
