"""A file that is moved, replaced or damaged while the server has it open."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageDamaged, StorageError, StorageMoved
from gatepost_persistence.backup.sqlite_copy import copy_file
from gatepost_persistence.sqlite.file_identity import FileChangeDetector
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.sqlite.wal_transfer import CHANGES_PER_TRANSFER
from gatepost_persistence.storage import SqliteStorage, UnusableStorage
from tests.support.builders import NOON


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "gatepost.db"


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    ledger = await SqliteLedger.open(path)
    await ledger.perform(append)
    yield ledger
    await ledger.close()


def append(uow: UnitOfWork) -> None:
    uow.event_log.append(Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON))


def append_many(uow: UnitOfWork) -> None:
    """Append so much that the log is transferred to the file."""
    for _ in range(CHANGES_PER_TRANSFER):
        append(uow)


def move_away(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def move_folder_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def delete(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


def overwrite(path: Path, content: bytes) -> None:
    """Write something over a file without making it shorter, as `cp` of a large file would."""
    with path.open("r+b") as file:
        file.write(content + bytes(max(0, path.stat().st_size - len(content))))


def generation_of(path: Path) -> bytes:
    return path.read_bytes()[60:64]


def log_size(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(0)


def delete_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


FAULTS = [
    (move_away, "gatepost.db was moved or deleted"),
    (move_folder_away, "gatepost.db was moved or deleted"),
    (delete, "gatepost.db was moved or deleted"),
    (replace, "gatepost.db was replaced by another file"),
    (cut_short, "gatepost.db was truncated"),
    (delete_log, "gatepost.db-wal was moved, deleted or replaced"),
]


@pytest.mark.parametrize(("break_file", "reason"), FAULTS)
async def test_nothing_is_read_or_written_after_the_file_is_gone(
    ledger: SqliteLedger, path: Path, break_file: Callable[[Path], None], reason: str
) -> None:
    """Every kind of read and write says why, from the next one on."""
    break_file(path)

    with pytest.raises(StorageMoved, match=f"{reason} while the server is running"):
        await ledger.perform(append)
    with pytest.raises(StorageMoved):
        await ledger.reads.entries(PageRequest(limit=9))
    with pytest.raises(StorageMoved):
        await ledger.reads.environments(PageRequest(limit=9))
    with pytest.raises(StorageMoved):
        await ledger.reads.read_long_snapshot(lambda _: None)
    with pytest.raises(StorageMoved):
        ledger.reads.known_state_version()


async def test_file_that_is_moved_back_is_used_again(ledger: SqliteLedger, path: Path) -> None:
    """It is the same file, so nothing was lost."""
    move_away(path)
    with pytest.raises(StorageMoved):
        await ledger.perform(append)

    path.with_name("moved.db").rename(path)
    await ledger.perform(append)

    assert len((await ledger.reads.entries(PageRequest(limit=9))).items) == 2


async def test_write_to_a_file_that_was_moved_meanwhile_is_not_acknowledged(
    ledger: SqliteLedger, path: Path
) -> None:
    """The file is moved after the write has begun, and before its answer."""

    def append_and_move(uow: UnitOfWork) -> None:
        append(uow)
        move_away(path)

    with pytest.raises(StorageMoved):
        await ledger.perform(append_and_move)


async def test_file_that_was_overwritten_is_neither_read_nor_written(
    ledger: SqliteLedger, path: Path
) -> None:
    """An earlier copy that is written over the file is noticed by the next read or write."""
    earlier = shutil.copyfile(path, path.with_name("earlier.db"))
    await ledger.perform(append_many)
    await ledger.drain()
    overwrite(path, earlier.read_bytes())

    with pytest.raises(StorageMoved, match=r"gatepost\.db was overwritten while the server"):
        await ledger.reads.entries(PageRequest(limit=9))
    with pytest.raises(StorageMoved):
        await ledger.perform(append)
    obstacle = await ledger.find_obstacle()
    assert obstacle is not None
    assert "was overwritten" in obstacle


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0" + bytes(8000), b"another file" * 2000]
)
async def test_foreign_content_is_noticed(ledger: SqliteLedger, path: Path, content: bytes) -> None:
    """Any other content in place of the file is noticed too."""
    overwrite(path, content)

    with pytest.raises(StorageMoved, match="was overwritten"):
        await ledger.perform(append)


async def test_backup_that_is_copied_over_the_file_is_noticed(
    ledger: SqliteLedger, path: Path, tmp_path: Path
) -> None:
    """A backup has no write-ahead log, and is not the file that the server has open."""
    copy_file(path, tmp_path / "backup.db")
    await ledger.perform(append_many)
    await ledger.drain()
    overwrite(path, (tmp_path / "backup.db").read_bytes())

    with pytest.raises(StorageMoved):
        await ledger.perform(append)


async def test_transfers_of_the_log_are_no_fault(ledger: SqliteLedger, path: Path) -> None:
    """Many writes change the file again and again; its log stays short."""
    generations = set()
    for _ in range(10):
        await ledger.perform(append_many)
        await ledger.drain()
        generations.add(generation_of(path))

    assert len((await ledger.reads.entries(PageRequest(limit=9))).items) == 9
    assert len(generations) > 2
    assert log_size(path) < 8 * 1024 * 1024


async def test_transfer_by_another_process_is_no_fault(ledger: SqliteLedger, path: Path) -> None:
    """A command, a second process or a shell may write, and transfer the log, at the same time."""
    with closing(sqlite3.connect(path)) as shell:
        shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await ledger.perform(append)
    other = await SqliteLedger.open(path)
    for _ in range(10):
        await other.perform(append_many)
        await ledger.perform(append_many)
    await other.close()

    await ledger.perform(append)
    assert len((await ledger.reads.entries(PageRequest(limit=200))).items) == 200


async def test_start_refuses_a_log_of_another_file(path: Path) -> None:
    """After a kill, a copy that was put in place beside the old log is not opened with it."""
    ledger = await SqliteLedger.open(path)
    earlier = shutil.copyfile(path, path.with_name("earlier.db"))
    await ledger.perform(append_many)
    await ledger.perform(append)
    log = shutil.copyfile(f"{path}-wal", path.with_name("log"))
    await ledger.close()
    earlier.replace(path)
    log.rename(f"{path}-wal")

    with pytest.raises(UnusableStorage, match=r"gatepost\.db-wal belongs to the previous file"):
        SqliteStorage(path).migrate()

    delete_log(path)
    SqliteStorage(path).migrate()


async def test_file_of_a_killed_process_opens_with_its_log(
    ledger: SqliteLedger, path: Path, tmp_path: Path
) -> None:
    """Before and after the transfer of the log, the file and its log belong together.

    Commits, transfers and copies share one thread, so that a copy is what a kill would leave.
    """
    crashed = tmp_path / "crashed"
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    for action in [append, append_many] * 5:
        await ledger.perform(action)
        await asyncio.to_thread(shutil.copytree, path.parent, crashed)
        reopened = await SqliteLedger.open(crashed / path.name)
        await reopened.perform(append)
        await reopened.close()
        shutil.rmtree(crashed)


async def test_file_of_a_killed_process_opens_although_the_disk_was_full(
    ledger: SqliteLedger, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transfer of the log may succeed although the list of generations cannot grow."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    await ledger.perform(append_many)
    listed = path.with_name(f"{path.name}-generations")
    had_list = await asyncio.to_thread(listed.exists)
    open_file = os.open

    def fail_for_the_list(file: Any, *arguments: Any, **options: Any) -> int:
        if Path(file) == listed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), f"{file}")
        return open_file(file, *arguments, **options)

    monkeypatch.setattr(os, "open", fail_for_the_list)
    for action in (append_many, append):
        await ledger.perform(action)
    await asyncio.to_thread(shutil.copytree, path.parent, tmp_path / "crashed")
    reopened = await SqliteLedger.open(tmp_path / "crashed" / path.name)
    await reopened.close()

    assert had_list


async def test_damaged_page_is_a_storage_error(tmp_path: Path) -> None:
    """Reads and writes say that the database is damaged, instead of failing unexpectedly."""
    path = tmp_path / "gatepost.db"
    ledger = await SqliteLedger.open(path)
    for _ in range(300):
        await ledger.perform(append)
    await ledger.close()
    ledger = await SqliteLedger.open(path)
    try:
        content = bytearray(path.read_bytes())
        content[4096 * 2 :] = b"\xa5" * (len(content) - 4096 * 2)
        with path.open("r+b") as file:
            file.write(content)
        with pytest.raises(StorageDamaged, match="cannot be read or written"):
            await ledger.reads.entries(PageRequest(limit=200))
        with pytest.raises(StorageError):
            await ledger.perform(append)
    finally:
        await ledger.close()


def test_log_that_appears_later_is_learned(tmp_path: Path) -> None:
    """Until the first read, there may be no log."""
    path, log = tmp_path / "x.db", tmp_path / "x.db-wal"
    path.touch()
    file = FileChangeDetector(path)
    file.require_unchanged()

    log.touch()
    file.require_unchanged()

    log.rename(tmp_path / "y")
    with pytest.raises(StorageMoved, match=r"x\.db-wal was moved"):
        file.require_unchanged()
