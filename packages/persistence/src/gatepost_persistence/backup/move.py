"""Moving all data from SQLite to PostgreSQL, or from PostgreSQL to SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.ports.event_log import LogHead
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.backup.log_head_comparison import read_head
from gatepost_persistence.backup.sqlite_copy import open_exclusively
from gatepost_persistence.backup.table_copy import copy_tables
from gatepost_persistence.migrations.runner import HEAD, current_revision, exclusive_transaction
from gatepost_persistence.postgres.engine import create_write_engine, translate_errors
from gatepost_persistence.postgres.ledger import prepare_database
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.sqlite.ledger import migrate_file, prepare_file
from gatepost_persistence.verification.database import verify_in_transaction

OTHER_SESSIONS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gatepost' "
    "AND datname = current_database() AND pid <> pg_backend_pid()"
)


class MoveRefused(Exception):
    """Nothing was moved; the message says why."""


class MoveFailed(Exception):
    """The copy failed verification, so the target was left unchanged."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        super().__init__(
            f"the copy has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}, so nothing "
            f"was moved; the first one is {first.subject} ({first.table}): {first.detail}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResult:
    """The result of a move."""

    rows: int
    """The number of rows copied; 0 if the target already had everything."""
    head: LogHead


def move_to_postgres(file: Path, url: URL) -> MoveResult:
    """Copy everything in a SQLite file to a PostgreSQL database, in one PostgreSQL transaction.

    The target is verified before the commit. An interruption leaves the target empty.

    Raises:
        FileInUse: another process, such as a server, has the file open.
        MoveRefused: the target is in use, or has data of its own.
        MoveFailed: the copy has faults.
    """
    prepare_file(file)
    with open_exclusively(file) as source:
        return asyncio.run(_run_on_postgres(url, lambda target: _copy_and_verify(source, target)))


def move_to_file(url: URL, file: Path) -> MoveResult:
    """Copy everything in a PostgreSQL database to a SQLite file, in one SQLite transaction.

    A new file appears under its name only once it is complete and verified.

    Raises:
        FileInUse: another process, such as a server, has the file open.
        MoveRefused: the source is in use, or the file has data of its own.
        MoveFailed: the copy has faults.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    existed = file.exists()
    unfinished = file if existed else file.with_name(f".{file.name}.unfinished")
    if not existed:
        _remove_sqlite_file(unfinished)
    migrate_file(unfinished)
    with open_exclusively(unfinished) as target:
        move = asyncio.run(_run_on_postgres(url, lambda source: _copy_and_verify(source, target)))
        target.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    unfinished.replace(file)
    return move


async def _run_on_postgres(url: URL, operation: Callable[[Connection], MoveResult]) -> MoveResult:
    await prepare_database(url)
    engine = create_write_engine(url, statement_timeout_s=None)

    def run(connection: Connection) -> MoveResult:
        # The connection is idle while the SQLite file is read or everything is verified.
        connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
        if connection.exec_driver_sql(OTHER_SESSIONS).scalar():
            raise MoveRefused("a server is using the PostgreSQL database; stop it first")
        return operation(connection)

    try:
        with translate_errors():
            async with engine.connect() as connection:
                return await connection.run_sync(run)
    finally:
        await engine.dispose()


def _copy_and_verify(source: Connection, target: Connection) -> MoveResult:
    for connection in (source, target):
        if (revision := current_revision(connection)) != HEAD:
            raise MoveRefused(f"a database is at revision {revision}, not at {HEAD}")
    with snapshot(source), exclusive_transaction(target):
        head, existing = read_head(source), read_head(target)
        if existing.size:
            if existing != head:
                raise MoveRefused(
                    f"the target has data of its own ({existing.size} events); use an empty one"
                )
            _verify_copy(target, head)
            return MoveResult(rows=0, head=head)
        rows = copy_tables(source, target)
        _verify_copy(target, head)
        return MoveResult(rows=rows, head=head)


def _verify_copy(target: Connection, head: LogHead) -> VerificationResult:
    result = verify_in_transaction(target)
    if result.faults:
        raise MoveFailed(result.faults)
    if (result.events, result.root) != head:
        raise MoveRefused("the target's event log differs from the source's")
    return result


def _remove_sqlite_file(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        with suppress(FileNotFoundError):
            file.with_name(name).unlink()
