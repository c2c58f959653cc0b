"""The console over a real SQLite file with a small catalog, which every test has for itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.builders import FrozenClock
from tests.support.console import ConsoleClient, sign_in_as
from tests.support.http.api import Api, create_database, running_api

As = Callable[[str], Awaitable[ConsoleClient]]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that each test gets a copy of."""
    file = tmp_path_factory.mktemp("prepared") / "gatepost.db"
    asyncio.run(create_database(file, "shop", "cart"))
    return file


@pytest.fixture
def database(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(prepared, tmp_path / "gatepost.db"))


@pytest.fixture
async def api(database: Path) -> AsyncIterator[Api]:
    async with running_api(database, FrozenClock()) as api:
        yield api


@pytest.fixture
async def as_somebody(api: Api) -> AsyncIterator[As]:
    """Signs browsers in, and closes them at the end."""
    opened: list[ConsoleClient] = []

    async def sign_in(name: str) -> ConsoleClient:
        opened.append(await sign_in_as(api, name))
        return opened[-1]

    yield sign_in
    for each in opened:
        await each.client.aclose()
