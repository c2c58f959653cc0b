"""Repositories write inside the transaction of the commit queue and never end it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from gatepost_domain.errors import ConcurrentUpdate, NotFound
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.mapping.catalog import service_to_row
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.tables.catalog import ServiceRow
from gatepost_persistence.writes.joined_session import JoinedSession, StaleRow
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import ServiceRepository
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork
from tests.support.builders import a_service, a_user, an_event
from tests.support.domain.freezes import a_freeze
from tests.support.storage.ledgers import AnyLedger

EVENT = an_event()
SHOP = a_service()
FREEZE = a_freeze()


class Bug(Exception):
    """A programming error in the middle of an action."""


def service_row(name: str = "shop", **changes: Any) -> ServiceRow:
    return ServiceRow(**service_to_row(a_service(name, **changes)))


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = create_write_engine(path)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Return a connection in a write transaction, as the commit queue begins it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.exec_driver_sql("ROLLBACK")


@pytest.fixture(params=["sqlite", "postgres"])
def sql_ledger(request: pytest.FixtureRequest) -> SqlLedger:
    """Return the SQLite ledger and the PostgreSQL ledger in turn."""
    ledger: SqlLedger = request.getfixturevalue(request.param)
    return ledger


async def store_and_fail(ledger: AnyLedger) -> None:
    """Store a row of each kind of write in an action that then fails."""

    def store(uow: UnitOfWork) -> None:
        uow.services.save(replace(SHOP, team="other", revision=2), EVENT)
        uow.services.add(a_service("cart"), EVENT)
        uow.users.save(a_user("bo", disabled=True, revision=2), EVENT)
        uow.users.add(a_user("eve"), EVENT)
        uow.freezes.add(FREEZE, EVENT)
        assert uow.freezes.get(FREEZE.id) == FREEZE
        raise Bug

    with pytest.raises(Bug):
        await ledger.perform(store)


async def test_rolled_back_rows_are_not_served_later(ledger: AnyLedger) -> None:
    """After a failed action, the next one loads what is stored and can store the same rows."""

    def store_first(uow: UnitOfWork) -> None:
        uow.services.add(SHOP, EVENT)
        uow.users.add(a_user("bo"), EVENT)

    await ledger.perform(store_first)
    await store_and_fail(ledger)

    def load_and_store(uow: UnitOfWork) -> None:
        assert uow.services.get("shop") == SHOP
        assert uow.users.get("bo") == a_user("bo")
        assert uow.users.find("eve") is None
        with pytest.raises(NotFound):
            uow.freezes.get(FREEZE.id)
        uow.services.save(replace(SHOP, team="new", revision=2), EVENT)
        uow.services.add(a_service("cart"), EVENT)
        uow.users.add(a_user("eve"), EVENT)
        uow.freezes.add(FREEZE, EVENT)

    await ledger.perform(load_and_store)
    assert (await ledger.reads.service("shop")).team == "new"
    assert await ledger.reads.freeze(FREEZE.id) == FREEZE
    assert [user.name for user in (await ledger.reads.users(PageRequest(limit=9))).items] == [
        "bo",
        "eve",
    ]


async def test_action_continues_after_a_refused_write(ledger: AnyLedger) -> None:
    """After ConcurrentUpdate is caught, the action can still write, on PostgreSQL too."""
    await ledger.perform(lambda uow: uow.services.add(SHOP, EVENT))

    def store(uow: UnitOfWork) -> None:
        with pytest.raises(ConcurrentUpdate):
            uow.services.save(replace(SHOP, team="stale", revision=5), EVENT)
        uow.services.save(replace(SHOP, team="new", revision=2), EVENT)

    await ledger.perform(store)

    assert await ledger.reads.service("shop") == replace(SHOP, team="new", revision=2)


async def test_failed_statement_keeps_the_rest_of_the_action(sql_ledger: SqlLedger) -> None:
    """Only the refused write is rolled back, to its savepoint; the other writes are stored."""

    def store(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        uow.services.add(SHOP, EVENT)
        with pytest.raises(IntegrityError):
            uow.services.store_new(a_service("shop"))
        uow.services.add(a_service("cart"), EVENT)

    await sql_ledger.perform(store)

    services = await sql_ledger.reads.services(PageRequest(limit=9))
    assert [service.name for service in services.items] == ["cart", "shop"]


def test_transaction_is_never_ended(engine: Engine, connection: Connection) -> None:
    """A repository only creates and ends savepoints, whether a write succeeds or fails."""
    ended: list[str] = []
    event.listen(engine, "commit", lambda _: ended.append("commit"))
    event.listen(engine, "rollback", lambda _: ended.append("rollback"))
    session = JoinedSession(connection, LookupCache())

    session.add(ServiceRepository, service_row())
    session.update(ServiceRepository, service_row(revision=2), ServiceRow.revision == 1)
    with pytest.raises(StaleRow):
        session.update(ServiceRepository, service_row(revision=2), ServiceRow.revision == 1)
    with pytest.raises(IntegrityError):
        session.add(ServiceRepository, service_row())
    session.delete(ServiceRepository, ServiceRow.name == "moon")

    assert ended == []
    assert connection.connection.driver_connection.in_transaction  # type: ignore[union-attr]  # sqlite3
    assert connection.exec_driver_sql("SELECT revision FROM services").scalars().all() == [2]


def test_row_that_changed_after_it_was_loaded_is_not_overwritten(connection: Connection) -> None:
    """The update names the loaded revision, so it matches no row and raises an error."""
    session = JoinedSession(connection, LookupCache())
    session.add(ServiceRepository, service_row())

    with session.open(ServiceRepository) as services:
        row = services.get_one(name="shop")
        connection.execute(text("UPDATE services SET revision = 7"))
        row.team = "other"
        with pytest.raises(StaleDataError):
            services.update(row, id_attribute="name")

    assert connection.exec_driver_sql("SELECT team FROM services").scalar() == "team"


def test_session_outside_a_transaction_is_refused() -> None:
    """An error is raised, because the session would begin and commit its own transaction."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(RuntimeError, match="transaction of its"):
        JoinedSession(connection, LookupCache()).add(ServiceRepository, service_row())
    engine.dispose()
