"""A server goes on where the other one stopped after a move to PostgreSQL and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from tests.support.client.rollouts import register_service
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess
from tests.support.storage.postgres_cluster import PostgresCluster


@pytest.fixture
def url(cluster: PostgresCluster) -> Iterator[str]:
    """Return the URL of an empty database."""
    with cluster.temporary_database(template="template0") as database_url:
        yield database_url


def write_and_stop(server: ServerProcess, service: str, token: str | None = None) -> list[str]:
    """Register a service, verify, and stop; return the checkpoints of the data folder."""
    with Gatepost(server.url, token=token or server.token) as owner:
        register_service(owner, service)
        names = {found.name for found in owner.list_services().items}
    assert service in names
    assert server.stop() == 0
    verified = server.verify()
    assert verified.returncode == 0, verified.stdout
    return sorted(file.stem for file in (server.data / "checkpoints").glob("*.txt"))


def move(data: Path, to: str, *options: str) -> str:
    moved = run_program("gatepost_api", "migrate", f"--data={data}", f"--to={to}", *options)
    assert moved.returncode == 0, moved.stderr
    return moved.stdout


def test_tokens_chain_and_checkpoints_go_on_after_moves(tmp_path: Path, url: str) -> None:
    """The same tokens work on PostgreSQL and on SQLite again, and all checkpoints remain valid."""
    data = tmp_path / "data"
    with ServerProcess(data) as server:
        token = server.token
        checkpoints = write_and_stop(server, "on-sqlite")
    assert move(data, url).startswith("Moved ")
    (data / "gatepost.db").rename(tmp_path / "archived.db")

    with ServerProcess(data, database_url=url) as server:
        on_postgres = write_and_stop(server, "on-postgres", token)
    assert move(data, str(data / "gatepost.db"), f"--database-url={url}").startswith("Moved ")

    with ServerProcess(data) as server:
        on_sqlite_again = write_and_stop(server, "on-sqlite-again", token)
        with ServerProcess(data) as restarted, Gatepost(restarted.url, token=token) as owner:
            services = {found.name for found in owner.list_services().items}
    assert services == {"on-sqlite", "on-postgres", "on-sqlite-again"}
    assert set(checkpoints) < set(on_postgres) < set(on_sqlite_again)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_missing_programs_of_postgres_are_named(
    command: str,
    tmp_path: Path,
    url: str,
    cluster: PostgresCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without pg_dump or pg_restore, one sentence says what to install."""
    (tmp_path / "data").mkdir()
    data, backup = f"--data={tmp_path / 'data'}", str(tmp_path / "one.backup")
    prepared = run_program("gatepost_api", "migrate", data, f"--database-url={url}")
    assert prepared.returncode == 0, prepared.stderr
    if command == "restore":
        made = run_program("gatepost_api", "backup", backup, data, f"--database-url={url}")
        assert made.returncode == 0, made.stderr
    monkeypatch.setenv("PATH", str(tmp_path))
    with cluster.temporary_database(template="template0") as empty:
        target = url if command == "backup" else empty
        failed = run_program("gatepost_api", command, backup, data, f"--database-url={target}")

    program = "pg_dump" if command == "backup" else "pg_restore"
    assert failed.returncode in {1, 2}
    assert failed.stdout == ""
    (sentence,) = failed.stderr.splitlines()
    assert sentence.startswith("gatepost-server: ")
    assert f"{program} is not on the PATH; install the PostgreSQL client programs" in sentence
