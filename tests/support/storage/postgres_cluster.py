"""A temporary PostgreSQL server for tests."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import migrate_database

T = TypeVar("T")

START_TIMEOUT_S = 60
TEMPLATE_DATABASE = "gatepost_empty"
"""A migrated, empty database. Tests copy it, because migrations take long."""
SETTINGS = {
    "autovacuum": "off",  # each database lives for seconds
    "bgwriter_lru_maxpages": "0",
    "fsync": "off",  # the data is temporary
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "shared_buffers": "32MB",
}
_DELETE_ALL_ROWS = """
DO $$
DECLARE
    name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public';
END $$
"""


class PostgresCluster:
    """A PostgreSQL server that listens on a socket in its own folder."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="gatepost-pg-"))
        self._numbers = count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self._administration = LoopConnection(parse_url(self.url("postgres")))

    def initialize(self) -> None:
        """Create the data folder, with a locale whose sort order differs from code point order."""
        if os.getuid() == 0:
            shutil.chown(self.folder, unprivileged_user())
        locale_options = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"]
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        initdb = self.command("initdb", f"--pgdata={self.folder}/data", *options)
        subprocess.run([*initdb, *locale_options], check=True, capture_output=True)

    def start(self, **changed_settings: str) -> None:
        """Start the server and wait until it accepts connections."""
        folder = {"unix_socket_directories": str(self.folder)}
        settings = {**SETTINGS, **folder, **changed_settings}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with Path(f"{self.folder}.log").open("ab") as log:
            self._server = subprocess.Popen(
                self.command("postgres", "-D", f"{self.folder}/data", *options),
                stdout=log,
                stderr=log,
            )
        ready = [str(self._programs / "pg_isready"), f"--host={self.folder}", "--quiet"]
        deadline = time.monotonic() + START_TIMEOUT_S
        while subprocess.run(ready, check=False).returncode != 0:
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(Path(f"{self.folder}.log").read_text(encoding="utf-8"))
            time.sleep(0.02)

    def stop(self, stop_signal: signal.Signals = signal.SIGINT) -> None:
        """Stop the server and break every connection, without deleting the data."""
        assert self._server is not None, "the server is not running"
        self._administration.disconnect()
        self._server.send_signal(stop_signal)
        self._server.wait(START_TIMEOUT_S)

    def remove(self) -> None:
        """Stop the server and delete the data."""
        if self._server is not None and self._server.poll() is None:
            self.stop(signal.SIGQUIT)
        self._administration.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        Path(f"{self.folder}.log").unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        """Return the process id of the server."""
        assert self._server is not None, "the server is not running"
        return self._server.pid

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    @contextmanager
    def temporary_database(self, template: str = TEMPLATE_DATABASE) -> Iterator[str]:
        """Yield the URL of a copy of a database, and drop the copy afterwards."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute a statement in the database `postgres` and return the rows."""
        return self._administration.execute(statement)

    def execute_in(self, database: str, statement: str) -> list[tuple[Any, ...]]:
        """Execute a statement on a separate connection and return the rows."""
        return run_in_thread(execute_sql(self.url(database), statement))

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return the command line of a server program, which must not run as root."""
        command = [str(self._programs / program), *arguments]
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            return command
        as_user = [setpriv, "--pdeathsig=QUIT"]  # the server stops when the test process ends
        if os.getuid() == 0:
            user = pwd.getpwnam(unprivileged_user())
            as_user += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return [*as_user, *command]


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """Yield a server with a migrated database to copy. Skip the test if PostgreSQL is missing."""
    cluster = PostgresCluster(require_binaries())
    try:
        cluster.initialize()
        cluster.start()
        cluster.execute(f"CREATE DATABASE {TEMPLATE_DATABASE}")
        run_in_thread(migrate_database(parse_url(cluster.url(TEMPLATE_DATABASE))))
        yield cluster
    finally:
        cluster.remove()


def require_binaries() -> Path:
    """Return the folder of the server programs. Without them, skip the test, or fail in CI."""
    import pytest  # noqa: PLC0415  # the benchmarks use this module without pytest

    programs = find_binaries()
    if programs is None:
        reason = "no PostgreSQL server is installed (apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return programs


def find_binaries() -> Path | None:
    """Return the folder of initdb, postgres and pg_isready, or None."""
    on_path = shutil.which("initdb")
    folders = [] if on_path is None else [Path(on_path).resolve().parent]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


async def execute_sql(url: str | URL, statement: str) -> list[tuple[Any, ...]]:
    """Execute a statement on a separate connection and return the rows."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        result = await connection.exec_driver_sql(statement)
        return [tuple(row) for row in result] if result.returns_rows else []


class LoopConnection:
    """A connection in autocommit mode, in an event loop that outlives those of the tests."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._connection: AsyncConnection | None = None

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Execute a statement and return the rows, on a new connection if the old one was lost."""

        def execute(connection: Connection) -> list[tuple[Any, ...]]:
            result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

        try:
            return self.run_sync(execute)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self.disconnect()
            return self.run_sync(execute)

    def run_sync(self, function: Callable[[Connection], T]) -> T:
        """Return the result of a function of the connection, which is opened if necessary."""
        return self._run(self._run_sync(function))

    def disconnect(self) -> None:
        """Close the connection until it is needed again."""
        if self._connection is not None:
            self._run(self._connection.close())
            self._connection = None

    def close(self) -> None:
        """Close the connection and the event loop."""
        self.disconnect()
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    async def _run_sync(self, function: Callable[[Connection], T]) -> T:
        if self._connection is None:
            engine = create_async_engine(
                self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT"
            )
            self._connection = await engine.connect()
        return await self._connection.run_sync(function)

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._thread.submit(self._runner.run, coroutine).result()


class EmptiedDatabase:
    """A migrated database whose rows are deleted before each test that uses it.

    Deleting rows is much faster than creating a database, and all deletions use one connection.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._connection = LoopConnection(url)

    def delete_all_rows(self) -> None:
        """Restore the database to its state without rows, and end all unfinished transactions.

        In the replication role `replica`, triggers and foreign keys do not prevent deleting rows.
        """
        self._connection.execute(_DELETE_ALL_ROWS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def run_in_thread(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine, even if an event loop already runs in this thread."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, coroutine).result()


def unprivileged_user() -> str:
    """Return the account that runs the server if the tests run as root."""
    user_names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in user_names else "nobody"
