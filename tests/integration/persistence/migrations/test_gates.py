"""Bringing a database of revision 0007, which knew no promotions, to 0008, which does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import find_chain_break, to_rfc3339
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, Status
from gatepost_persistence.mapping import catalog
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.migrations import runner
from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.verification import verify_database
from tests.support.builders import create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.lifecycle import ACTIONS_TO_REACH, WORKER_POLICY
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    NO_FILTER,
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
)
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql
from tests.support.storage.sqlite_files import find_differences_in_file, read_events_of_file

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
ALL = PageRequest(limit=1000)
FARM = {"farm": (ENVIRONMENTS["production"][0], WORKER_POLICY)}
NEW = {
    "outgoing_allow",
    "requires",
    "requires_mode",
    "soak_s",
    "max_age_s",
    "promotes_to",
    "auto_promote",
    "rollback_approvals",
    "after_review_s",
    "approval_expires_s",
}
"""What a policy of 0007 did not say."""
ATTACKS = {
    "UPDATE deployments SET automatic = automatic": "what was asked for never changes",
    "UPDATE deployments SET promoted_from = id": "what was asked for never changes",
    "UPDATE deployments SET expires_at = 'x' WHERE kind = 'record'": "a record never changes",
    "UPDATE deployments SET deployed_at = 'x' WHERE status = 'succeeded' AND kind <> 'record'": (
        "stays as it was told"
    ),
}


@pytest.fixture
async def before() -> InMemoryLedger:
    """A history with deployments in every status, records, one of them hidden, and imports."""
    ledger = InMemoryLedger()
    services = ["shop", *(status.replace("_", "-") for status in Status)]
    await create_catalog(ledger, services=services, versions=["1"], policies=ENVIRONMENTS | FARM)
    for minute, status in enumerate(Status):
        where = "farm" if status is Status.QUEUED else "production"
        asked = await request_deployment(
            ledger, service=status.replace("_", "-"), environment=where, version="1"
        )
        for step, action in enumerate(ACTIONS_TO_REACH[status]):
            await perform_action(
                ledger, action, asked.id, f"p{step}", at=minutes_after_noon(minute)
            )
    await create_record(ledger, version="1", external_id="run-1")
    await hide_deployment(ledger, (await create_record(ledger, version="1")).id)
    await import_rows(ledger, [history_row(2, environment="test", version="1")])
    return ledger


async def rows_of(before: InMemoryLedger) -> dict[str, list[RowValues]]:
    """That history in rows, by table; of each, only the columns that 0007 had are written."""
    services = (await before.services(ALL)).items
    versions = [each for s in services for each in (await before.versions(s.name, ALL)).items]
    environments = (await before.environments(ALL)).items
    policies = [await before.policy(each.name, 1) for each in environments]
    cells = (await before.current_state(NO_FILTER)).cells
    return {
        "services": [catalog.service_to_row(each) for each in services],
        "versions": [catalog.version_to_row(each) for each in versions],
        "environments": [catalog.environment_to_row(each) for each in environments],
        "policies": [as_0007(catalog.policy_to_row(each)) for each in policies],
        "deployments": [deployment_to_row(each) for each in await deployments(before)],
        "deployment_events": [entry_to_row(each) for each in await all_entries(before)],
        "targets": [
            {
                "service": each.service,
                "environment": each.environment,
                "known_since": to_rfc3339(each.deployed_at),
            }
            for each in cells
        ],
        "current_cells": [
            {
                "service": each.service,
                "environment": each.environment,
                "tier": each.tier,
                "deployment_id": str(each.deployment_id),
                "number": each.number,
                "version": each.version,
                "deployed_at": to_rfc3339(each.deployed_at),
                "deployed_by": each.deployed_by,
            }
            for each in cells
        ],
    }


async def deployments(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items)


async def hashes(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[str]:
    return [entry.hash for entry in await all_entries(ledger.reads)]


def as_0007(policy: RowValues) -> RowValues:
    """A policy that says nothing of promotion, rollback and break-glass."""
    told = json.loads(str(policy["policy"]))
    return policy | {"policy": json.dumps({name: told[name] for name in told.keys() - NEW})}


def to_0007(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(runner.__file__).parent))
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN")
    command.upgrade(config, "0007")
    connection.exec_driver_sql("COMMIT")


def write(connection: Connection, tables: dict[str, list[RowValues]]) -> None:
    """Write rows as the release of 0007 wrote them."""
    connection.exec_driver_sql("BEGIN")
    for table, values in tables.items():
        known = {column["name"] for column in inspect(connection).get_columns(table)}
        for whole in values:
            row = {name: value for name, value in whole.items() if name in known}
            marks = ", ".join(f":{column}" for column in row)
            statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
            connection.execute(text(statement), row)
    connection.exec_driver_sql("COMMIT")


@pytest.fixture
async def old(tmp_path: Path, before: InMemoryLedger) -> Path:
    """That history in a file of revision 0007."""
    path = tmp_path / "old.db"
    engine = create_write_engine(path)
    with engine.connect() as connection:
        to_0007(connection)
        write(connection, await rows_of(before))
    engine.dispose()
    return path


@pytest.fixture
async def old_database(cluster: PostgresCluster, before: InMemoryLedger) -> AsyncIterator[URL]:
    """That history in a database of revision 0007."""
    with cluster.temporary_database(template="template0") as fresh:
        url, tables = parse_url(fresh), await rows_of(before)
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(to_0007)
            await connection.run_sync(write, tables)
        await engine.dispose()
        yield url


async def test_a_file_keeps_all_that_was_told(old: Path, before: InMemoryLedger) -> None:
    """Nothing of it was promoted, overridden, blocked or held; what stands goes on standing."""
    ledger = await SqliteLedger.open(old)

    assert await deployments(ledger) == await deployments(before)
    assert await hashes(ledger) == await hashes(before)
    assert await ledger.reads.read_snapshot(anything_due) == []
    policy = await ledger.reads.policy("farm", 1)
    assert policy == await before.policy("farm", 1)
    await ledger.close()
    assert list(find_differences_in_file(old)) == []
    assert find_chain_break(read_events_of_file(old)) is None


async def test_a_database_keeps_all_that_was_told(
    old_database: URL, before: InMemoryLedger
) -> None:
    """As a file does; the guards that were made anew are there again."""
    ledger = await PostgresLedger.open(old_database)

    assert await deployments(ledger) == await deployments(before)
    assert await hashes(ledger) == await hashes(before)
    assert await ledger.reads.read_snapshot(anything_due) == []
    await ledger.close()
    verdict = await query_database(old_database, verify_database)
    assert (verdict.chain_break, verdict.differences) == (None, ())
    for attack, reason in ATTACKS.items():
        with pytest.raises(IntegrityError, match=reason):
            await execute_sql(old_database, attack)


async def test_what_was_going_on_goes_on_by_the_new_rules(old: Path) -> None:
    """What waited for its reviewers can go without them, and the chain goes on."""
    ledger = await SqliteLedger.open(old)

    broken = await perform_action(ledger, Action.BREAK_GLASS, 1)
    assert await ledger.reads.deployment(1) == broken
    await ledger.close()

    assert broken.after_review is not None
    assert find_chain_break(read_events_of_file(old)) is None
    assert list(find_differences_in_file(old)) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_guards_are_there_again(old: Path, attack: str) -> None:
    """They were lifted to be made anew, with the new columns among those they guard."""
    migrate_file(old)

    with (
        closing(sqlite3.connect(old)) as other,
        pytest.raises(sqlite3.IntegrityError, match=ATTACKS[attack]),
    ):
        other.execute(attack)


def test_an_upgraded_file_has_the_tables_of_a_new_one(old: Path, path: Path) -> None:
    """Column for column, guard for guard."""
    migrate_file(old)

    assert query_sqlite(old, SCHEMA) == query_sqlite(path, SCHEMA)


def anything_due(uow: UnitOfWork) -> list[object]:
    """What the gates could find of which 0007 knew nothing."""
    lane = "shop", "production"
    found = (
        *uow.deployments.list_expired(minutes_after_noon(10**6)),
        *uow.deployments.reviews_becoming_overdue(minutes_after_noon(10**6)),
        uow.deployments.find_overdue_review("production", minutes_after_noon(10**6)),
        uow.restrictions.find_hold(*lane),
        *uow.restrictions.blocked_versions(*lane),
    )
    return [each for each in found if each is not None]
