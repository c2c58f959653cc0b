"""Ledgers to test with: the in-memory one, and real SQLite files."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatepost_domain.memory import InMemoryLedger
from gatepost_persistence.sqlite_ledger import SqliteLedger, migrate_file
from tests.support.ledgers import AnyLedger


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


@pytest.fixture(params=["memory", "sqlite"])
async def ledger(request: pytest.FixtureRequest, path: Path) -> AsyncIterator[AnyLedger]:
    """Every ledger there is, in turn."""
    if request.param == "memory":
        yield InMemoryLedger()
        return
    opened = await SqliteLedger.open(path)
    yield opened
    await opened.close()
