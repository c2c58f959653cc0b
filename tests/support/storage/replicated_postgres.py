"""A primary and a synchronous standby of PostgreSQL, for tests of failover."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.storage.postgres_cluster import (
    START_TIMEOUT_S,
    PostgresCluster,
    require_binaries,
    unprivileged_user,
)

DATABASE = "gatepost"
_STANDBY = "standby"
_SYNC_STATE = "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'"


class StandbyCluster(PostgresCluster):
    """A copy of a primary that follows it."""

    def copy_from(self, primary: PostgresCluster) -> None:
        """Copy the primary with `pg_basebackup`; the copy starts as its standby."""
        if os.getuid() == 0:
            shutil.chown(self.folder, unprivileged_user())
        source = f"host={primary.folder} user=postgres application_name={_STANDBY}"
        options = [f"--pgdata={self.folder}/data", "--write-recovery-conf", "--checkpoint=fast"]
        command = self.command("pg_basebackup", f"--dbname={source}", *options, "--no-sync")
        subprocess.run(command, check=True, capture_output=True)


class ReplicatedPostgres:
    """A primary with a standby that has every commit before it is confirmed."""

    def __init__(self, primary: PostgresCluster, standby: StandbyCluster) -> None:
        self.primary = primary
        self.standby = standby

    @property
    def url(self) -> str:
        """The URL of the database with both servers."""
        return (
            f"postgresql+asyncpg://postgres@/{DATABASE}"
            f"?host={self.primary.folder},{self.standby.folder}"
        )

    def make_synchronous(self) -> None:
        """Have the primary confirm nothing that the standby does not have."""
        self.primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{_STANDBY}'")
        self.primary.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.primary.execute(_SYNC_STATE) != [("sync",)]:
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.05)

    def detach_standby(self) -> None:
        """Let the primary confirm alone, and the standby fall behind."""
        self.primary.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
        for server in (self.primary, self.standby):
            server.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.primary.execute(_SYNC_STATE):
            assert time.monotonic() < deadline, "the standby still follows"
            time.sleep(0.05)

    def kill_primary(self) -> None:
        """Kill the primary at once, as the loss of its machine would."""
        self.primary.stop(signal.SIGKILL)

    def promote_standby(self) -> None:
        """Make the standby the primary, which then waits for no other server."""
        assert self.standby.execute("SELECT pg_promote(true, 60)") == [(True,)]


@contextmanager
def replicated_postgres() -> Iterator[ReplicatedPostgres]:
    """Yield both servers with an empty database. Skip the test if PostgreSQL is missing."""
    programs: Path = require_binaries()
    primary, standby = PostgresCluster(programs), StandbyCluster(programs)
    with ExitStack() as removal:
        removal.callback(primary.remove)
        removal.callback(standby.remove)
        primary.initialize()
        primary.start()
        primary.execute(f"CREATE DATABASE {DATABASE}")
        standby.copy_from(primary)
        standby.start()
        servers = ReplicatedPostgres(primary, standby)
        servers.make_synchronous()
        yield servers
