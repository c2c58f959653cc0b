"""The trigger that protects the immutable columns of deployments matches the column flags."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import URL, Connection
from sqlalchemy.exc import IntegrityError

from gatepost_persistence.migrations import protective_triggers
from gatepost_persistence.migrations.protective_triggers import (
    immutable_deployment_columns_unlocked,
)
from gatepost_persistence.migrations.runner import REVISIONS
from gatepost_persistence.postgres.engine import create_write_engine as create_postgres_engine
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.empty_databases import create_empty_file
from tests.support.storage.postgres_cluster import execute_sql

TRIGGER = "SELECT sql FROM sqlite_schema WHERE name = 'deployments_keep_their_core'"
REFUSAL = "what was asked for never changes"


@pytest.fixture
def connection(tmp_path: Path, revision: str) -> Iterator[Connection]:
    """Return a connection to an empty SQLite file of a revision."""
    create_empty_file(file := tmp_path / "gatepost.db", revision)
    engine = create_write_engine(file)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def ticket_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate a release in which another column, `ticket`, is immutable."""
    columns = (*IMMUTABLE_DEPLOYMENT_COLUMNS, "ticket")
    monkeypatch.setattr(protective_triggers, "IMMUTABLE_DEPLOYMENT_COLUMNS", columns)


def add_ticket_column(connection: Connection) -> None:
    """Add the column and fill it in, as the migration of that release does."""
    with (
        Operations.context(MigrationContext.configure(connection)),
        immutable_deployment_columns_unlocked(),
    ):
        op.add_column("deployments", sa.Column("ticket", sa.String(), nullable=True))
        op.execute("UPDATE deployments SET ticket = 'T-1', number = number")


@pytest.mark.parametrize("revision", REVISIONS)
def test_trigger_is_recreated_as_each_migration_defined_it(connection: Connection) -> None:
    """Recreating the trigger at any revision restores it without the columns added later."""
    before = connection.exec_driver_sql(TRIGGER).scalar_one()

    with (
        Operations.context(MigrationContext.configure(connection)),
        immutable_deployment_columns_unlocked(),
    ):
        pass

    assert connection.exec_driver_sql(TRIGGER).scalar_one() == before


async def test_sqlite_protects_a_new_immutable_column_and_the_others(
    path: Path, ticket_column: None
) -> None:
    """The migration fills in the new column; after that, no protected column can be updated."""
    del ticket_column
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    await request_deployment(ledger)
    await ledger.close()
    engine = create_write_engine(path)

    with engine.connect() as connection:
        add_ticket_column(connection)

        for column in (*IMMUTABLE_DEPLOYMENT_COLUMNS, "ticket"):
            with pytest.raises(IntegrityError, match=REFUSAL):
                connection.exec_driver_sql(f"UPDATE deployments SET {column} = {column}")
        tickets = connection.exec_driver_sql("SELECT ticket FROM deployments").scalars()
        assert list(tickets) == ["T-1"]
    engine.dispose()


async def test_postgresql_protects_a_new_immutable_column_and_the_others(
    database: URL, ticket_column: None
) -> None:
    """The migration fills in the new column; after that, no protected column can be updated."""
    del ticket_column
    ledger = await PostgresLedger.open(database)
    await create_catalog(ledger)
    await request_deployment(ledger)
    await ledger.close()
    engine = create_postgres_engine(database)

    async with engine.connect() as connection:
        await connection.run_sync(add_ticket_column)
    await engine.dispose()

    for column in (*IMMUTABLE_DEPLOYMENT_COLUMNS, "ticket"):
        with pytest.raises(IntegrityError, match=REFUSAL):
            await execute_sql(database, f"UPDATE deployments SET {column} = {column}")
    assert await execute_sql(database, "SELECT ticket FROM deployments") == [("T-1",)]
