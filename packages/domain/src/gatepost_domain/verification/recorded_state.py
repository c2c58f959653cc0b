"""The state of rows as events record it.

The `data.state` of an event lists every row that its action stored: the table, the key, and the
`digest` of the row afterwards, which is null if the row was removed. For a new row, `row` has all
columns that are not null. For others, `changes` has the columns that the action changed, and the
digest covers the whole row. If somebody else changed another column in between, the digest is not
that of the recorded changes, so an action cannot hide a change that was made past the events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from gatepost_domain.verification.event_hash import canonical_json

Columns = Mapping[str, Any]
"""The values of a row by column: text, integers and None."""


def row_digest(columns: Columns) -> str:
    """Return the SHA-256 of the canonical JSON of the columns that are not null.

    Null columns are left out, so that a new nullable column does not change earlier digests.
    """
    present = {name: value for name, value in columns.items() if value is not None}
    return hashlib.sha256(canonical_json(present)).hexdigest()


class RecordedRow:
    """What the events so far say about one row."""

    __slots__ = ("columns", "digest", "is_complete", "seq")

    def __init__(self) -> None:
        self.columns: dict[str, Any] = {}
        """The columns that events have recorded."""
        self.is_complete = False
        """Whether these are all columns, because the row is as old as the recorded state."""
        self.digest: str | None = None
        """The last digest; None if the row was removed, or before the first event."""
        self.seq = 0
        """The `seq` of the last event."""

    def apply(self, item: Mapping[str, Any], seq: int) -> None:
        """Apply an item of the `data.state` of the event with this `seq`."""
        self.digest, self.seq = item["digest"], seq
        if "changes" in item:
            self.columns.update(item["changes"])
        else:
            self.columns = dict(item.get("row", ()))
            self.is_complete = True

    def matches_digest(self) -> bool:
        """Return whether the recorded columns, if complete, have the recorded digest."""
        return not self.is_complete or self.digest in {None, row_digest(self.columns)}
