"""Plain text in aligned columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

_GAP: Final = "  "
_ELLIPSIS: Final = "\u2026"


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str | None]], *, width: int | None = None
) -> str:
    """Return a line with the headings and a line for each row; None and an empty string become "-".

    If a width is given, longer lines are cut off and end with an ellipsis.
    """
    lines = [
        [heading.upper() for heading in headings],
        *([" ".join((cell or "-").split()) for cell in row] for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _truncate(
            _GAP.join(cell.ljust(size) for cell, size in zip(line, widths, strict=True)).rstrip(),
            width,
        )
        for line in lines
    )


def _truncate(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: width - 1]}{_ELLIPSIS}"


def format_key_values(entries: Mapping[str, str | None]) -> str:
    """Return a line for each entry, followed by any further lines of its text. None is omitted."""
    present = {key: text for key, text in entries.items() if text is not None}
    width = max(map(len, present))
    indent = "\n" + " " * (width + len(_GAP))
    return "\n".join(
        f"{key:{width}}{_GAP}{indent.join(text.splitlines())}".rstrip()
        for key, text in present.items()
    )


def format_instant(instant: datetime | None) -> str | None:
    """Return the text of an instant in UTC, to the second; None stays None."""
    return None if instant is None else f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
