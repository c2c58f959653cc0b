"""The start of a server, and of several with the same data, which wait for each other."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gatepost_client import Gatepost
from tests.support.processes.server import ServerProcess
from tests.support.storage.postgres_cluster import PostgresCluster

PROCESSES = 3


def start_together(servers: list[ServerProcess]) -> tuple[set[str], list[int]]:
    """Start the servers at once; return the environments that each has, and all exit codes."""
    with ExitStack() as stack, ThreadPoolExecutor(len(servers)) as threads:
        for server in servers:
            stack.push(server)
        for started in [threads.submit(server.start) for server in servers]:
            started.result()
        names: set[str] = set()
        for server in servers:
            with Gatepost(server.url, token=server.token) as owner:
                names.add(",".join(item.name for item in owner.list_environments().items))
        return names, [server.stop() for server in servers]


def test_printed_url_accepts_connections_at_once(tmp_path: Path) -> None:
    """A program that reads the URL can connect at the first attempt."""
    server = ServerProcess(tmp_path / "data", creates_database=True)
    for _ in range(3):
        with server:
            port = urlsplit(server.url).port
            socket.create_connection(("127.0.0.1", port or 0)).close()


@pytest.mark.parametrize("attempt", range(2))
def test_processes_share_a_new_sqlite_file(tmp_path: Path, attempt: int) -> None:
    """All start, with the same token, key and environments."""
    del attempt
    data = tmp_path / "data"

    servers = [ServerProcess(data, creates_database=True) for _ in range(PROCESSES)]

    names, codes = start_together(servers)

    assert names == {"test,staging,production"}
    assert codes == [0] * PROCESSES
    assert ServerProcess(data).verify().returncode == 0


def test_processes_share_a_new_postgres_database(tmp_path: Path, cluster: PostgresCluster) -> None:
    """All start, each with a token of its own, because each has its own data folder."""
    with cluster.temporary_database("template0") as url:
        servers = [
            ServerProcess(tmp_path / f"data-{number}", database_url=url)
            for number in range(PROCESSES)
        ]

        names, codes = start_together(servers)

        assert names == {"test,staging,production"}
        assert codes == [0] * PROCESSES
        assert servers[0].verify().returncode == 0
