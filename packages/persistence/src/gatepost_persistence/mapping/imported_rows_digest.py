"""The item in `data.state` for all rows that an import stores in one table.

The item contains the number of rows, the columns that all rows share (`row`), and a digest of the
other columns: the SHA-256 of one line per row, in the order in which the rows were stored, with the
canonical JSON of their values. The rows of an import are found by their `import_seq`. The item for
deployments contains the sums from `mapping.import_column_checksums` instead, because the digest of
the deployments is elsewhere in the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from gatepost_persistence.mapping.recorded_tables import (
    RecordedTable,
    StateItem,
    Values,
    encode_canonical,
)


class ImportedRowsDigest:
    """Computes the item for the rows of an import in one table, which are added in batches."""

    def __init__(self, table: RecordedTable, varying: Sequence[str], *, has_digest: bool) -> None:
        self._table = table
        self._varying = varying
        self._sha256 = sha256() if has_digest else None
        self._shared: Values = {}
        self._count = 0

    def add(self, rows: Sequence[Values]) -> None:
        """Add rows. There must be at least one."""
        self.count_rows(rows[0], len(rows))
        if self._sha256 is not None:
            for line in digest_lines(rows, self._varying):
                self._sha256.update(line)

    def count_rows(self, first: Values, count: int) -> None:
        """Count rows, beginning with `first`, without adding them to the digest."""
        self._count += count
        self._shared = {name: value for name, value in first.items() if name not in self._varying}

    def item(self, **further: object) -> StateItem | None:
        """Return the item, with the given members added, or None if there are no rows."""
        if not self._count:
            return None
        members = {
            "row": self._table.recorded_columns(self._shared),
            "rows": self._count,
            "table": f"{self._table.name}",  # not a quoted_name
            **further,
        }
        if self._sha256 is not None:
            members["digest"] = self._sha256.hexdigest()
        return encode_canonical(members).decode()


def digest_lines(rows: Iterable[Values], varying: Sequence[str]) -> Iterable[bytes]:
    """Return the lines that the digest covers, one for each row."""
    return (encode_canonical([values[name] for name in varying]) + b"\n" for values in rows)
