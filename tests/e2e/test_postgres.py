"""The server and its commands with a PostgreSQL database."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from gatepost_client import Gatepost
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess
from tests.support.storage.postgres_cluster import PostgresCluster


@pytest.fixture
def url(cluster: PostgresCluster) -> Iterator[str]:
    """Return the URL of an empty database."""
    with cluster.temporary_database(template="template0") as database_url:
        yield database_url


def run(*arguments: str, data: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run `gatepost-server` with these arguments."""
    storage = (f"--data={data}", f"--database-url={url}")
    return run_program("gatepost_api", *arguments, *storage)


def assert_nul_in_a_path_is_not_found(server: ServerProcess) -> None:
    """Reads and writes return 404 for a name with a character that PostgreSQL refuses."""
    headers = {"Authorization": f"Bearer {server.token}"}
    url = f"{server.url}/api/v1/services/%00"
    assert httpx2.get(url, headers=headers).status_code == 404
    assert httpx2.patch(url, headers=headers, json={"team": "checkout"}).status_code == 404


def test_two_servers_share_one_database(tmp_path: Path, url: str) -> None:
    """Each server has its own owner's token, and each token is valid on both servers."""
    first = ServerProcess(tmp_path / "first", database_url=url)
    second = ServerProcess(tmp_path / "second", database_url=url)
    with first, second:
        for server in (first, second):
            for token in (first.token, second.token):
                with Gatepost(server.url, token=token) as owner:
                    assert owner.get_me().user.name == "owner"
                    assert len(owner.list_environments().items) == 3
        assert_nul_in_a_path_is_not_found(first)

    assert not list(tmp_path.rglob("*.db"))


def test_server_commands_work_on_postgresql(tmp_path: Path, url: str) -> None:
    """Every command from `migrate` to `verify` succeeds, and a second `demo` is refused."""
    results = {
        command: run(*command.split(), data=tmp_path, url=url)
        for command in (
            "migrate",
            "demo",
            "users add zoe --role=viewer",
            "users token zoe",
            "sign-in-link zoe --print-link",
            "users list",
            "users reset zoe",
            "users invite zoe --print-link",
            "users disable zoe",
            "tokens list owner",
            "tokens rotate owner",
            "verify",
        )
    }

    assert {command: result.returncode for command, result in results.items()} == dict.fromkeys(
        results, 0
    )
    assert results["migrate"].stdout.endswith("is up to date.\n")
    assert results["users add zoe --role=viewer"].stdout.startswith("gp_u_")
    assert "unbroken" in results["verify"].stdout
    refused = run("demo", data=tmp_path, url=url)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "already contains the demo" in refused.stderr


def test_unavailable_database_answers_503_until_it_is_back(
    tmp_path: Path, cluster: PostgresCluster, url: str
) -> None:
    """Requests and readiness probes return 503; once the database is back, they succeed again."""
    with ServerProcess(tmp_path / "data", database_url=url) as server:
        owner = {"Authorization": f"Bearer {server.token}"}
        with httpx2.Client(base_url=server.url, headers=owner) as client:
            cluster.stop()
            unavailable = [client.get("/health/ready"), client.get("/api/v1/services")]
            live = client.get("/health/live")
            cluster.start()
            available = [client.get("/health/ready"), client.get("/api/v1/services")]

    assert [response.status_code for response in (*unavailable, live, *available)] == [
        503,
        503,
        200,
        200,
        200,
    ]
    assert unavailable[1].json()["code"] == "storage_unreachable"
    assert "is not responding" in unavailable[0].json()["reason"]


@pytest.mark.parametrize(
    "command", ["serve --port=0", "migrate", "verify", "demo", "users token zoe"]
)
def test_unreachable_database_is_reported_in_one_line(tmp_path: Path, command: str) -> None:
    """The error names the address and the reason, but not the password."""
    unreachable_url = f"postgresql+asyncpg://gatepost:correct-horse@/gatepost?host={tmp_path}"

    refused = run(*command.split(), data=tmp_path / "data", url=unreachable_url)

    assert refused.returncode == 2
    assert refused.stderr.startswith("gatepost-server: cannot open postgresql+asyncpg://gatepost:")
    assert "No such file" in refused.stderr
    assert "correct-horse" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_error_for_an_invalid_database_url_names_the_setting(tmp_path: Path) -> None:
    """The error names the setting and what is wrong with the URL, but not the password."""
    refused = run("migrate", data=tmp_path, url="mysql://gatepost:correct-horse@db/gatepost")

    assert refused.returncode == 2
    assert "GATEPOST_DATABASE_URL: it begins with mysql://" in refused.stderr
    assert "correct-horse" not in refused.stderr
