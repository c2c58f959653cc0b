"""What a PostgreSQL database itself holds to: its tables, its order of text, its guards."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from gatepost_domain.audit.replay import Difference
from gatepost_domain.event import GENESIS_HASH
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action
from gatepost_persistence.migrations.runner import HEAD, UnknownRevision, migrate
from gatepost_persistence.postgres.engine import create_write_engine, parse_url
from gatepost_persistence.postgres.ledger import (
    PostgresLedger,
    UnsupportedEncoding,
    migrate_database,
    query_database,
)
from gatepost_persistence.sqlite.verification import verify_database
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS, DeploymentRow
from gatepost_persistence.tables.metadata import METADATA
from tests.support.acting import perform_action, request_deployment
from tests.support.builders import a_service, an_event, create_catalog
from tests.support.claims import a_claim, a_step
from tests.support.postgres import PostgresCluster, execute_sql
from tests.support.tracking import (
    ENVIRONMENTS,
    create_record,
    history_row,
    import_rows,
    retire_lane,
)

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


OWN = {"number": "n", "id": "'other-' || n", "status": "'cancelled'", "promoted_from": "'source'"}
COLUMNS = [each.name for each in DeploymentRow.table().columns if each.computed is None]
TWICE_PROMOTED = (
    f"INSERT INTO deployments ({', '.join(COLUMNS)}) "
    f"SELECT {', '.join(OWN.get(name, name) for name in COLUMNS)} "
    "FROM deployments, generate_series(98, 99) AS n WHERE number = 1"
)
ATTACKS = {
    "change an event": "UPDATE deployment_events SET actor = 'eve' WHERE seq = 2",
    "change an event back to itself": "UPDATE deployment_events SET actor = actor",
    "take an event out": "DELETE FROM deployment_events WHERE seq = 3",
    "empty the history": "DELETE FROM deployment_events",
    "cut the history off at once": "TRUNCATE deployment_events CASCADE",
    "change who claimed": "UPDATE claims SET worker = 'eve'",
    "change how long a claim may take": "UPDATE claims SET deadline_at = deadline_at",
    "claim the same attempt again": "INSERT INTO claims SELECT 99, 'other', deployment_id, number, "
    "attempt, 'eve', claimed_at, leased_until, lease_s, deadline_at FROM claims",
    "take a claim out": "DELETE FROM claims",
    "forget all claims at once": "TRUNCATE claims",
    "change a step": "UPDATE deployment_steps SET state = 'passed'",
    "take a step out": "DELETE FROM deployment_steps",
    "forget all steps at once": "TRUNCATE deployment_steps",
    "cut everything off at once": "TRUNCATE services, environments CASCADE",
    "upsert an event": an_insert("2", f"'{GENESIS_HASH}'")
    + " ON CONFLICT (seq) DO UPDATE SET actor = 'eve'",
    "slip an event in before the first": an_insert("0", f"'{GENESIS_HASH}'"),
    "leave a gap behind the last event": an_insert(f"{NEXT_SEQ} + 1", LAST_HASH),
    "begin a second history": an_insert(NEXT_SEQ, f"'{GENESIS_HASH}'"),
    "follow another event": an_insert(NEXT_SEQ, f"'{HASH}'"),
    "remove a deployment": "DELETE FROM deployments WHERE number = 1",
    "start a second one of a lane": "UPDATE deployments SET status = 'started' WHERE number = 2",
    "change a policy": "UPDATE policies SET policy = '{}'",
    "remove a policy": "DELETE FROM policies",
    "change a version": "UPDATE versions SET artifact_digest = 'sha256:eve'",
    "remove a version": "DELETE FROM versions",
    "rename a service": "UPDATE services SET name = 'eve'",
    "remove a service": "DELETE FROM services",
    "change a tier": "UPDATE environments SET tier = 'test'",
    "promote twice to an environment": TWICE_PROMOTED,
    "change a record": "UPDATE deployments SET status = 'failed' WHERE kind = 'record'",
    "tell another time": "UPDATE deployments SET deployed_at = 'x' WHERE deployed_at IS NOT NULL",
    "take a retirement back": "DELETE FROM retirements",
    "change a retirement": "UPDATE retirements SET retired_at = 'x'",
}


@pytest.fixture
async def written(database: URL) -> URL:
    """A database with a history: two deployments of a lane, one claimed, records, a retirement."""
    ledger = await PostgresLedger.open(database)
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1", "2"], policies=ENVIRONMENTS
    )
    for _ in range(2):
        await request_deployment(ledger, environment="development", version="1")
    started = await perform_action(ledger, Action.START, 1)
    claim = a_claim(deployment_id=started.id)
    await ledger.perform(lambda uow: uow.claims.add(claim))
    await ledger.perform(lambda uow: uow.claims.add_steps(started.id, [a_step()]))
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
    return database


def add(name: str, uow: UnitOfWork) -> None:
    uow.services.add(a_service(name), an_event())


async def content(url: URL) -> list[list[tuple[object, ...]]]:
    """All that is guarded, row by row."""
    return [await execute_sql(url, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
async def test_history_cannot_be_rewritten_from_a_shell(written: URL, attack: str) -> None:
    """Whoever connects to the database changes nothing that was told."""
    before = await content(written)

    with pytest.raises(IntegrityError):
        await execute_sql(written, attack)

    assert await content(written) == before


async def test_a_deployment_is_promoted_once_to_an_environment(written: URL) -> None:
    """The index itself says so; whoever is promoted first stays."""
    await execute_sql(written, TWICE_PROMOTED.replace("(98, 99)", "(98, 98)"))

    with pytest.raises(IntegrityError, match="one_promotion_per_environment"):
        await execute_sql(written, TWICE_PROMOTED.replace("(98, 99)", "(99, 99)"))

    promoted = "SELECT number FROM deployments WHERE promoted_from IS NOT NULL"
    assert await execute_sql(written, promoted) == [(98,)]


async def test_what_was_asked_for_cannot_be_changed_from_a_shell(written: URL) -> None:
    """No column of the request, not even to the value it has."""
    for column in IMMUTABLE_DEPLOYMENT_COLUMNS:
        with pytest.raises(IntegrityError, match="what was asked for never changes"):
            await execute_sql(written, f"UPDATE deployments SET {column} = {column}")


async def test_a_claim_can_be_renewed_in_the_store(written: URL) -> None:
    """Its lease is all that the store lets change."""
    await execute_sql(written, "UPDATE claims SET leased_until = 'later'")

    assert await execute_sql(written, "SELECT leased_until FROM claims") == [("later",)]


async def test_what_was_kept_as_it_happened_is_in_order(written: URL) -> None:
    """The chain holds, and the current state is what it comes to."""
    verdict = await query_database(written, verify_database)

    assert (verdict.chain_break, verdict.differences) == (None, ())
    assert (
        verdict.events
        == (await execute_sql(written, "SELECT count(*) FROM deployment_events"))[0][0]
    )


async def test_what_somebody_changed_with_the_guards_gone_is_named(written: URL) -> None:
    """A cell that is not what the events come to, and an event that is not what was written."""
    await execute_sql(written, "UPDATE current_cells SET version = '2' WHERE environment = 'test'")

    wrong = await query_database(written, verify_database)
    await execute_sql(written, "ALTER TABLE deployment_events DISABLE TRIGGER events_never_change")
    await execute_sql(written, "UPDATE deployment_events SET actor = 'eve' WHERE seq = 3")
    forged = await query_database(written, verify_database)

    reason = "version is kept as 2, but is 1"
    assert wrong.differences == (Difference(where="shop in test", reason=reason),)
    assert forged.chain_break is not None
    assert (forged.chain_break.seq, forged.differences) == (3, ())


async def test_text_is_ordered_by_code_point(postgres: PostgresLedger, database: URL) -> None:
    """Every column, whatever the server's own language: pages are the same as in a file."""
    unordered = await execute_sql(
        database,
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name <> 'alembic_version' "
        "AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'",
    )
    names = ["a-b", "a1", "ab", "b", "a-a"]
    for name in names:
        await postgres.perform(partial(add, name))

    page = await postgres.reads.services(PageRequest(limit=9))

    assert unordered == []
    assert [service.name for service in page.items] == sorted(names)


async def test_the_models_are_the_tables(database: URL) -> None:
    """Migrations and models tell of the same tables, columns, keys and indexes here too."""

    def differing(connection: Connection) -> Any:
        compared = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=compared)
        return compare_metadata(context, METADATA)

    assert await query_database(database, differing) == []


async def test_processes_that_start_together_make_the_tables_once(cluster: PostgresCluster) -> None:
    """One of them migrates, the others find it done."""
    with cluster.temporary_database(template="template0") as fresh:
        url = parse_url(fresh)

        await asyncio.gather(*(migrate_database(url) for _ in range(4)))

        assert await execute_sql(url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_a_migration_that_fails_half_way_leaves_the_database_untouched(
    cluster: PostgresCluster,
) -> None:
    """A database that is something else is not half made into ours."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with cluster.temporary_database(template="template0") as fresh:
        url = parse_url(fresh)
        await execute_sql(url, "CREATE TABLE receipts (total integer)")

        with pytest.raises(DBAPIError, match="already exists"):
            await migrate_database(url)

        assert await execute_sql(url, tables) == [("receipts",)]


async def test_to_migrate_again_changes_nothing(written: URL) -> None:
    """What is up to date stays as it is, with all that is in it."""
    before = await content(written)

    engine = create_write_engine(written)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

    assert await content(written) == before


async def test_a_database_of_a_newer_release_is_refused_and_not_judged(database: URL) -> None:
    """The message says what was found, and what to do."""
    await execute_sql(database, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision, match="9999"):
        await PostgresLedger.open(database)


async def test_a_database_that_cannot_hold_every_text_is_refused(cluster: PostgresCluster) -> None:
    """It says which encoding it has, and which it needs."""
    cluster.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(UnsupportedEncoding, match=r"LATIN1.*UTF8"):
            await migrate_database(parse_url(cluster.url("latin")))
    finally:
        cluster.execute("DROP DATABASE latin")
