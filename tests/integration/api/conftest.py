"""An API on a database with a small catalog, of which each test has its own copy.

It is a SQLite file. Tests with the mark `every_database` also run on PostgreSQL.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from gatepost_persistence.postgres.engine import parse_url
from tests.support.builders import FrozenClock
from tests.support.http.api import Api, Database, create_database, running_api
from tests.support.storage.postgres_cluster import PostgresCluster


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create the database that each test gets a copy of."""
    file = tmp_path_factory.mktemp("prepared") / "gatepost.db"
    asyncio.run(create_database(file, "shop", "cart"))
    return file


@pytest.fixture(scope="session")
def template_url(cluster: PostgresCluster) -> Iterator[URL]:
    """Create the PostgreSQL database that tests get a copy of."""
    with cluster.temporary_database() as text:
        url = parse_url(text)
        asyncio.run(create_database(url, "shop", "cart"))
        yield url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests with the mark `every_database` on both databases."""
    if metafunc.definition.get_closest_marker("every_database") is not None:
        metafunc.parametrize("api_database", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def database(template_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(template_database, tmp_path / "gatepost.db"))


@pytest.fixture
def api_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return the database of the API."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield request.getfixturevalue("database")
        return
    cluster, template = request.getfixturevalue("cluster"), request.getfixturevalue("template_url")
    with cluster.temporary_database(template.database) as url:
        yield parse_url(url)


@pytest.fixture
async def api(api_database: Database) -> AsyncIterator[Api]:
    async with running_api(api_database, FrozenClock()) as api:
        yield api
