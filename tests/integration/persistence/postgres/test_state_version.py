"""The version of what is stored, by which responses and callers are kept."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine

from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.postgres.ledger import PostgresLedger
from tests.support.builders import a_service, an_event
from tests.support.storage.postgres_cluster import execute_sql


def add_service(uow: UnitOfWork) -> None:
    uow.services.add(a_service("shop"), an_event())


async def test_version_stays_the_same_while_nothing_is_stored(postgres: PostgresLedger) -> None:
    """Reads do not change it."""
    before = await postgres.reads.load_state_version()
    await postgres.reads.find_token_holder("unknown")

    assert await postgres.reads.load_state_version() == before


async def test_every_commit_changes_the_version(postgres: PostgresLedger, database: URL) -> None:
    """Whether this process, another one or a person in a shell has committed."""
    other = await PostgresLedger.open(database)
    versions = [await postgres.reads.load_state_version()]

    await postgres.perform(add_service)
    versions.append(await postgres.reads.load_state_version())
    await other.perform(lambda uow: uow.services.add(a_service("cart"), an_event()))
    versions.append(await postgres.reads.load_state_version())
    await execute_sql(database, "UPDATE services SET team = 'other'")
    versions.append(await postgres.reads.load_state_version())
    await other.close()

    assert len(set(versions)) == len(versions)
    assert versions[-1] is not None


async def test_transaction_that_ends_after_a_later_one_changes_the_version(
    postgres: PostgresLedger, database: URL
) -> None:
    """The version does not depend only on the largest id of a transaction."""
    await postgres.perform(add_service)
    engine = create_async_engine(database)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE services SET team = 'other'")
        await postgres.perform(lambda uow: uow.users.find("nobody"))
        before = await postgres.reads.load_state_version()
    await engine.dispose()

    assert await postgres.reads.load_state_version() != before
