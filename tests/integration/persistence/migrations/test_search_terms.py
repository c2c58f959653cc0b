"""Migration 0029, which adds the terms by which deployments are found."""

from __future__ import annotations

from pathlib import Path

from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.ledger import migrate_file
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import create_old_database, create_old_file, rows_as_of
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql

TERMS = "SELECT field, term, number FROM deployment_search_terms ORDER BY field, term, number"


async def test_terms_of_old_deployments_are_those_of_new_ones(tmp_path: Path, path: Path) -> None:
    """The migration finds the same terms that the triggers store when deployments are created."""
    old = tmp_path / "old.db"
    rows = await rows_as_of("0028", path)
    create_old_file(old, "0028", rows)

    migrate_file(old)

    terms = query_sqlite(path, TERMS)
    assert {field for field, *_ in terms} == {"commit", "reviewer", "word", "work_reference"}
    assert query_sqlite(old, TERMS) == terms


async def test_terms_of_old_deployments_on_postgresql_are_those_of_new_ones_on_sqlite(
    path: Path, cluster: PostgresCluster
) -> None:
    """The migration of a PostgreSQL database finds the terms that the triggers of SQLite store."""
    rows = await rows_as_of("0028", path)
    with cluster.temporary_database(template="template0") as database_url:
        engine = postgres_engine(parse_url(database_url))
        async with engine.connect() as connection:
            await connection.run_sync(create_old_database, "0028", rows)
        await engine.dispose()

        ledger = await PostgresLedger.open(parse_url(database_url))
        await ledger.close()

        terms = await execute_sql(database_url, TERMS)
    assert sorted(terms) == sorted(query_sqlite(path, TERMS))
