"""What holds for every test."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.storage.postgres_cluster import PostgresCluster, running_cluster

# What a shell, a container or a git hook has set is for other programs: a test that starts one of
# ours, or PostgreSQL, or git, decides what it finds.
for name in list(os.environ):
    if name.startswith(("GATEPOST_", "GIT_", "PG")) or name.lower().endswith("_proxy"):
        del os.environ[name]
os.environ["COLUMNS"] = "80"  # argparse wraps help at the width of the terminal

# The same code gets the same answer, on a busy machine too: examples are drawn from each test's
# own name, and how long one takes is not judged.
settings.register_profile("gatepost", derandomize=True, deadline=None)
settings.load_profile("gatepost")

SLOW_FOLDERS = ("tests/browser/", "tests/contract/", "tests/e2e/", "tests/proof/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow folders first if several processes share the tests.

    A slow file that started last would keep one process busy after the others had finished.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: not item.nodeid.startswith(SLOW_FOLDERS))


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL server for all tests of a process."""
    with running_cluster() as running:
        yield running
