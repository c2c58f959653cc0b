"""Bringing a file to the tables of this release, wholly or not at all."""

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
from tests.support.storage.sqlite_files import read_events_of_file

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

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
def fresh(tmp_path: Path) -> Path:
    """Where a file is to be made."""
    return tmp_path / "fresh.db"


@pytest.fixture
def connection(fresh: Path) -> Iterator[Connection]:
    engine = create_write_engine(fresh)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


async def test_a_file_of_a_newer_release_is_refused_and_left_as_it_is(path: Path) -> None:
    """The message says what was found, what is known, and what to do."""
    shell(path, "UPDATE alembic_version SET version_num = '9999'")
    before = query_sqlite(path, SCHEMA)

    with pytest.raises(UnknownRevision) as refused:
        await SqliteLedger.open(path)

    assert refused.value.revision == "9999"
    assert str(refused.value) == (
        f"The database is at revision 9999, which this release does not know (it knows up to "
        f"{HEAD}). A newer release has written it: use that one, or restore a backup."
    )
    assert query_sqlite(path, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert query_sqlite(path, SCHEMA) == before


def test_the_history_of_a_newer_release_is_not_judged(path: Path) -> None:
    """What this release cannot read is not called forged."""
    shell(path, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision):
        list(read_events_of_file(path))


@pytest.mark.parametrize("denied", ["SQLITE_CREATE_TABLE", "SQLITE_CREATE_TRIGGER"])
def test_a_migration_that_fails_half_way_leaves_the_file_untouched(
    connection: Connection, fresh: Path, denied: str
) -> None:
    """Whether early or late, none of it remains; repeated, it succeeds."""
    driver: Any = connection.connection.driver_connection
    refused = 0

    def deny(action: int, name: str | None, *_: object) -> int:
        nonlocal refused
        if action != getattr(sqlite3, denied) or name in {"alembic_version", "services"}:
            return sqlite3.SQLITE_OK
        refused += 1
        return sqlite3.SQLITE_DENY

    driver.set_authorizer(deny)

    with pytest.raises(DatabaseError):
        migrate(connection)

    driver.set_authorizer(None)
    assert refused == 1
    assert query_sqlite(fresh, SCHEMA) == []
    migrate(connection)
    assert is_up_to_date(connection)


def test_a_migration_that_meets_a_strangers_table_leaves_it_alone(fresh: Path) -> None:
    """A file that is something else is not half made into ours."""
    shell(fresh, "CREATE TABLE receipts (total INTEGER)")
    before = query_sqlite(fresh, SCHEMA)

    with pytest.raises(DatabaseError, match="already exists"):
        migrate_file(fresh)

    assert query_sqlite(fresh, SCHEMA) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_revision_is_taken_back(revision: str) -> None:
    """There is no way down from any: what is recorded is kept."""
    migration = scripts().get_revision(revision)

    with pytest.raises(RuntimeError, match="Not supported: "):
        migration.module.downgrade()


def test_a_new_file_gets_every_table(connection: Connection) -> None:
    """From nothing to the tables of this release."""
    before = is_up_to_date(connection)

    migrate(connection)

    assert (before, is_up_to_date(connection)) == (False, True)


def test_a_file_whose_making_was_cut_off_is_made_anew(connection: Connection) -> None:
    """A file with the bookkeeping of migrations and nothing else is not taken for up to date."""
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")

    before = is_up_to_date(connection)
    migrate(connection)

    assert (before, is_up_to_date(connection)) == (False, True)


async def test_to_migrate_again_changes_nothing(path: Path) -> None:
    """What is up to date stays as it is, with all that is in it."""
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


def test_the_models_are_the_tables(connection: Connection) -> None:
    """Migrations and models tell of the same tables, columns, keys and indexes."""
    migrate(connection)
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )

    assert compare_metadata(context, METADATA) == []


def test_the_revisions_known_are_those_that_there_are() -> None:
    """A migration that is added is known, and the last one is the head."""
    found = [script.revision for script in scripts().walk_revisions()]

    assert list(REVISIONS) == found[::-1]
    assert scripts().get_heads() == [HEAD]


def test_to_open_an_up_to_date_file_loads_no_migrations(path: Path) -> None:
    """A start is quick: what makes tables is loaded only where tables are missing."""
    opened = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)], check=True, capture_output=True, text=True
    )

    assert opened.stdout == "[]\n"


def shell(path: Path, statement: str) -> None:
    """What somebody does to the file with another program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(statement)


def scripts() -> ScriptDirectory:
    return ScriptDirectory(Path(runner.__file__).parent)
