"""Migration from revision 0007, which has no promotion, to 0008."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from gatepost_persistence.mapping import catalog
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.verification.database import verify_database
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
from tests.support.storage.empty_databases import create_empty_file, create_tables
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import forget_former_tiers
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql
from tests.support.storage.sqlite_files import find_faults_in_file, find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
ALL = PageRequest(limit=1000)
WORKER_ENVIRONMENT = {"farm": (ENVIRONMENTS["production"][0], WORKER_POLICY)}
NEW_FIELDS = {
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
"""Fields of a policy that revision 0007 did not have."""
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
    """Return a ledger with deployments in every status, records, a hidden record and an import."""
    ledger = InMemoryLedger()
    services = ["shop", *(status.replace("_", "-") for status in Status)]
    await create_catalog(
        ledger, services=services, versions=["1"], policies=ENVIRONMENTS | WORKER_ENVIRONMENT
    )
    await forget_former_tiers(ledger)
    for minute, status in enumerate(Status):
        environment = "farm" if status is Status.QUEUED else "production"
        requested = await request_deployment(
            ledger, service=status.replace("_", "-"), environment=environment, version="1"
        )
        for index, action in enumerate(ACTIONS_TO_REACH[status]):
            await perform_action(
                ledger, action, requested.id, f"p{index}", at=minutes_after_noon(minute)
            )
    await create_record(ledger, version="1", external_id="run-1")
    await hide_deployment(ledger, (await create_record(ledger, version="1")).id)
    await import_rows(ledger, [history_row(2, environment="test", version="1")])
    return ledger


async def rows_of(before: InMemoryLedger) -> dict[str, list[RowValues]]:
    """Return the ledger's rows by table; only columns of revision 0007 are written later."""
    services = (await before.services(ALL)).items
    versions = [
        item for service in services for item in (await before.versions(service.name, ALL)).items
    ]
    environments = (await before.environments(ALL)).items
    policies = [await before.policy(item.name, 1) for item in environments]
    cells = (await before.current_state(NO_FILTER)).cells
    return {
        "services": [catalog.service_to_row(item) for item in services],
        "versions": [catalog.version_to_row(item) for item in versions],
        "environments": [catalog.environment_to_row(item) for item in environments],
        "policies": [policy_of_0007(catalog.policy_to_row(item)) for item in policies],
        "deployments": [deployment_to_row(item) for item in await deployments(before)],
        "deployment_events": [entry_to_row(item) for item in await all_entries(before)],
        "targets": [
            {
                "service": item.service,
                "environment": item.environment,
                "known_since": to_rfc3339(item.deployed_at),
            }
            for item in cells
        ],
        "current_cells": [
            {
                "service": item.service,
                "environment": item.environment,
                "tier": item.tier,
                "deployment_id": str(item.deployment_id),
                "number": item.number,
                "version": item.version,
                "deployed_at": to_rfc3339(item.deployed_at),
                "deployed_by": item.deployed_by,
            }
            for item in cells
        ],
    }


async def deployments(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items)


async def hashes(ledger: InMemoryLedger | SqliteLedger | PostgresLedger) -> list[str]:
    return [entry.hash for entry in await all_entries(ledger.reads)]


def policy_of_0007(policy: RowValues) -> RowValues:
    """Return a policy row without the fields added after revision 0007."""
    fields = json.loads(str(policy["policy"]))
    return policy | {
        "policy": json.dumps({name: fields[name] for name in fields.keys() - NEW_FIELDS})
    }


def write(connection: Connection, tables: dict[str, list[RowValues]]) -> None:
    """Write rows as the release of revision 0007 wrote them."""
    connection.exec_driver_sql("BEGIN")
    for table, values in tables.items():
        columns = {column["name"] for column in inspect(connection).get_columns(table)}
        for complete in values:
            row = {name: value for name, value in complete.items() if name in columns}
            placeholders = ", ".join(f":{column}" for column in row)
            statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({placeholders})"
            connection.execute(text(statement), row)
    connection.exec_driver_sql("COMMIT")


@pytest.fixture
async def old_file(tmp_path: Path, before: InMemoryLedger) -> Path:
    """Return a file of revision 0007 with the rows of that ledger."""
    path = tmp_path / "old.db"
    create_empty_file(path, "0007")
    engine = create_write_engine(path)
    with engine.connect() as connection:
        write(connection, await rows_of(before))
    engine.dispose()
    return path


@pytest.fixture
async def old_database(cluster: PostgresCluster, before: InMemoryLedger) -> AsyncIterator[URL]:
    """Return a database of revision 0007 with the rows of that ledger."""
    with cluster.temporary_database(template="template0") as database_url:
        url, tables = parse_url(database_url), await rows_of(before)
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(create_tables, "0007")
            await connection.run_sync(write, tables)
        await engine.dispose()
        yield url


async def test_upgraded_file_keeps_all_data(old_file: Path, before: InMemoryLedger) -> None:
    """The current state is unchanged, and there are no promotions, overrides, blocks or holds.

    One event records the state that the upgrade found, and one which tiers were production.
    """
    ledger = await SqliteLedger.open(old_file)

    assert await deployments(ledger) == await deployments(before)
    assert (await hashes(ledger))[:-2] == await hashes(before)
    assert await ledger.reads.read_snapshot(new_facts) == []
    policy = await ledger.reads.policy("farm", 1)
    assert policy == await before.policy("farm", 1)
    await ledger.close()
    assert find_faults_in_file(old_file) == []
    assert find_log_faults(old_file) == []


async def test_upgraded_database_keeps_all_data(old_database: URL, before: InMemoryLedger) -> None:
    """An upgraded PostgreSQL database keeps all data, and its triggers exist again."""
    ledger = await PostgresLedger.open(old_database)

    assert await deployments(ledger) == await deployments(before)
    assert (await hashes(ledger))[:-2] == await hashes(before)
    assert await ledger.reads.read_snapshot(new_facts) == []
    await ledger.close()
    verification = await query_database(old_database, verify_database)
    assert verification.faults == ()
    for attack, reason in ATTACKS.items():
        with pytest.raises(IntegrityError, match=reason):
            await execute_sql(old_database, attack)


async def test_new_rules_apply_to_waiting_deployments(old_file: Path) -> None:
    """A waiting deployment can be approved by break-glass, and the event chain continues."""
    ledger = await SqliteLedger.open(old_file)

    approved = await perform_action(ledger, Action.BREAK_GLASS, 1)
    assert await ledger.reads.deployment(1) == approved
    await ledger.close()

    assert approved.after_review is not None
    assert find_log_faults(old_file) == []
    assert find_faults_in_file(old_file) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_triggers_are_restored_after_the_upgrade(old_file: Path, attack: str) -> None:
    """The restored triggers also protect the new columns."""
    migrate_file(old_file)

    with (
        closing(sqlite3.connect(old_file)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=ATTACKS[attack]),
    ):
        connection.execute(attack)


def test_upgraded_file_has_the_schema_of_a_new_file(old_file: Path, path: Path) -> None:
    """An upgraded file has the same columns, indexes and triggers as a new one."""
    migrate_file(old_file)

    assert query_sqlite(old_file, SCHEMA) == query_sqlite(path, SCHEMA)


def new_facts(uow: UnitOfWork) -> list[object]:
    """Return the gate facts stored in columns that revision 0007 did not have."""
    lane = "shop", "production"
    facts = (
        *uow.deployments.list_due_to_expire(minutes_after_noon(10**6)),
        *uow.deployments.list_newly_overdue_after_reviews(minutes_after_noon(10**6)),
        uow.deployments.find_overdue_after_review("production", minutes_after_noon(10**6)),
        uow.restrictions.find_hold(*lane),
        *uow.restrictions.list_blocked_versions(*lane),
    )
    return [fact for fact in facts if fact is not None]
