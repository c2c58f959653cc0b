"""Migration 0029, which adds the terms by which deployments are found."""

from __future__ import annotations

from pathlib import Path

from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import migrate_file
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import create_old_database, rows_as_of

TERMS = "SELECT field, term, number FROM deployment_search_terms ORDER BY field, term, number"


async def test_terms_of_old_deployments_are_those_of_new_ones(tmp_path: Path) -> None:
    """The migration finds the same terms that the triggers store when deployments are created."""
    scratch, old = tmp_path / "new.db", tmp_path / "old.db"
    rows = await rows_as_of("0028", scratch)
    engine = create_write_engine(old)
    with engine.connect() as connection:
        create_old_database(connection, "0028", rows)
    engine.dispose()

    migrate_file(old)

    terms = query_sqlite(scratch, TERMS)
    assert {field for field, *_ in terms} == {"commit", "reviewer", "word", "work_reference"}
    assert query_sqlite(old, TERMS) == terms
