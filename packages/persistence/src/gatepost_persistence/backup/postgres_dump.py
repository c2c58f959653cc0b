"""Dumping a PostgreSQL database with `pg_dump`, and restoring it with `pg_restore`."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect

from gatepost_domain.ports.audit import VerificationResult
from gatepost_persistence.postgres.engine import create_read_engine, translate_errors
from gatepost_persistence.postgres.ledger import query_database
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.verification.database import verify_in_transaction

_OPTIONS: Final[Mapping[str, str]] = {
    "host": "PGHOST",
    "port": "PGPORT",
    "ssl": "PGSSLMODE",
    "passfile": "PGPASSFILE",
}


class DumpFailed(Exception):
    """A PostgreSQL client program is missing or has failed; the message says which and why."""


def dump_database(url: URL, target: Path) -> VerificationResult:
    """Write a dump of a database, and verify the snapshot that was dumped.

    Raises:
        DumpFailed: `pg_dump` is missing or has failed.
    """
    program = _find_program("pg_dump")

    def dump(connection: Connection) -> VerificationResult:
        with snapshot(connection):
            exported: str = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            _run(
                [
                    program,
                    "--format=custom",
                    "--no-owner",
                    "--no-privileges",
                    "--no-password",
                    f"--snapshot={exported}",
                    f"--file={target}",
                ],
                url,
            )
            return verify_in_transaction(connection)

    return asyncio.run(query_database(url, dump))


def restore_database(url: URL, dump: Path) -> None:
    """Restore a dump into an empty database, in one transaction.

    Raises:
        DumpFailed: `pg_restore` is missing or has failed; the database is still empty.
    """
    program = _find_program("pg_restore")
    _run(
        [
            program,
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-password",
            f"--dbname={url.database}",
            str(dump),
        ],
        url,
    )


def has_no_tables(url: URL) -> bool:
    """Return whether a database has no tables."""
    return asyncio.run(_query(url, lambda connection: not inspect(connection).get_table_names()))


async def _query(url: URL, query: Callable[[Connection], bool]) -> bool:
    engine = create_read_engine(url)
    try:
        with translate_errors():
            async with engine.connect() as connection:
                return await connection.run_sync(query)
    finally:
        await engine.dispose()


def _find_program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise DumpFailed(
            f"{name} is not on the PATH; install the PostgreSQL client programs, in the server's "
            "version or newer"
        )
    return program


def _run(command: list[str], url: URL) -> None:
    completed = subprocess.run(  # noqa: S603  # a fixed program
        command, env=_libpq_variables(url), capture_output=True, text=True, check=False
    )
    if completed.returncode:
        lines = completed.stderr.strip().splitlines() or [f"exit code {completed.returncode}"]
        raise DumpFailed(lines[0])


def _libpq_variables(url: URL) -> Mapping[str, str]:
    """Return libpq's settings as environment variables, because all users can read arguments."""
    environment = dict(os.environ)
    values: dict[str, object] = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    for option, variable in _OPTIONS.items():
        value = url.query.get(option)
        if value:
            values[variable] = value if isinstance(value, str) else ",".join(value)
    if "," in str(values["PGHOST"]):
        values["PGTARGETSESSIONATTRS"] = "read-write"
    environment.update({name: str(value) for name, value in values.items() if value is not None})
    return environment
