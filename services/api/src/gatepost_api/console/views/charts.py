"""Charts as a page draws them: where each bar and dot of a series goes, in the units of the SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 220
_LEFT: Final = 64
"""Where the scale is written."""
_TOP: Final = 12
_FLOOR: Final = 188
"""Below it the parts are named."""
_MOST_NAMES: Final = 7
_FILLED: Final = 0.7
"""How much of its place a part's bars take; the rest keeps them apart."""
_WIDEST: Final = 48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, from the floor up."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One value of a line."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What stands below a part."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What all charts have: a floor, a top, and names."""

    top: str
    """What the top of the scale is."""
    names: tuple[Name, ...]
    left: float = _LEFT
    right: float = WIDTH
    ceiling: float = _TOP
    floor: float = _FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Chart):
    """Two bars to a part, beside each other."""

    first: tuple[Bar, ...]
    second: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Chart):
    """A dot to each part that has a value, joined where neighbours have one."""

    dots: tuple[Dot, ...]
    strokes: tuple[str, ...]
    """The points of each stroke, as SVG has them."""


def bars(first: Sequence[int], second: Sequence[int], names: Sequence[str]) -> Bars:
    """Of counts; the highest reaches the top."""
    highest = max((*first, *second, 1))
    place = _place(len(names))
    width = min(place * _FILLED / 2, _WIDEST)

    def bar(index: int, count: int, side: int) -> Bar:
        height = _rounded((_FLOOR - _TOP) * count / highest)
        return Bar(
            x=_rounded(_middle(index, place) + (side - 1) * width),
            y=_FLOOR - height,
            width=_rounded(width),
            height=height,
        )

    return Bars(
        top=str(highest),
        names=_named(names, place),
        first=tuple(bar(index, count, 0) for index, count in enumerate(first)),
        second=tuple(bar(index, count, 1) for index, count in enumerate(second)),
    )


def line(values: Sequence[float | None], names: Sequence[str], *, top: float, said: str) -> Line:
    """Of values up to the top, which is said so; a part without one leaves a gap."""
    place = _place(len(names))
    runs: list[list[Dot]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        height = (_FLOOR - _TOP) * value / top if top else 0.0
        runs[-1].append(Dot(x=_rounded(_middle(index, place)), y=_rounded(_FLOOR - height)))
    return Line(
        top=said,
        names=_named(names, place),
        dots=tuple(dot for run in runs for dot in run),
        strokes=tuple(" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1),
    )


def _place(count: int) -> float:
    return (WIDTH - _LEFT) / max(count, 1)


def _middle(index: int, place: float) -> float:
    return _LEFT + place * (index + 0.5)


def _named(names: Sequence[str], place: float) -> tuple[Name, ...]:
    """As many names as there is room for, evenly."""
    step = -(-len(names) // _MOST_NAMES) or 1
    return tuple(
        Name(x=_rounded(_middle(index, place)), text=text)
        for index, text in enumerate(names)
        if index % step == 0
    )


def _rounded(number: float) -> float:
    return round(number, 1)
