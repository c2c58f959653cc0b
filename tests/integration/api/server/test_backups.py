"""`gatepost-server backup` and `restore`: what they keep, and what they refuse."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from gatepost_api import main as server_main
from gatepost_api.main import main
from gatepost_api.server.backups.signed_backup_folder import find_backups
from gatepost_domain.event import Event, EventKind
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON


async def append_events(data: Path, count: int) -> None:
    ledger = await SqliteLedger.open(data / "gatepost.db")
    event = Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON)
    for _ in range(count):
        await ledger.perform(lambda uow: uow.event_log.append(event))
    await ledger.close()


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """Return a data folder with a log of three events."""
    folder = tmp_path / "data"
    await append_events(folder, 3)
    return folder


def back_up(data: Path, *options: str) -> Path:
    """Make a backup beside the data folder, and return it."""
    folder = data.parent / "backups"
    folder.mkdir(exist_ok=True)
    assert main(["backup", str(folder), "--data", str(data), *options]) == 0
    return find_backups(folder)[-1]


def restore(backup: Path, data: Path, *options: str) -> int:
    return main(["restore", str(backup), "--data", str(data), *options])


def contents(folder: Path) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_backup_is_restored_elsewhere(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line tells the events, the size, the time and the root; the copy verifies."""
    backup = back_up(data)
    line = capsys.readouterr().out
    elsewhere = data.with_name("elsewhere")

    assert restore(backup, elsewhere, "--public-key", str(data / "signing.pub")) == 0

    assert line.count("\n") == 1
    assert "Backed up 3 events" in line
    assert main(["verify", "--data", str(elsewhere)]) == 0
    assert "Verified 3 events" in capsys.readouterr().out


def test_keys_are_included_only_if_asked(data: Path) -> None:
    """Without `--with-keys`, a backup contains no secret; with it, they are restored."""
    (data / "owner.token").write_text("gp_u_secret\n")
    plain, complete = back_up(data), back_up(data, "--with-keys")
    elsewhere = data.with_name("elsewhere")

    assert restore(complete, elsewhere) == 0

    assert b"gp_u_secret\n" not in contents(plain).values()
    assert not (plain / "signing.key").exists()
    assert (complete / "signing.key").stat().st_mode & 0o777 == 0o600
    assert (elsewhere / "owner.token").read_text() == "gp_u_secret\n"
    assert (elsewhere / "checkpoints" / "000000000003.txt").exists()


def test_json_has_the_result(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read the path, the events and the root."""
    backup = back_up(data, "--json")

    document = json.loads(capsys.readouterr().out)
    assert (document["path"], document["events"]) == (str(backup), 3)


@pytest.fixture
async def longer(data: Path) -> tuple[Path, Path]:
    """Return a backup of three events, and a data folder that has two more."""
    backup = back_up(data)
    await append_events(data, 2)
    return backup, data


def test_newer_log_is_replaced_only_if_told(
    longer: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal counts the events that would be lost; the replaced file is kept."""
    backup, data = longer
    before = (data / "gatepost.db").read_bytes()

    refused = restore(backup, data)
    message = capsys.readouterr().err
    unchanged = (data / "gatepost.db").read_bytes() == before
    replaced = restore(backup, data, "--replace")

    assert (refused, unchanged, replaced) == (1, True, 0)
    assert "the log here has 5 events, the backup 3; restoring would lose 2" in message
    (kept,) = data.glob("gatepost.db.before-restore-*")
    assert kept.read_bytes() == before


async def test_other_log_is_replaced_only_if_told(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log of another server is not lost, even if it is shorter."""
    backup = back_up(data)
    other = data.with_name("other")
    await append_events(other, 0)
    ledger = await SqliteLedger.open(other / "gatepost.db")
    event = Event(kind=EventKind.SERVICE_CHANGED, actor="eve", at=NOON)
    await ledger.perform(lambda uow: uow.event_log.append(event))
    await ledger.close()

    assert restore(backup, other) == 1
    assert "is not the beginning of the backup's" in capsys.readouterr().err


async def test_restore_refuses_while_the_file_is_in_use(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that has the file open keeps it, even with `--replace`."""
    backup = back_up(data)
    ledger = await SqliteLedger.open(data / "gatepost.db")
    refused = restore(backup, data, "--replace")
    await ledger.close()

    assert refused == 1
    assert "is in use by another process" in capsys.readouterr().err
    assert not [name for name in contents(data) if "restore" in name or "restoring" in name]


def test_every_damaged_file_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Truncated, missing and altered files are named in one line, and nothing is touched."""
    backup, elsewhere = back_up(data), data.with_name("elsewhere")
    originals = contents(backup)
    capsys.readouterr()
    for name, original in originals.items():
        for damaged in (original[:-1], original[: len(original) // 2], None):
            if damaged is None:
                (backup / name).unlink()
            else:
                (backup / name).write_bytes(damaged)

            assert restore(backup, elsewhere) == 1

            error = capsys.readouterr().err
            assert error.count("\n") == 1
            assert str(backup) in error
        (backup / name).write_bytes(original)
    assert not elsewhere.exists()
    assert restore(backup, elsewhere) == 0


def test_every_flipped_byte_is_found(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte of the small files, and one of each page of the database, is covered."""
    parser = cache(server_main._parser)  # noqa: SLF001  # building it takes longer than restoring
    monkeypatch.setattr(server_main, "_parser", parser)
    backup, elsewhere = back_up(data), data.with_name("elsewhere")
    for name, original in contents(backup).items():
        step = 4096 if name == "gatepost.db" else 1
        for position in range(0, len(original), step):
            damaged = bytearray(original)
            damaged[position] ^= 1
            (backup / name).write_bytes(damaged)

            assert restore(backup, elsewhere) == 1, (name, position)
        (backup / name).write_bytes(original)
    capsys.readouterr()
    assert not elsewhere.exists()


def test_backup_signed_by_another_key_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A backup that was replaced as a whole does not pass the key that was kept elsewhere."""
    backup = back_up(data)
    other = tmp_path / "other"
    shutil.copytree(data, other)
    (other / "signing.key").unlink()
    back_up(other)
    key = (other / "signing.pub").read_text().strip()

    assert restore(backup, tmp_path / "elsewhere", "--public-key", key) == 1
    assert "is not signed by gatepost/" in capsys.readouterr().err


def test_old_backups_are_removed_after_a_new_one(data: Path) -> None:
    """`--keep` counts the new one; a backup that fails removes nothing."""
    backups = [back_up(data, "--keep=2") for _ in range(3)]
    folder = backups[0].parent
    assert find_backups(folder) == backups[1:]

    (data / "gatepost.db").write_bytes(b"damaged")
    assert main(["backup", str(folder), "--data", str(data), "--keep=1"]) == 2

    assert find_backups(folder) == backups[1:]
    assert set(folder.iterdir()) == set(backups[1:])


async def test_lone_copy_of_the_file_may_be_incomplete(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`verify` says so for a copy without its write-ahead log, which lacks the latest events."""
    ledger = await SqliteLedger.open(data / "gatepost.db")
    event = Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON)
    await ledger.perform(lambda uow: uow.event_log.append(event))
    lone, copied = data.with_name("lone"), data.with_name("copied")
    lone.mkdir()
    shutil.copyfile(data / "gatepost.db", lone / "gatepost.db")
    running = main(["verify", "--data", str(data)])
    of_running = capsys.readouterr().out
    restore(back_up(data), copied)
    await ledger.close()
    capsys.readouterr()

    main(["verify", "--data", str(lone)])
    of_lone = capsys.readouterr().out
    main(["verify", "--data", str(copied)])
    of_restored = capsys.readouterr().out

    assert running == 0
    assert "Verified 4 events" in of_running
    assert "May be incomplete" not in of_running
    assert "Verified 3 events" in of_lone
    assert "May be incomplete" in of_lone
    assert "May be incomplete" not in of_restored
