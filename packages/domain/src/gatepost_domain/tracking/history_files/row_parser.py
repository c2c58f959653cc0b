"""Parsing the cells of a row, which yields a valid row or its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gatepost_domain.allowed_characters import (
    LINE_PATTERN,
    LINE_RULE,
    TEXT_PATTERN,
    TEXT_RULE,
    VERSION_PATTERN,
    VERSION_RULE,
    is_blank,
    replace_refused_characters,
)
from gatepost_domain.catalog.service import NAME_PATTERN
from gatepost_domain.errors import FieldError
from gatepost_domain.tracking.history_files.columns import (
    EXPORT_MARK,
    OUTCOME_COLUMNS,
    REQUIRED_COLUMNS,
)
from gatepost_domain.tracking.history_files.outcomes import read_outcome
from gatepost_domain.tracking.history_files.rows import (
    FileOptions,
    HistoryRow,
    Outcome,
    RowOrError,
    SkippedRow,
    row_error,
    shorten,
)
from gatepost_domain.tracking.history_files.times import (
    FULL_TIME_PATTERN,
    OFFSET_MISSING,
    BadTime,
    describe_bad_time,
    normalize_time,
    parse_full_time,
)

_SEPARATOR: Final = "\x1f"
"""A character that no column may contain."""
_OUTCOME_COLUMNS: Final = frozenset(OUTCOME_COLUMNS)
_UNDECODED: Final = re.compile(r"[\udc80-\udcff]")
"""The surrogates that stand for bytes that are not UTF-8."""
_REPORTED_ONCE: Final = frozenset(
    {OFFSET_MISSING, "rolled_back_at_required", "bad_status", "bad_kind", "bad_encoding"}
)
"""The codes of errors that usually concern many rows; only the first of each is reported."""


def _max_length_pattern(length: int) -> str:
    """Return a lookahead pattern for a column with at most this many characters."""
    return rf"(?=[^{_SEPARATOR}]{{1,{length}}}(?:{_SEPARATOR}|\Z))"


_LINE_PATTERN = f"{_max_length_pattern(200)}{LINE_PATTERN}"
_NAME_RULE = (
    "1 to 63 lowercase letters, digits or hyphens, starting and ending with a letter or digit"
)
_LINE_RULE = f"{LINE_RULE}, at most 200 characters long"

_COLUMN_RULES: Final[Mapping[str, tuple[re.Pattern[str], str, str]]] = {
    "service": (re.compile(NAME_PATTERN.strip("^$")), "bad_name", _NAME_RULE),
    "environment": (re.compile(NAME_PATTERN.strip("^$")), "bad_name", _NAME_RULE),
    "version": (
        re.compile(f"{_max_length_pattern(200)}{VERSION_PATTERN}"),
        "bad_version",
        f"1 to 200 characters of {VERSION_RULE}",
    ),
    "deployed_at": (re.compile(FULL_TIME_PATTERN, re.ASCII), "bad_time", ""),
    "deployed_by": (re.compile(_LINE_PATTERN), "bad_text", _LINE_RULE),
    "notes": (
        re.compile(f"{_max_length_pattern(10_000)}{TEXT_PATTERN}"),
        "bad_text",
        f"{TEXT_RULE}, at most 10000 characters long",
    ),
    "external_id": (re.compile(_LINE_PATTERN), "bad_text", _LINE_RULE),
}
"""Maps each column to its rule: a pattern, an error code, and a description."""
_ROW_PATTERN: Final = re.compile(
    _SEPARATOR.join(
        rule.pattern if name in REQUIRED_COLUMNS else f"(?:{rule.pattern})?"
        for name, (rule, _, _) in _COLUMN_RULES.items()
    ),
    re.ASCII,
)
"""Matches all columns in a valid row at once. Columns are checked individually only on a
mismatch."""


class RowParser:
    """Parses the rows in one file."""

    def __init__(self, options: FileOptions, *, skip_blank: bool) -> None:
        self._options = options
        self._skip_blank = skip_blank
        self._reported: set[tuple[str, str]] = set()

    def parse(self, number: int, cells: Mapping[str, str]) -> Iterator[RowOrError]:
        """Yield the row with these cells, or its errors; nothing for a blank row."""
        values = [cells.get(name, "") for name in _COLUMN_RULES]
        if _ROW_PATTERN.fullmatch(_SEPARATOR.join(values)) is None:
            yield from self._parse_cleaned(number, cells)
            return
        try:
            deployed_at = parse_full_time(cells["deployed_at"], self._options.timezone)
        except BadTime as error:
            reason = f"deployed_at {error}"
            yield from self._skip_repeated_errors(
                [row_error(number, "deployed_at", error.code, reason)]
            )
            return
        row = HistoryRow(
            number,
            cells["service"],
            cells["environment"],
            cells["version"],
            deployed_at,
            cells.get("deployed_by") or None,
            cells.get("notes") or None,
            cells.get("external_id") or None,
        )
        if not _OUTCOME_COLUMNS.isdisjoint(cells) and any(map(cells.get, OUTCOME_COLUMNS)):
            for outcome in read_outcome(number, cells, deployed_at, self._options.timezone):
                if isinstance(outcome, Outcome):
                    yield row if outcome == Outcome() else row._replace(outcome=outcome)
                else:
                    yield from self._skip_repeated_errors([outcome])
        else:
            yield row

    def parse_exported(self, number: int, cells: Mapping[str, Any]) -> Iterator[RowOrError]:
        """Yield a row of an export, or a skipped row if its `in_effect` value is false or empty."""
        in_effect = str(cells[EXPORT_MARK]).lower()  # spreadsheets write booleans in upper case
        if in_effect == "true":
            facts = {name: cells[name] for name in _COLUMN_RULES if name in cells}
            yield from self.parse(number, facts)
        elif in_effect in {"", "false"}:
            yield SkippedRow(number)
        else:
            reason = f"{EXPORT_MARK} is {shorten(in_effect)}; it must be true or false."
            yield row_error(number, EXPORT_MARK, "wrong_type", reason)

    def _parse_cleaned(self, number: int, cells: Mapping[str, str]) -> Iterator[RowOrError]:
        """Parse a row again without padding, or yield its errors if it has no padding."""
        cleaned = {name: _clean(name, cell) for name, cell in cells.items()}
        if self._skip_blank and not any(cleaned.values()):
            return
        if cleaned == cells:
            yield from self._skip_repeated_errors(_column_errors(number, cells))
        else:
            yield from self.parse(number, cleaned)

    def _skip_repeated_errors(self, errors: Iterable[FieldError]) -> Iterator[FieldError]:
        """Yield the errors, except those similar to one already reported for an earlier row."""
        for error in errors:
            column, value = error.field.rpartition("/")[2], error.detail.partition(": ")[2]
            is_word = error.code in {"bad_status", "bad_kind"}
            key = (error.code, value if is_word else column)
            if error.code not in _REPORTED_ONCE or key not in self._reported:
                self._reported.add(key)
                yield error


def _clean(name: str, cell: str) -> str:
    """Return a cell's intended text: without padding, and empty if nothing in it is visible."""
    if cell != "" and is_blank(cell) and replace_refused_characters(cell) == cell:
        return ""
    if name == "deployed_at":
        return normalize_time(cell)
    return cell.strip(" \t\xa0") if name in REQUIRED_COLUMNS else cell


def _column_errors(number: int, cells: Mapping[str, str]) -> Iterator[FieldError]:
    for name, (pattern, code, rule) in _COLUMN_RULES.items():
        value = cells.get(name)
        if value and _UNDECODED.search(value):
            reason = (
                f"{name} is {shorten(value)}, which is not UTF-8; save the file as CSV UTF-8, or "
                "name its encoding, as in Content-Type: text/csv; charset=windows-1252."
            )
            yield row_error(number, name, "bad_encoding", reason)
        elif value and pattern.fullmatch(value) is None:
            is_time = code == "bad_time"
            reason = (
                describe_bad_time(value) if is_time else f"is {shorten(value)}; it must be {rule}."
            )
            yield row_error(number, name, code, f"{name} {reason}")
        elif not value and name in REQUIRED_COLUMNS:
            yield row_error(number, name, f"{name}_required", f"{name} is missing.")
