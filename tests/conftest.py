"""What holds for every test."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.storage.postgres_cluster import PostgresCluster, running_cluster

# The same code gets the same answer, on a busy machine too: examples are drawn from each test's
# own name, and how long one takes is not judged.
settings.register_profile("gatepost", derandomize=True, deadline=None)
settings.load_profile("gatepost")


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL server for all tests of a process."""
    with running_cluster() as running:
        yield running
