"""Verification of the search terms, which are computed from the deployments and their versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, TextClause, text

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.migrations.search_term_sql import (
    POSTGRESQL_TERMS,
    SQLITE_TERMS,
    Terms,
    select_terms,
)
from gatepost_persistence.tables.search_terms import SearchTermRow

SOURCE_TABLES: Final = frozenset({"deployments", "versions"})
"""The tables from which terms are computed."""

_TABLE: Final = SearchTermRow.table_name()


class _Statements:
    """The statements of one kind of database."""

    def __init__(self, terms: Sequence[Terms]) -> None:
        of_all = " UNION ALL ".join(select_terms(each, "d", "deployments AS d") for each in terms)
        of_one = " UNION ".join(select_terms(each, "d") for each in terms)
        self.agree: TextClause = text(
            f"SELECT coalesce(sum(stored), 0) = (SELECT count(*) FROM {_TABLE}) "  # noqa: S608  # constants
            "AND count(*) = count(stored) FROM (SELECT ("
            f"WITH terms(field, term, number) AS ({of_one}) "
            "SELECT CASE WHEN count(t.number) = count(*) THEN count(*) END FROM terms AS e "
            f"LEFT JOIN {_TABLE} AS t ON t.field = e.field AND t.term = e.term "
            "AND t.number = e.number) AS stored FROM deployments AS d) AS terms_of_deployments"
        )
        """Selects whether the terms of every deployment are stored, and no others."""
        expected = f"WITH expected(field, term, number) AS ({of_all}) "
        self.missing: TextClause = text(
            f"{expected}SELECT DISTINCT field, term, number FROM expected AS e WHERE NOT EXISTS ("  # noqa: S608  # constants
            f"SELECT 1 FROM {_TABLE} AS t WHERE t.field = e.field AND t.term = e.term "
            "AND t.number = e.number) ORDER BY number, field, term"
        )
        self.differ: TextClause = text(
            f"SELECT (SELECT count(*) FROM {_TABLE}) <> coalesce((SELECT sum(("  # noqa: S608  # constants
            f"SELECT count(*) FROM ({of_one}) AS terms)) FROM deployments AS d), 0)"
        )
        self.surplus: TextClause = text(
            f"{expected}SELECT field, term, number FROM {_TABLE} "  # noqa: S608  # constants
            "EXCEPT SELECT field, term, number FROM expected ORDER BY 3, 1, 2"
        )


_ON_SQLITE: Final = _Statements(SQLITE_TERMS)
_ON_POSTGRESQL: Final = _Statements(POSTGRESQL_TERMS)


def find_search_term_faults(connection: Connection, found: Sequence[Fault]) -> Iterator[Fault]:
    """Yield the terms that are missing, and those that no deployment has.

    `found` are the faults so far. If one concerns a deployment or a version, nothing is compared:
    the terms would only show the same change again. One pass decides whether the terms agree; only
    if not, they are compared one by one.
    """
    if any(fault.table in SOURCE_TABLES for fault in found):
        return
    statements = _ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE
    if connection.execute(statements.agree).scalar_one():
        return
    are_missing = False
    for field, term, number in connection.execute(statements.missing):
        are_missing = True
        detail = f"The {_words(field)} {term!r} finds it, but is not stored."
        yield Fault("row_missing", _TABLE, f"DEP-{number}", field, detail)
    if are_missing or connection.execute(statements.differ).scalar_one():
        for field, term, number in connection.execute(statements.surplus):
            detail = f"The {_words(field)} {term!r} is stored, but the deployment does not have it."
            yield Fault("row_without_event", _TABLE, f"DEP-{number}", field, detail)


def _words(field: str) -> str:
    return str(field).replace("_", " ")
