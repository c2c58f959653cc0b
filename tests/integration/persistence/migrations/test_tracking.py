"""Migration from revision 0002, which has no current state, to 0004."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.tracking.history_filters import HistoryFilter
from gatepost_persistence.mapping import catalog, deployments
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.builders import create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.lifecycle import ACTIONS_TO_REACH, WORKER_POLICY
from tests.support.domain.tracking import ENVIRONMENTS, current_versions, minutes_after_noon
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.empty_databases import create_empty_file
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import forget_former_tiers
from tests.support.storage.sqlite_files import find_faults_in_file, find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
ALL = PageRequest(limit=1000)
NEW_COLUMNS = {
    "deployed_by",
    "rolled_back_at",
    "external_id",
    "unreviewed",
    "import_seq",
    "hidden_at",
    "hidden_by",
    "hidden_reason",
}
"""Columns that revision 0002 did not have."""
WORKER_ENVIRONMENT = {"farm": (ENVIRONMENTS["production"][0], WORKER_POLICY)}


@pytest.fixture
async def before() -> InMemoryLedger:
    """Return a ledger with a deployment in every status and one lane with several deployments."""
    ledger = InMemoryLedger()
    services = ["shop", *(status.replace("_", "-") for status in Status)]
    await create_catalog(
        ledger, services=services, versions=["1", "2"], policies=ENVIRONMENTS | WORKER_ENVIRONMENT
    )
    await forget_former_tiers(ledger)
    for minute, status in enumerate(Status):
        environment = "farm" if status is Status.QUEUED else "production"
        name = status.replace("_", "-")
        requested = await request_deployment(
            ledger, service=name, environment=environment, version="1"
        )
        for index, action in enumerate(ACTIONS_TO_REACH[status]):
            await perform_action(
                ledger, action, requested.id, f"p{index}", at=minutes_after_noon(minute)
            )
    for minute, version in ((10, "1"), (20, "2")):
        requested = await request_deployment(ledger, environment="test", version=version)
        await perform_action(ledger, Action.START, requested.id, at=minutes_after_noon(minute))
        await perform_action(ledger, Action.SUCCEED, requested.id, at=minutes_after_noon(minute))
    await perform_action(ledger, Action.ROLLBACK, 11, at=minutes_after_noon(30))
    return ledger


@pytest.fixture
async def old_file(tmp_path: Path, before: InMemoryLedger) -> Path:
    """Return a file of revision 0002 with the rows of that ledger."""
    path = tmp_path / "old.db"
    create_empty_file(path, "0002")
    services = (await before.services(ALL)).items
    versions = [
        item for service in services for item in (await before.versions(service.name, ALL)).items
    ]
    environments = (await before.environments(ALL)).items
    policies = [await before.policy(item.name, 1) for item in environments]
    for table, values in (
        ("services", [catalog.service_to_row(item) for item in services]),
        ("versions", [catalog.version_to_row(item) for item in versions]),
        ("environments", [catalog.environment_to_row(item) for item in environments]),
        ("policies", [catalog.policy_to_row(item) for item in policies]),
        ("deployments", [deployment_of_0002(item) for item in await all_deployments(before)]),
        ("deployment_events", [entry_to_row(item) for item in await all_entries(before)]),
    ):
        write(path, table, values)
    return path


def deployment_of_0002(deployment: Deployment) -> RowValues:
    row = deployments.deployment_to_row(deployment)
    return {name: row[name] for name in row if name not in NEW_COLUMNS}


def write(path: Path, table: str, values: list[RowValues]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        columns = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
        for complete in values:
            row = {name: value for name, value in complete.items() if name in columns}
            placeholders = ", ".join(f":{column}" for column in row)
            connection.execute(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({placeholders})", row
            )
        connection.commit()


async def all_deployments(ledger: InMemoryLedger | SqliteLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items)


async def test_upgraded_file_has_the_same_current_state(
    old_file: Path, before: InMemoryLedger
) -> None:
    """The current state is derived from the events, for now and for every past time."""
    ledger = await SqliteLedger.open(old_file)

    assert await all_deployments(ledger) == await all_deployments(before)
    assert await current_versions(ledger) == {
        ("succeeded", "production"): ("1", 5),
        ("shop", "test"): ("1", 10),
    }
    for minute in (0, 5, 10, 20, 29, 30):
        expected = await current_versions(before, minutes_after_noon(minute))
        assert await current_versions(ledger, minutes_after_noon(minute)) == expected
    shop = HistoryFilter(services=("shop",))
    assert await ledger.reads.deployment_history(shop, ALL) == await before.deployment_history(
        shop, ALL
    )
    await ledger.close()
    assert find_faults_in_file(old_file) == []


async def test_upgrade_derives_author_and_rollback_time_from_events(old_file: Path) -> None:
    """The author and the rollback time of an old deployment are read from its events."""
    migrate_file(old_file)

    rollback = "SELECT deployed_by, rolled_back_at FROM deployments WHERE number = 11"
    assert query_sqlite(old_file, rollback) == [("olga", "2026-11-21T12:30:00.000000Z")]


async def test_current_state_is_updated_after_the_upgrade(old_file: Path) -> None:
    """A rollback after the upgrade keeps the event chain and the current state consistent."""
    ledger = await SqliteLedger.open(old_file)

    await perform_action(ledger, Action.ROLLBACK, 10, at=minutes_after_noon(40))
    await ledger.close()

    assert find_log_faults(old_file) == []
    assert find_faults_in_file(old_file) == []


def test_upgraded_file_has_the_schema_of_a_new_file(old_file: Path, path: Path) -> None:
    """An upgraded file has the same columns, indexes and triggers as a new one."""
    migrate_file(old_file)

    assert query_sqlite(old_file, SCHEMA) == query_sqlite(path, SCHEMA)
