"""Ledgers to test with: the in-memory one, real SQLite files, real PostgreSQL databases."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.postgres_cluster import PostgresCluster


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that has every table and no row; copied, since to make one takes its time."""
    path = tmp_path_factory.mktemp("empty") / "gatepost.db"
    migrate_file(path)
    return path


@pytest.fixture
def path(tmp_path: Path, empty_file: Path) -> Path:
    """A file of its own for each test, with every table and no row."""
    own = tmp_path / "gatepost.db"
    shutil.copyfile(empty_file, own)
    return own


@pytest.fixture
async def sqlite(path: Path) -> AsyncIterator[SqliteLedger]:
    """The ledger in that file."""
    opened = await SqliteLedger.open(path)
    yield opened
    await opened.close()


@pytest.fixture
def database(cluster: PostgresCluster) -> Iterator[URL]:
    """A database of its own for each test, with every table and no row."""
    with cluster.temporary_database() as url:
        yield parse_url(url)


@pytest.fixture
async def postgres(database: URL) -> AsyncIterator[PostgresLedger]:
    """The ledger in that database."""
    opened = await PostgresLedger.open(database)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest) -> AnyLedger:
    """Every ledger there is, in turn."""
    if request.param == "memory":
        return InMemoryLedger()
    opened: AnyLedger = request.getfixturevalue(request.param)
    return opened
