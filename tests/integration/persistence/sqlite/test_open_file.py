"""A file that is moved, replaced or damaged while the server has it open."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageDamaged, StorageError, StorageMoved
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.sqlite.open_file import OpenFile
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


def move_away(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def move_folder_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def delete(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


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
    (cut_short, "gatepost.db was cut short"),
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
        ledger.reads.state_version()


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
    file = OpenFile(path)
    file.require_unchanged()

    log.touch()
    file.require_unchanged()

    log.rename(tmp_path / "y")
    with pytest.raises(StorageMoved, match=r"x\.db-wal was moved"):
        file.require_unchanged()
