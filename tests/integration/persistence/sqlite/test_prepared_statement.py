"""A prepared statement gives the same results and errors as SQLAlchemy, on SQLite's driver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from gatepost_persistence.statements.prepared_statement import PreparedStatement, run_sql

_table = Table(
    "things",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("note", String),
)

INSERT = PreparedStatement(insert(_table))
UPDATE = PreparedStatement(update(_table).where(_table.c.number == bindparam("key")))
BY_NUMBER = PreparedStatement(select(_table).where(_table.c.number == bindparam("key")))
NAMED_A_OR_B = PreparedStatement(
    select(_table.c.name).where(_table.c.name.in_(["a", "b"])).order_by(_table.c.number)
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite+pysqlite://", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        _table.create(connection)
        for number, name in enumerate(("a", "b", "c")):
            INSERT.insert(connection, {"number": number, "name": name, "note": None})
        yield connection
    engine.dispose()


def test_rows_have_the_columns_as_attributes(connection: Connection) -> None:
    """A row is read by name or by position."""
    row = BY_NUMBER.one(connection, {"key": 1})

    assert (row.number, row.name, row.note) == tuple(row) == (1, "b", None)


def test_constants_of_the_statement_are_bound(connection: Connection) -> None:
    """Values that the statement itself contains need no parameter."""
    assert NAMED_A_OR_B.scalars(connection) == ["a", "b"]


def test_update_writes_only_the_given_columns(connection: Connection) -> None:
    """The columns without a parameter keep their values; the number of changed rows is returned."""
    assert UPDATE.run(connection, {"key": 1, "note": "new"}) == 1
    assert UPDATE.run(connection, {"key": 9, "note": "new"}) == 0
    assert UPDATE.run(connection, {"key": 1, "name": "B"}) == 1

    assert tuple(BY_NUMBER.one(connection, {"key": 1})) == (1, "B", "new")


def test_missing_row_is_none(connection: Connection) -> None:
    """`one_or_none` and `scalar` return None if there is no row."""
    assert BY_NUMBER.one_or_none(connection, {"key": 9}) is None
    assert BY_NUMBER.scalar(connection, {"key": 9}) is None
    assert BY_NUMBER.all(connection, {"key": 9}) == []


def test_errors_are_those_of_sqlalchemy(connection: Connection) -> None:
    """A driver error is raised as the same class as by SQLAlchemy, with the driver's error."""
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed") as duplicate:
        INSERT.insert(connection, {"number": 3, "name": "a"})
    with pytest.raises(OperationalError, match="no such savepoint"):
        run_sql(connection, "RELEASE action")

    assert isinstance(duplicate.value.orig, connection.dialect.loaded_dbapi.IntegrityError)
