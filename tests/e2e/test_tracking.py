"""The six scenarios of the deployment tracking document, through the client."""

from __future__ import annotations

import asyncio
import csv
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from gatepost_client import AsyncGatepost, Gatepost, GatepostProblem, every
from gatepost_client.models import (
    DeploymentKind,
    EnvironmentCreate,
    ImportHistoryTiers,
    RecordCreate,
    ServiceCreate,
    Tier,
    VersionCreate,
)
from gatepost_client.types import File
from tests.support.processes.server import ServerProcess

HISTORY = Path(__file__).resolve().parents[3] / "shared/data/history_sample.csv"
EXPECTED = HISTORY.with_name("history_sample_current.csv")

PORTAL, BILLING = "customer-portal", "billing"


@pytest.fixture
def client(gatepost: Gatepost) -> Gatepost:
    """Return a client of a server with two services and two production environments."""
    for name, versions in ((PORTAL, ("1.1.0", "1.2.0")), (BILLING, ("7.0",))):
        gatepost.register_service(
            ServiceCreate(name=name, team="web", repo_url=f"https://git.example/{name}")
        )
        for version in versions:
            gatepost.register_version(name, VersionCreate(version=version))
    for name in ("prod-eu", "prod-us"):
        gatepost.create_environment(EnvironmentCreate(name=name, tier=Tier.PRODUCTION))
    return gatepost


def record_create(
    environment: str = "prod-eu", version: str = "1.2.0", **fields: object
) -> RecordCreate:
    body = {"service": PORTAL, "environment": environment, "version": version} | fields
    return RecordCreate(**body)  # type: ignore[arg-type]


def test_deployment_is_recorded(client: Gatepost) -> None:
    """Scenario 1: date and author default to now and the caller, and the record is listed."""
    before = datetime.now(UTC)  # noqa: TID251  # the server uses the system clock

    versions = [version.version for version in client.list_versions(PORTAL).items]
    assert "1.2.0" in versions
    recorded = client.record_deployment(record_create(notes="Hotfix for login issue"))

    assert recorded.kind is DeploymentKind.RECORD
    assert (recorded.deployed_by, recorded.notes) == ("owner", "Hotfix for login issue")
    assert recorded.unreviewed
    assert recorded.deployed_at is not None
    assert timedelta() <= recorded.deployed_at - before < timedelta(minutes=1)
    assert client.list_service_history(PORTAL).items[0] == recorded


def test_version_of_another_service_is_refused(client: Gatepost) -> None:
    """Scenario 2: the error names the version and the service."""
    with pytest.raises(GatepostProblem) as refused:
        client.record_deployment(record_create(version="7.0"))

    assert (refused.value.status, refused.value.code) == (422, "version_not_of_service")
    assert refused.value.detail == "Version 7.0 does not belong to service customer-portal."
    assert [error.pointer for error in refused.value.errors] == ["#/version"]


def test_deployment_date_in_the_future_is_refused(client: Gatepost) -> None:
    """Scenario 3: a deployment dated tomorrow is not recorded."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251

    with pytest.raises(GatepostProblem) as refused:
        client.record_deployment(record_create(deployed_at=tomorrow))

    assert (refused.value.status, refused.value.code) == (422, "deployed_at_in_future")
    assert client.list_service_history(PORTAL).items == []


def test_current_state_shows_the_latest_deployment_of_each_environment(client: Gatepost) -> None:
    """Scenario 4: the latest date decides, not the order of recording."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    client.record_deployment(record_create("prod-eu", "1.2.0", deployed_at=day))
    client.record_deployment(record_create("prod-eu", "1.1.0", deployed_at=day - timedelta(days=9)))
    client.record_deployment(record_create("prod-us", "1.1.0", deployed_at=day))

    def current_versions(at: datetime | None = None) -> dict[str, str]:
        state = client.get_current_state(service=[PORTAL], at=at)
        return {cell.environment: cell.version for cell in state.cells}

    assert current_versions() == {"prod-eu": "1.2.0", "prod-us": "1.1.0"}
    client.record_deployment(record_create("prod-us", "1.2.0"))
    assert current_versions() == {"prod-eu": "1.2.0", "prod-us": "1.2.0"}
    assert current_versions(day - timedelta(days=1)) == {"prod-eu": "1.1.0"}


def test_history_is_complete_and_newest_first(client: Gatepost) -> None:
    """Scenario 5: every deployment is listed, and filters select an environment or a period."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for days, environment in enumerate(("prod-eu", "prod-us", "prod-eu")):
        client.record_deployment(record_create(environment, deployed_at=day + timedelta(days=days)))

    def dates(**filters: object) -> list[int]:
        history = every(client.list_service_history, PORTAL, limit=1, **filters)  # type: ignore[arg-type]
        return [deployment.deployed_at.day for deployment in history if deployment.deployed_at]

    assert dates() == [3, 2, 1]
    assert dates(environment=["prod-eu"]) == [3, 1]
    assert dates(since=day + timedelta(days=1), until=day + timedelta(days=2)) == [2]


def test_environment_shows_each_service_with_its_version(client: Gatepost) -> None:
    """Scenario 6: each service has its version and date, and one request returns its history."""
    client.record_deployment(record_create("prod-eu"))
    client.record_deployment(
        RecordCreate(service=BILLING, environment="prod-eu", version="7.0", deployed_by="bo")
    )

    cells = client.get_current_in_environment("prod-eu").cells

    assert [(cell.service, cell.version) for cell in cells] == [(BILLING, "7.0"), (PORTAL, "1.2.0")]
    assert cells[0].deployed_by == "bo"
    (deployment,) = client.list_service_history(cells[0].service).items
    assert deployment.id == cells[0].deployment_id
    stats = client.get_stats()
    assert (stats.services, stats.deployments_this_week) == (2, 2)
    assert [deployment.service for deployment in stats.recent] == [BILLING, PORTAL]


@pytest.mark.skipif(not HISTORY.exists(), reason="shared/data is not beside this repository")
def test_current_state_of_imported_history_matches_its_source(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """Each cell at a past time matches the source, and a second import adds nothing."""
    with HISTORY.open("rb") as file:
        first = gatepost.import_history(
            File(payload=file),
            create_missing=True,
            tiers=ImportHistoryTiers.from_dict({"tier.integration": "test"}),
        )

    async def import_again() -> int:
        file = BytesIO(HISTORY.read_bytes())
        async with AsyncGatepost(server.url, token=server.token) as client:
            return (await client.import_history(File(payload=file))).repeated

    assert (first.imported, asyncio.run(import_again())) == (1418, 1418)
    state = gatepost.get_current_state(at=datetime(2023, 1, 1, tzinfo=UTC))
    cells = sorted((cell.service, cell.environment, cell.version) for cell in state.cells)
    with EXPECTED.open(newline="") as rows:
        expected = [
            (row["service"], row["environment"], row["version"]) for row in csv.DictReader(rows)
        ]
    assert cells == sorted(expected)
    assert server.verify().returncode == 0


def test_verify_finds_a_changed_current_state(server: ServerProcess, client: Gatepost) -> None:
    """`gatepost-server verify` names changed cells of both records and imports."""
    client.record_deployment(record_create("prod-eu"))
    rows = "service,environment,version,deployed_at\n"
    rows += f"{PORTAL},prod-us,1.1.0,2026-01-01T00:00:00Z\n"
    client.import_history(File(payload=BytesIO(rows.encode())))
    server.stop()
    assert server.verify().returncode == 0

    with closing(sqlite3.connect(server.data / "gatepost.db")) as connection:
        connection.execute(
            "UPDATE current_cells SET version = '1.1.0' WHERE environment = 'prod-eu'"
        )
        connection.commit()

    verified = server.verify()
    assert verified.returncode == 1
    assert f"{PORTAL} in prod-eu (current_cells.version): " in verified.stdout
