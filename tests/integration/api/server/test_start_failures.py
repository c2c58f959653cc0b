"""What a start or a command says if the data cannot be used: one sentence, and no traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess


def file_in_the_way(data: Path) -> None:
    data.touch()


def folder_as_database(data: Path) -> None:
    (data / "gatepost.db").mkdir(parents=True)


def no_database(data: Path) -> None:
    data.mkdir()
    (data / "gatepost.db").write_bytes(os.urandom(9000))


def folder_as_key(data: Path) -> None:
    (data / "signing.key").mkdir(parents=True)


def folder_as_token(data: Path) -> None:
    (data / "owner.token").mkdir(parents=True)


def folder_as_lock(data: Path) -> None:
    (data / "start.lock").mkdir(parents=True)


def corrupt_pages(data: Path) -> None:
    with ServerProcess(data) as server:
        server.stop()
    content = (data / "gatepost.db").read_bytes()
    (data / "gatepost.db").write_bytes(content[: 3 * 4096] + b"\xa5" * (len(content) - 3 * 4096))


@pytest.mark.parametrize(
    ("break_data", "reason"),
    [
        (file_in_the_way, "the data folder {data} is not a folder."),
        (folder_as_database, "cannot open {data}/gatepost.db: unable to open database file"),
        (no_database, "cannot open {data}/gatepost.db: file is not a database"),
        (folder_as_key, "{data}/signing.key: Is a directory."),
        (folder_as_token, "{data}/owner.token: Is a directory."),
        (folder_as_lock, "cannot write to the data folder {data}: Is a directory."),
        (corrupt_pages, "cannot open {data}/gatepost.db: database disk image is malformed"),
    ],
)
def test_server_says_in_one_sentence_why_it_does_not_start(
    break_data: Callable[[Path], None], reason: str, tmp_path: Path
) -> None:
    """The exit code is 2, and the sentence names the file."""
    data = tmp_path / "data"
    break_data(data)

    completed = run_program("gatepost_api", "serve", "--port=0", "--no-worker", f"--data={data}")

    errors = [line for line in completed.stderr.splitlines() if " WARNING " not in line]
    assert errors == [f"gatepost-server: {reason.format(data=data)}"]
    assert completed.returncode == 2


@pytest.mark.parametrize("command", ["verify", "migrate", "backup", "users list", "tokens list"])
def test_every_command_says_why_it_cannot_use_a_damaged_file(command: str, tmp_path: Path) -> None:
    """No command ends with a traceback."""
    data = tmp_path / "data"
    corrupt_pages(data)
    words = command.split()
    words += {"backup": [f"{tmp_path}"], "tokens list": ["owner"]}.get(command, [])

    completed = run_program("gatepost_api", *words, f"--data={data}")

    assert "malformed" in completed.stderr
    assert "Traceback" not in completed.stderr
    assert completed.returncode in {1, 2}
