"""A console with a small catalog in a SQLite file; each test has its own copy."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.builders import FrozenClock
from tests.support.console import ConsoleClient, sign_in_as
from tests.support.http.api import Api, create_database, running_api

AsUser = Callable[[str], Awaitable[ConsoleClient]]


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database that each test copies."""
    file = tmp_path_factory.mktemp("template") / "gatepost.db"
    asyncio.run(create_database(file, "shop", "cart"))
    return file


@pytest.fixture
def database(template_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(template_database, tmp_path / "gatepost.db"))


@pytest.fixture
async def api(database: Path) -> AsyncIterator[Api]:
    async with running_api(database, FrozenClock()) as api:
        yield api


@pytest.fixture
async def as_user(api: Api) -> AsyncIterator[AsUser]:
    """Return a function that signs a user in and closes the clients after the test."""
    consoles: list[ConsoleClient] = []

    async def sign_in(name: str) -> ConsoleClient:
        consoles.append(await sign_in_as(api, name))
        return consoles[-1]

    yield sign_in
    for console in consoles:
        await console.client.aclose()
