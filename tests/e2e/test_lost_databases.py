"""A database file that is overwritten under a running server, or missing at a start."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import httpx2
import pytest

from gatepost_client import Gatepost, GatepostProblem
from tests.support.client.rollouts import register_service
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess

PATIENCE_S = 20
ROWS = 1600
"""So many that the write-ahead log is transferred to the file after they were stored."""


def import_history(server: ServerProcess, service: str, rows: int = ROWS) -> None:
    """Store many rows in one write."""
    lines = ["service,environment,version,deployed_at"]
    lines += [f"{service},test,1.{number},2026-01-01T00:00:00Z" for number in range(rows)]
    response = httpx2.post(
        f"{server.url}/api/v1/deployments/import?create_missing=true",
        content="\n".join(lines),
        headers={"Authorization": f"Bearer {server.token}", "Content-Type": "text/csv"},
        timeout=60,
    )
    assert response.status_code == 200, response.text


def wait_until_changed(file: Path, content: bytes) -> None:
    """Wait until the server has transferred the write-ahead log to the file.

    Before that, the file still has its earlier content, and to overwrite it changes nothing.
    """
    deadline_s = time.monotonic() + PATIENCE_S
    before, now = content, file.read_bytes()
    while now == content or now != before:  # until the transfer is complete
        assert time.monotonic() < deadline_s, "the log was not transferred"
        time.sleep(0.2)
        before, now = now, file.read_bytes()


def test_overwritten_file_is_neither_read_nor_written(tmp_path: Path) -> None:
    """`cp` over the file of a running server is refused by the next request, and health is red."""
    with ServerProcess(tmp_path / "data") as server:
        import_history(server, "early")
        earlier = shutil.copyfile(server.data / "gatepost.db", tmp_path / "earlier.db")
        import_history(server, "late")
        wait_until_changed(server.data / "gatepost.db", earlier.read_bytes())
        subprocess.run(["cp", earlier, server.data / "gatepost.db"], check=True)

        with (
            Gatepost(server.url, token=server.token, retries=None) as owner,
            pytest.raises(GatepostProblem) as refused,
        ):
            register_service(owner, "shop")
        ready = httpx2.get(f"{server.url}/health/ready")

    assert refused.value.code == "storage_moved"
    assert "Stop the server, put that file in place" in f"{refused.value}"
    assert ready.status_code == 503
    assert "gatepost.db was" in ready.text


def test_start_without_the_database_is_refused(tmp_path: Path) -> None:
    """A folder that had a database gets no empty one, unless that is what the operator wants."""
    data = tmp_path / "data"
    with ServerProcess(data) as server:
        import_history(server, "early", 1)
        assert server.stop() == 0
    (data / "gatepost.db").rename(tmp_path / "kept.db")

    for command in (["serve", "--port=0", "--no-worker"], ["migrate"], ["users", "add", "ada"]):
        refused = run_program("gatepost_api", *command, f"--data={data}")
        assert refused.returncode == 2
        assert (
            "has no gatepost.db, but a server has used it before (checkpoints, " in refused.stderr
        )
        assert "owner.token" in refused.stderr
        assert "--new-database" in refused.stderr
        assert not (data / "gatepost.db").exists()

    with ServerProcess(data, options=("--new-database",)) as server:
        with Gatepost(server.url, token=server.token) as owner:
            assert not list(owner.list_services().items)
        assert server.stop() == 0
    (tmp_path / "kept.db").replace(data / "gatepost.db")
    with ServerProcess(data) as server, Gatepost(server.url, token=server.token) as owner:
        assert [service.name for service in owner.list_services().items] == ["early"]


def test_copy_beside_the_log_of_a_killed_server_is_refused(tmp_path: Path) -> None:
    """The log of the former file would damage the copy, so the start says what to move away."""
    data = tmp_path / "data"
    with ServerProcess(data) as server:
        earlier = shutil.copyfile(data / "gatepost.db", tmp_path / "earlier.db")
        import_history(server, "late")
        with Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop")
        server.kill()
    shutil.copyfile(earlier, data / "gatepost.db")

    refused = run_program("gatepost_api", "serve", "--port=0", "--no-worker", f"--data={data}")

    assert refused.returncode == 2
    assert "move gatepost.db-wal and gatepost.db-shm elsewhere" in refused.stderr
    for ending in ("-wal", "-shm"):
        (data / f"gatepost.db{ending}").unlink()
    with ServerProcess(data) as server:
        assert server.verify().returncode == 0
