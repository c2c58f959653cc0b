"""Transferring the write-ahead log to the database file, which SQLite calls a checkpoint.

SQLite could do this automatically, but it would not give the file a new generation.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatepost_domain.storage_errors import StorageMoved
from gatepost_persistence.sqlite.database_generation import SET_GENERATION, new_generation
from gatepost_persistence.sqlite.file_identity import FileChangeDetector
from gatepost_persistence.statements.sqlite_file_errors import is_damage

TRANSFER: Final = "PRAGMA wal_checkpoint(PASSIVE)"
"""Does not wait for readers: the parts of the log that they still need are transferred later."""

CHANGES_PER_TRANSFER: Final = 2000
"""The number of changed rows after which the log is transferred: as many as about 400 new
deployments change. The log then has up to 32 MiB. Writes wait during a transfer. Most of its
duration does not depend on the number of changes, so frequent transfers would take a tenth of all
time under load."""

_log = logging.getLogger("gatepost")


class WalTransfer:
    """Transfers the log between transactions, on the connection that writes to the file."""

    def __init__(self, connection: Connection, file: FileChangeDetector) -> None:
        self._connection = connection
        self._file = file
        self._transferred_changes = self._count_changes()
        self._has_failed = False

    async def transfer_if_due(self) -> None:
        """Transfer the log in a thread if it has become long or the file needs a generation."""
        changes = self._count_changes() - self._transferred_changes
        if changes >= CHANGES_PER_TRANSFER or self._file.needs_generation:
            await asyncio.to_thread(self.transfer)

    def transfer(self) -> None:
        """Give the file a new generation, and transfer the log, unless another process is writing.

        After a disk error, this process makes no more transfers: all data is in the log, which is
        read again at the next start.
        """
        self._transferred_changes = self._count_changes()
        if self._has_failed:
            return
        try:
            self._file.require_unchanged()
            self._set_generation()
            self._connection.exec_driver_sql(TRANSFER).all()
        except StorageMoved:
            return
        except DBAPIError as error:
            if is_damage(error):
                self._has_failed = True
                _log.exception("the write-ahead log is no longer transferred; check the disk")
            return
        self._file.accept_transfer()

    def _set_generation(self) -> None:
        generation = new_generation()
        self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            self._connection.exec_driver_sql(SET_GENERATION.format(generation))
            self._file.expect_generation(generation)
            self._connection.exec_driver_sql("COMMIT")
        except DBAPIError:
            with contextlib.suppress(DBAPIError):
                self._connection.exec_driver_sql("ROLLBACK")
            raise

    def _count_changes(self) -> int:
        driver: Any = self._connection.connection.dbapi_connection
        changes: int = driver.total_changes
        return changes
