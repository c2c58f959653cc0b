"""Bringing a database of revision 0008, in which nothing was ever claimed, to 0009."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text

from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Action, Status
from gatepost_persistence.mapping import catalog
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.migrations import runner
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
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.postgres_cluster import PostgresCluster

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
EVERYTHING = DeploymentFilter(oldest_first=True)
ALL = PageRequest(limit=1000)
FARM = {"farm": (ENVIRONMENTS["production"][0], WORKER_POLICY)}
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
    """Two deployments that are queued, and one that an operator has started."""
    ledger = InMemoryLedger()
    await create_catalog(ledger, policies=ENVIRONMENTS | FARM)
    for minute, (status, environment) in enumerate(
        ((Status.QUEUED, "farm"), (Status.QUEUED, "farm"), (Status.STARTED, "production"))
    ):
        asked = await request_deployment(ledger, environment=environment)
        for step, action in enumerate(ACTIONS_TO_REACH[status]):
            await perform_action(
                ledger, action, asked.id, f"p{step}", at=minutes_after_noon(minute)
            )
    return ledger


async def rows_of(before: InMemoryLedger) -> dict[str, list[RowValues]]:
    """That history in rows, by table, with a target as it was set up then."""
    environments = (await before.environments(ALL)).items
    target = catalog.target_to_row(TARGET)
    settings = json.loads(str(target["settings"]))
    for name in ("failure_percent", "seed"):
        del settings["executor"][name]
    del settings["deadline_s"]
    return {
        "services": [catalog.service_to_row(await before.service("shop"))],
        "versions": [catalog.version_to_row(await before.version("shop", "1.0.0"))],
        "environments": [catalog.environment_to_row(each) for each in environments],
        "policies": [catalog.policy_to_row(await before.policy(e.name, 1)) for e in environments],
        "target_settings": [target | {"settings": json.dumps(settings)}],
        "deployments": [deployment_to_row(each) for each in await deployments(before)],
        "deployment_events": [entry_to_row(each) for each in await all_entries(before)],
    }


async def deployments(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(EVERYTHING, ALL)).items)


def to_0008(connection: Connection, tables: dict[str, list[RowValues]]) -> None:
    """Write rows as the release of 0008 wrote them."""
    config = Config()
    config.set_main_option("script_location", str(Path(runner.__file__).parent))
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN")
    command.upgrade(config, "0008")
    for table, values in tables.items():
        for row in values:
            marks = ", ".join(f":{column}" for column in row)
            statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
            connection.execute(text(statement), row)
    connection.exec_driver_sql("COMMIT")


@pytest.fixture
async def old(tmp_path: Path, before: InMemoryLedger) -> Path:
    """That history in a file of revision 0008."""
    path, tables = tmp_path / "old.db", await rows_of(before)
    engine = create_write_engine(path)
    with engine.connect() as connection:
        to_0008(connection, tables)
    engine.dispose()
    return path


@pytest.fixture
async def old_database(cluster: PostgresCluster, before: InMemoryLedger) -> AsyncIterator[URL]:
    """That history in a database of revision 0008."""
    with cluster.temporary_database(template="template0") as fresh:
        url, tables = parse_url(fresh), await rows_of(before)
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(to_0008, tables)
        await engine.dispose()
        yield url


async def all_goes_on(ledger: SqliteLedger | PostgresLedger, before: InMemoryLedger) -> None:
    """What was told is told; what was queued is carried out, in its order."""
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
        ended = await finish(ledger, task.claim, at=minutes_after_noon(6))
        assert ended.status is Status.SUCCEEDED
    assert (await perform_action(ledger, Action.SUCCEED, 3)).status is Status.SUCCEEDED


async def test_in_a_file_workers_go_on_with_what_was_queued(
    old: Path, before: InMemoryLedger
) -> None:
    """Nothing was claimed before, so that nothing has lapsed; targets have the usual deadline."""
    ledger = await SqliteLedger.open(old)

    await all_goes_on(ledger, before)

    await ledger.close()


async def test_in_a_database_workers_go_on_with_what_was_queued(
    old_database: URL, before: InMemoryLedger
) -> None:
    """As in a file."""
    ledger = await PostgresLedger.open(old_database)

    await all_goes_on(ledger, before)

    await ledger.close()


def test_an_upgraded_file_has_the_tables_of_a_new_one(old: Path, path: Path) -> None:
    """Column for column, guard for guard."""
    migrate_file(old)

    assert query_sqlite(old, SCHEMA) == query_sqlite(path, SCHEMA)
