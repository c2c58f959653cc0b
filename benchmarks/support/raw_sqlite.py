"""A loop that inserts deployments and their events into SQLite and does nothing else.

It is the reference for durable writes: a connection with the product's settings, a similar row with
three indexes, and one event for each deployment. It neither checks nor hashes anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import uuid_utils.compat

from gatepost_persistence.sqlite.engine import create_write_engine

SCHEMA: Final = """
CREATE TABLE deployments (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, service TEXT, environment TEXT, version TEXT,
    status TEXT, requester TEXT, created_at TEXT, request TEXT
);
CREATE INDEX by_lane ON deployments (service, environment, status, number);
CREATE INDEX by_environment ON deployments (environment, number);
CREATE INDEX by_status ON deployments (status, number);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, deployment TEXT, kind TEXT, actor TEXT, at TEXT, data TEXT, hash TEXT
);
CREATE INDEX by_deployment ON events (deployment, seq);
"""
INSERT_DEPLOYMENT: Final = "INSERT INTO deployments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_EVENT: Final = "INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?)"
REQUEST: Final = '{"rollback_plan":"Redeploy the previous version.","work_references":["SHOP-812"]}'
AT: Final = "2026-11-21T12:00:00.000000Z"


class RawResult(msgspec.Struct, frozen=True, kw_only=True):
    """The rate and the CPU time of the loop."""

    actions: int
    rate: float
    """Deployments per second."""
    cpu_us: float
    """The CPU time per deployment."""


def insert_for(file: Path, *, group: int, seconds: float) -> RawResult:
    """Insert deployments for `seconds`, with `group` deployments in each commit."""
    engine = create_write_engine(file)
    with engine.connect() as pooled:
        connection = pooled.connection.driver_connection
        if connection is None:
            raise RuntimeError("The engine has no connection.")
        connection.executescript(SCHEMA)
        actions, cpu_before, start = 0, time.process_time(), time.perf_counter()
        while time.perf_counter() - start < seconds:
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(group):
                actions += 1
                id_ = str(uuid_utils.compat.uuid7())
                lane = f"service-{actions % 200:03}", "production"
                row = actions, id_, *lane, "1.0.0", "pending_approval", "requester", AT, REQUEST
                connection.execute(INSERT_DEPLOYMENT, row)
                event = id_, "requested", "requester", AT, REQUEST, "0" * 64
                connection.execute(INSERT_EVENT, event)
            connection.execute("COMMIT")
        duration, cpu = time.perf_counter() - start, time.process_time() - cpu_before
    engine.dispose()
    return RawResult(actions=actions, rate=actions / duration, cpu_us=cpu / actions * 1e6)


def run_raw_loop(*, group: int, seconds: float, environment: Mapping[str, str]) -> RawResult:
    """Run the loop in a separate process with the given environment variables."""
    command = [sys.executable, "-m", "benchmarks.support.raw_sqlite", f"{group}", f"{seconds}"]
    output = subprocess.run(  # noqa: S603  # this module
        command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE
    ).stdout
    return msgspec.json.decode(output, type=RawResult)


def main(arguments: list[str]) -> None:
    """Insert deployments into a new file, and print the result as JSON."""
    group, seconds = arguments
    with tempfile.TemporaryDirectory() as folder:
        result = insert_for(Path(folder) / "raw.db", group=int(group), seconds=float(seconds))
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main(sys.argv[1:])
