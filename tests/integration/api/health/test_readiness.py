"""Readiness says in one sentence what keeps the server from storing anything."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from gatepost_api.health import readiness
from tests.support.http.api import Api, ok_json

OK = {"status": "ok", "reason": None}


@pytest.fixture
def api(api: Api) -> Iterator[Api]:
    """Return the API with the check that `serve` sets."""
    context = api.app.state.context
    api.app.state.context = replace(context, find_obstacle=api.ledger.find_obstacle)
    yield api
    api.app.state.context = context


async def reason(api: Api) -> str:
    """Check that the server is not ready, and return why."""
    response = await api.client.get("/health/ready")
    assert response.status_code == 503, response.text
    body = response.json()
    assert body["status"] == "failed"
    assert body["reason"].endswith(".")
    return str(body["reason"])


async def test_intact_server_is_ready(api: Api) -> None:
    """Nothing is found while nothing is wrong, also at once again."""
    for _ in range(3):
        assert ok_json(await api.client.get("/health/ready")) == OK


async def test_moved_file_is_noticed(api: Api) -> None:
    """A server whose file was moved away is not ready, and is again once it is back."""
    elsewhere = api.file.with_suffix(".elsewhere")
    api.file.rename(elsewhere)
    assert "moved or deleted" in await reason(api)

    elsewhere.rename(api.file)

    assert ok_json(await api.client.get("/health/ready")) == OK


async def test_replaced_file_is_noticed(api: Api) -> None:
    """A file that was restored under a running server is not the one that the server uses."""
    copy = api.file.with_suffix(".copy")
    shutil.copy(api.file, copy)
    copy.replace(api.file)

    assert "replaced" in await reason(api)


async def test_damaged_file_is_noticed(api: Api) -> None:
    """A page that was overwritten on disk is found, and liveness is unaffected."""
    await api.create_deployment()
    with closing(sqlite3.connect(api.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with api.file.open("r+b") as file:
        for page in range(4, 12):
            file.seek(page * 4096)
            file.write(b"\x5a" * 4096)

    assert "damaged" in await reason(api)
    assert ok_json(await api.client.get("/health/live")) == OK


async def test_file_that_is_no_database_is_noticed(api: Api) -> None:
    """A file whose beginning was overwritten is reported; it is never a 500."""
    with api.file.open("r+b") as file:
        file.write(b"no database" * 1000)

    assert "gatepost.db was overwritten" in await reason(api)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
async def test_full_disk_is_noticed(api: Api, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Without space for a commit, the server is not ready; a quota counts as a full disk."""

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "posix_fallocate", fail)

    assert "disk of the data folder is full" in await reason(api)


async def test_locked_database_is_noticed(api: Api) -> None:
    """While another process holds the write lock, the server is not ready."""
    with closing(sqlite3.connect(api.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another process has locked the database" in await reason(api)
        other.execute("ROLLBACK")


async def test_frozen_database_is_noticed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the database does not answer, the probe does, in bounded time."""
    monkeypatch.setattr(readiness, "PATIENCE_S", 0.05)
    forever = asyncio.Event()

    async def wait() -> None:
        await forever.wait()

    context = api.app.state.context
    api.app.state.context = replace(context, find_obstacle=wait)

    reasons = await asyncio.gather(*(reason(api) for _ in range(5)))
    assert all("has not responded" in text for text in reasons)


async def test_probe_stores_nothing(api: Api) -> None:
    """Checking whether writing works adds no rows and no events."""
    with api.assert_nothing_stored():
        assert ok_json(await api.client.get("/health/ready")) == OK
