"""The server and its terminal on a database of a PostgreSQL server, as teams run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from gatepost_client import Gatepost
from tests.support.processes.server import ServerProcess
from tests.support.storage.postgres_cluster import PostgresCluster


@pytest.fixture
def url(cluster: PostgresCluster) -> Iterator[str]:
    """A database with nothing in it."""
    with cluster.temporary_database(template="template0") as fresh:
        yield fresh


def run(*arguments: str, data: Path, url: str) -> subprocess.CompletedProcess[str]:
    """`gatepost-server` with these arguments, to its end."""
    where = (f"--data={data}", f"--database-url={url}")
    return subprocess.run(
        [sys.executable, "-m", "gatepost_api", *arguments, *where],
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_servers_that_start_together_share_what_they_keep(tmp_path: Path, url: str) -> None:
    """Each has an owner's token in its own folder, and either token opens both."""
    one = ServerProcess(tmp_path / "one", database_url=url)
    other = ServerProcess(tmp_path / "other", database_url=url)
    with one, other:
        for server in (one, other):
            for token in (one.token, other.token):
                with Gatepost(server.url, token=token) as owner:
                    assert owner.get_me().user.name == "owner"
                    assert len(owner.list_environments().items) == 3

    assert not list(tmp_path.rglob("*.db"))


def test_the_servers_own_terminal_works_on_it(tmp_path: Path, url: str) -> None:
    """To migrate, to play, to let people in, and to verify."""
    said = {
        words: run(*words.split(), data=tmp_path, url=url)
        for words in (
            "migrate",
            "demo",
            "users add zoe --role=viewer",
            "users token zoe",
            "sign-in-link zoe",
            "verify",
        )
    }

    assert {words: done.returncode for words, done in said.items()} == dict.fromkeys(said, 0)
    assert said["migrate"].stdout.endswith("is up to date.\n")
    assert said["users add zoe --role=viewer"].stdout.startswith("gp_u_")
    assert "unbroken" in said["verify"].stdout
    again = run("demo", data=tmp_path, url=url)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already contains the demo" in again.stderr


def test_a_database_that_goes_away_is_told_until_it_is_back(
    tmp_path: Path, cluster: PostgresCluster, url: str
) -> None:
    """Reading, writing and readiness answer 503 meanwhile; nothing has to be restarted."""
    with ServerProcess(tmp_path / "data", database_url=url) as server:
        owner = {"Authorization": f"Bearer {server.token}"}
        with httpx2.Client(base_url=server.url, headers=owner) as client:
            cluster.stop()
            away = [client.get("/health/ready"), client.get("/api/v1/services")]
            alive = client.get("/health/live")
            cluster.start()
            back = [client.get("/health/ready"), client.get("/api/v1/services")]

    assert [answer.status_code for answer in (*away, alive, *back)] == [503, 503, 200, 200, 200]
    assert away[1].json()["code"] == "storage_unreachable"
    assert "does not answer" in away[0].json()["reason"]


@pytest.mark.parametrize(
    "words", ["serve --port=0", "migrate", "verify", "demo", "users token zoe"]
)
def test_a_server_that_cannot_be_reached_is_told_in_a_sentence(tmp_path: Path, words: str) -> None:
    """It names the place and the reason; the password is in neither."""
    nowhere = f"postgresql+asyncpg://gatepost:correct-horse@/gatepost?host={tmp_path}"

    refused = run(*words.split(), data=tmp_path / "data", url=nowhere)

    assert refused.returncode == 2
    assert refused.stderr.startswith("gatepost-server: cannot open postgresql+asyncpg://gatepost:")
    assert "No such file" in refused.stderr
    assert "correct-horse" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_an_address_that_is_none_is_told_by_its_setting(tmp_path: Path) -> None:
    """It says what is wrong with it."""
    refused = run("migrate", data=tmp_path, url="mysql://gatepost:correct-horse@db/gatepost")

    assert refused.returncode == 2
    assert "GATEPOST_DATABASE_URL: it begins with mysql://" in refused.stderr
    assert "correct-horse" not in refused.stderr
