"""A PostgreSQL server of the tests' own, thrown away behind them."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import migrate_database

T = TypeVar("T")

START_TIMEOUT_S = 60
TEMPLATE_DATABASE = "gatepost_empty"
"""The database that has every table and no row; copied, since to make one takes its time."""
SETTINGS = {
    "fsync": "off",  # it is thrown away
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


class PostgresCluster:
    """A running server, reached by a socket in its own folder."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="gatepost-pg-"))
        self._numbers = count(1)
        self._server: subprocess.Popen[bytes] | None = None

    def initialize(self) -> None:
        """Make the server's files, in a language whose order is not that of code points."""
        if os.getuid() == 0:
            shutil.chown(self._folder, _unprivileged_user())
        english = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"]
        plain = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        initdb = self._command("initdb", f"--pgdata={self._folder}/data", *plain)
        subprocess.run([*initdb, *english], check=True, capture_output=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {**SETTINGS, "unix_socket_directories": str(self._folder)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with Path(f"{self._folder}.log").open("ab") as log:
            self._server = subprocess.Popen(
                self._command("postgres", "-D", f"{self._folder}/data", *options),
                stdout=log,
                stderr=log,
            )
        ready = [str(self._programs / "pg_isready"), f"--host={self._folder}", "--quiet"]
        deadline = time.monotonic() + START_TIMEOUT_S
        while subprocess.run(ready, check=False).returncode != 0:
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(Path(f"{self._folder}.log").read_text(encoding="utf-8"))
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, breaking every connection; its files stay."""
        assert self._server is not None, "the server is not running"
        self._server.send_signal(how)
        self._server.wait(START_TIMEOUT_S)

    def remove(self) -> None:
        """Leave nothing of it."""
        if self._server is not None and self._server.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)
        Path(f"{self._folder}.log").unlink(missing_ok=True)

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self._folder}"

    @contextmanager
    def temporary_database(self, template: str = TEMPLATE_DATABASE) -> Iterator[str]:
        """The URL of a database like another, which is gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What another program is told by the server."""
        return run_in_thread(execute_sql(self.url(database), statement))

    def _command(self, program: str, *arguments: str) -> list[str]:
        """A program of the server; it refuses to run as root, so root runs it as somebody else."""
        command = [str(self._programs / program), *arguments]
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            return command
        as_user = [setpriv, "--pdeathsig=QUIT"]  # whoever ends us ends it
        if os.getuid() == 0:
            user = pwd.getpwnam(_unprivileged_user())
            as_user += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return [*as_user, *command]


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """A server with an empty database to copy; tests that ask for one are skipped without any."""
    programs = find_binaries()
    if programs is None:
        reason = "there is no PostgreSQL server on this machine (apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    cluster = PostgresCluster(programs)
    try:
        cluster.initialize()
        cluster.start()
        cluster.execute(f"CREATE DATABASE {TEMPLATE_DATABASE}")
        run_in_thread(migrate_database(parse_url(cluster.url(TEMPLATE_DATABASE))))
        yield cluster
    finally:
        cluster.remove()


def find_binaries() -> Path | None:
    """Where initdb, postgres and pg_isready are: on the path, or where Debian puts them."""
    on_path = shutil.which("initdb")
    places = [] if on_path is None else [Path(on_path).resolve().parent]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


async def execute_sql(url: str | URL, statement: str) -> list[tuple[Any, ...]]:
    """What another program is told by a database."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        answer = await connection.exec_driver_sql(statement)
        return [tuple(row) for row in answer] if answer.returns_rows else []


def run_in_thread(coroutine: Coroutine[Any, Any, T]) -> T:
    """The outcome of a coroutine, whether or not a loop runs here already."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


def _unprivileged_user() -> str:
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
