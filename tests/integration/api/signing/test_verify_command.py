"""`gatepost-server verify` compares the log with checkpoints, and says what it cannot exclude."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from gatepost_api.main import main
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_api.signing.key_file import PUBLIC_KEY_FILE, read_or_create_signer
from gatepost_domain.event import Event, EventKind
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON

EVENTS = 3


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """Return a data folder with a log of three events."""
    ledger = await SqliteLedger.open(tmp_path / "gatepost.db")
    event = Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON)
    for _ in range(EVENTS):
        await ledger.perform(lambda uow: uow.event_log.append(event))
    await ledger.close()
    return tmp_path


async def checkpoint_file(data: Path, signer: CheckpointSigner, folder: Path) -> Path:
    ledger = await SqliteLedger.open(data / "gatepost.db")
    head = await ledger.reads.read_snapshot(lambda uow: uow.event_log.head())
    await ledger.close()
    return write_checkpoint(folder, signer.sign(*head))


def write_checkpoint(folder: Path, note: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "checkpoint.txt"
    file.write_text(note)
    return file


def cut_end(data: Path) -> None:
    with sqlite3.connect(data / "gatepost.db") as connection:
        connection.execute("DROP TRIGGER events_never_go")
        connection.execute("DELETE FROM deployment_events WHERE seq = 3")


def test_without_a_checkpoint_it_says_what_is_not_excluded(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log without checkpoints may have been shortened."""
    assert main(["verify", "--data", str(data)]) == 0

    output = capsys.readouterr().out
    assert "Verified 3 events" in output
    assert "Not excluded: without a checkpoint" in output


async def test_checkpoint_of_the_data_folder_is_used(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It proves less than one kept outside, and the command says so."""
    await checkpoint_file(data, read_or_create_signer(data), data / "checkpoints")

    assert main(["verify", "--data", str(data)]) == 0

    output = capsys.readouterr().out
    assert "Its first 3 events match 1 signed checkpoint." in output
    assert "could have replaced the log, the key and the checkpoints together" in output


@pytest.mark.parametrize("form", ["file", "text"])
async def test_checkpoint_kept_outside_finds_a_shortened_log(
    data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    form: str,
) -> None:
    """The key is given as text or as a file."""
    signer = read_or_create_signer(data)
    kept = tmp_path_factory.mktemp("kept")
    file = await checkpoint_file(data, signer, kept)
    key_file = kept / "key.pub"
    key_file.write_text(f"{signer.verifier_key}\n")
    key = str(key_file) if form == "file" else str(signer.verifier_key)
    arguments = ["verify", "--data", str(data), "--checkpoint", str(file), "--public-key", key]

    assert main(arguments) == 0
    intact = capsys.readouterr().out
    cut_end(data)
    assert main(arguments) == 1
    cut = capsys.readouterr().out

    assert "Not excluded" not in intact
    assert "the end was cut off" in cut


async def test_json_lists_the_faults(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The document has the members that `GET /audit/verify` returns."""
    file = await checkpoint_file(data, read_or_create_signer(data), data / "kept")
    cut_end(data)

    assert main(["verify", "--data", str(data), "--checkpoint", str(file), "--json"]) == 1

    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["events"]) == (False, 2)
    faults = {(fault["code"], fault["table"], fault["subject"]) for fault in document["faults"]}
    assert ("log_shortened", "deployment_events", "event 3") in faults


async def test_checkpoint_of_another_key_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command names the file and verifies nothing."""
    read_or_create_signer(data)
    file = await checkpoint_file(data, CheckpointSigner.with_new_key("other"), data / "kept")

    assert main(["verify", "--data", str(data), "--checkpoint", str(file)]) == 2

    assert f"{file} is not a checkpoint signed with this key" in capsys.readouterr().err


def test_unreadable_public_key_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says which text or file is not a key."""
    file = data / "checkpoint.txt"
    file.write_text("")
    arguments = ["verify", "--data", str(data), "--checkpoint", str(file)]

    assert main([*arguments, "--public-key", "nonsense"]) == 2
    assert main(arguments) == 2

    errors = capsys.readouterr().err
    assert "nonsense is not a public key" in errors
    assert f"{data / PUBLIC_KEY_FILE} cannot be read" in errors
