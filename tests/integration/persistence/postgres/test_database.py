"""The PostgreSQL database: its tables, collation, triggers and migrations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_persistence.migrations.runner import HEAD, UnknownRevision, migrate
from gatepost_persistence.postgres.engine import create_write_engine, parse_url
from gatepost_persistence.postgres.ledger import (
    PostgresLedger,
    UnsupportedEncoding,
    migrate_database,
    query_database,
)
from gatepost_persistence.tables.all_tables import METADATA
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS, DeploymentRow
from gatepost_persistence.verification.database import verify_database
from tests.support.builders import a_policy, a_service, an_event, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.claims import a_step, claim_task, report
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    history_row,
    import_rows,
    retire_lane,
)
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql

HASH = "f" * 64
NEXT_SEQ = "(SELECT max(seq) + 1 FROM deployment_events)"
LAST_HASH = "(SELECT hash FROM deployment_events ORDER BY seq DESC LIMIT 1)"
TABLES = (
    "deployment_events",
    "deployments",
    "policies",
    "versions",
    "retirements",
    "claims",
    "deployment_steps",
)


def an_insert(seq: str, prev_hash: str) -> str:
    return (
        "INSERT INTO deployment_events (seq, kind, actor, at, data, prev_hash, hash) "
        f"VALUES ({seq}, 'requested', 'eve', '2026-11-21T12:00:00.000000Z', '{{}}', {prev_hash}, "
        f"'{HASH}')"
    )


COPY = {"number": "n", "id": "'other-' || n", "status": "'cancelled'", "promoted_from": "'source'"}
COLUMNS = [column.name for column in DeploymentRow.table().columns if column.computed is None]
TWO_PROMOTIONS = (
    f"INSERT INTO deployments ({', '.join(COLUMNS)}) "
    f"SELECT {', '.join(COPY.get(name, name) for name in COLUMNS)} "
    "FROM deployments, generate_series(98, 99) AS n WHERE number = 1"
)
ATTACKS = {
    "change an event": "UPDATE deployment_events SET actor = 'eve' WHERE seq = 2",
    "change an event back to itself": "UPDATE deployment_events SET actor = actor",
    "delete an event": "DELETE FROM deployment_events WHERE seq = 3",
    "delete all events": "DELETE FROM deployment_events",
    "truncate the event log": "TRUNCATE deployment_events CASCADE",
    "change the worker of a claim": "UPDATE claims SET worker = 'eve'",
    "change the deadline of a claim": "UPDATE claims SET deadline_at = deadline_at",
    "claim the same attempt again": "INSERT INTO claims SELECT 99, 'other', deployment_id, number, "
    "attempt, 'eve', claimed_at, leased_until, lease_s, deadline_at FROM claims",
    "delete a claim": "DELETE FROM claims",
    "truncate the claims": "TRUNCATE claims",
    "change a step": "UPDATE deployment_steps SET state = 'passed'",
    "delete a step": "DELETE FROM deployment_steps",
    "truncate the steps": "TRUNCATE deployment_steps",
    "truncate everything": "TRUNCATE services, environments CASCADE",
    "upsert an event": an_insert("2", f"'{GENESIS_HASH}'")
    + " ON CONFLICT (seq) DO UPDATE SET actor = 'eve'",
    "insert an event before the first": an_insert("0", f"'{GENESIS_HASH}'"),
    "leave a gap behind the last event": an_insert(f"{NEXT_SEQ} + 1", LAST_HASH),
    "start a second chain": an_insert(NEXT_SEQ, f"'{GENESIS_HASH}'"),
    "insert an event with a wrong hash": an_insert(NEXT_SEQ, f"'{HASH}'"),
    "remove a deployment": "DELETE FROM deployments WHERE number = 1",
    "start a second deployment": "UPDATE deployments SET status = 'started' WHERE number = 2",
    "change a policy": "UPDATE policies SET policy = '{}'",
    "remove a policy": "DELETE FROM policies",
    "change a version": "UPDATE versions SET artifact_digest = 'sha256:eve'",
    "remove a version": "DELETE FROM versions",
    "rename a service": "UPDATE services SET name = 'eve'",
    "remove a service": "DELETE FROM services",
    "rename an environment": "UPDATE environments SET name = 'eve'",
    "promote twice to an environment": TWO_PROMOTIONS,
    "change a record": "UPDATE deployments SET status = 'failed' WHERE kind = 'record'",
    "change an outcome": "UPDATE deployments SET deployed_at = 'x' WHERE deployed_at IS NOT NULL",
    "delete a retirement": "DELETE FROM retirements",
    "change a retirement": "UPDATE retirements SET retired_at = 'x'",
}


@pytest.fixture(scope="module")
def template(cluster: PostgresCluster) -> Iterator[URL]:
    """Return a database with two deployments in one lane, a claim, records and a retirement."""
    with cluster.temporary_database() as database_url:
        url = parse_url(database_url)
        asyncio.run(fill(url))
        yield url


@pytest.fixture
def filled_database(cluster: PostgresCluster, template: URL) -> Iterator[URL]:
    """Return a copy of that database for each test."""
    with cluster.temporary_database(str(template.database)) as url:
        yield parse_url(url)


async def fill(url: URL) -> None:
    ledger = await PostgresLedger.open(url)
    await create_catalog(
        ledger,
        services=["shop", "cart"],
        versions=["1", "2"],
        policies=ENVIRONMENTS
        | {"development": (Tier.DEVELOPMENT, a_policy(execution=ExecutionMode.WORKER))},
    )
    for _ in range(2):
        await request_deployment(ledger, environment="development", version="1")
    await perform_action(ledger, Action.START, 1)
    await report(ledger, (await claim_task(ledger)).claim, a_step())
    await create_record(ledger, version="2", deployed_by="ada")
    await import_rows(
        ledger,
        [
            history_row(2, environment="test", version="1"),
            history_row(3, service="cart", version="2"),
        ],
    )
    await retire_lane(ledger, "cart", "production")
    await ledger.close()


def add_service(name: str, uow: UnitOfWork) -> None:
    uow.services.add(a_service(name), an_event())


async def protected_rows(url: URL) -> list[list[tuple[object, ...]]]:
    """Return the rows of every protected table."""
    return [await execute_sql(url, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
async def test_protected_rows_cannot_be_changed_from_a_shell(
    filled_database: URL, attack: str
) -> None:
    """Every forbidden statement is refused, and no row changes."""
    before = await protected_rows(filled_database)

    with pytest.raises(IntegrityError):
        await execute_sql(filled_database, attack)

    assert await protected_rows(filled_database) == before


async def test_unique_index_allows_one_promotion_per_environment(filled_database: URL) -> None:
    """A second promotion is refused, and the first one is kept."""
    await execute_sql(filled_database, TWO_PROMOTIONS.replace("(98, 99)", "(98, 98)"))

    with pytest.raises(IntegrityError, match="one_promotion_per_environment"):
        await execute_sql(filled_database, TWO_PROMOTIONS.replace("(98, 99)", "(99, 99)"))

    promotions = "SELECT number FROM deployments WHERE promoted_from IS NOT NULL"
    assert await execute_sql(filled_database, promotions) == [(98,)]


async def test_core_columns_of_a_deployment_cannot_be_updated(filled_database: URL) -> None:
    """Any update is refused, even one that sets the same value."""
    for column in IMMUTABLE_DEPLOYMENT_COLUMNS:
        with pytest.raises(IntegrityError, match="what was asked for never changes"):
            await execute_sql(filled_database, f"UPDATE deployments SET {column} = {column}")


async def test_lease_of_a_claim_can_be_renewed(filled_database: URL) -> None:
    """The end of the lease is the only column that can be updated."""
    await execute_sql(filled_database, "UPDATE claims SET leased_until = 'later'")

    assert await execute_sql(filled_database, "SELECT leased_until FROM claims") == [("later",)]


async def test_verification_of_an_unchanged_database_succeeds(filled_database: URL) -> None:
    """The event chain is intact and the current state matches the events."""
    verification = await query_database(filled_database, verify_database)

    assert verification.faults == ()
    assert (
        verification.events
        == (await execute_sql(filled_database, "SELECT count(*) FROM deployment_events"))[0][0]
    )


async def test_verification_names_changed_rows(filled_database: URL) -> None:
    """Verification finds a wrong current-state cell and an event changed without triggers."""
    await execute_sql(
        filled_database, "UPDATE current_cells SET version = '2' WHERE environment = 'test'"
    )

    changed_cell = await query_database(filled_database, verify_database)
    await execute_sql(
        filled_database, "ALTER TABLE deployment_events DISABLE TRIGGER events_never_change"
    )
    await execute_sql(filled_database, "UPDATE deployment_events SET actor = 'eve' WHERE seq = 3")
    changed_event = await query_database(filled_database, verify_database)

    assert [(fault.table, fault.subject, fault.field) for fault in changed_cell.faults] == [
        ("current_cells", "shop in test", "version")
    ]
    assert [fault.subject for fault in changed_event.faults if fault.field == "hash"] == ["event 3"]


async def test_text_is_ordered_by_code_point(postgres: PostgresLedger, database: URL) -> None:
    """Every text column has the collation C, so pages are ordered as in SQLite."""
    unordered = await execute_sql(
        database,
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name <> 'alembic_version' "
        "AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'",
    )
    names = ["a-b", "a1", "ab", "b", "a-a"]
    for name in names:
        await postgres.perform(partial(add_service, name))

    page = await postgres.reads.services(PageRequest(limit=9))

    assert unordered == []
    assert [service.name for service in page.items] == sorted(names)


@pytest.mark.filterwarnings("ignore:Computed default on deployments.happened_at:UserWarning")
async def test_models_match_the_migrated_tables(database: URL) -> None:
    """Models and migrations define the same tables, columns, keys and indexes.

    PostgreSQL adds casts to a computed column that compares text, which Alembic reports as a
    change; the test on SQLite compares its expression.
    """

    def schema_differences(connection: Connection) -> Any:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, METADATA)

    assert await query_database(database, schema_differences) == []


async def test_concurrent_processes_migrate_once(cluster: PostgresCluster) -> None:
    """One process migrates the database, and the others find it up to date."""
    with cluster.temporary_database(template="template0") as database_url:
        url = parse_url(database_url)

        await asyncio.gather(*(migrate_database(url) for _ in range(4)))

        assert await execute_sql(url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_failed_migration_leaves_the_database_unchanged(
    cluster: PostgresCluster,
) -> None:
    """A database with other tables is not migrated partially."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with cluster.temporary_database(template="template0") as database_url:
        url = parse_url(database_url)
        await execute_sql(url, "CREATE TABLE receipts (total integer)")

        with pytest.raises(DBAPIError, match="already exists"):
            await migrate_database(url)

        assert await execute_sql(url, tables) == [("receipts",)]


async def test_repeated_migration_changes_nothing(filled_database: URL) -> None:
    """A database that is up to date keeps all its rows."""
    before = await protected_rows(filled_database)

    engine = create_write_engine(filled_database)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

    assert await protected_rows(filled_database) == before


async def test_database_of_a_newer_release_is_refused(database: URL) -> None:
    """The error names the unknown revision."""
    await execute_sql(database, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision, match="9999"):
        await PostgresLedger.open(database)


async def test_database_without_utf8_is_refused(cluster: PostgresCluster) -> None:
    """The error names the actual and the required encoding."""
    cluster.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(UnsupportedEncoding, match=r"LATIN1.*UTF8"):
            await migrate_database(parse_url(cluster.url("latin")))
    finally:
        cluster.execute("DROP DATABASE latin")


async def test_nul_in_a_filter_finds_nothing(postgres: PostgresLedger) -> None:
    """PostgreSQL refuses NUL in text, so such a read finds nothing, as in SQLite."""
    await create_catalog(postgres)
    nothing = DeploymentFilter(services=("\0",), versions=("1\0",))

    page = await postgres.reads.deployments(nothing, PageRequest(limit=1))

    assert page.items == ()
    with pytest.raises(NotFound):
        await postgres.reads.service("shop\0")
