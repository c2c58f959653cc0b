"""Reading JSON files: one object per line (NDJSON), or one array of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from gatepost_domain.errors import FieldError
from gatepost_domain.tracking.history_files.columns import (
    EXPORT_COLUMNS,
    EXPORT_MARK,
    known_columns,
    normalize_column_name,
    unknown_column_reason,
)
from gatepost_domain.tracking.history_files.row_parser import RowParser
from gatepost_domain.tracking.history_files.rows import FileOptions, RowOrError, row_error
from gatepost_domain.tracking.history_files.text_lines import MAX_LINE

_BLANKS: Final = re.compile(r"[ \t\r\n]*")


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object, including repeated ones."""


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_Members)


def read_json_lines(lines: Iterator[str], options: FileOptions) -> Iterator[RowOrError]:
    """Yield the rows of an NDJSON file: one JSON object per line."""
    reader = _ObjectReader(options)
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            continue
        try:
            value = _DECODER.decode(line)
        except (ValueError, RecursionError):
            yield row_error(number, None, "malformed_json", "it is not valid JSON.")
            if number == 1 and line.strip() == "{":
                yield FieldError(
                    field="rows",
                    code="malformed_json",
                    detail="Each line must contain a whole object. Put multi-line objects "
                    "into an array, with [ before the first one and ] after the last one.",
                )
                return
            continue
        yield from reader.read(number, value)


def read_json_array(texts: Iterator[str], options: FileOptions) -> Iterator[RowOrError]:
    """Yield the rows of a JSON array of objects, without holding the whole array in memory.

    Reading stops at the first element that is not valid JSON.
    """
    reader, elements = _ObjectReader(options), _Elements(texts)
    for number, value in enumerate(elements, start=1):
        yield from reader.read(number, value)
    if elements.fault is not None:
        yield row_error(elements.count + 1, None, "malformed_json", elements.fault)


class _Elements:
    """The elements of a JSON array, decoded one at a time."""

    def __init__(self, texts: Iterator[str]) -> None:
        self.count = 0
        """The number of elements decoded so far."""
        self.fault: str | None = None
        """Why reading stopped before the end of the array; None if it did not."""
        self._texts = texts
        self._text = ""
        self._position = 0

    def __iter__(self) -> Iterator[Any]:
        """Yield the elements up to the end of the array or the first fault."""
        character = self._take_character()  # the opening bracket
        if self._peek_character() == "]":
            character = self._take_character()
        while character != "]" and (decoded := self._decode()) is not None:
            yield decoded[0]
            self.count += 1
            character = self._take_character()
            if character not in {",", "]"}:
                self.fault = "a comma, or ] at the end of the array, is missing before it."
                return
        if self.fault is None and self._peek_character():
            self.fault = "it follows the end of the array."

    def _peek_character(self) -> str:
        """Return the next non-whitespace character, unconsumed; "" at the end of the file."""
        while True:
            match = _BLANKS.match(self._text, self._position)
            self._position = self._position if match is None else match.end()
            if self._position < len(self._text) or not self._read_more(1):
                return self._text[self._position : self._position + 1]

    def _take_character(self) -> str:
        character = self._peek_character()
        self._position += len(character)
        return character

    def _decode(self) -> tuple[Any] | None:
        """Return the next element in a tuple; if it is invalid, set `fault` and return None."""
        self._peek_character()
        while True:
            try:
                value, self._position = _DECODER.raw_decode(self._text, self._position)
            except (ValueError, RecursionError):
                known = len(self._text) - self._position
                if known > MAX_LINE or not self._read_more(known + 1):
                    self.fault = "it is not valid JSON."
                    return None
            else:
                return (value,)

    def _read_more(self, length: int) -> bool:
        """Read at least `length` more characters, if available, and return whether any were read.

        `_decode` doubles the text before it tries again, so the time for a long element is
        proportional to its length.
        """
        parts, added = [self._text[self._position :]], 0
        while added < length and (text := next(self._texts, None)) is not None:
            parts.append(text)
            added += len(text)
        self._text, self._position = "".join(parts), 0
        return added > 0


class _ObjectReader:
    """Reads the objects of one file as rows."""

    def __init__(self, options: FileOptions) -> None:
        self._options = options
        self._parser = RowParser(options, skip_blank=False)
        self._reported: set[str] = set()

    def read(self, number: int, value: object) -> Iterator[RowOrError]:
        """Yield the row of a JSON value, or its errors."""
        if not isinstance(value, _Members):
            yield row_error(number, None, "malformed_json", "it is not a JSON object.")
            return
        members = [(normalize_column_name(name), member) for name, member in value]
        is_export = any(name == EXPORT_MARK for name, _ in members)
        if errors := list(self._member_errors(number, members, is_export=is_export)):
            yield from errors
            return
        known = known_columns([EXPORT_MARK] if is_export else [])
        row = {name: member or "" for name, member in members if name in known}
        yield from (self._parser.parse_exported if is_export else self._parser.parse)(number, row)

    def _member_errors(
        self, number: int, members: Sequence[tuple[str, object]], *, is_export: bool
    ) -> Iterator[FieldError]:
        known = known_columns([EXPORT_MARK] if is_export else [])
        seen: set[str] = set()
        for name, value in members:
            is_ignored = is_export and name in EXPORT_COLUMNS
            if name not in known:
                if not self._options.ignore_unknown and name not in self._reported:
                    self._reported.add(name)
                    reason = unknown_column_reason(name, known, noun="member")
                    yield row_error(number, None, "unknown_column", reason)
            elif name in seen:
                yield row_error(number, name, "duplicate_column", f"{name} appears twice.")
            elif name == EXPORT_MARK and not isinstance(value, bool):
                yield row_error(number, name, "wrong_type", f"{name} must be true or false.")
            elif not (is_ignored or isinstance(value, str | None)):
                yield row_error(number, name, "wrong_type", f"{name} must be a string.")
            seen.add(name)
