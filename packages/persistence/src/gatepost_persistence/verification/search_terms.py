"""Verification of the search terms, which are computed from the deployments and their versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, TextClause, text

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.migrations.search_term_expressions import (
    POSTGRESQL_TERMS,
    SQLITE_TERMS,
    SearchTermSql,
    select_terms,
)
from gatepost_persistence.tables.search_terms import SearchTermRow

SOURCE_TABLES: Final = frozenset({"deployments", "versions"})
"""The tables from which terms are computed."""

_TABLE: Final = SearchTermRow.table_name()


REBUILD: Final = "Run gatepost-server rebuild-search-terms."
"""How to repair the terms. They are computed from recorded data, so nothing is lost."""


class SearchTermStatements:
    """The statements that compare the stored terms with the computed ones, on one database."""

    def __init__(self, terms: Sequence[SearchTermSql]) -> None:
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
        """Selects whether the stored terms are exactly those of all deployments."""
        expected = f"WITH expected(field, term, number) AS ({of_all}) "
        self.missing: TextClause = text(
            f"{expected}SELECT DISTINCT field, term, number FROM expected AS e WHERE NOT EXISTS ("  # noqa: S608  # constants
            f"SELECT 1 FROM {_TABLE} AS t WHERE t.field = e.field AND t.term = e.term "
            "AND t.number = e.number) ORDER BY number, field, term"
        )
        """The terms that are computed, but not stored."""
        self.differ: TextClause = text(
            f"SELECT (SELECT count(*) FROM {_TABLE}) <> coalesce((SELECT sum(("  # noqa: S608  # constants
            f"SELECT count(*) FROM ({of_one}) AS terms)) FROM deployments AS d), 0)"
        )
        """Selects whether the numbers of stored and computed terms differ."""
        self.surplus: TextClause = text(
            f"{expected}SELECT field, term, number FROM {_TABLE} "  # noqa: S608  # constants
            "EXCEPT SELECT field, term, number FROM expected ORDER BY 3, 1, 2"
        )
        """The terms that are stored, but not computed."""


_ON_SQLITE: Final = SearchTermStatements(SQLITE_TERMS)
_ON_POSTGRESQL: Final = SearchTermStatements(POSTGRESQL_TERMS)


def search_term_statements(connection: Connection) -> SearchTermStatements:
    """Return the statements that verify search terms, in the SQL dialect of the connection."""
    return _ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE


def find_search_term_faults(connection: Connection, found: Sequence[Fault]) -> Iterator[Fault]:
    """Yield the terms that are missing, and those that no deployment has.

    `found` contains the faults so far. If one of them concerns a deployment or a version, nothing
    is compared, because the terms would only repeat that fault. One query decides whether the
    terms agree; they are compared one by one only if they do not.
    """
    if any(fault.table in SOURCE_TABLES for fault in found):
        return
    statements = search_term_statements(connection)
    if connection.execute(statements.agree).scalar_one():
        return
    are_missing = False
    for field, term, number in connection.execute(statements.missing):
        are_missing = True
        name = _describe_field(field)
        detail = f"The {name} {term!r} should find the deployment, but is not stored. {REBUILD}"
        yield Fault("row_missing", _TABLE, f"DEP-{number}", field, detail)
    if are_missing or connection.execute(statements.differ).scalar_one():
        for field, term, number in connection.execute(statements.surplus):
            name = _describe_field(field)
            detail = (
                f"The {name} {term!r} is stored, but the deployment does not have it. {REBUILD}"
            )
            yield Fault("row_without_event", _TABLE, f"DEP-{number}", field, detail)


def _describe_field(field: str) -> str:
    return str(field).replace("_", " ")
