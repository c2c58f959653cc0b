"""Bringing a database of revision 0008, in which nothing was ever claimed, to 0009."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text

from gatepost_domain.catalog.target import UNSET_TARGET, Target
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import Window
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Action, Status
from gatepost_persistence.mapping import catalog
from gatepost_persistence.mapping.deployments import deployment_values
from gatepost_persistence.mapping.events import entry_values
from gatepost_persistence.mapping.values import Values
from gatepost_persistence.migrations import runner
from gatepost_persistence.postgres.engine import address
from gatepost_persistence.postgres.engine import writing_engine as postgres_engine
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.engine import writing_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.acting import act, ask, history
from tests.support.builders import NOON, with_catalog
from tests.support.claims import a_step, claimed, finish, report
from tests.support.ledgers import rows
from tests.support.lifecycle import PATHS, WORKER_RUN
from tests.support.memory.ledger import InMemoryLedger
from tests.support.postgres import Cluster
from tests.support.tracking import PLACES, minutes

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
EVERYTHING = DeploymentFilter(oldest_first=True)
ALL = Window(limit=1000)
FARM = {"farm": (PLACES["production"][0], WORKER_RUN)}
TARGET = Target(
    service="shop",
    environment="farm",
    settings=UNSET_TARGET,
    revision=1,
    changed_at=NOON,
    changed_by="olga",
)


@pytest.fixture
async def before() -> InMemoryLedger:
    """Two deployments that are queued, and one that an operator has started."""
    ledger = InMemoryLedger()
    await with_catalog(ledger, policies=PLACES | FARM)
    for minute, (status, environment) in enumerate(
        ((Status.QUEUED, "farm"), (Status.QUEUED, "farm"), (Status.STARTED, "production"))
    ):
        asked = await ask(ledger, environment=environment)
        for step, action in enumerate(PATHS[status]):
            await act(ledger, action, asked.id, f"p{step}", at=minutes(minute))
    return ledger


async def rows_of(before: InMemoryLedger) -> dict[str, list[Values]]:
    """That history in rows, by table, with a target as it was set up then."""
    environments = (await before.environments(ALL)).items
    target = catalog.target_values(TARGET)
    settings = json.loads(str(target["settings"]))
    for name in ("failure_percent", "seed"):
        del settings["executor"][name]
    del settings["deadline_s"]
    return {
        "services": [catalog.service_values(await before.service("shop"))],
        "versions": [catalog.version_values(await before.version("shop", "1.0.0"))],
        "environments": [catalog.environment_values(each) for each in environments],
        "policies": [catalog.policy_values(await before.policy(e.name, 1)) for e in environments],
        "target_settings": [target | {"settings": json.dumps(settings)}],
        "deployments": [deployment_values(each) for each in await deployments(before)],
        "deployment_events": [entry_values(each) for each in await history(before)],
    }


async def deployments(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(EVERYTHING, ALL)).items)


def to_0008(connection: Connection, tables: dict[str, list[Values]]) -> None:
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
    engine = writing_engine(path)
    with engine.connect() as connection:
        to_0008(connection, tables)
    engine.dispose()
    return path


@pytest.fixture
async def old_database(cluster: Cluster, before: InMemoryLedger) -> AsyncIterator[URL]:
    """That history in a database of revision 0008."""
    with cluster.a_database(template="template0") as fresh:
        url, tables = address(fresh), await rows_of(before)
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(to_0008, tables)
        await engine.dispose()
        yield url


async def all_goes_on(ledger: SqliteLedger | PostgresLedger, before: InMemoryLedger) -> None:
    """What was told is told; what was queued is carried out, in its order."""
    assert await deployments(ledger) == await deployments(before)
    assert await ledger.reads.target("shop", "farm") == TARGET
    assert await ledger.reads.look(lambda work: work.claims.past_deadline(minutes(10**6))) == ()
    for number in (1, 2):
        task = await claimed(ledger, at=minutes(5))
        assert (task.deployment.number, task.claim.fencing_token) == (number, number)
        await report(ledger, task.claim, a_step(), at=minutes(5))
        ended = await finish(ledger, task.claim, at=minutes(6))
        assert ended.status is Status.SUCCEEDED
    assert (await act(ledger, Action.SUCCEED, 3)).status is Status.SUCCEEDED


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

    assert rows(old, SCHEMA) == rows(path, SCHEMA)
