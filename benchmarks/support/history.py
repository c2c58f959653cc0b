"""A large history for the product, written directly into the tables of its SQLite file.

Each deployment is a copy of one that the product's actions made, with its own service, version,
time and ids. Rows come from the product's mapping and hashes from its hash function, so
`gatepost-server verify` accepts the file. The rate of deployments is constant: a larger history is
a longer one.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
import uuid_utils.compat
from sqlalchemy import Connection, Table, select, text

from benchmarks.support.catalog import (
    BEGIN,
    ENVIRONMENTS,
    LANES,
    REQUESTERS,
    Secrets,
    create_catalog,
)
from gatepost_domain.access.actor import ResponsibleHumans
from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import Deployment, consent_digest
from gatepost_domain.event import GENESIS_HASH, Event, EventKind, LedgerEntry, next_entry
from gatepost_persistence.mapping.claims import claim_from_row, claim_to_row
from gatepost_persistence.mapping.deployments import deployment_from_row, deployment_to_row
from gatepost_persistence.mapping.events import entry_from_row, entry_to_row
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.claims import ClaimRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.current_state import refresh_current_state

INTERVAL: Final = timedelta(seconds=86)
"""The time between two deployments: about a thousand a day."""
WAITING: Final = 200
"""The number of deployments at the end that wait for approval, whatever the size."""
BATCH: Final = 2_000

SUCCEEDED, FAILED, REJECTED, REQUESTED = range(4)
"""The positions of the copied deployments."""

new_id = uuid_utils.compat.uuid7


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A deployment made by the product's actions, with its events and its claim."""

    deployment: Deployment
    events: tuple[Event, ...]
    claim: Claim | None


def end_of_history(count: int) -> datetime:
    """Return the time after the last of `count` deployments."""
    return BEGIN + INTERVAL * (count + 1)


def history_folder(data: Path, count: int) -> Path:
    """Return a data folder with `count` deployments, which is created if there is none yet.

    Delete the folder after a change of the schema. Do not write to it; copy it.
    """
    folder = data / f"history-{count}"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        create_catalog(unfinished)
        fill_history(unfinished, count)
        unfinished.rename(folder)
    return folder


def fill_history(data: Path, count: int) -> None:
    """Add deployments, with about five events each, until there are `count`."""
    engine = create_write_engine(data / "gatepost.db")
    with engine.connect() as connection:
        for pragma in ("synchronous=OFF", "cache_size=-262144", "temp_store=MEMORY"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with _Indexes(connection):
            _Writer(connection, _load_originals(connection)).write(count)
        refresh_current_state(connection, LANES, at=BEGIN)
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    msgspec.structs.replace(Secrets.load(data), deployments=count).save(data)


class _Indexes:
    """Drops the indexes of large tables, and creates them again, which is faster than keeping them.

    Unique indexes stay, because triggers use them for every row.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = connection.execute(
            text(
                "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE INDEX %' "
                "AND tbl_name IN ('deployments', 'deployment_events', 'claims')"
            )
        )
        self._definitions = {row.name: row.sql for row in rows}

    def __enter__(self) -> None:
        for name in self._definitions:
            self._connection.exec_driver_sql(f"DROP INDEX {name}")

    def __exit__(self, *_: object) -> None:
        for sql in self._definitions.values():
            self._connection.exec_driver_sql(sql)


def _load_originals(connection: Connection) -> tuple[Original, ...]:
    deployments, events, claims = DeploymentRow.table(), EventRow.table(), ClaimRow.table()
    originals = []
    for row in connection.execute(select(deployments).order_by(deployments.c.number)):
        deployment = deployment_from_row(row)
        id_ = str(deployment.id)
        entries = connection.execute(
            select(events).where(events.c.deployment_id == id_).order_by(events.c.seq)
        )
        claim = connection.execute(select(claims).where(claims.c.deployment_id == id_)).first()
        originals.append(
            Original(
                deployment=deployment,
                events=tuple(entry_from_row(entry).event for entry in entries),
                claim=None if claim is None else claim_from_row(claim),
            )
        )
    return tuple(originals)


class _Writer:
    """Writes copies, and continues the hash chain and the numbers."""

    def __init__(self, connection: Connection, originals: Sequence[Original]) -> None:
        self._connection = connection
        self._originals = originals
        events, claims = EventRow.table(), ClaimRow.table()
        last = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).one()
        self._last: LedgerEntry = entry_from_row(last)
        self._fencing_token = len(connection.execute(select(claims.c.fencing_token)).all())

    def write(self, count: int) -> None:
        """Write deployments in batches, each table in the order of its key."""
        numbers = iter(range(len(self._originals) + 1, count + 1))
        while batch := list(islice(numbers, BATCH)):
            versions: list[dict[str, Any]] = []
            copies: list[dict[str, Any]] = []
            entries: list[dict[str, Any]] = []
            claims: list[dict[str, Any]] = []
            for number in batch:
                if (version := _new_version(number)) is not None:
                    row, event = version
                    versions.append(row)
                    entries.append(self._append(event, None))
                copy = _copy(self._originals[_pick(number, count)], number, self._fencing_token)
                copies.append(deployment_to_row(copy.deployment))
                previous = GENESIS_HASH
                for event in copy.events:
                    entries.append(self._append(event, previous))
                    previous = self._last.hash
                if copy.claim is not None:
                    self._fencing_token = copy.claim.fencing_token
                    claims.append(claim_to_row(copy.claim))
            for table, rows in (
                (VersionRow.table(), versions),
                (DeploymentRow.table(), copies),
                (EventRow.table(), entries),
                (ClaimRow.table(), claims),
            ):
                _insert(self._connection, table, rows)

    def _append(self, event: Event, previous: str | None) -> dict[str, Any]:
        self._last = next_entry(event, after=self._last, deployment_prev_hash=previous)
        return entry_to_row(self._last)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows through the driver, without the statement's compilation for each batch."""
    if not rows:
        return
    names = list(rows[0])
    columns, marks = ", ".join(names), ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608  # constants
    connection.exec_driver_sql(statement, [tuple(row[name] for name in names) for row in rows])


def lane_and_version(number: int) -> tuple[str, str, str]:
    """Return the service, environment and version of a deployment.

    A version passes through all environments, and the next one follows in the first environment.
    """
    release, lane = divmod(number, len(LANES))
    service, environment = LANES[lane]
    return service, environment, f"1.{release}.0"


def _pick(number: int, count: int) -> int:
    """Return which original to copy: most succeed; a few fail, are rejected or still wait."""
    if number > count - WAITING:
        return REQUESTED
    return {0: FAILED, 10: REJECTED}.get(number % 20, SUCCEEDED)


def _new_version(number: int) -> tuple[dict[str, Any], Event] | None:
    """Return the version that is registered before a deployment, if it is a new one."""
    service, environment, version = lane_and_version(number)
    if environment != next(iter(ENVIRONMENTS)) or version == "1.0.0":
        return None
    at = BEGIN + INTERVAL * number
    event = Event(
        kind=EventKind.VERSION_REGISTERED,
        actor=REQUESTERS[0],
        at=at,
        data={
            "artifact_digest": None,
            "commit_sha": None,
            "committed_at": None,
            "notes": None,
            "service": service,
            "version": version,
        },
    )
    row = {
        "service": service,
        "version": version,
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "created_by": REQUESTERS[0],
    }
    return row, event


def _copy(original: Original, number: int, fencing_token: int) -> Original:
    """Return a copy with its own identity, lane, version, requester and time."""
    source = original.deployment
    service, environment, version = lane_and_version(number)
    requester = REQUESTERS[number * 7 % len(REQUESTERS)]
    shift = INTERVAL * number
    id_, build_id, claim_id = new_id(), new_id(), new_id()
    copy = replace(
        source,
        id=id_,
        number=number,
        service=service,
        environment=environment,
        tier=ENVIRONMENTS[environment],
        version=version,
        requester=requester,
        identities=(ResponsibleHumans(human=requester),),
        build_id=None if source.build_id is None else build_id,
        **{name: at + shift for name in _INSTANTS if (at := getattr(source, name)) is not None},
    )
    digest = consent_digest(copy)
    approvals = tuple(
        replace(approval, at=approval.at + shift, digest=digest) for approval in source.approvals
    )
    facts: dict[str, object] = {
        "number": number,
        "service": service,
        "environment": environment,
        "tier": copy.tier,
        "version": version,
        "requester": requester,
        "digest": digest,
        "build_id": str(build_id),
        "claim": str(claim_id),
    }
    claim = original.claim
    return Original(
        deployment=replace(copy, approvals=approvals),
        events=tuple(
            replace(
                event,
                deployment_id=id_,
                actor=requester if event.actor == source.requester else event.actor,
                at=event.at + shift,
                data={key: facts.get(key, value) for key, value in event.data.items()},
            )
            for event in original.events
        ),
        claim=None
        if claim is None
        else replace(
            claim,
            id=claim_id,
            fencing_token=fencing_token + 1,
            deployment_id=id_,
            number=number,
            claimed_at=claim.claimed_at + shift,
            leased_until=claim.leased_until + shift,
            deadline_at=claim.deadline_at + shift,
        ),
    )


_INSTANTS: Final = (
    "created_at",
    "reviewed_at",
    "approved_at",
    "queued_at",
    "started_at",
    "finished_at",
    "deployed_at",
)
