"""Transfers of the write-ahead log that fail lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.file_identity import FileChangeDetector
from gatepost_persistence.sqlite.wal_transfer import TRANSFER, WalTransfer

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

IOERR = 10


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = create_write_engine(path)
    yield engine
    engine.dispose()


def fail(engine: Engine, failing_statement: str, error_code: int) -> list[str]:
    """Make a statement fail; return the list of all statements, which grows."""
    statements: list[str] = []

    @event.listens_for(engine, "do_execute")
    def execute(_cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)
        if statement == failing_statement:
            error: Any = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = error_code
            raise error

    return statements


def generation_of(path: Path) -> bytes:
    return path.read_bytes()[60:64]


@pytest.mark.parametrize("failing", [TRANSFER, "COMMIT"])
def test_nothing_is_transferred_after_an_error_of_the_disk(
    engine: Engine, path: Path, failing: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A second attempt could succeed without having stored anything; the log has everything."""
    with engine.connect() as connection:
        file, before = FileChangeDetector(path), generation_of(path)
        transfer, statements = WalTransfer(connection, file), fail(engine, failing, IOERR)
        transfer.transfer()
        first = len(statements)
        transfer.transfer()

        assert len(statements) == first
        assert generation_of(path) == before
        assert "no longer transferred" in caplog.text
        file.require_unchanged()
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # no transaction is left open
    file.close()


def test_busy_file_is_transferred_later(engine: Engine, path: Path) -> None:
    """While another process writes, the transfer waits for a later write."""
    with engine.connect() as connection:
        file, before = FileChangeDetector(path), generation_of(path)
        transfer = WalTransfer(connection, file)
        with engine.connect() as other:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            transfer.transfer()
            assert generation_of(path) == before
            other.exec_driver_sql("ROLLBACK")
        transfer.transfer()

        assert generation_of(path) != before
        assert not file.needs_generation
    file.close()
