"""Rebuilding the search terms, which are computed from the deployments and their versions."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert

from gatepost_persistence.migrations.runner import exclusive_transaction
from gatepost_persistence.tables.search_terms import SearchTermRow
from gatepost_persistence.triggers.startup_restoration import migrate_and_restore_triggers
from gatepost_persistence.verification.search_terms import search_term_statements

_TERMS: Final = SearchTermRow.table()
_ADD: Final = insert(_TERMS)
_REMOVE: Final = delete(_TERMS).where(*(each == bindparam(f"its_{each.name}") for each in _TERMS.c))


class RebuiltTerms(NamedTuple):
    """How many search terms were wrong."""

    added: int
    """Terms that were missing."""
    removed: int
    """Terms that belong to no deployment, or to another one."""


def rebuild_search_terms(connection: Connection) -> RebuiltTerms:
    """Add all missing search terms and remove all surplus ones, in one transaction.

    The terms are not part of the history, so this appends no event. The database is first migrated,
    and its triggers are restored, because damaged triggers would damage the terms again. The
    connection must be in autocommit mode.

    Raises:
        UnknownRevision: a newer release has written the database.
    """
    migrate_and_restore_triggers(connection)
    statements = search_term_statements(connection)
    with exclusive_transaction(connection):
        missing = connection.execute(statements.missing).mappings().all()
        surplus = connection.execute(statements.surplus).mappings().all()
        if surplus:
            named = [{f"its_{name}": value for name, value in term.items()} for term in surplus]
            connection.execute(_REMOVE, named)
        if missing:
            connection.execute(_ADD, [dict(term) for term in missing])
    return RebuiltTerms(added=len(missing), removed=len(surplus))
