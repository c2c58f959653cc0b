"""Tables that SQLite must read through a given index, regardless of its statistics.

Without statistics, or with outdated ones, SQLite may choose an index that covers the whole history
of an environment instead of the index for a lane. PostgreSQL maintains its statistics itself, and
has no clause for this.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, TableClause, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal


class IndexHintedTable(TableClause):
    """A table together with the index that SQLite must use."""

    _traverse_internals = [  # noqa: RUF012  # SQLAlchemy's own type
        *TableClause._traverse_internals,  # noqa: SLF001  # how SQLAlchemy caches a new construct
        ("index", InternalTraversal.dp_string),
    ]

    def __init__(self, table: Table, index: str) -> None:
        if index not in {known.name for known in table.indexes}:
            raise ValueError(index)
        super().__init__(table.name, *(column(known.name, known.type) for known in table.columns))
        self.index = index


@compiles(IndexHintedTable)
def _compile_table(element: IndexHintedTable, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    name: str = compiler.visit_table(element, **options)  # type: ignore[no-untyped-call]
    return name


@compiles(IndexHintedTable, "sqlite")
def _compile_with_index(element: IndexHintedTable, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    name = compiler.visit_table(element, **options)  # type: ignore[no-untyped-call]
    return f"{name} INDEXED BY {element.index}" if options.get("asfrom") else name
