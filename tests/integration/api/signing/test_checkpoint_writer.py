"""Checkpoints are written in the data folder and outside of it, and only continue each other."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from gatepost_api.server.checkpoint_writer import (
    CheckpointPlaces,
    CheckpointWriter,
    LogContradictsCheckpoint,
    write_and_log_errors,
)
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.event import Event, EventKind
from gatepost_domain.verification import ed25519
from gatepost_domain.verification.checkpoint import Checkpoint, open_checkpoint
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON

SIGNER = CheckpointSigner.with_new_key("test")


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqliteLedger]:
    ledger = await SqliteLedger.open(tmp_path / "gatepost.db")
    yield ledger
    await ledger.close()


class Places:
    """Two folders and a webhook that records what it receives."""

    def __init__(self, folder: Path, status: int = 200) -> None:
        self.folders = folder / "checkpoints", folder / "outside" / "checkpoints"
        self.received: list[str] = []
        self._status = status

    def writer(self, ledger: SqliteLedger) -> CheckpointWriter:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self._receive))
        places = CheckpointPlaces(folders=self.folders, webhook="https://log.example/")
        return CheckpointWriter(ledger.reads, SIGNER, places, http)

    def names(self) -> list[list[str]]:
        return [sorted(file.name for file in folder.glob("*")) for folder in self.folders]

    def _receive(self, request: httpx2.Request) -> httpx2.Response:
        self.received.append(request.content.decode())
        return httpx2.Response(self._status)


async def append_event(ledger: SqliteLedger) -> None:
    event = Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON)
    await ledger.perform(lambda uow: uow.event_log.append(event))


def opened(note: str) -> Checkpoint:
    return open_checkpoint(note, SIGNER.origin, [SIGNER.verifier_key], ed25519.verify)


async def test_empty_log_has_no_checkpoint(ledger: SqliteLedger, tmp_path: Path) -> None:
    """Nothing is written before the first event."""
    places = Places(tmp_path)

    assert await places.writer(ledger).write() is None
    assert places.received == []


async def test_checkpoint_is_written_to_every_place(ledger: SqliteLedger, tmp_path: Path) -> None:
    """The same signed checkpoint is in both folders and is sent to the webhook, once."""
    places = Places(tmp_path)
    writer = places.writer(ledger)
    await append_event(ledger)

    note = await writer.write()
    again = await writer.write()

    assert note is not None
    assert opened(note).size == 1
    assert again is None
    assert places.names() == [["000000000001.txt"], ["000000000001.txt"]]
    assert [(folder / "000000000001.txt").read_text() for folder in places.folders] == [note, note]
    assert places.received == [note]


async def test_next_process_continues_the_last_checkpoint(
    ledger: SqliteLedger, tmp_path: Path
) -> None:
    """A new writer writes nothing until there are new events."""
    places = Places(tmp_path)
    await append_event(ledger)
    await places.writer(ledger).write()

    writer = places.writer(ledger)
    assert await writer.write() is None
    await append_event(ledger)
    note = await writer.write()

    assert note is not None
    assert opened(note).size == 2


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM deployment_events WHERE seq = 2",
        f"UPDATE deployment_events SET hash = '{'a' * 64}'",
    ],
)
async def test_contradicted_checkpoint_is_never_followed_by_another(
    ledger: SqliteLedger, tmp_path: Path, attack: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is signed for a log that was rewritten or shortened, and an error is logged."""
    places = Places(tmp_path)
    await append_event(ledger)
    await append_event(ledger)
    await places.writer(ledger).write()
    with sqlite3.connect(tmp_path / "gatepost.db") as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(attack)

    writer = places.writer(ledger)
    with pytest.raises(LogContradictsCheckpoint):
        await writer.write()
    await write_and_log_errors(writer)

    assert places.names() == [["000000000002.txt"], ["000000000002.txt"]]
    assert "no checkpoint was signed" in caplog.text


async def test_unavailable_places_are_logged(
    ledger: SqliteLedger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The other places still get the checkpoint."""
    places = Places(tmp_path, status=500)
    (tmp_path / "outside").write_text("not a folder")
    await append_event(ledger)

    note = await places.writer(ledger).write()

    assert note is not None
    assert (places.folders[0] / "000000000001.txt").read_text() == note
    assert "was not written to" in caplog.text
    assert "was not sent to the webhook" in caplog.text


async def test_unreadable_files_in_the_folder_are_skipped(
    ledger: SqliteLedger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is no checkpoint does not keep the server from writing the next one."""
    places = Places(tmp_path)
    places.folders[0].mkdir()
    (places.folders[0] / "notes.txt").write_text("My notes.")
    await append_event(ledger)

    assert await places.writer(ledger).write() is not None
    assert "is not a checkpoint" in caplog.text


async def test_checkpoint_of_another_key_is_not_continued(
    ledger: SqliteLedger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can keep the server from signing with a file of their own."""
    places = Places(tmp_path)
    places.folders[0].mkdir()
    forged = CheckpointSigner.with_new_key("test").sign(9, bytes(32))
    (places.folders[0] / "000000000009.txt").write_text(forged)
    await append_event(ledger)

    assert await places.writer(ledger).write() is not None
    assert "is not a checkpoint signed with this key" in caplog.text
