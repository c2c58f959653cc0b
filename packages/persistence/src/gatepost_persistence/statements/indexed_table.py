"""Tables that SQLite reads through one given index, whatever its statistics say.

Without statistics, or with old ones, SQLite may choose an index that contains the whole history of
an environment instead of the one of a lane. PostgreSQL keeps statistics itself and has no such
clause.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, TableClause, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal


class IndexedTable(TableClause):
    """A table with the index that SQLite must use."""

    _traverse_internals = [  # noqa: RUF012  # SQLAlchemy's own type
        *TableClause._traverse_internals,  # noqa: SLF001  # how SQLAlchemy caches a new construct
        ("index", InternalTraversal.dp_string),
    ]

    def __init__(self, table: Table, index: str) -> None:
        if index not in {known.name for known in table.indexes}:
            raise ValueError(index)
        super().__init__(table.name, *(column(known.name, known.type) for known in table.columns))
        self.index = index


@compiles(IndexedTable)
def _compile_table(element: IndexedTable, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    name: str = compiler.visit_table(element, **options)  # type: ignore[no-untyped-call]
    return name


@compiles(IndexedTable, "sqlite")
def _compile_with_index(element: IndexedTable, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    name = compiler.visit_table(element, **options)  # type: ignore[no-untyped-call]
    return f"{name} INDEXED BY {element.index}" if options.get("asfrom") else name
