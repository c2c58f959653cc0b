"""Migration from revision 0008, which has no claims, to 0009."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, text

from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Action, Status
from gatepost_persistence.mapping import catalog
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.builders import NOON, create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.claims import a_step, claim_task, finish, report
from tests.support.domain.lifecycle import ACTIONS_TO_REACH, WORKER_POLICY
from tests.support.domain.tracking import ENVIRONMENTS, minutes_after_noon
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.empty_databases import create_empty_file, create_tables
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import forget_former_tiers
from tests.support.storage.postgres_cluster import PostgresCluster

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
EVERYTHING = DeploymentFilter(oldest_first=True)
ALL = PageRequest(limit=1000)
WORKER_ENVIRONMENT = {"farm": (ENVIRONMENTS["production"][0], WORKER_POLICY)}
NEW = {
    "approved_stage",
    "independence",
    "triggered_by",
    "unmapped_issuer",
    "target_version",
    "target_digest",
    "target_set_at",
    "recorded_rollback",
    "started_in_production",
}
"""Columns of deployments that revision 0008 did not have."""
TARGET = Target(
    service="shop",
    environment="farm",
    settings=DEFAULT_TARGET_SETTINGS,
    revision=1,
    changed_at=NOON,
    changed_by="olga",
)


@pytest.fixture
async def before() -> InMemoryLedger:
    """Return a ledger with two queued deployments and one that an operator has started."""
    ledger = InMemoryLedger()
    await create_catalog(ledger, policies=ENVIRONMENTS | WORKER_ENVIRONMENT)
    await forget_former_tiers(ledger)
    for minute, (status, environment) in enumerate(
        ((Status.QUEUED, "farm"), (Status.QUEUED, "farm"), (Status.STARTED, "production"))
    ):
        requested = await request_deployment(ledger, environment=environment)
        for index, action in enumerate(ACTIONS_TO_REACH[status]):
            await perform_action(
                ledger, action, requested.id, f"p{index}", at=minutes_after_noon(minute)
            )
    return ledger


async def rows_of(before: InMemoryLedger) -> dict[str, list[RowValues]]:
    """Return the ledger's rows by table, with a target as revision 0008 stored it."""
    environments = (await before.environments(ALL)).items
    target = catalog.target_to_row(TARGET)
    settings = json.loads(str(target["settings"]))
    for name in ("failure_percent", "seed"):
        del settings["executor"][name]
    del settings["deadline_s"]
    return {
        "services": [catalog.service_to_row(await before.service("shop"))],
        "versions": [catalog.version_to_row(await before.version("shop", "1.0.0"))],
        "environments": [
            {
                name: value
                for name, value in catalog.environment_to_row(item).items()
                if name != "was_production"
            }
            for item in environments
        ],
        "policies": [
            catalog.policy_to_row(await before.policy(environment.name, 1))
            for environment in environments
        ],
        "target_settings": [target | {"settings": json.dumps(settings)}],
        "deployments": [
            {name: value for name, value in deployment_to_row(item).items() if name not in NEW}
            for item in await deployments(before)
        ],
        "deployment_events": [entry_to_row(item) for item in await all_entries(before)],
    }


async def deployments(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(EVERYTHING, ALL)).items)


def write_0008(connection: Connection, tables: dict[str, list[RowValues]]) -> None:
    """Write rows as the release of revision 0008 wrote them."""
    connection.exec_driver_sql("BEGIN")
    for table, values in tables.items():
        for row in values:
            placeholders = ", ".join(f":{column}" for column in row)
            statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({placeholders})"
            connection.execute(text(statement), row)
    connection.exec_driver_sql("COMMIT")


@pytest.fixture
async def old_file(tmp_path: Path, before: InMemoryLedger) -> Path:
    """Return a file of revision 0008 with the rows of that ledger."""
    path, tables = tmp_path / "old.db", await rows_of(before)
    create_empty_file(path, "0008")
    engine = create_write_engine(path)
    with engine.connect() as connection:
        write_0008(connection, tables)
    engine.dispose()
    return path


@pytest.fixture
async def old_database(cluster: PostgresCluster, before: InMemoryLedger) -> AsyncIterator[URL]:
    """Return a database of revision 0008 with the rows of that ledger."""
    with cluster.temporary_database(template="template0") as database_url:
        url, tables = parse_url(database_url), await rows_of(before)
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(create_tables, "0008")
            await connection.run_sync(write_0008, tables)
        await engine.dispose()
        yield url


async def assert_rollouts_continue(
    ledger: SqliteLedger | PostgresLedger, before: InMemoryLedger
) -> None:
    """Assert that the data is unchanged and that queued deployments are deployed in order."""
    assert await deployments(ledger) == await deployments(before)
    assert await ledger.reads.target("shop", "farm") == TARGET
    assert (
        await ledger.reads.read_snapshot(
            lambda uow: uow.claims.list_past_deadline(minutes_after_noon(10**6))
        )
        == ()
    )
    for number in (1, 2):
        task = await claim_task(ledger, at=minutes_after_noon(5))
        assert (task.deployment.number, task.claim.fencing_token) == (number, number)
        await report(ledger, task.claim, a_step(), at=minutes_after_noon(5))
        finished = await finish(ledger, task.claim, at=minutes_after_noon(6))
        assert finished.status is Status.SUCCEEDED
    assert (await perform_action(ledger, Action.SUCCEED, 3)).status is Status.SUCCEEDED


async def test_workers_deploy_queued_deployments_of_an_upgraded_file(
    old_file: Path, before: InMemoryLedger
) -> None:
    """Workers claim the deployments in order, and targets have the default deadline."""
    ledger = await SqliteLedger.open(old_file)

    await assert_rollouts_continue(ledger, before)

    await ledger.close()


async def test_workers_deploy_queued_deployments_of_an_upgraded_database(
    old_database: URL, before: InMemoryLedger
) -> None:
    """An upgraded PostgreSQL database behaves like an upgraded SQLite file."""
    ledger = await PostgresLedger.open(old_database)

    await assert_rollouts_continue(ledger, before)

    await ledger.close()


def test_upgraded_file_has_the_schema_of_a_new_file(old_file: Path, path: Path) -> None:
    """An upgraded file has the same columns, indexes and triggers as a new one."""
    migrate_file(old_file)

    assert query_sqlite(old_file, SCHEMA) == query_sqlite(path, SCHEMA)
