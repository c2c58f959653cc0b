"""Actions that share a transaction on PostgreSQL: few statements, and no effect on each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.ledger.advisory_locks import WRITE_LOCK
from gatepost_persistence.postgres.engine import create_write_engine
from gatepost_persistence.postgres.ledger import PostgresLedger
from tests.support.builders import a_command, a_request, a_service, an_event, an_id, create_catalog
from tests.support.domain.actions import all_entries
from tests.support.domain.event_chain import find_chain_fault
from tests.support.storage.postgres_cluster import execute_sql

NUMBERS = "SELECT number FROM deployments ORDER BY number"
SERVICES = "SELECT name FROM services ORDER BY name"


def create(uow: UnitOfWork) -> Deployment:
    return request_deployment(uow, a_request(), a_command("ada"), id=an_id(), new_id=an_id)


def create_and_refuse(uow: UnitOfWork) -> None:
    create(uow)
    raise NotFound("service", "shop")


def create_with_an_unknown_deployment(uow: UnitOfWork) -> None:
    """Append an event that the database refuses, but only when it is stored."""
    create(uow)
    uow.services.add(a_service("lost"), an_event(deployment_id=an_id()))


@asynccontextmanager
async def recorded_statements(ledger: PostgresLedger) -> AsyncIterator[list[str]]:
    """Collect the statements that the write connection sends during the block."""
    session = ledger._postgres_connection._require_session()  # noqa: SLF001  # to count round trips
    statements: list[str] = []

    def record(query: Any) -> None:
        statements.append(query.query)

    with session.driver.query_logger(record):
        yield statements
        await asyncio.sleep(0)  # the driver reports a statement in the next turn of the event loop


@asynccontextmanager
async def held_write_lock(database: URL) -> AsyncIterator[None]:
    engine = create_write_engine(database)
    async with engine.connect() as connection:
        await connection.exec_driver_sql(f"SELECT pg_advisory_lock({WRITE_LOCK})")
        yield
    await engine.dispose()


async def test_creations_of_a_batch_are_stored_with_a_constant_number_of_statements(
    postgres: PostgresLedger,
) -> None:
    """Twenty creations need as many statements as one."""
    await create_catalog(postgres)
    await postgres.perform(create)
    async with recorded_statements(postgres) as one:
        await postgres.perform(create)

    async with recorded_statements(postgres) as twenty:
        created = await asyncio.gather(*(postgres.perform(create) for _ in range(20)))

    assert [deployment.number for deployment in created] == list(range(3, 23))
    assert len(twenty) == len(one)
    assert not any("SAVEPOINT" in statement for statement in twenty)
    assert find_chain_fault(await all_entries(postgres.reads)) is None


async def test_creations_of_a_batch_are_inserted_in_one_statement(
    postgres: PostgresLedger, database: URL
) -> None:
    """The server opens the indexes and runs the triggers of a statement once for all of them."""
    await create_catalog(postgres)
    await execute_sql(database, "CREATE SEQUENCE statements")
    await execute_sql(
        database,
        "CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM nextval(''statements''); RETURN NULL; END'",
    )
    await execute_sql(
        database,
        "CREATE TRIGGER counted AFTER INSERT ON deployments "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_statement()",
    )

    await asyncio.gather(*(postgres.perform(create) for _ in range(20)))

    assert await execute_sql(database, "SELECT last_value FROM statements") == [(1,)]
    assert len(await execute_sql(database, NUMBERS)) == 20


async def test_refused_action_of_a_batch_stores_nothing(
    postgres: PostgresLedger, database: URL
) -> None:
    """The number of the refused creation is given to the next one."""
    await create_catalog(postgres)

    outcomes = await asyncio.gather(
        *(postgres.perform(action) for action in (create, create_and_refuse, create)),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], NotFound)
    assert await execute_sql(database, NUMBERS) == [(1,), (2,)]
    assert find_chain_fault(await all_entries(postgres.reads)) is None


async def test_row_that_the_database_refuses_fails_only_its_own_action(
    postgres: PostgresLedger, database: URL
) -> None:
    """All other actions of the batch are stored, whether they come before or after it."""
    await create_catalog(postgres)

    outcomes = await asyncio.gather(
        *(
            postgres.perform(action)
            for action in (create, create_with_an_unknown_deployment, create)
        ),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], DBAPIError)
    assert await execute_sql(database, NUMBERS) == [(1,), (2,)]
    assert await execute_sql(database, SERVICES) == [("shop",)]
    assert find_chain_fault(await all_entries(postgres.reads)) is None


async def test_failed_read_fails_only_its_own_action(
    postgres: PostgresLedger, database: URL
) -> None:
    """The other actions of the batch run again, because the read ended the transaction."""
    await create_catalog(postgres)
    await execute_sql(database, "ALTER TABLE claims RENAME TO renamed")

    def read_claims(uow: UnitOfWork) -> None:
        uow.claims.next_fencing_token()

    outcomes = await asyncio.gather(
        *(postgres.perform(action) for action in (create, read_claims, create)),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], DBAPIError)
    assert await execute_sql(database, NUMBERS) == [(1,), (2,)]


@pytest.mark.parametrize("by_gatepost", [True, False], ids=["by Gatepost", "in a shell"])
async def test_what_another_connection_changed_is_read_again(
    postgres: PostgresLedger, database: URL, *, by_gatepost: bool
) -> None:
    """What was looked up is kept after a commit only until another connection commits."""
    await create_catalog(postgres)

    def description(uow: UnitOfWork) -> str:
        return uow.services.get("shop").display_name

    before = await postgres.perform(description)
    if by_gatepost:
        other = await PostgresLedger.open(database)
        await other.perform(partial(rename, name="Store"))
        await other.close()
    else:
        await execute_sql(database, "UPDATE services SET display_name = 'Store'")

    assert (before, await postgres.perform(description)) == ("shop", "Store")


async def test_looked_up_catalog_is_kept_while_others_only_deploy(
    postgres: PostgresLedger, database: URL
) -> None:
    """After a deployment by another process, nothing of the catalog is read again."""
    await create_catalog(postgres)
    other = await PostgresLedger.open(database)
    await postgres.perform(create)
    await other.perform(create)

    async with recorded_statements(postgres) as statements:
        await postgres.perform(create)
    await other.close()

    read_again = [each for each in statements if "FROM services" in each or "FROM users" in each]
    assert read_again == []
    assert await execute_sql(database, NUMBERS) == [(1,), (2,), (3,)]
    assert find_chain_fault(await all_entries(postgres.reads)) is None


STATEMENTS_IN_A_SHELL = (
    "UPDATE services SET revision = revision + 1",
    "UPDATE environments SET display_name = 'Live'",
    "DELETE FROM target_settings",
    "DELETE FROM version_blocks",
    *(
        f"INSERT INTO {table} SELECT * FROM {table} WHERE false"
        for table in ("versions", "policies", "users", "tokens")
    ),
)


@pytest.mark.parametrize("statement", STATEMENTS_IN_A_SHELL)
async def test_catalog_is_read_again_after_any_statement_on_its_tables(
    postgres: PostgresLedger, database: URL, statement: str
) -> None:
    """Triggers count every statement, even if it is not Gatepost that changes the table."""
    await create_catalog(postgres)
    await postgres.perform(create)
    await execute_sql(database, statement)

    async with recorded_statements(postgres) as statements:
        await postgres.perform(create)

    assert any("FROM services" in each for each in statements)


def rename(uow: UnitOfWork, *, name: str) -> None:
    service = uow.services.get("shop")
    renamed = replace(service, display_name=name, revision=service.revision + 1)
    uow.services.save(renamed, an_event())


async def test_actions_queued_while_waiting_for_the_lock_join_the_batch(
    postgres: PostgresLedger, database: URL
) -> None:
    """They do not wait for another turn of the lock."""
    await create_catalog(postgres)
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

    async with recorded_statements(postgres) as statements:
        async with held_write_lock(database):
            first = asyncio.create_task(postgres.perform(create))
            while not await execute_sql(database, waiting):
                pass
            others = [asyncio.create_task(postgres.perform(create)) for _ in range(5)]
            assert await execute_sql(database, waiting), "they were queued too late"
        await asyncio.gather(first, *others)

    assert statements.count("COMMIT") == 1
