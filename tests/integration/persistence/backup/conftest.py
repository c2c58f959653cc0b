"""Databases with the complete history, which tests copy and change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.storage.postgres_cluster import PostgresCluster
from tests.support.storage.tampered_databases import (
    CompleteDatabase,
    CompleteFile,
    CompletePostgres,
)


@pytest.fixture(scope="session")
def complete_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CompleteFile]:
    """Return the complete history in a SQLite file."""
    with closing(CompleteFile(tmp_path_factory.mktemp("complete"))) as complete:
        yield complete


@pytest.fixture(scope="session")
def complete_postgres(cluster: PostgresCluster) -> Iterator[CompletePostgres]:
    """Return the complete history in a PostgreSQL database."""
    with (
        cluster.temporary_database() as url,
        closing(CompletePostgres(cluster, url)) as complete,
    ):
        yield complete


@pytest.fixture(params=["complete_file", "complete_postgres"], ids=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> CompleteDatabase:
    """Return the complete history in each kind of database."""
    database: CompleteDatabase = request.getfixturevalue(request.param)
    return database
