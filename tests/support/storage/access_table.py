"""The table of decision 11: which tables each operation accesses, and in which of the two ways."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tests.support.storage.statement_trace import Access

RECORD: Final = (
    Path(__file__).resolve().parents[3] / "docs/decisions/0011-repositories-and-statements.md"
)


class AccessedTables(NamedTuple):
    """A cell of a row."""

    accessed: frozenset[str]
    written: frozenset[str]


def table_rows() -> Mapping[str, str]:
    """Return the rows of the table in the decision record, by operation id."""
    lines = RECORD.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    return {row.split("`")[1]: row for row in rows}


def table_row(operation: str, accesses: Collection[Access]) -> str:
    """Return the row of an operation."""
    cells = (
        _cell([access for access in accesses if access.by_repository is by_repository])
        for by_repository in (True, False)
    )
    return f"| `{operation}` | {' | '.join(cells)} |"


def parse_row(row: str) -> tuple[AccessedTables, AccessedTables]:
    """Return the tables that a row lists for repositories and for statements."""
    _, _, by_repository, by_statement, _ = row.split("|")
    return _parse_cell(by_repository), _parse_cell(by_statement)


def _parse_cell(cell: str) -> AccessedTables:
    tables = {"reads": set[str](), "writes": set[str]()}
    for part in cell.strip(" –").split("; "):
        verb, _, names = part.partition(" ")
        if verb:
            tables[verb] |= set(names.split(", "))
    return AccessedTables(
        frozenset(tables["reads"] | tables["writes"]), frozenset(tables["writes"])
    )


def _cell(accesses: Collection[Access]) -> str:
    """Return the tables that are read, and then those that are written."""
    parts = []
    for verb, is_write in (("reads", False), ("writes", True)):
        tables = sorted(access.table for access in accesses if access.is_write is is_write)
        if tables:
            parts.append(f"{verb} {', '.join(tables)}")
    return "; ".join(parts) or "–"
