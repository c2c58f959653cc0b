"""Records, imports and lanes, inside a transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, compress
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.tracking.current_state import LaneKey, TargetRetirement
from gatepost_domain.tracking.history_import import (
    ImportContext,
    ImportedRow,
    RecordedFacts,
    to_deployment,
)
from gatepost_persistence.mapping.catalog import (
    environment_to_row,
    policy_to_row,
    service_to_row,
    version_to_row,
)
from gatepost_persistence.mapping.deployments import deployment_from_row, deployment_to_row
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.tables.tracking import RetirementRow, TargetRow
from gatepost_persistence.writes.current_state import refresh_current_state
from gatepost_persistence.writes.environments import INSERT_ENVIRONMENT, INSERT_POLICY
from gatepost_persistence.writes.events import SqlEvents
from gatepost_persistence.writes.services import INSERT_SERVICE

_deployments = DeploymentRow.table()
_versions = VersionRow.table()
_events = EventRow.table()
_targets = TargetRow.table()
_retirements = RetirementRow.table()

T = TypeVar("T")

ROWS_PER_STATEMENT: Final = 50
"""Rows go in by the handful: where a table has guards, SQLite keeps, for every single statement,
what it would take to undo it, and that costs as much as the row itself."""
_PreparedInsert: TypeAlias = tuple[str, Callable[[tuple[object, ...]], tuple[Any, ...]]]
"""A statement, and how to put the values of a row in its order."""

BooleanType: TypeAlias = type[int] | type[bool]
"""What a driver binds a truth as: SQLite has no type for it."""

RECORD_BY_EXTERNAL_ID = select(_deployments).where(_deployments.c.external_id == bindparam("of"))
NEXT_SEQ = select(func.coalesce(func.max(_events.c.seq), 0) + 1)
LOOKUP_BATCH_SIZE: Final = 100
"""How many names are looked up by one statement, which then need not be made anew each time."""
RECORDS_BY_EXTERNAL_IDS = select(
    _deployments.c.external_id,
    _deployments.c.service,
    _deployments.c.environment,
    _deployments.c.version,
    _deployments.c.deployed_at,
    _deployments.c.deployed_by,
    _deployments.c.notes,
).where(_deployments.c.external_id.in_([bindparam(f"a{n}") for n in range(LOOKUP_BATCH_SIZE)]))
ARTIFACT_DIGESTS = select(
    _versions.c.service, _versions.c.version, _versions.c.artifact_digest
).where(
    text(
        "(service, version) IN (VALUES "
        + ", ".join(f"(:a{n}, :b{n})" for n in range(LOOKUP_BATCH_SIZE))
        + ")"
    )
)
TARGET_KNOWN_SINCE = (
    select(_targets.c.known_since)
    .where(_targets.c.service == bindparam("of_service"))
    .where(_targets.c.environment == bindparam("of_environment"))
)
RETIREMENTS_OF_LANE = (
    select(_retirements.c.retired_at)
    .where(_retirements.c.service == bindparam("of_service"))
    .where(_retirements.c.environment == bindparam("of_environment"))
    .order_by(_retirements.c.seq)
)
INSERT_RETIREMENT = insert(_retirements)


class SqlRecords:
    """See `tracking.RecordRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_by_external_id(self, external_id: str) -> Deployment | None:
        """See `tracking.RecordRepository`."""
        row = self._connection.execute(RECORD_BY_EXTERNAL_ID, {"of": external_id}).one_or_none()
        return None if row is None else deployment_from_row(row)


class SqlTargets:
    """See `tracking.RetirementRepository`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def was_deployed(self, service: str, environment: str) -> bool:
        """See `tracking.RetirementRepository`."""
        lane = {"of_service": service, "of_environment": environment}
        return self._connection.execute(TARGET_KNOWN_SINCE, lane).one_or_none() is not None

    def retirement_times(self, service: str, environment: str) -> tuple[datetime, ...]:
        """See `tracking.RetirementRepository`."""
        lane = {"of_service": service, "of_environment": environment}
        return tuple(
            map(parse_instant, self._connection.execute(RETIREMENTS_OF_LANE, lane).scalars())
        )

    def add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        """See `tracking.RetirementRepository`."""
        entry = self._events.append(event)
        self._connection.execute(
            INSERT_RETIREMENT,
            {
                "seq": entry.seq,
                "service": retirement.service,
                "environment": retirement.environment,
                "retired_at": to_rfc3339(retirement.retired_at),
            },
        )
        lane = retirement.service, retirement.environment
        refresh_current_state(self._connection, [lane], at=event.at)


class SqlImports:
    """See `tracking.ImportRepository`. Its rows go to the driver by statements compiled once."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events
        self._boolean_type: BooleanType = int if connection.dialect.name == "sqlite" else bool
        self._prepared_inserts: dict[
            tuple[str, tuple[str, ...], tuple[bool, ...], int], _PreparedInsert
        ] = {}

    def next_event_seq(self) -> int:
        """See `tracking.ImportRepository`."""
        seq: int = self._connection.execute(NEXT_SEQ).scalar_one()
        return seq

    def find_recorded(self, external_ids: Collection[str]) -> Mapping[str, RecordedFacts]:
        """See `tracking.ImportRepository`."""
        return {
            known_as: RecordedFacts(service, environment, version, parse_instant(at), by, notes)
            for asked in _padded_batches(list(external_ids))
            for known_as, service, environment, version, at, by, notes in self._connection.execute(
                RECORDS_BY_EXTERNAL_IDS, {f"a{n}": known_as for n, known_as in enumerate(asked)}
            )
        }

    def artifact_digests(self, versions: Collection[VersionKey]) -> Mapping[VersionKey, str | None]:
        """See `tracking.ImportRepository`."""
        return {
            (service, version): digest
            for asked in _padded_batches(list(versions))
            for service, version, digest in self._connection.execute(
                ARTIFACT_DIGESTS, _pair_parameters(asked)
            )
        }

    def add_service(self, service: Service) -> None:
        """See `tracking.ImportRepository`."""
        self._connection.execute(INSERT_SERVICE, service_to_row(service))

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """See `tracking.ImportRepository`."""
        first = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )
        self._connection.execute(INSERT_ENVIRONMENT, environment_to_row(environment))
        self._connection.execute(INSERT_POLICY, policy_to_row(first))

    def add_versions(self, versions: Sequence[Version]) -> None:
        """See `tracking.ImportRepository`."""
        names = tuple(version_to_row(versions[0]))
        self._insert_rows(_versions, names, [tuple(version_to_row(e).values()) for e in versions])

    def add_rows(self, rows: Sequence[ImportedRow], context: ImportContext) -> None:
        """See `tracking.ImportRepository`."""
        whole = deployment_to_row(to_deployment(rows[0], context))
        same = {
            name: self._native_value(whole[name])
            for name in whole
            if name not in ImportedRow._fields
        }
        tail = tuple(same.values())
        names = (*ImportedRow._fields, *same)
        self._insert_rows(
            _deployments,
            names,
            [(*_varying_values(row, self._boolean_type), *tail) for row in rows],
        )

    def finish(self, lanes: Iterable[LaneKey], event: Event) -> None:
        """See `tracking.ImportRepository`."""
        refresh_current_state(self._connection, lanes, at=event.at)
        self._events.append(event)

    def _insert_rows(
        self, table: Table, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Insert rows of these columns, leaving out those that hold nothing in any row.

        The driver binds a NULL more slowly than any text.
        """
        held = tuple(column.count(None) < len(rows) for column in zip(*rows, strict=True))
        end = len(rows) - len(rows) % ROWS_PER_STATEMENT
        if end:
            statement, in_order = self._prepare_insert(table, names, held, ROWS_PER_STATEMENT)
            for begin in range(0, end, ROWS_PER_STATEMENT):
                group = chain.from_iterable(rows[begin : begin + ROWS_PER_STATEMENT])
                self._connection.exec_driver_sql(statement, in_order(tuple(group)))
        if end < len(rows):
            statement, in_order = self._prepare_insert(table, names, held, 1)
            self._connection.exec_driver_sql(statement, [in_order(row) for row in rows[end:]])

    def _native_value(self, value: object) -> object:
        """A value that the driver binds as it is; it is slow with any other, and with none."""
        if isinstance(value, str):
            return str(value)
        return self._boolean_type(value) if isinstance(value, bool) else value

    def _prepare_insert(
        self, table: Table, names: tuple[str, ...], held: tuple[bool, ...], count: int
    ) -> _PreparedInsert:
        """The statement that adds so many rows at once."""
        key = (table.name, names, held, count)
        if key not in self._prepared_inserts:
            columns = list(compress(names, held))
            rows: list[dict[str, object]] = [
                {name: bindparam(f"{name}/{row}") for name in columns} for row in range(count)
            ]
            compiled = insert(table).values(rows).compile(dialect=self._connection.dialect)
            places = {
                f"{name}/{row}": row * len(names) + at
                for row in range(count)
                for at, name in enumerate(names)
            }
            in_order = itemgetter(*(places[name] for name in compiled.positiontup or ()))
            self._prepared_inserts[key] = str(compiled), in_order
        return self._prepared_inserts[key]


def _padded_batches(names: list[T]) -> Iterator[list[T]]:
    """So many at a time as are looked up at once; the last are filled up with one of them."""
    for begin in range(0, len(names), LOOKUP_BATCH_SIZE):
        asked = names[begin : begin + LOOKUP_BATCH_SIZE]
        yield asked + asked[-1:] * (LOOKUP_BATCH_SIZE - len(asked))


def _pair_parameters(keys: list[VersionKey]) -> dict[str, str]:
    return {
        name: text
        for n, (service, version) in enumerate(keys)
        for name, text in ((f"a{n}", service), (f"b{n}", version))
    }


def _varying_values(row: ImportedRow, boolean_type: BooleanType) -> tuple[object, ...]:
    """What differs from row to row, as it is stored, in the order of the fields of `ImportedRow`."""
    number, of, service, environment, tier, version, artifact, policy, at, *told, unreviewed = row
    whose = (service, environment, str.__str__(tier), version, artifact, policy)
    return (number, str(of), *whose, to_rfc3339(at), *told, boolean_type(unreviewed))
