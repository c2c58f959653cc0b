"""Large histories for the product, written directly to the tables of its SQLite file.

Each deployment is a copy of one that the product's actions created, with its own service, version,
time and ids (`row_templates`), and each event continues the hash chain, so `gatepost-server verify`
accepts the file. The rate of deployments is constant, so a larger history covers a longer time.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
import uuid_utils.compat
from sqlalchemy import Connection, select, text

from benchmarks.support.catalog import (
    ENVIRONMENTS,
    LANES,
    REQUESTERS,
    Dataset,
    create_catalog,
)
from benchmarks.support.row_templates import (
    MINUTES,
    DeploymentTemplate,
    EventTemplate,
    Facts,
    RowTemplate,
    load_templates,
    load_version_template,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_persistence.migrations.row_state_backfill import adopt_existing_rows
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.tables.claims import ClaimRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.current_state import refresh_current_state
from gatepost_persistence.writes.event_tree import extend_tree

INTERVAL: Final = timedelta(seconds=432)
"""The time between two deployments: 200 a day, so that even 10,000 fill the last month."""
WAITING: Final = 200
"""The number of deployments at the end that are pending approval, regardless of the size."""
BATCH: Final = 2_000
MAX_AGE: Final = timedelta(days=2)
"""How long a history is reused: pages for the last week or month need as much data in each size."""

_FIRST_SUCCESS = (
    "SELECT min(e.at) FROM deployment_events AS e JOIN deployments AS d ON d.id = e.deployment_id "
    "WHERE e.kind = 'succeeded' "
    "AND d.service = targets.service AND d.environment = targets.environment"
)
FIRST_DEPLOYED = (
    f"UPDATE targets SET known_since = coalesce(({_FIRST_SUCCESS}), known_since)",  # noqa: S608
    f"DELETE FROM targets WHERE ({_FIRST_SUCCESS}) IS NULL",  # noqa: S608
)
"""Statements that set `known_since` of each lane; `refresh_current_state` takes only one time."""

SUCCEEDED, FAILED, REJECTED, REQUESTED = range(4)
"""The positions of the copied deployments."""

new_id = uuid_utils.compat.uuid7


def history_folder(data: Path, count: int) -> Path:
    """Return a data folder with `count` deployments up to now, which is kept for `MAX_AGE`.

    Delete the folder after a schema change. Do not write to the folder; copy it.
    """
    folder = data / f"history-{count}"
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  # the benchmarks have no clock
    if folder.exists() and now - Dataset.load(folder).end < MAX_AGE:
        return folder
    unfinished = folder.with_suffix(".unfinished")
    for former in (folder, unfinished):
        shutil.rmtree(former, ignore_errors=True)
    create_catalog(unfinished, begin=now - INTERVAL * (count + 1))
    fill_history(unfinished, count)
    unfinished.rename(folder)
    return folder


def fill_history(data: Path, count: int) -> None:
    """Add deployments, with about five events each, until there are `count`."""
    dataset = Dataset.load(data)
    engine = create_write_engine(data / "gatepost.db")
    gc.disable()  # otherwise it examines the rows of each batch again and again
    try:
        with engine.connect() as connection:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            _forget_statistics(connection)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            with _Indexes(connection):
                writer = _Writer(connection, dataset.begin)
                writer.write(count)
            refresh_current_state(connection, LANES, at=dataset.begin)
            for statement in FIRST_DEPLOYED:
                connection.exec_driver_sql(statement)
            writer.extend_tree()
            adopt_existing_rows(connection)  # the copies have no recorded state, like old databases
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    finally:
        gc.enable()
    engine.dispose()
    end = dataset.begin + INTERVAL * (count + 1)
    msgspec.structs.replace(dataset, deployments=count, end=end).save(data)


def _forget_statistics(connection: Connection) -> None:
    """Delete the statistics of the small catalog, which would make SQLite scan tables."""
    connection.exec_driver_sql("ANALYZE")  # creates the table of statistics if there is none
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # reads the statistics again


class _Indexes:
    """Drops the indexes of large tables and recreates them, which is faster than updating them.

    Unique indexes and the one on creation times are kept, because triggers use them for every row.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = connection.execute(
            text(
                "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE INDEX %' "
                "AND tbl_name IN ('deployments', 'deployment_events', 'claims') "
                "AND name <> 'deployments_by_creation'"
            )
        )
        self._definitions = {row.name: row.sql for row in rows}

    def __enter__(self) -> None:
        for name in self._definitions:
            self._connection.exec_driver_sql(f"DROP INDEX {name}")

    def __exit__(self, *_: object) -> None:
        for sql in self._definitions.values():
            self._connection.exec_driver_sql(sql)


class _Writer:
    """Writes copies of deployments, and continues the hash chain and the numbering."""

    def __init__(self, connection: Connection, begin: datetime) -> None:
        self._connection = connection
        self._begin = begin.replace(tzinfo=None)
        self._templates = load_templates(connection)
        self._version, self._registration = load_version_template(connection)
        events, claims = EventRow.table(), ClaimRow.table()
        last = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).one()
        self._seq: int = last.seq
        self._first_seq = last.seq + 1
        self._hash: str = last.hash
        self._fencing_token = len(connection.execute(select(claims.c.fencing_token)).all())
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def extend_tree(self) -> None:
        """Add the written events to the Merkle tree."""
        for size in range(self._first_seq, self._seq + 1):
            extend_tree(self._connection, size)

    def write(self, count: int) -> None:
        """Write deployments in batches, and the rows of each table in the order of its key."""
        numbers = iter(range(len(self._templates) + 1, count + 1))
        while batch := list(islice(numbers, BATCH)):
            versions: list[tuple[Any, ...]] = []
            self._rows = {self._version.insert: versions, self._templates[0].row.insert: []}
            for number in batch:
                self._add(number, self._templates[_pick(number, count)])
            for statement, rows in self._rows.items():
                if rows:
                    self._connection.exec_driver_sql(statement, rows)

    def _add(self, number: int, template: DeploymentTemplate) -> None:
        facts = self._facts(number)
        if facts["environment"] == next(iter(ENVIRONMENTS)) and number >= len(LANES):
            self._collect(self._version, facts)
            self._append(self._registration, facts, None)
        facts["digest"] = template.consent_digest(facts)
        self._collect(template.row, facts)
        previous = GENESIS_HASH
        for event in template.events:
            previous = self._append(event, facts, previous)
        if template.claim is not None:
            self._fencing_token += 1
            facts["fencing_token"] = self._fencing_token
            self._collect(template.claim, facts)

    def _facts(self, number: int) -> Facts:
        service, environment, version = lane_and_version(number)
        facts: Facts = {
            "number": number,
            "id": str(new_id()),
            "service": service,
            "environment": environment,
            "tier": ENVIRONMENTS[environment].value,
            "started_in_production": ENVIRONMENTS[environment] is Tier.PRODUCTION,
            "was_production": json.dumps(ENVIRONMENTS[environment] is Tier.PRODUCTION),
            "version": version,
            # With 20, which divides the number of lanes, each lane would have only one requester.
            "requester": REQUESTERS[number % 19],
            "build_id": str(new_id()),
            "claim_id": str(new_id()),
        }
        at = self._begin + INTERVAL * number
        for minutes in MINUTES:
            instant = (at + timedelta(minutes=minutes)).isoformat()
            facts[f"at_{minutes}"] = f"{instant}.000000Z"
            facts[f"short_at_{minutes}"] = f"{instant}Z"
        return facts

    def _append(self, template: EventTemplate, facts: Facts, previous: str | None) -> str:
        """Add an event to the chain, and return its hash."""
        self._seq += 1
        facts["seq"], facts["prev_hash"] = self._seq, self._hash
        facts["deployment_prev_hash"] = previous
        self._hash = hashlib.sha256((template.hashed % facts).encode()).hexdigest()
        facts["hash"] = self._hash
        self._collect(template.row, facts)
        return self._hash

    def _collect(self, template: RowTemplate, facts: Facts) -> None:
        self._rows.setdefault(template.insert, []).append(template.fill(facts))


def lane_and_version(number: int) -> tuple[str, str, str]:
    """Return the service, environment and version of a deployment.

    A version is deployed to each environment in order; then the next version starts in the first.
    """
    release, lane = divmod(number, len(LANES))
    service, environment = LANES[lane]
    return service, environment, f"1.{release}.0"


def _pick(number: int, count: int) -> int:
    """Return which template to copy: most succeeded; a few failed, were rejected or are pending."""
    if number > count - WAITING:
        return REQUESTED
    # 21 does not divide the number of lanes, so deployments fail in all of them.
    return {0: FAILED, 10: REJECTED}.get(number % 21, SUCCEEDED)
