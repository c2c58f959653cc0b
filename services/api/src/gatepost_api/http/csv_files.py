"""Encoding of CSV files with cells that no spreadsheet executes as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from gatepost_domain.tracking.history_files.formula_guard import guard_cell


def encode_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(guard_cell, row) for row in rows)
    return text.getvalue().encode()
