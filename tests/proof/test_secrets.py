"""No secret is in the database, a response, a log, a metric, an export or a backup.

The control: markers that were put there on purpose are found by the same search in each place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2
import pytest
from sqlalchemy import make_url

from gatepost_client import Gatepost
from gatepost_client.models import (
    ChannelRecipientBody,
    NotificationChannelCreate,
    RecipientKind,
    Role,
)
from tests.support.client.rollouts import (
    deployment_create,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess
from tests.support.proof.results import print_result
from tests.support.storage.postgres_cluster import PostgresCluster
from tests.support.workers import WorkerProcess

WORKER_NAME: Final = "marker-7f3a-worker"
NOTE: Final = "marker-7f3a-note"
REQUEST_ID: Final = "marker-7f3a-request"
WEBHOOK_SECRET: Final = "whsec_bWFya2VyLTdmM2EtbWFya2VyLTdmM2EtbWFya2VyLTdmM2E="
CHANNEL_SECRET: Final = "marker-7f3a-password-of-the-channel"
TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
LISTS: Final = (
    "/me",
    "/users",
    "/users/ada",
    "/users/ada/tokens",
    "/users/owner/tokens",
    "/deployments",
    "/events?limit=200",
    "/notification-channels",
    "/workers",
)


@pytest.fixture
def databases(request: pytest.FixtureRequest, database_url: str | None) -> PostgresCluster | None:
    """Return the cluster of the database, or None for SQLite."""
    if database_url is None:
        return None
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    return cluster


def read_database(
    server: ServerProcess, cluster: PostgresCluster | None, database_url: str | None
) -> bytes:
    """Return everything that is stored."""
    if cluster is None or database_url is None:
        return b"".join(file.read_bytes() for file in server.data.glob("gatepost.db*"))
    database = make_url(database_url).database or ""
    tables = [name for (name,) in cluster.execute_in(database, TABLES)]
    rows = [
        row
        for table in tables
        for (row,) in cluster.execute_in(database, f'SELECT stored::text FROM "{table}" stored')
    ]
    return "\n".join(rows).encode()


def contains(content: bytes, text: str) -> bool:
    """Return whether bytes contain a text, as it is or in hexadecimal."""
    return text.encode() in content or text.encode().hex().encode() in content


@contextmanager
def caller(server: ServerProcess, token: str) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=30) as http:
        yield http


def use_every_secret(server: ServerProcess, owner: Gatepost) -> list[str]:
    """Use secrets in requests that succeed and that fail; return the secrets."""
    register_shop(owner, "1.4.2")
    ada = create_user(owner, "ada", Role.REQUESTER)
    unknown = f"{ada[:-8]}AAAAAAAA"
    secret_of_link = re.findall(r"gp_\w+", server.create_sign_in_link())
    with caller(server, ada) as http:
        request = shop_request("staging").to_dict() | {"notes": NOTE}
        headers = {"X-Request-ID": REQUEST_ID, "Idempotency-Key": "key-of-ada"}
        http.post("/api/v1/deployments", json=request, headers=headers).raise_for_status()
        http.post("/api/v1/deployments", json={"token": ada})
        http.get("/api/v1/me", headers={"Authorization": f"Bearer {unknown}"})
        http.get("/api/v1/me", headers={"Authorization": f"Basic {ada}"})
    owner.add_notification_channel(
        NotificationChannelCreate(
            name="ada",
            recipient=ChannelRecipientBody(kind=RecipientKind.USER, name="ada"),
            url=f"json://ada:{CHANNEL_SECRET}@127.0.0.1:9/",
        )
    )
    register_service(owner, "cart", "1.0.0")
    use_simulated_executor(owner, "cart")
    wait_for(owner, owner.create_deployment(deployment_create("cart", "1.0.0")).number)
    return [ada, unknown, secret_of_link[0], server.token, server.worker_token, CHANNEL_SECRET]


def read_places(server: ServerProcess, worker: WorkerProcess) -> Mapping[str, bytes]:
    """Return the content of every place that shows something to people."""
    with caller(server, server.token) as http:
        responses = [http.get(f"/api/v1{path}").raise_for_status().content for path in LISTS]
        export = http.get("/api/v1/audit/export").raise_for_status().content
        metrics = http.get("/metrics").raise_for_status().content
    log = (server.log() + worker.log()).encode()
    return {"responses": b"".join(responses), "export": export, "metrics": metrics, "log": log}


def read_backup(server: ServerProcess) -> bytes:
    """Make a backup without keys and return the bytes of all its files."""
    folder = server.data.with_name("backups")
    folder.mkdir()
    completed = run_program("gatepost_api", "backup", f"{folder}", f"--data={server.data}")
    assert completed.returncode == 0, completed.stderr
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_no_secret_is_stored_or_shown(
    database_url: str | None,
    databases: PostgresCluster | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same search finds no secret anywhere, and every marker where it belongs."""
    monkeypatch.setenv("GATEPOST_WEBHOOK_SECRET", WEBHOOK_SECRET)
    server = ServerProcess(tmp_path / "data", database_url=database_url)
    with server, WorkerProcess(server, WORKER_NAME) as worker:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            secrets = [*use_every_secret(server, owner), WEBHOOK_SECRET]
        places = dict(read_places(server, worker))
        places["database"] = read_database(server, databases, database_url)
        if database_url is None:
            places["backup"] = read_backup(server)

    found = {
        marker: {name for name, content in places.items() if contains(content, marker)}
        for marker in (NOTE, REQUEST_ID, WORKER_NAME)
    }
    database = "sqlite" if database_url is None else "postgresql"
    print_result("P15", database=database, secrets=len(secrets), places=sorted(places))
    assert {"responses", "export", "database"} <= found[NOTE]
    assert "log" in found[REQUEST_ID]
    assert "metrics" in found[WORKER_NAME]
    assert database_url is not None or "backup" in found[NOTE]
    assert all(len(secret) > 16 for secret in secrets)
    for secret in secrets:
        assert [name for name, content in places.items() if contains(content, secret)] == []


def test_json_of_a_secret_is_found_too() -> None:
    """The search would find a secret inside other text, and as the bytes of a column."""
    assert contains(json.dumps({"token": WEBHOOK_SECRET}).encode(), WEBHOOK_SECRET)
    assert contains(b"\\x" + WEBHOOK_SECRET.encode().hex().encode(), WEBHOOK_SECRET)
    assert not contains(b"gp_u_other", WEBHOOK_SECRET)
