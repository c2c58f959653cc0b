"""Reading CSV files (RFC 4180), including other separators and additions by spreadsheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from gatepost_domain.tracking.history_files.columns import (
    EXPORT_MARK,
    KNOWN_COLUMNS,
    REQUIRED_COLUMNS,
    header_errors,
    normalize_column_name,
)
from gatepost_domain.tracking.history_files.formula_guard import unguard_cell
from gatepost_domain.tracking.history_files.row_parser import RowParser
from gatepost_domain.tracking.history_files.rows import (
    FileOptions,
    RowOrError,
    row_error,
    shorten,
)

SEPARATORS: Final[Mapping[str, str]] = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "vertical bars",
}
"""Maps the separators that are recognised in the header to their names."""
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The line that tells Excel the separator."""


def read_csv_lines(lines: Iterator[str], options: FileOptions) -> Iterator[RowOrError]:
    """Yield the rows of a CSV file with a header.

    Reading stops at an error in the header or the quoting, because later rows cannot be trusted.
    """
    number = 0
    try:
        first = next(lines, "")
        separator_line = _SEPARATOR_LINE.fullmatch(first)
        if separator_line is not None:
            separator, number = separator_line[1], 1
        else:
            while first.isspace():
                first, number = next(lines, ""), number + 1
            separator, lines = _detect_separator(first), chain([first], lines)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        for cells in reader:
            number += 1
            if any(cells):
                yield from _read_table(reader, cells, number, separator, options)
                return
        yield from header_errors([], max(1, number), ignore_unknown=False)
    except csv.Error as error:
        yield _quoting_error(number + 1, error)


def _read_table(
    reader: Iterator[list[str]],
    header: Sequence[str],
    number: int,
    separator: str,
    options: FileOptions,
) -> Iterator[RowOrError]:
    """Yield the rows that follow the header, which is row `number`."""
    names = _column_names(header)
    if errors := header_errors(names, number, ignore_unknown=options.ignore_unknown):
        yield from errors
        return
    parser, is_export = RowParser(options, skip_blank=True), EXPORT_MARK in names
    parse = parser.parse_exported if is_export else parser.parse
    width, has_nameless = len(names), "" in names
    try:
        for cells in reader:
            number += 1
            if len(cells) != width:
                fitted = _fit_to_header(cells, names)
                if fitted is None:
                    reason = _width_reason(cells, names, separator)
                    yield row_error(number, None, "wrong_columns", reason)
                    continue
                cells = fitted  # noqa: PLW2901  # the row without what the spreadsheet added
            fault = _nameless_column_reason(names, cells) if has_nameless else None
            if fault is not None:
                yield row_error(number, None, "wrong_columns", fault)
                continue
            values = map(unguard_cell, cells) if is_export else cells
            yield from parse(number, dict(zip(names, values, strict=True)))
    except csv.Error as error:
        yield _quoting_error(number + 1, error)


def _detect_separator(header: str) -> str:
    """Return the separator that splits the header into the most known columns, or a comma."""

    def count_known(separator: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=separator), [])
        except csv.Error:
            return 0
        return len({*KNOWN_COLUMNS}.intersection(map(normalize_column_name, cells)))

    return max(SEPARATORS, key=count_known)


def _column_names(header: Sequence[str]) -> list[str]:
    """Return the names of the columns, without nameless ones at the end."""
    names = [normalize_column_name(name) for name in header]
    while names and not names[-1]:
        names.pop()
    return names


def _fit_to_header(cells: Sequence[str], names: Sequence[str]) -> list[str] | None:
    """Return the row with as many cells as the header, or None if that is not possible.

    Empty cells at the end are added or removed, because spreadsheets do the same.
    """
    width = len(names)
    if not any(cell.strip() for cell in cells[width:]):
        missing = names[len(cells) :]
        if not any(cell.strip() for cell in cells) or not set(missing) & {*REQUIRED_COLUMNS}:
            return [*cells[:width], *[""] * len(missing)]
    return None


def _nameless_column_reason(names: Sequence[str], cells: Sequence[str]) -> str | None:
    for position, (name, cell) in enumerate(zip(names, cells, strict=True), start=1):
        if not name and cell.strip():
            return f"column {position} contains {shorten(cell)}, but has no name in the header."
    return None


def _width_reason(cells: Sequence[str], names: Sequence[str], separator: str) -> str:
    reason = f"its number of columns is {len(cells)}; the header has {len(names)}."
    others = [other for other in SEPARATORS if other != separator and other in "".join(cells)]
    if len(cells) == 1 and others:
        return (
            f"{reason} It seems to be separated by {SEPARATORS[others[0]]}, and the header by "
            f"{SEPARATORS.get(separator, shorten(separator))}."
        )
    return reason


def _quoting_error(number: int, error: csv.Error) -> RowOrError:
    text = f"{error}"
    if "field larger" in text:
        reason = "a cell is longer than 131,072 characters; check its quotation marks."
    elif "unexpected end" in text:
        reason = "a quotation mark is not closed before the end of the file."
    else:
        reason = (
            "a quotation mark is followed by something other than a separator; within quotation "
            'marks, write a quotation mark twice ("").'
        )
    return row_error(number, None, "malformed_csv", reason)
