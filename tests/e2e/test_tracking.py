"""Deployment tracking as its source document walks through it: six scenarios, by the client."""

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
    RecordCreate,
    ServiceCreate,
    Tier,
    VersionCreate,
)
from gatepost_client.types import File
from tests.support.processes.server import ServerProcess

HISTORY = Path(__file__).resolve().parents[3] / "shared/data/history_sample.csv"
TRUTH = HISTORY.with_name("history_sample_current.csv")

PORTAL, OTHER = "customer-portal", "billing"


@pytest.fixture
def client(gatepost: Gatepost) -> Gatepost:
    """Two services with versions of their own, and two environments to deploy them to."""
    for name, versions in ((PORTAL, ("1.1.0", "1.2.0")), (OTHER, ("7.0",))):
        gatepost.register_service(
            ServiceCreate(name=name, team="web", repo_url=f"https://git.example/{name}")
        )
        for version in versions:
            gatepost.register_version(name, VersionCreate(version=version))
    for name in ("prod-eu", "prod-us"):
        gatepost.create_environment(EnvironmentCreate(name=name, tier=Tier.PRODUCTION))
    return gatepost


def told(environment: str = "prod-eu", version: str = "1.2.0", **more: object) -> RecordCreate:
    whole = {"service": PORTAL, "environment": environment, "version": version}
    return RecordCreate(**(whole | more))  # type: ignore[arg-type]


def test_a_deployment_is_recorded(client: Gatepost) -> None:
    """Scenario 1: its date defaults to now, its author to the caller; it is in the history."""
    before = datetime.now(UTC)  # noqa: TID251  # the server has the machine's clock

    versions = [each.version for each in client.list_versions(PORTAL).items]
    assert "1.2.0" in versions
    recorded = client.record_deployment(told(notes="Hotfix for login issue"))

    assert recorded.kind is DeploymentKind.RECORD
    assert (recorded.deployed_by, recorded.notes) == ("owner", "Hotfix for login issue")
    assert recorded.unreviewed
    assert recorded.deployed_at is not None
    assert timedelta() <= recorded.deployed_at - before < timedelta(minutes=1)
    assert client.list_service_history(PORTAL).items[0] == recorded


def test_a_version_of_another_service_is_refused(client: Gatepost) -> None:
    """Scenario 2: the sentence says so."""
    with pytest.raises(GatepostProblem) as refused:
        client.record_deployment(told(version="7.0"))

    assert (refused.value.status, refused.value.code) == (422, "version_not_of_service")
    sentence = "Version 7.0 does not belong to service customer-portal."
    assert refused.value.detail == sentence
    assert [error.pointer for error in refused.value.errors] == ["#/version"]


def test_a_date_in_the_future_is_refused(client: Gatepost) -> None:
    """Scenario 3: tomorrow has not happened."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251

    with pytest.raises(GatepostProblem) as refused:
        client.record_deployment(told(deployed_at=tomorrow))

    assert (refused.value.status, refused.value.code) == (422, "deployed_at_in_future")
    assert client.list_service_history(PORTAL).items == []


def test_the_current_state_shows_what_was_deployed_last(client: Gatepost) -> None:
    """Scenario 4: in each environment, whatever the order in which it was told."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    client.record_deployment(told("prod-eu", "1.2.0", deployed_at=day))
    client.record_deployment(told("prod-eu", "1.1.0", deployed_at=day - timedelta(days=9)))
    client.record_deployment(told("prod-us", "1.1.0", deployed_at=day))

    def standing(at: datetime | None = None) -> dict[str, str]:
        state = client.get_current_state(service=[PORTAL], at=at)
        return {cell.environment: cell.version for cell in state.cells}

    assert standing() == {"prod-eu": "1.2.0", "prod-us": "1.1.0"}
    client.record_deployment(told("prod-us", "1.2.0"))
    assert standing() == {"prod-eu": "1.2.0", "prod-us": "1.2.0"}
    assert standing(day - timedelta(days=1)) == {"prod-eu": "1.1.0"}


def test_the_history_is_complete_and_in_order(client: Gatepost) -> None:
    """Scenario 5: the latest first, by environment and by date."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for days, environment in enumerate(("prod-eu", "prod-us", "prod-eu")):
        client.record_deployment(told(environment, deployed_at=day + timedelta(days=days)))

    def dates(**filters: object) -> list[int]:
        pages = every(client.list_service_history, PORTAL, limit=1, **filters)  # type: ignore[arg-type]
        return [each.deployed_at.day for each in pages if each.deployed_at]

    assert dates() == [3, 2, 1]
    assert dates(environment=["prod-eu"]) == [3, 1]
    assert dates(since=day + timedelta(days=1), until=day + timedelta(days=2)) == [2]


def test_an_environment_shows_what_is_deployed_to_it(client: Gatepost) -> None:
    """Scenario 6: every service, with its version and date; each leads on to its own history."""
    client.record_deployment(told("prod-eu"))
    client.record_deployment(
        RecordCreate(service=OTHER, environment="prod-eu", version="7.0", deployed_by="bo")
    )

    cells = client.get_current_in_environment("prod-eu").cells

    assert [(cell.service, cell.version) for cell in cells] == [(OTHER, "7.0"), (PORTAL, "1.2.0")]
    assert cells[0].deployed_by == "bo"
    (one,) = client.list_service_history(cells[0].service).items
    assert one.id == cells[0].deployment_id
    stats = client.get_stats()
    assert (stats.services, stats.deployments_this_week) == (2, 2)
    assert [each.service for each in stats.recent] == [OTHER, PORTAL]


@pytest.mark.skipif(not HISTORY.exists(), reason="shared/data is not beside this repository")
def test_four_months_of_real_history_answer_for_any_instant(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """What stood then, as its source says it did, cell by cell; sent again, nothing is added."""
    with HISTORY.open("rb") as rows:
        first = gatepost.import_history(File(payload=rows), create_missing=True)

    async def again() -> int:
        rows = BytesIO(HISTORY.read_bytes())
        async with AsyncGatepost(server.url, token=server.token) as client:
            return (await client.import_history(File(payload=rows))).repeated

    assert (first.imported, asyncio.run(again())) == (1418, 1418)
    state = gatepost.get_current_state(at=datetime(2023, 1, 1, tzinfo=UTC))
    found = sorted((cell.service, cell.environment, cell.version) for cell in state.cells)
    with TRUTH.open(newline="") as truth:
        stood = [
            (row["service"], row["environment"], row["version"]) for row in csv.DictReader(truth)
        ]
    assert found == sorted(stood)
    assert server.verify().returncode == 0


def test_a_current_state_that_was_tampered_with_is_found(
    server: ServerProcess, client: Gatepost
) -> None:
    """`gatepost-server verify` names the cell, and does so too where an import was changed."""
    client.record_deployment(told("prod-eu"))
    rows = "service,environment,version,deployed_at\n"
    rows += f"{PORTAL},prod-us,1.1.0,2026-01-01T00:00:00Z\n"
    client.import_history(File(payload=BytesIO(rows.encode())))
    server.stop()
    assert server.verify().returncode == 0

    with closing(sqlite3.connect(server.data / "gatepost.db")) as shell:
        shell.execute("UPDATE current_cells SET version = '1.1.0' WHERE environment = 'prod-eu'")
        shell.commit()

    verified = server.verify()
    assert (verified.returncode, verified.stdout) == (1, "")
    assert f"{PORTAL} in prod-eu" in verified.stderr
