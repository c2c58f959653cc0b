"""Parsing of deployment history files. Each row yields a valid row or its errors.

Rows are numbered as in a spreadsheet: the header of a CSV file is row 1, so its first record is row
2; the first line of an NDJSON file is row 1. A record of several lines is one row. Blank rows are
counted but otherwise ignored.
"""

from __future__ import annotations

import csv
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final, NamedTuple

from gatepost_domain.catalog.service import NAME_PATTERN
from gatepost_domain.errors import FieldError
from gatepost_domain.text import (
    LINE_PATTERN,
    LINE_RULE,
    TEXT_PATTERN,
    TEXT_RULE,
    VERSION_PATTERN,
    VERSION_RULE,
    is_blank,
    replace_refused,
)

REQUIRED_COLUMNS: Final = ("service", "environment", "version", "deployed_at")
OPTIONAL_COLUMNS: Final = ("deployed_by", "notes", "external_id")
COLUMNS: Final = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
"""The columns of a row; a file may have them in any order and omit the optional ones."""

EXPORT_MARK: Final = "in_effect"
"""The column by which a file is known to be an export of Gatepost.

It says whether a deployment can be the live one of its service and environment: whether it went
live and was not rolled back, hidden or retired since. Only such deployments are imported.
"""
EXPORT_COLUMNS: Final = (
    EXPORT_MARK,
    "after_review",
    "approvals",
    "approved_at",
    "artifact_digest",
    "break_glass",
    "build_id",
    "cancel_reason",
    "created_at",
    "execution",
    "expires_at",
    "finished_at",
    "hidden",
    "id",
    "independence",
    "kind",
    "number",
    "on_behalf_of",
    "overrides",
    "policy_version",
    "promoted_from",
    "promotion_blocked",
    "queued_at",
    "requester",
    "requester_unmapped",
    "review",
    "reviewed_at",
    "reviewed_by",
    "revision",
    "risk",
    "rollback_plan",
    "rolled_back_at",
    "rolled_back_by",
    "rolls_back",
    "started_at",
    "status",
    "superseded_by",
    "target_digest",
    "target_version",
    "tier",
    "triggered_by",
    "unreviewed",
    "waived_by",
    "work_references",
)
"""The other columns of an export, which an import ignores."""
FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
"""How a cell begins that a spreadsheet would execute as a formula."""
_GUARD: Final = "'"

_SEPARATOR: Final = "\x1f"
"""A character that no column may contain."""


def _at_most(length: int) -> str:
    """Return a pattern that looks ahead whether a column has at most so many characters."""
    return rf"(?=[^{_SEPARATOR}]{{1,{length}}}(?:{_SEPARATOR}|\Z))"


_LINE_PATTERN = f"{_at_most(200)}{LINE_PATTERN}"
_NAME_RULE = (
    "1 to 63 lowercase letters, digits or hyphens, starting and ending with a letter or digit"
)
_LINE_RULE = f"{LINE_RULE}, at most 200 characters long"

_COLUMN_RULES: Final[Mapping[str, tuple[re.Pattern[str], str, str]]] = {
    "service": (re.compile(NAME_PATTERN.strip("^$")), "bad_name", _NAME_RULE),
    "environment": (re.compile(NAME_PATTERN.strip("^$")), "bad_name", _NAME_RULE),
    "version": (
        re.compile(f"{_at_most(200)}{VERSION_PATTERN}"),
        "bad_version",
        f"1 to 200 characters of {VERSION_RULE}",
    ),
    "deployed_at": (
        re.compile(
            r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6}\d*)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
        ),
        "bad_time",
        "a time with its offset from UTC, as in 2026-11-21T12:00:00Z (RFC 3339)",
    ),
    "deployed_by": (re.compile(_LINE_PATTERN), "bad_text", _LINE_RULE),
    "notes": (
        re.compile(f"{_at_most(10_000)}{TEXT_PATTERN}"),
        "bad_text",
        f"{TEXT_RULE}, at most 10000 characters long",
    ),
    "external_id": (re.compile(_LINE_PATTERN), "bad_text", _LINE_RULE),
}
"""The rule for each column: a pattern, an error code, and a description."""
_ROW_PATTERN: Final = re.compile(
    _SEPARATOR.join(
        rule.pattern if name in REQUIRED_COLUMNS else f"(?:{rule.pattern})?"
        for name, (rule, _, _) in _COLUMN_RULES.items()
    ),
    re.ASCII,
)
"""Matches all columns of a valid row at once. Columns are checked one by one only on a mismatch."""
_MAX_SHOWN: Final = 60


class HistoryRow(NamedTuple):
    """One valid row of a history file; a tuple, because there can be very many."""

    number: int
    """The number of the row in the file."""
    service: str
    environment: str
    version: str
    deployed_at: datetime
    deployed_by: str | None = None
    notes: str | None = None
    external_id: str | None = None


class SkippedRow(NamedTuple):
    """A row of an export about a deployment that is not in effect."""

    number: int
    """The number of the row in the file."""


RowOrError = HistoryRow | SkippedRow | FieldError
"""A row, or an error in a row, whose `field` is `rows/NUMBER/COLUMN`."""


def guard_cell(text: str) -> str:
    """Return the text of a CSV cell that no spreadsheet executes as a formula.

    A text that begins like a formula, or with an apostrophe, gets an apostrophe in front.
    """
    return f"{_GUARD}{text}" if text.startswith((*FORMULA_STARTS, _GUARD)) else text


def unguard_cell(cell: str) -> str:
    """Return the text of which `guard_cell` made a cell."""
    return cell.removeprefix(_GUARD)


def row_error(number: int, column: str | None, code: str, reason: str) -> FieldError:
    """Create an error for a row or for one of its columns."""
    field = f"rows/{number}" if column is None else f"rows/{number}/{column}"
    return FieldError(field=field, code=code, detail=f"Row {number}: {reason}")


def read_rows(lines: Iterable[bytes]) -> Iterator[RowOrError]:
    """Yield the rows of a file of unknown format: NDJSON if it starts with `{`, otherwise CSV."""
    remaining = iter(lines)
    first = next(remaining, b"")
    read = read_ndjson if first.removeprefix(BOM_UTF8).lstrip().startswith(b"{") else read_csv
    return read(chain([first], remaining))


def read_csv(lines: Iterable[bytes]) -> Iterator[RowOrError]:
    """Yield the rows of a CSV file with a header (RFC 4180), in UTF-8.

    Reading stops at an error in the header or the quoting, because later rows cannot be trusted.
    """
    reader = csv.reader(_decode_leniently(lines), strict=True)
    number = 1
    try:
        header = next(reader, [])
        if errors := tuple(_header_errors(header)):
            yield from errors
            return
        is_export = EXPORT_MARK in header
        for number, cells in enumerate(reader, start=2):  # `number` is also used below
            if len(cells) == len(header):
                values = map(unguard_cell, cells) if is_export else cells
                row = dict(zip(header, values, strict=True))
                yield from (
                    _parse_exported_row(number, row) if is_export else _parse_row(number, row)
                )
            elif cells:
                reason = f"it has {len(cells)} columns; the header has {len(header)}."
                yield row_error(number, None, "wrong_columns", reason)
    except csv.Error as error:
        yield row_error(number + 1, None, "malformed_csv", f"it is not valid CSV: {error}.")


def read_ndjson(lines: Iterable[bytes]) -> Iterator[RowOrError]:
    """Yield the rows of an NDJSON file: one JSON object per line, in UTF-8."""
    decode = json.JSONDecoder(object_pairs_hook=_JsonPairs).decode
    for number, line in enumerate(_decode_leniently(lines), start=1):
        if line.isspace():
            continue
        try:
            members = decode(line)
        except (ValueError, RecursionError):
            yield row_error(number, None, "malformed_json", "it is not valid JSON.")
            continue
        if not isinstance(members, _JsonPairs):
            yield row_error(number, None, "malformed_json", "it is not a JSON object.")
            continue
        is_export = any(name == EXPORT_MARK for name, _ in members)
        if errors := tuple(_member_errors(number, members, is_export=is_export)):
            yield from errors
            continue
        row = {name: value or "" for name, value in members}
        yield from (_parse_exported_row if is_export else _parse_row)(number, row)


class _JsonPairs(list[tuple[str, Any]]):
    """The members of a JSON object, including repeated ones."""


def _decode_leniently(lines: Iterable[bytes]) -> Iterator[str]:
    """Decode lines. Invalid UTF-8 becomes lone surrogates, which every column rejects."""
    is_first = True
    for line in lines:
        text = line.decode("utf-8", "surrogateescape")
        yield text.removeprefix("\ufeff") if is_first else text
        is_first = False


def _header_errors(header: Sequence[str]) -> Iterator[FieldError]:
    is_export = EXPORT_MARK in header
    for name in dict.fromkeys(header):
        if name not in COLUMNS and not (is_export and name in EXPORT_COLUMNS):
            expected = ", ".join(COLUMNS)
            reason = f"the column {_shorten(name)} is unknown; the columns are {expected}."
            yield row_error(1, None, "unknown_column", reason)
        elif header.count(name) > 1:
            yield row_error(1, name, "duplicate_column", f"the column {name} appears twice.")
    for name in REQUIRED_COLUMNS:
        if name not in header:
            yield row_error(1, name, "missing_column", f"the column {name} is missing.")


def _member_errors(
    number: int, members: Sequence[tuple[str, object]], *, is_export: bool
) -> Iterator[FieldError]:
    seen: set[str] = set()
    for name, value in members:
        is_ignored = is_export and name in EXPORT_COLUMNS
        if name not in COLUMNS and not is_ignored:
            reason = f"the member {_shorten(name)} is unknown."
            yield row_error(number, None, "unknown_column", reason)
        elif name in seen:
            yield row_error(number, name, "duplicate_column", f"{name} appears twice.")
        elif name == EXPORT_MARK and not isinstance(value, bool):
            yield row_error(number, name, "wrong_type", f"{name} must be true or false.")
        elif not (is_ignored or isinstance(value, str | None)):
            yield row_error(number, name, "wrong_type", f"{name} must be a string.")
        seen.add(name)


def _parse_exported_row(number: int, cells: Mapping[str, Any]) -> Iterator[RowOrError]:
    """Yield the row of an export, which is skipped if its deployment is not in effect."""
    in_effect = str(cells[EXPORT_MARK]).lower()  # spreadsheets write it in upper case
    if in_effect == "true":
        yield from _parse_row(number, cells)
    elif in_effect in {"", "false"}:
        yield SkippedRow(number)
    else:
        reason = f"{EXPORT_MARK} is {_shorten(in_effect)}; it must be true or false."
        yield row_error(number, EXPORT_MARK, "wrong_type", reason)


def _parse_row(number: int, cells: Mapping[str, str]) -> Iterator[RowOrError]:
    """Yield the row with these cells, or its errors. A cell that shows nothing is missing."""
    values = [cells.get(name, "") for name in _COLUMN_RULES]
    if _ROW_PATTERN.fullmatch(_SEPARATOR.join(values)) is None:
        shown = {name: "" if _shows_nothing(cell) else cell for name, cell in cells.items()}
        yield from (_column_errors if shown == cells else _parse_row)(number, shown)
        return
    try:
        deployed_at = datetime.fromisoformat(cells["deployed_at"].upper()).astimezone(UTC)
    except (OverflowError, ValueError):
        yield _build_column_error(number, "deployed_at", cells["deployed_at"])
        return
    yield HistoryRow(
        number,
        cells["service"],
        cells["environment"],
        cells["version"],
        deployed_at,
        cells.get("deployed_by") or None,
        cells.get("notes") or None,
        cells.get("external_id") or None,
    )


def _shows_nothing(cell: object) -> bool:
    """Return whether a cell is filled with nothing but blanks."""
    return isinstance(cell, str) and cell != "" and is_blank(cell) and replace_refused(cell) == cell


def _column_errors(number: int, cells: Mapping[str, str]) -> Iterator[FieldError]:
    for name, (pattern, _, _) in _COLUMN_RULES.items():
        value = cells.get(name)
        if value:
            if pattern.fullmatch(value) is None:
                yield _build_column_error(number, name, value)
        elif name in REQUIRED_COLUMNS:
            yield row_error(number, name, f"{name}_required", f"{name} is missing.")


def _build_column_error(number: int, name: str, value: str) -> FieldError:
    _, code, rule = _COLUMN_RULES[name]
    return row_error(number, name, code, f"{name} is {_shorten(value)}; it must be {rule}.")


def _shorten(value: str) -> str:
    """Return a text for a sentence: unprintable characters are escaped, and a long text is cut."""
    return ascii(value if len(value) <= _MAX_SHOWN else value[:_MAX_SHOWN] + "…")
