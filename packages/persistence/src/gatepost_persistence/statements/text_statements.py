"""Statements written as SQL text, because SQLAlchemy has no construct for a part of them."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import text

from gatepost_persistence.statements.prepared_statement import PreparedStatement


def index_hint(index: str, dialect: str) -> str:
    """Return the clause that makes SQLite use an index whatever its statistics say."""
    if dialect != "sqlite":
        return ""
    return f" INDEXED BY {index}" if index else " NOT INDEXED"


@lru_cache(maxsize=1024)
def prepare_text(statement: str) -> PreparedStatement:
    """Return a statement, which is compiled once."""
    return PreparedStatement(text(statement))
