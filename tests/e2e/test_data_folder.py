"""The permissions of what a server and its commands write."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from tests.support.client.rollouts import register_service
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess


@pytest.fixture(autouse=True)
def permissive_umask() -> Iterator[None]:
    """Start the programs as an account that lets others read and change its files."""
    before = os.umask(0)
    yield
    os.umask(before)


def lax_paths(folder: Path) -> set[str]:
    """Return the paths that other accounts could read or change."""
    lax: set[str] = set()
    for parent, folders, files in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in (*folders, *files))):
            with suppress(FileNotFoundError):
                mode = stat.S_IMODE(path.lstat().st_mode)
                if mode & 0o077:
                    lax.add(f"{path.relative_to(folder)} {mode:o}")
    return lax


@contextmanager
def watched_folder(folder: Path) -> Iterator[set[str]]:
    """Collect the lax paths of a folder again and again, from before it exists."""
    found: set[str] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.001):
            found.update(lax_paths(folder))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()


def test_everything_is_private_from_the_first_instant(tmp_path: Path) -> None:
    """Database, log, tokens, keys, checkpoints and backups are never readable by others."""
    data, backups = tmp_path / "data", tmp_path / "backups"
    backups.mkdir(mode=0o700)
    server = ServerProcess(data, as_installed=True)
    with watched_folder(data) as lax, watched_folder(backups) as lax_backups, server:
        with Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
        backup = run_program(
            "gatepost_api", "backup", f"--data={data}", "--with-keys", f"{backups}"
        )
        assert server.stop() == 0

    assert backup.returncode == 0
    assert (data / "checkpoints").is_dir()
    assert (lax, lax_backups) == (set(), set())


def test_folder_of_an_older_release_is_corrected_at_the_start(tmp_path: Path) -> None:
    """The server makes the folder private and says so in its log."""
    with ServerProcess(tmp_path / "data") as server:
        server.stop()
        for path in (server.data, *server.data.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        server.start()

        assert lax_paths(server.data) == set()
        assert "could read or change" in server.log()
