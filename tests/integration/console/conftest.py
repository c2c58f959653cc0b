"""The console over a real SQLite file with a small catalog, which every test has for itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.api import Api, prepare, serving
from tests.support.builders import FrozenClock
from tests.support.console import Browser, signed_in

As = Callable[[str], Awaitable[Browser]]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that each test gets a copy of."""
    file = tmp_path_factory.mktemp("prepared") / "gatepost.db"
    asyncio.run(prepare(file, "shop", "cart"))
    return file


@pytest.fixture
def database(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(prepared, tmp_path / "gatepost.db"))


@pytest.fixture
async def api(database: Path) -> AsyncIterator[Api]:
    async with serving(database, FrozenClock()) as api:
        yield api


@pytest.fixture
async def as_somebody(api: Api) -> AsyncIterator[As]:
    """Signs browsers in, and closes them at the end."""
    opened: list[Browser] = []

    async def sign_in(name: str) -> Browser:
        opened.append(await signed_in(api, name))
        return opened[-1]

    yield sign_in
    for each in opened:
        await each.client.aclose()
