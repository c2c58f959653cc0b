"""Answers laid out for people: aligned columns of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

_GAP: Final = "  "


def table(headings: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """A line for each row under the headings; the last column is as wide as it likes."""
    lines = [
        [heading.upper() for heading in headings],
        *([" ".join((cell or "-").split()) for cell in row] for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def sheet(entries: Mapping[str, str | None]) -> str:
    """A line for each entry that is there, its name before it; further lines stand below."""
    width = max(map(len, entries))
    below = "\n" + " " * (width + len(_GAP))
    return "\n".join(
        f"{name:{width}}{_GAP}{below.join(text.splitlines())}".rstrip()
        for name, text in entries.items()
        if text is not None
    )


def instant(at: datetime | None) -> str | None:
    """A time in UTC, to the second."""
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
