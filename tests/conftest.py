"""Options, fixtures and the order of tests for the whole test suite."""

import gc
import os
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.required_account import require_root
from tests.support.storage.memory_folder import use_memory_folder
from tests.support.storage.postgres_cluster import PostgresCluster, running_cluster
from tests.support.storage.statement_cache import share_compiled_statements
from tests.support.storage.type_descriptions import share_type_descriptions

# Remove the settings of the surrounding shell, container or git hook: each test sets the variables
# of the programs that it starts.
for name in list(os.environ):
    if name.startswith(("GATEPOST_", "GIT_", "OTEL_", "PG")) or name.lower().endswith("_proxy"):
        del os.environ[name]
os.environ["COLUMNS"] = "80"  # argparse wraps help at the width of the terminal

# Make results reproducible, on a busy machine too: the examples of a test depend only on the test,
# and there is no time limit for an example.
settings.register_profile("gatepost", derandomize=True, deadline=None)
settings.load_profile("gatepost")

gc.disable()  # nothing that is imported or collected is garbage
share_compiled_statements()
share_type_descriptions()
use_memory_folder()

SLOW_FOLDERS = ("tests/browser/", "tests/contract/", "tests/e2e/", "tests/proof/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the files of the slow folders with the others if several processes share the tests.

    The slow files often wait for programs; meanwhile, others use the processors. They all begin
    early: a slow file that began last would keep one process busy after the others had finished.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        files: dict[Path, list[pytest.Item]] = {}
        for item in items:
            files.setdefault(item.path, []).append(item)
        items[:] = chain.from_iterable(mix_in_slow_files(list(files.values())))


def mix_in_slow_files(files: list[list[pytest.Item]]) -> Iterator[list[pytest.Item]]:
    """Yield the files with the slow ones at equal distances in the first three quarters."""
    slow = deque(items for items in files if items[0].nodeid.startswith(SLOW_FOLDERS))
    others = [items for items in files if not items[0].nodeid.startswith(SLOW_FOLDERS)]
    distance = 0.75 * len(others) / max(len(slow), 1)
    begun = 0
    for position, items in enumerate(others):
        while slow and begun * distance <= position:
            yield slow.popleft()
            begun += 1
        yield items
    yield from slow


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that only root can run, or fail it in CI."""
    if item.get_closest_marker("needs_root") is not None:
        require_root(os.environ)


def pytest_collection_finish() -> None:
    """Collect garbage less often, and without the modules and the ten thousand collected tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


def pytest_unconfigure() -> None:
    """Collect garbage once, instead of five times in a large heap, as pytest does after this."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the contract tests run against a running server, and the proofs count further."""
    group = parser.getgroup("gatepost")
    group.addoption("--url", help="run tests/contract against the server at this URL")
    group.addoption("--long", action="store_true", help="use the long counts of tests/proof")
    group.addoption("--token", default="", help="a token of that server's owner")


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> str | None:
    """Return the URL given with `--url`, or None if no running server is to be tested."""
    url: str | None = request.config.getoption("url")
    return url.rstrip("/") if url else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL server for all tests of a process."""
    with running_cluster() as running:
        yield running
