"""Helpers for statements written as SQL text, because SQLAlchemy has no construct for them."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import text

from gatepost_persistence.statements.prepared_statement import PreparedStatement


def index_hint(index: str, dialect: str) -> str:
    """Return the clause that makes SQLite use this index or, with an empty name, no index.

    Return an empty string for other databases.
    """
    if dialect != "sqlite":
        return ""
    return f" INDEXED BY {index}" if index else " NOT INDEXED"


@lru_cache(maxsize=1024)
def prepare_text(statement: str) -> PreparedStatement:
    """Return a prepared statement for SQL text, compiled only once."""
    return PreparedStatement(text(statement))
