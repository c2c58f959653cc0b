"""Backups of a running server: on its schedule, and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess
from tests.support.storage.postgres_cluster import PostgresCluster

PATIENCE_S = 60


@pytest.fixture
def url(cluster: PostgresCluster) -> Iterator[str]:
    """Return the URL of an empty database."""
    with cluster.temporary_database(template="template0") as database_url:
        yield database_url


def find_backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("gatepost-*.backup"))


def wait_for_backup(folder: Path) -> Path:
    """Return the first backup that appears in a folder."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := find_backups(folder)):
        assert time.monotonic() < deadline, "no backup was made"
        time.sleep(0.1)
    return found[0]


def test_server_backs_itself_up_on_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first backup is made at the start; it restores to a server where the tokens work."""
    monkeypatch.setenv("GATEPOST_BACKUP_EVERY", "6h")
    monkeypatch.setenv("GATEPOST_BACKUP_TO", str(tmp_path / "backups"))
    server = ServerProcess(tmp_path / "data")
    with server:
        token = server.token
        backup = wait_for_backup(tmp_path / "backups")
        data = tmp_path / "restored"
        restored = run_program("gatepost_api", "restore", str(backup), f"--data={data}")
        running = run_program(
            "gatepost_api", "restore", str(backup), f"--data={server.data}", "--replace"
        )
    monkeypatch.delenv("GATEPOST_BACKUP_EVERY")
    monkeypatch.delenv("GATEPOST_BACKUP_TO")

    assert restored.returncode == 0, restored.stderr
    assert (running.returncode, "a server is running at" in running.stderr) == (1, True)
    with ServerProcess(data) as other, Gatepost(other.url, token=token) as gatepost:
        assert gatepost.get_me().user.name == "owner"
        assert other.verify().returncode == 0


def test_postgres_is_backed_up_and_restored(
    tmp_path: Path, url: str, cluster: PostgresCluster
) -> None:
    """The dump of a running server is restored to an empty database, where the tokens work."""
    folder = tmp_path / "backups"
    folder.mkdir()
    with ServerProcess(tmp_path / "data", database_url=url) as server:
        token = server.token
        backed_up = run_program(
            "gatepost_api",
            "backup",
            str(folder),
            f"--data={server.data}",
            f"--database-url={url}",
        )
    assert backed_up.returncode == 0, backed_up.stderr
    arguments = ("restore", str(find_backups(folder)[0]), f"--data={tmp_path / 'other'}")
    with cluster.temporary_database(template="template0") as empty:
        restored = run_program("gatepost_api", *arguments, f"--database-url={empty}")
        assert restored.returncode == 0, restored.stderr
        with (
            ServerProcess(tmp_path / "other", database_url=empty) as other,
            Gatepost(other.url, token=token) as gatepost,
        ):
            assert gatepost.get_me().user.name == "owner"
        refused = run_program("gatepost_api", *arguments, f"--database-url={empty}")

    assert (refused.returncode, "the database has tables" in refused.stderr) == (1, True)
