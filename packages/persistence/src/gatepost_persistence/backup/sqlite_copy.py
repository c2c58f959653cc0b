"""Copying a SQLite file that is in use, and locking one that is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from gatepost_persistence.statements.sqlite_file_errors import primary_result_code

_HEADER: Final = 20
_WRITE_VERSION: Final = 18
"""The position of the byte with the journal mode: 1 is a rollback journal, 2 a write-ahead log."""
_WAL: Final = 2
_SQLITE_BUSY: Final = 5


class FileInUse(Exception):
    """Another process has the file open."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is in use by another process, such as a running server")


def copy_file(source: Path, target: Path) -> None:
    """Copy a SQLite file as of one instant, with everything that has been committed to it.

    Other processes can continue to read and write. The copy is complete without a log beside it.

    Raises:
        OSError: the file cannot be read, or the copy cannot be written.
    """
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
            original.backup(copy)  # in one step: any write would restart a copy made in several
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    turn_off_write_ahead_log(target)


def turn_off_write_ahead_log(file: Path) -> None:
    """Turn off the write-ahead log of a copy, so that the file alone is complete.

    Raises:
        OSError: the copy is damaged, or cannot be written.
    """
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def may_lack_recent_events(file: Path) -> bool:
    """Return whether the file uses a write-ahead log, but has none beside it.

    A clean stop leaves the file in the same state, and nothing in the file shows whether a log was
    lost. Call this before the file is opened, because opening it creates a log.
    """
    try:
        with file.open("rb") as database:
            header = database.read(_HEADER)
    except OSError:
        return False
    uses_wal = len(header) == _HEADER and header[_WRITE_VERSION] == _WAL
    return uses_wal and not file.with_name(f"{file.name}-wal").exists()


@contextmanager
def open_exclusively(file: Path) -> Generator[Connection]:
    """Open a file, and keep other processes from using it during the block.

    The connection is in autocommit mode.

    Raises:
        FileInUse: another process has the file open.
    """
    engine = create_engine(
        f"sqlite+pysqlite:///{file}",
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 0.0},
    )
    try:
        with engine.connect() as connection:
            _lock(connection, file)
            yield connection
    finally:
        engine.dispose()


def _lock(connection: Connection, file: Path) -> None:
    connection.exec_driver_sql("PRAGMA locking_mode=EXCLUSIVE")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("ROLLBACK")  # the lock is kept until the connection is closed
    except DBAPIError as error:
        if primary_result_code(error) != _SQLITE_BUSY:
            raise
        raise FileInUse(file) from error
