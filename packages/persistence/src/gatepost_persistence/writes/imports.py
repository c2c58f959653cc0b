"""Storing an imported deployment history, inside a transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, select, text

from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.tracking.external_ids import (
    DEPLOYMENT,
    ROLLBACK,
    ExternalKey,
    HistoryKey,
    KnownRecord,
    RecordedFacts,
)
from gatepost_domain.tracking.import_result import (
    NO_OUTCOMES,
    SUCCESS,
    ImportContext,
    ImportedRow,
    Outcomes,
    to_deployment,
)
from gatepost_persistence.mapping.catalog import version_to_row
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.import_column_checksums import ColumnChecksums
from gatepost_persistence.mapping.imported_outcomes import (
    OUTCOME_COLUMNS,
    outcome_deviations,
    outcome_values,
)
from gatepost_persistence.mapping.imported_rows_digest import ImportedRowsDigest
from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS, VERSIONS, StateItem
from gatepost_persistence.mapping.values import parse_instant, parse_optional_instant
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.writes.bulk_insert import BulkInsert
from gatepost_persistence.writes.current_state import refresh_current_state
from gatepost_persistence.writes.environments import SqlEnvironments
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.services import SqlServices

_deployments = DeploymentRow.table()
_versions = VersionRow.table()

T = TypeVar("T")

LOOKUP_BATCH_SIZE: Final = 100
"""The number of keys per lookup. It is fixed, so that the statement is compiled only once."""

FIRST_ANALYSIS: Final = 1000
"""How many rows an import stores on PostgreSQL before the tables are first analyzed. They are
analyzed again whenever the number of rows has quadrupled: without statistics, PostgreSQL would read
all rows for every lookup, and its automatic analysis runs only after the transaction."""

ANALYZE: Final[Mapping[str, Sequence[str]]] = {
    "sqlite": ("PRAGMA analysis_limit=400", "ANALYZE deployments", "ANALYZE versions"),
    "postgresql": ("ANALYZE deployments, versions",),
}
"""The statements that update the statistics from samples, by dialect."""

ROUGH_ANALYSIS: Final = (
    "SET LOCAL default_statistics_target = 10",
    *ANALYZE["postgresql"],
    "SET LOCAL default_statistics_target TO DEFAULT",
)
"""The statements that update the statistics of PostgreSQL during an import. They read a tenth of
the sample, which suffices for the import's own lookups."""

_FACTS: Final = (
    _deployments.c.number,
    _deployments.c.version,
    _deployments.c.happened_at,
    _deployments.c.deployed_by,
    _deployments.c.notes,
    _deployments.c.status,
    _deployments.c.rolled_back_at,
    _deployments.c.recorded_rollback,
)
RECORDS_BY_EXTERNAL_IDS = select(
    _deployments.c.service, _deployments.c.environment, _deployments.c.external_id, *_FACTS
).where(
    text(
        "(service, environment, external_id) IN (VALUES "
        + ", ".join(f"(:a{index}, :b{index}, :c{index})" for index in range(LOOKUP_BATCH_SIZE))
        + ")"
    ),
    _deployments.c.external_id.is_not(None),
)
RECORDS_BY_LANE_AND_TIME = select(
    _deployments.c.service, _deployments.c.environment, *_FACTS
).where(
    text(
        "(service, environment, happened_at) IN (VALUES "
        + ", ".join(f"(:a{index}, :b{index}, :c{index})" for index in range(LOOKUP_BATCH_SIZE))
        + ")"
    ),
    _deployments.c.kind == "record",
)
"""Uses the index `history_of_lane`."""
ARTIFACT_DIGESTS = select(
    _versions.c.service, _versions.c.version, _versions.c.artifact_digest
).where(
    text(
        "(service, version) IN (VALUES "
        + ", ".join(f"(:a{index}, :b{index})" for index in range(LOOKUP_BATCH_SIZE))
        + ")"
    )
)


class SqlImports:
    """The SQL repository for imports of a deployment history."""

    def __init__(
        self,
        connection: Connection,
        events: SqlEventAppender,
        services: SqlServices,
        environments: SqlEnvironments,
        forget_lookups: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._events = events
        self._services = services
        self._environments = environments
        self._forget_lookups = forget_lookups
        self._bulk = BulkInsert(connection)
        self.forget()

    def forget(self) -> None:
        """Forget the import, because it was stored or rolled back."""
        self._stored, self._next_analysis = 0, FIRST_ANALYSIS
        self._first = 0
        self._state: list[StateItem] = []
        self._imported_versions = ImportedRowsDigest(
            VERSIONS, ("service", "version"), has_digest=True
        )
        self._imported_deployments = ImportedRowsDigest(
            DEPLOYMENTS, ImportedRow._fields, has_digest=False
        )
        self._sums = ColumnChecksums((*ImportedRow._fields, *OUTCOME_COLUMNS))

    def next_event_seq(self) -> int:
        """Return the sequence number of the next event."""
        return self._events.last_seq + 1

    def find_recorded(self, keys: Collection[ExternalKey]) -> Mapping[ExternalKey, KnownRecord]:
        """Return the records with these external ids, by key; unknown ids are left out."""
        self._prefer_indexes()
        return {
            ExternalKey(service, environment, external_id): _known_record(facts)
            for batch in _padded_batches(list(keys))
            for service, environment, external_id, *facts in self._connection.execute(
                RECORDS_BY_EXTERNAL_IDS, _numbered_parameters(batch)
            )
        }

    def find_by_lane_and_time(
        self, keys: Collection[HistoryKey]
    ) -> Mapping[HistoryKey, Sequence[KnownRecord]]:
        """Return the records in these lanes at these instants, by key."""
        self._prefer_indexes()
        found: dict[HistoryKey, list[KnownRecord]] = {}
        texts = [(service, environment, to_rfc3339(at)) for service, environment, at in keys]
        for batch in _padded_batches(texts):
            for service, environment, *facts in self._connection.execute(
                RECORDS_BY_LANE_AND_TIME, _numbered_parameters(batch)
            ):
                known = _known_record(facts)
                key = HistoryKey(service, environment, known.facts.deployed_at)
                found.setdefault(key, []).append(known)
        return found

    def find_artifact_digests(
        self, versions: Collection[VersionKey]
    ) -> Mapping[VersionKey, str | None]:
        """Return the artifact digests of these versions, by key; unregistered ones are left out."""
        self._prefer_indexes()
        return {
            (service, version): digest
            for batch in _padded_batches(list(versions))
            for service, version, digest in self._connection.execute(
                ARTIFACT_DIGESTS, _numbered_parameters(batch)
            )
        }

    def add_service(self, service: Service) -> None:
        """Store a service that the import creates."""
        self._state.append(self._services.store_new(service))

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """Store an environment that the import creates, with its first policy."""
        self._state += self._environments.store_new(environment, policy)

    def add_versions(self, versions: Sequence[Version]) -> None:
        """Store versions that the import creates. There must be at least one."""
        shared = {"import_seq": self.next_event_seq()}
        all_values = [{**version_to_row(version), **shared} for version in versions]
        rows = [tuple(values.values()) for values in all_values]
        self._bulk.insert_rows(_versions, tuple(all_values[0]), rows)
        self._imported_versions.add(all_values)
        self._forget_lookups()

    def add_rows(
        self, rows: Sequence[ImportedRow], context: ImportContext, outcomes: Outcomes = NO_OUTCOMES
    ) -> None:
        """Store imported deployments. There must be at least one."""
        self._first = self._first or rows[0].number
        values_of_row = deployment_to_row(to_deployment(rows[0], context))
        self._imported_deployments.count_rows(values_of_row, len(rows))
        shared_values = {
            name: self._bulk.native_value(value)
            for name, value in values_of_row.items()
            if name not in ImportedRow._fields
        }
        varying = [_varying_values(row) for row in rows]
        self._sums.add(varying)
        boolean_type = self._bulk.boolean_type
        if outcomes:
            for name in OUTCOME_COLUMNS:
                del shared_values[name]
            for number, outcome in outcomes.items():
                self._sums.add_deviations(
                    1 + number - self._first, outcome_deviations(outcome_values(outcome, int))
                )
        shared = tuple(shared_values.values())
        values_of_rows: list[tuple[object, ...]] = [
            (*values, boolean_type(bool(unreviewed)), *shared) for *values, unreviewed in varying
        ]
        names: tuple[str, ...] = (*ImportedRow._fields, *shared_values)
        if outcomes:
            names = (*names, *OUTCOME_COLUMNS)
            values_of_rows = [
                (*values, *outcome_values(outcomes.get(row.number, SUCCESS), boolean_type))
                for row, values in zip(rows, values_of_rows, strict=True)
            ]
        self._bulk.insert_rows(_deployments, names, values_of_rows)
        self._forget_lookups()
        self._stored += len(rows)
        if self._stored >= self._next_analysis and self._connection.dialect.name == "postgresql":
            self._run_all(ROUGH_ANALYSIS)
            self._next_analysis = 4 * self._stored

    def finish(self, lanes: Iterable[LaneKey], event: Event) -> None:
        """Update the current state of the lanes and append the import event."""
        self._run_all(ANALYZE[self._connection.dialect.name])
        refresh_current_state(self._connection, lanes, at=event.at)
        deployments = self._imported_deployments.item(sums=self._sums.sums())
        bulk = (self._imported_versions.item(), deployments)
        self._events.append(event, *self._state, *filter(None, bulk))
        self.forget()

    def _prefer_indexes(self) -> None:
        """Make lookups use indexes until the end of the transaction.

        Otherwise, PostgreSQL would read all rows as long as its statistics show only a few.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql("SET LOCAL enable_seqscan = off")

    def _run_all(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._connection.exec_driver_sql(statement)


def _padded_batches(keys: list[T]) -> Iterator[list[T]]:
    """Yield batches of keys of the fixed size; the last one is padded with its last key."""
    for begin in range(0, len(keys), LOOKUP_BATCH_SIZE):
        batch = keys[begin : begin + LOOKUP_BATCH_SIZE]
        yield batch + batch[-1:] * (LOOKUP_BATCH_SIZE - len(batch))


def _numbered_parameters(keys: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """Return the parameters for a statement that looks up a batch of keys: a0, b0, and so on."""
    return {
        f"{letter}{index}": value
        for index, key in enumerate(keys)
        for letter, value in zip("abc", key, strict=False)
    }


def _varying_values(row: ImportedRow) -> tuple[object, ...]:
    """Return the values that differ between rows, in the order of the fields of `ImportedRow`."""
    number, id_, service, environment, tier, version, artifact, policy, at, *rest, unreviewed = row
    lane_and_version = (service, environment, str.__str__(tier), version, artifact, policy)
    deployed_at = None if at is None else to_rfc3339(at)
    return (number, str(id_), *lane_and_version, deployed_at, *rest, int(unreviewed))


def _known_record(facts: Sequence[Any]) -> KnownRecord:
    """Return the record in a row with the columns `_FACTS`."""
    number, version, happened_at, deployed_by, notes, status, rolled_back_at, is_rollback = facts
    recorded = RecordedFacts(
        version,
        parse_instant(happened_at),
        deployed_by,
        notes,
        Status(status),
        parse_optional_instant(rolled_back_at),
        ROLLBACK if is_rollback else DEPLOYMENT,
    )
    return KnownRecord(number, recorded)
