"""Migration of a database file to the tables of this release, either completely or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from gatepost_persistence.migrations import runner
from gatepost_persistence.migrations.runner import (
    HEAD,
    REVISIONS,
    UnknownRevision,
    is_up_to_date,
    migrate,
)
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.tables.all_tables import METADATA
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
OPEN = """
import asyncio, sys
from pathlib import Path
from gatepost_persistence.sqlite.ledger import SqliteLedger

async def main():
    ledger = await SqliteLedger.open(Path(sys.argv[1]))
    await ledger.close()

asyncio.run(main())
print([name for name in sys.modules if name.partition(".")[0] == "alembic"])
"""


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    """Return the path of a file that does not exist yet."""
    return tmp_path / "fresh.db"


@pytest.fixture
def connection(new_file: Path) -> Iterator[Connection]:
    engine = create_write_engine(new_file)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


async def test_file_of_a_newer_release_is_refused_and_unchanged(path: Path) -> None:
    """The file is not opened, and the error names both revisions and the remedy."""
    execute(path, "UPDATE alembic_version SET version_num = '9999'")
    before = query_sqlite(path, SCHEMA)

    with pytest.raises(UnknownRevision) as refused:
        await SqliteLedger.open(path)

    assert refused.value.revision == "9999"
    assert str(refused.value) == (
        f"The database is at revision 9999, which this release does not know (its own is "
        f"{HEAD}). A newer release has written it: use that release, or restore a backup."
    )
    assert query_sqlite(path, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert query_sqlite(path, SCHEMA) == before


def test_events_of_a_newer_release_are_not_read(path: Path) -> None:
    """Events that this release cannot read are not reported as forged."""
    execute(path, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision):
        find_log_faults(path)


@pytest.mark.parametrize("denied", ["SQLITE_CREATE_TABLE", "SQLITE_CREATE_TRIGGER"])
def test_failed_migration_leaves_the_file_unchanged(
    connection: Connection, new_file: Path, denied: str
) -> None:
    """Nothing of the failed migration remains, and a second attempt succeeds."""
    driver: Any = connection.connection.driver_connection
    denied_count = 0

    def deny(action: int, name: str | None, *_: object) -> int:
        nonlocal denied_count
        if action != getattr(sqlite3, denied) or name in {"alembic_version", "services"}:
            return sqlite3.SQLITE_OK
        denied_count += 1
        return sqlite3.SQLITE_DENY

    driver.set_authorizer(deny)

    with pytest.raises(DatabaseError):
        migrate(connection)

    driver.set_authorizer(None)
    assert denied_count == 1
    assert query_sqlite(new_file, SCHEMA) == []
    migrate(connection)
    assert is_up_to_date(connection)


def test_migration_does_not_touch_a_foreign_table(new_file: Path) -> None:
    """A file with other tables is not migrated partially."""
    execute(new_file, "CREATE TABLE receipts (total INTEGER)")
    before = query_sqlite(new_file, SCHEMA)

    with pytest.raises(DatabaseError, match="already exists"):
        migrate_file(new_file)

    assert query_sqlite(new_file, SCHEMA) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_revision_can_be_downgraded(revision: str) -> None:
    """A downgrade would delete recorded data; the way back to an older release is a backup."""
    migration = scripts().get_revision(revision)

    assert not hasattr(migration.module, "downgrade")


def test_new_file_is_migrated_to_the_latest_revision(connection: Connection) -> None:
    """A new file counts as up to date only after its migration."""
    before = is_up_to_date(connection)

    migrate(connection)

    assert (before, is_up_to_date(connection)) == (False, True)


def test_file_with_an_interrupted_migration_is_migrated(connection: Connection) -> None:
    """A file with an empty revision table is migrated, because it is not up to date."""
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")

    before = is_up_to_date(connection)
    migrate(connection)

    assert (before, is_up_to_date(connection)) == (False, True)


async def test_repeated_migration_changes_nothing(path: Path) -> None:
    """A file that is up to date keeps all its rows."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    await ledger.close()
    before = query_sqlite(path, SCHEMA)

    migrate_file(path)
    engine = create_write_engine(path)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()

    assert query_sqlite(path, SCHEMA) == before
    assert query_sqlite(path, "SELECT id FROM deployments") == [(str(deployment.id),)]


def test_models_match_the_migrated_tables(connection: Connection) -> None:
    """Models and migrations define the same tables, columns, keys and indexes."""
    migrate(connection)
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )

    assert compare_metadata(context, METADATA) == []


def test_list_of_revisions_is_complete() -> None:
    """Every migration is listed, and the last one listed is the head."""
    revisions = [script.revision for script in scripts().walk_revisions()]

    assert list(REVISIONS) == revisions[::-1]
    assert scripts().get_heads() == [HEAD]


def test_opening_an_up_to_date_file_does_not_import_alembic(path: Path) -> None:
    """Opening such a file imports no Alembic module, which keeps server startup fast."""
    completed = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)], check=True, capture_output=True, text=True
    )

    assert completed.stdout == "[]\n"


def execute(path: Path, statement: str) -> None:
    """Execute a statement in another connection."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def scripts() -> ScriptDirectory:
    return ScriptDirectory(Path(runner.__file__).parent)
