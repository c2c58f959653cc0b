"""Parsing history rows: errors and accepted input."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.errors import FieldError
from gatepost_domain.tracking.history_files.file_reader import FileFormat, read_history
from gatepost_domain.tracking.history_files.rows import HistoryRow, RowOrError
from tests.support.domain.tracking import history_row

HEADER = "service,environment,version,deployed_at,deployed_by,notes,external_id"
GOOD = "shop,production,1.0.0,2026-11-21T12:00:00Z,ada,,run-1"
TOLD = {
    "service": "shop",
    "environment": "production",
    "version": "1.0.0",
    "deployed_at": "2026-11-21T12:00:00Z",
}
READ = history_row(deployed_by="ada", external_id="run-1")


def csv(*lines: str | bytes) -> list[RowOrError]:
    """Parse a CSV file with these lines."""
    return list(
        read_history(
            (row if isinstance(row, bytes) else f"{row}\n".encode() for row in lines),
            FileFormat.CSV,
        )
    )


def ndjson(*lines: str) -> list[RowOrError]:
    return list(read_history((f"{line}\n".encode() for line in lines), FileFormat.JSON))


def errors_of(read: list[RowOrError]) -> list[tuple[str, str]]:
    """Return the field and code of each error."""
    return [(row.field, row.code) for row in read if isinstance(row, FieldError)]


def with_cell(column: str, value: str) -> str:
    cells = {**TOLD, "deployed_by": "", "notes": "", "external_id": "", column: value}
    return ",".join('"' + cells[name].replace('"', '""') + '"' for name in HEADER.split(","))


BAD_CELLS = [
    ("service", "", "service_required"),
    ("service", "Shop", "bad_name"),
    ("service", "shop_1", "bad_name"),
    ("service", "-shop", "bad_name"),
    ("service", "s" * 64, "bad_name"),
    ("service", "shop\n", "bad_name"),
    ("service", "sh\0op", "bad_name"),
    ("environment", "", "environment_required"),
    ("environment", "prod.eu", "bad_name"),
    ("version", "", "version_required"),
    ("version", "1 0", "bad_version"),
    ("version", "1\0", "bad_version"),
    ("version", "1\x7f", "bad_version"),
    ("version", "1\u2028", "bad_version"),
    ("version", "v" * 201, "bad_version"),
    ("deployed_at", "", "deployed_at_required"),
    ("deployed_at", "yesterday", "bad_time"),
    ("deployed_at", "2026-11-21", "bad_time"),
    ("deployed_at", "2026-11-21T12:00:00", "offset_missing"),
    ("deployed_at", "2026-13-21T12:00:00Z", "bad_time"),
    ("deployed_at", "2026-02-30T12:00:00Z", "bad_time"),
    ("deployed_at", "2026-11-21T25:00:00Z", "bad_time"),
    ("deployed_at", "2026-W47-6T12:00:00Z", "bad_time"),
    ("deployed_at", "1763726400", "bad_time"),
    ("deployed_at", "٢٠٢٦-11-21T12:00:00Z", "bad_time"),
    ("deployed_at", "0001-01-01T00:00:00+14:00", "bad_time"),
    ("deployed_at", "9999-12-31T23:59:59-14:00", "bad_time"),
    ("deployed_by", "a\nb", "bad_text"),
    ("deployed_by", "a" * 201, "bad_text"),
    ("notes", "a\0b", "bad_text"),
    ("notes", "\x1b[31m", "bad_text"),
    ("notes", "n" * 10_001, "bad_text"),
    ("external_id", "a\tb", "bad_text"),
    ("external_id", "x" * 201, "bad_text"),
]


@pytest.mark.parametrize(("column", "value", "code"), BAD_CELLS)
def test_invalid_cell_is_an_error(column: str, value: str, code: str) -> None:
    """The error contains the row and column in both formats."""
    assert errors_of(csv(HEADER, GOOD, with_cell(column, value))) == [(f"rows/3/{column}", code)]
    assert errors_of(ndjson(json.dumps(TOLD), json.dumps({**TOLD, column: value}))) == [
        (f"rows/2/{column}", code)
    ]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([], [(f"rows/1/{name}", "missing_column") for name in TOLD]),
        (["service,environment,version"], [("rows/1/deployed_at", "missing_column")]),
        ([f"{HEADER},team"], [("rows/1", "unknown_column")]),
        ([f"{HEADER},", f"{GOOD},x"], [("rows/2", "wrong_columns")]),
        ([f"{HEADER},notes"], [("rows/1/notes", "duplicate_column")]),
        ([HEADER, GOOD, "shop,production"], [("rows/3", "wrong_columns")]),
        ([HEADER, f"{GOOD},more", GOOD], [("rows/2", "wrong_columns")]),
        ([HEADER, GOOD, 'shop,"production'], [("rows/3", "malformed_csv")]),
        ([HEADER, GOOD, '"shop"x,production'], [("rows/3", "malformed_csv")]),
        ([HEADER, b"shop,production,1\xff0,2026-11-21T12:00:00Z,,,\n"],
         [("rows/2/version", "bad_encoding")]),
        ([HEADER, "Shop,,1.0.0,now,,,"], [
            ("rows/2/service", "bad_name"),
            ("rows/2/environment", "environment_required"),
            ("rows/2/deployed_at", "bad_time"),
        ]),
    ],
)  # fmt: skip
def test_invalid_csv_file_is_an_error(
    lines: list[str | bytes], faults: list[tuple[str, str]]
) -> None:
    """The header is row 1, and all errors that can be found are listed."""
    assert errors_of(csv(*lines)) == faults


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("{", "rows/2", "malformed_json"),
        ("[" * 100_000, "rows/2", "malformed_json"),
        ("9" * 5000, "rows/2", "malformed_json"),
        ('"shop"', "rows/2", "malformed_json"),
        ("[]", "rows/2", "malformed_json"),
        (json.dumps({**TOLD, "team": "x"}), "rows/2", "unknown_column"),
        (json.dumps({**TOLD, "version": 1}), "rows/2/version", "wrong_type"),
        (json.dumps({**TOLD, "notes": {"a": "b"}}), "rows/2/notes", "wrong_type"),
        (json.dumps({**TOLD, "version": None}), "rows/2/version", "version_required"),
        (json.dumps({**TOLD, "version": "\ud800"}), "rows/2/version", "bad_version"),
        ('{"version":"1","version":"2"}', "rows/2/version", "duplicate_column"),
        ("{}", "rows/2/service", "service_required"),
    ],
)
def test_invalid_ndjson_line_is_an_error(line: str, field: str, code: str) -> None:
    """The first line is row 1, and the other lines are still parsed."""
    good = json.dumps(TOLD)

    read = ndjson(good, line, good)

    assert errors_of(read)[0] == (field, code)
    assert [row.number for row in read if isinstance(row, HistoryRow)] == [1, 3]


def test_error_says_where_it_is_and_what_is_expected() -> None:
    """The error contains the value, shortened if it is long."""
    read = csv(HEADER, with_cell("version", "1 \0" + "x" * 100))

    (fault,) = read
    assert isinstance(fault, FieldError)
    assert fault.detail == (
        f"Row 2: version is '1 \\x00{'x' * 57}\\u2026'; it must be 1 to 200 characters of text "
        "without white space, and without control, format or invisible characters."
    )


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-21T12:00:00Z", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21t12:00:00z", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21 14:00:00+02:00", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21T12:00:00.5Z", datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-21T12:00:00.123456789Z", datetime(2026, 11, 21, 12, 0, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_time_is_parsed_as_rfc_3339(time: str, expected: datetime) -> None:
    """Any UTC offset is accepted, and times are truncated to microseconds."""
    (row,) = csv(HEADER, with_cell("deployed_at", time))

    assert isinstance(row, HistoryRow)
    assert (row.deployed_at, row.deployed_at.tzinfo) == (expected, UTC)


@pytest.mark.parametrize("version", ["v123", "release-" + "a" * 40, "feat/" + "b" * 43, "日本🚀"])
def test_version_is_any_word(version: str) -> None:
    """A version can be a tag, a hash or a branch."""
    (row,) = csv(HEADER, with_cell("version", version))

    assert isinstance(row, HistoryRow)
    assert row.version == version


def test_columns_can_be_in_any_order_and_three_are_optional() -> None:
    """The columns can be in any order, and three of them can be missing.

    A byte order mark, blank lines and quoted line breaks are accepted.
    """
    header = "\ufeffnotes,deployed_at,version,service,environment"
    notes = '"one\ntwo",2026-11-21T12:00:00Z,1.0.0,shop,production'

    assert csv(header, "", notes) == [history_row(3, notes="one\ntwo")]


@pytest.mark.parametrize("start", ["", "\ufeff", " "])
def test_file_that_starts_with_a_brace_is_ndjson(start: str) -> None:
    """A byte order mark and whitespace may precede the brace. Any other file is CSV."""
    line = json.dumps({"service": "shop", "environment": "test", "version": "1", "deployed_at": 0})

    (ndjson_error,) = read_history([f"{start}{line}\n".encode()])
    (empty_file_error, *_) = read_history([])

    assert ndjson_error == next(read_history([f"{start}{line}\n".encode()], FileFormat.JSON))
    assert empty_file_error == next(read_history([], FileFormat.CSV))


def test_both_formats_are_equivalent() -> None:
    """An empty CSV cell, a JSON null and a missing JSON member are equivalent."""
    told_twice = {**TOLD, "deployed_by": "ada", "external_id": "run-1"}

    assert csv(HEADER, GOOD) == [READ]
    assert ndjson("", json.dumps({**told_twice, "notes": None})) == [READ]
    assert ndjson("", json.dumps({**told_twice, "notes": ""})) == [READ]


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_are_parsed_without_failing(lines: list[bytes]) -> None:
    """Any input results in rows or errors."""
    header = f"{HEADER}\n".encode()

    for read in (
        list(read_history([header, *lines])),
        list(read_history(lines, FileFormat.JSON)),
        list(read_history(lines)),
    ):
        assert all(isinstance(row, HistoryRow | FieldError) for row in read)
