"""Parsing the columns for how a deployment ended and whether it was a rollback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Final

from gatepost_domain.errors import FieldError
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.history_files.columns import normalize_column_name
from gatepost_domain.tracking.history_files.rows import Outcome, row_error, shorten
from gatepost_domain.tracking.history_files.times import BadTime, parse_time

STATUS_WORDS: Final[Mapping[str, Status]] = {
    **dict.fromkeys(
        ("", "succeeded", "success", "successful", "ok", "passed", "deployed", "completed", "done"),
        Status.SUCCEEDED,
    ),
    **dict.fromkeys(("failed", "failure", "fail", "error", "unsuccessful"), Status.FAILED),
    **dict.fromkeys(("rolled_back", "rolledback", "reverted"), Status.ROLLED_BACK),
}
"""Maps words in the column `status` to statuses; case and word separators do not matter."""

ROLLBACK_WORDS: Final = frozenset({"rollback", "roll_back", "revert"})
OTHER_KIND_WORDS: Final = frozenset(
    {"", "record", "deployment", "deploy", "release", "request", "promotion", "redeployment"}
)
"""The words in the column `kind` for deployments that are not rollbacks."""


def read_outcome(
    number: int, cells: Mapping[str, str], deployed_at: datetime, timezone: tzinfo | None
) -> Iterator[Outcome | FieldError]:
    """Yield the errors in a row's outcome or, if there are none, only the outcome."""
    status = STATUS_WORDS.get(normalize_column_name(cells.get("status", "")))
    kind = normalize_column_name(cells.get("kind", ""))
    is_rollback = kind in ROLLBACK_WORDS
    errors: list[FieldError] = []
    if status is None:
        errors.append(_unknown_word_error(number, cells, "status"))
    if not is_rollback and kind not in OTHER_KIND_WORDS:
        errors.append(_unknown_word_error(number, cells, "kind"))
    rolled_back_at: datetime | None = None
    if text := cells.get("rolled_back_at", "").strip():
        try:
            rolled_back_at = parse_time(text, timezone)
        except BadTime as error:
            reason = f"rolled_back_at {error}"
            errors.append(row_error(number, "rolled_back_at", error.code, reason))
    if status is not None and not errors:
        errors += _time_errors(number, status, deployed_at, rolled_back_at)
        if not errors:
            yield Outcome(status, rolled_back_at, is_rollback)
    yield from errors


def _unknown_word_error(number: int, cells: Mapping[str, str], column: str) -> FieldError:
    reason = f"{column} is {shorten(cells[column])}; {_REMEDIES[column]}"
    return row_error(number, column, f"bad_{column}", reason)


_REMEDIES: Final[Mapping[str, str]] = {
    "status": "it must be succeeded, failed or rolled_back, or a common word for one of them. "
    "Remove the row if nothing was deployed.",
    "kind": "it must be deployment or rollback, or a common word for one of them.",
}


def _time_errors(
    number: int, status: Status, deployed_at: datetime, rolled_back_at: datetime | None
) -> Iterator[FieldError]:
    """Yield an error if the time of a rollback does not fit the status or the deployment."""
    column = "rolled_back_at"
    if status is Status.ROLLED_BACK and rolled_back_at is None:
        reason = (
            f"{column} is missing; say when the deployment was rolled back, because it was live "
            "until then. If it never went live, its status is failed."
        )
        yield row_error(number, column, "rolled_back_at_required", reason)
    elif status is not Status.ROLLED_BACK and rolled_back_at is not None:
        reason = f"{column} is given, but the status is {status}; it must be rolled_back."
        yield row_error(number, column, "rolled_back_at_unexpected", reason)
    elif rolled_back_at is not None and rolled_back_at < deployed_at:
        reason = f"{column} is before deployed_at, but a rollback cannot precede its deployment."
        yield row_error(number, column, "rolled_back_before_deployed", reason)
