"""The state of database rows as recorded in events.

An event's `data.state` lists every row that its action stored: the table, the key, and the `digest`
of the row afterwards, which is null if the row was removed. For a new row, `row` contains all
columns that are not null. For other rows, `changes` contains the columns that the action changed,
while the digest covers the whole row. If another column was changed in between without an event,
the digest does not match the recorded changes, so an action cannot conceal such a change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gatepost_domain.verification.event_hash import canonical_json
from gatepost_domain.verification.faults import Fault

Columns = Mapping[str, Any]
"""Maps a row's columns to their values: text, integers or None."""


def row_digest(columns: Columns) -> str:
    """Return the SHA-256 digest of the non-null columns as canonical JSON.

    Null columns are left out, so that a new nullable column does not change earlier digests.
    """
    present = {name: value for name, value in columns.items() if value is not None}
    return hashlib.sha256(canonical_json(present)).hexdigest()


class RecordedRow:
    """The state of one row according to the events so far."""

    __slots__ = ("columns", "digest", "hidden_change_seq", "is_complete", "seq")

    def __init__(self, digest: str | None = None, seq: int = 0) -> None:
        self.columns: dict[str, Any] = {}
        """The columns that events have recorded."""
        self.is_complete = False
        """Whether `columns` has all columns; False if the row is older than the recorded state."""
        self.digest = digest
        """The last digest; None before the first event, or if the row was removed."""
        self.seq = seq
        """The `seq` of the event with this digest."""
        self.hidden_change_seq: int | None = None
        """The first event whose digest reveals that a column was changed without an event; None if
        no digest does."""

    def apply(
        self,
        item: Mapping[str, Any],
        seq: int,
        digest_of: Callable[[Columns], str] = row_digest,
    ) -> None:
        """Apply an item in the `data.state` of the event with this `seq`.

        `digest_of` can be a faster function that returns the same digests as `row_digest`.
        """
        self.digest, self.seq = item["digest"], seq
        if "changes" not in item:
            self.columns = dict(item.get("row", ()))
            self.is_complete = True
        else:
            self.columns.update(item["changes"])
            if self.is_complete and digest_of(self.columns) != self.digest:
                self.hidden_change_seq = self.hidden_change_seq or seq


def find_row_faults(
    table: str, subject: str, stored: Columns, recorded: RecordedRow, *, digest: str
) -> Iterator[Fault]:
    """Yield the faults in a stored row, column by column.

    `stored` contains the non-null columns in the form recorded in events, and `digest` is their
    digest.
    """
    if recorded.digest is None:
        detail = (
            "The row is stored, but no event recorded that it was stored."
            if recorded.seq == 0
            else f"The row is stored, but event {recorded.seq} recorded that it was removed."
        )
        yield Fault("row_without_event", table, subject, None, detail)
    elif digest != recorded.digest or recorded.hidden_change_seq is not None:
        names = recorded.columns.keys() | (stored.keys() if recorded.is_complete else ())
        differing = [
            name for name in sorted(names) if stored.get(name) != recorded.columns.get(name)
        ]
        for name in differing:
            detail = (
                f"{name} is stored as {stored.get(name)!r}, but the events recorded "
                f"{recorded.columns.get(name)!r}."
            )
            yield Fault("row_differs", table, subject, name, detail)
        if not differing:
            yield Fault("row_differs", table, subject, None, _describe_row_fault(recorded))


def _describe_row_fault(recorded: RecordedRow) -> str:
    if recorded.hidden_change_seq is not None:
        return (
            f"Before event {recorded.hidden_change_seq}, the row was changed in a way that no "
            "event recorded."
        )
    return f"The row is not as event {recorded.seq} recorded it."
