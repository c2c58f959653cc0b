"""An API on a SQLite file with a small catalog; each test has its own copy of the file."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.builders import FrozenClock
from tests.support.http.api import Api, create_database, running_api


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create the database that each test gets a copy of."""
    file = tmp_path_factory.mktemp("prepared") / "gatepost.db"
    asyncio.run(create_database(file, "shop", "cart"))
    return file


@pytest.fixture
def database(template_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(template_database, tmp_path / "gatepost.db"))


@pytest.fixture
async def api(database: Path) -> AsyncIterator[Api]:
    async with running_api(database, FrozenClock()) as api:
        yield api
