"""Verification finds no fault in an upgraded database of any earlier release."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_persistence.migrations.runner import REVISIONS
from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.ledger import migrate_file
from gatepost_persistence.verification.database import verify_database
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import create_old_database, create_old_file, rows_as_of
from tests.support.storage.old_events import RECORDED_STATE
from tests.support.storage.postgres_cluster import PostgresCluster
from tests.support.storage.sqlite_files import find_faults_in_file


@pytest.mark.parametrize("revision", REVISIONS)
async def test_upgraded_file_has_no_faults(tmp_path: Path, path: Path, revision: str) -> None:
    """Every release could have written rows that this release verifies."""
    file = tmp_path / "old.db"
    rows = await rows_as_of(revision, path)
    create_old_file(file, revision, rows)

    migrate_file(file)

    adopted = query_sqlite(file, "SELECT DISTINCT of_table FROM adopted_rows")
    assert (("deployments",) in adopted) is (revision < RECORDED_STATE)
    assert find_faults_in_file(file) == []


@pytest.mark.parametrize("revision", ["0001", "0008", "0013", "0014"])
async def test_upgraded_postgres_database_has_no_faults(
    cluster: PostgresCluster, path: Path, revision: str
) -> None:
    """The migrations of PostgreSQL lead to the same rows."""
    rows = await rows_as_of(revision, path)
    with cluster.temporary_database(template="template0") as database_url:
        url = parse_url(database_url)
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(create_old_database, revision, rows)
        await engine.dispose()

        await (await PostgresLedger.open(url)).close()

        verification = await query_database(url, verify_database)
    assert verification.events > 50
    assert verification.faults == ()
