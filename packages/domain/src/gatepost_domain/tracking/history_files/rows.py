"""The rows of a history file, and the errors in them.

Rows are numbered as in a spreadsheet: the header of a CSV file is row 1, so its first record is row
2; the first line in an NDJSON file and the first object in a JSON array are row 1. A multi-line
record is one row. Blank rows are counted but otherwise ignored.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from gatepost_domain.errors import FieldError
from gatepost_domain.status_transitions import Status

MAX_SHOWN: Final = 60
"""The maximum number of characters of a value that an error shows."""


class Outcome(NamedTuple):
    """How a past deployment ended, if it did not simply succeed."""

    status: Status = Status.SUCCEEDED
    """`succeeded`, `failed` or `rolled_back`."""
    rolled_back_at: datetime | None = None
    """When it was rolled back; None if it was not."""
    is_rollback: bool = False
    """Whether it rolled back another deployment."""


class HistoryRow(NamedTuple):
    """One valid row of a history file; a tuple, because there can be very many."""

    number: int
    """The number of the row in the file."""
    service: str
    environment: str
    version: str
    deployed_at: datetime
    """When the version went live or, if the deployment failed, when it failed."""
    deployed_by: str | None = None
    notes: str | None = None
    external_id: str | None = None
    outcome: Outcome | None = None
    """None if the deployment succeeded and was not a rollback."""


class SkippedRow(NamedTuple):
    """A row of an export that is skipped because its `in_effect` column is false or empty."""

    number: int
    """The number of the row in the file."""


RowOrError = HistoryRow | SkippedRow | FieldError
"""A row, or an error in a row. The `field` of the error is `rows/NUMBER/COLUMN`."""


class FileOptions(NamedTuple):
    """How a history file is read."""

    ignore_unknown: bool = False
    """Whether unknown columns are ignored; if not, they are errors."""
    timezone: tzinfo | None = None
    """The time zone for times without a UTC offset; if None, such times are errors."""
    charset: str | None = None
    """The character encoding that the sender named, if any. A byte order mark takes precedence."""


DEFAULT_OPTIONS: Final = FileOptions()


class UnreadableFile(Exception):  # named after the fact
    """The history file cannot be read at all."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.error = FieldError(field="rows", code=code, detail=reason)


def row_error(number: int, column: str | None, code: str, reason: str) -> FieldError:
    """Create an error for a row or for one of its columns."""
    field = f"rows/{number}" if column is None else f"rows/{number}/{column}"
    return FieldError(field=field, code=code, detail=f"Row {number}: {reason}")


def shorten(value: str) -> str:
    """Return a text for use in a sentence: unprintable characters are escaped, long text is cut."""
    return ascii(value if len(value) <= MAX_SHOWN else value[:MAX_SHOWN] + "…")
