"""Fixtures of the proofs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.proof.counts import Counts
from tests.support.storage.postgres_cluster import PostgresCluster


@pytest.fixture(scope="session")
def counts(request: pytest.FixtureRequest) -> Counts:
    """The long counts with `--long`, and short ones without."""
    return Counts(is_long=request.config.getoption("long"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The URL of an empty PostgreSQL database, or None for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    with cluster.temporary_database() as url:
        yield url
