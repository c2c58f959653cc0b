"""Ledgers under test: in memory, in SQLite files and in PostgreSQL databases."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.complete_history import CompleteHistory
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.postgres_cluster import EmptiedDatabase, PostgresCluster
from tests.support.storage.shared_ledger import shared_ledger


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated file without rows, which each test copies to save migration time."""
    path = tmp_path_factory.mktemp("empty") / "gatepost.db"
    migrate_file(path)
    return path


@pytest.fixture
def path(tmp_path: Path, empty_file: Path) -> Path:
    """Return a migrated file without rows for each test."""
    copy = tmp_path / "gatepost.db"
    shutil.copyfile(empty_file, copy)
    return copy


@pytest.fixture(scope="session")
def complete_template(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Path:
    """Return a file with the complete history, which takes long to store."""
    file = Path(shutil.copyfile(empty_file, tmp_path_factory.mktemp("complete") / "gatepost.db"))

    async def store() -> None:
        ledger = await SqliteLedger.open(file)
        await CompleteHistory(ledger=ledger).store()
        await ledger.close()

    asyncio.run(store())
    return file


@pytest.fixture
def complete_copy(tmp_path: Path, complete_template: Path) -> Path:
    """Return a file with the complete history for each test."""
    return Path(shutil.copyfile(complete_template, tmp_path / "gatepost.db"))


@pytest.fixture
async def sqlite(path: Path) -> AsyncIterator[SqliteLedger]:
    """Return the SQLite ledger in the test's file."""
    ledger = await SqliteLedger.open(path)
    yield ledger
    await ledger.close()


@pytest.fixture
def database(cluster: PostgresCluster) -> Iterator[URL]:
    """Return a migrated database without rows for each test."""
    with cluster.temporary_database() as url:
        yield parse_url(url)


@pytest.fixture
async def postgres(database: URL) -> AsyncIterator[PostgresLedger]:
    """Return the PostgreSQL ledger in the test's database."""
    ledger = await PostgresLedger.open(database)
    yield ledger
    await ledger.close()


@pytest.fixture(scope="session")
def shared_database(cluster: PostgresCluster) -> Iterator[EmptiedDatabase]:
    """Return a migrated database for tests that only use its ledger."""
    with cluster.temporary_database() as url:
        database = EmptiedDatabase(parse_url(url))
        yield database
        database.close()


@pytest.fixture(scope="session")
def ledger_of_shared_database(shared_database: EmptiedDatabase) -> Iterator[PostgresLedger]:
    """Return the ledger in the shared database, which needs no migration."""
    with shared_ledger(shared_database.url) as ledger:
        yield ledger


@pytest.fixture
def shared_postgres(
    shared_database: EmptiedDatabase, ledger_of_shared_database: PostgresLedger
) -> PostgresLedger:
    """Return the PostgreSQL ledger in the shared database, without rows."""
    shared_database.delete_all_rows()
    return ledger_of_shared_database


@pytest.fixture(
    params=["memory", "sqlite", "shared_postgres"], ids=["memory", "sqlite", "postgres"]
)
def ledger(request: pytest.FixtureRequest) -> AnyLedger:
    """Return each of the three ledgers in turn."""
    if request.param == "memory":
        return InMemoryLedger()
    ledger: AnyLedger = request.getfixturevalue(request.param)
    return ledger
