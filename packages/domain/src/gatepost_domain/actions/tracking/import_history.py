"""Importing deployment history in batches. Either all rows are stored, with one event, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import resolve_actor_and_audit_denials
from gatepost_domain.actions.tracking.import_lookup import (
    NO_TIERS,
    ImportCatalog,
    ImportEnvironment,
    tier_required_message,
)
from gatepost_domain.actions.tracking.record import foreign_version_message, future_time_error
from gatepost_domain.catalog.service import Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.errors import ExternalIdTaken
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.tracking.external_ids import (
    MAX_LISTED_CONFLICTS,
    ConflictingRow,
    ExternalKey,
    HistoryKey,
    KnownRecord,
    OnConflict,
    RecordedFacts,
    describe_conflict,
    describe_record,
    differing_facts,
)
from gatepost_domain.tracking.history_files.rows import (
    HistoryRow,
    RowOrError,
    SkippedRow,
    row_error,
)
from gatepost_domain.tracking.import_result import (
    ImportContext,
    ImportedOutcome,
    ImportedRow,
    ImportedRowsDigest,
    ImportResult,
)
from gatepost_domain.tracking.row_facts import (
    external_key,
    history_key,
    is_failure,
    recorded_facts,
    to_imported,
)

MAX_ERRORS: Final = 100
"""The maximum number of reported errors; reading stops when it is reached."""
BATCH_SIZE: Final = 1000
"""How many rows are processed at a time. This limits memory use for files of any length."""


def import_history(
    uow: UnitOfWork,
    rows: Iterable[RowOrError],
    command: Command,
    *,
    create_missing: bool,
    on_conflict: OnConflict = OnConflict.REFUSE,
    tiers: Mapping[str, Tier] = NO_TIERS,
    new_id: Callable[[], UUID],
) -> ImportResult:
    """Record the deployments of a file, either all rows or none, in one event.

    A row whose `external_id` is already recorded for its service and environment, or occurs earlier
    in the file, is left out if its facts are the same; otherwise it is an error, or left out and
    listed if `on_conflict` says so. With `create_missing`, unknown services, versions and
    environments are created; otherwise they are errors.

    Raises:
        Forbidden: the actor may not import history.
        ValidationFailed: rows are invalid; the first `MAX_ERRORS` errors are listed.
    """
    resolved = authorize_import(command)
    import_run = _ImportRun(
        uow,
        resolved,
        create_missing=create_missing,
        on_conflict=on_conflict,
        tiers=tiers,
        new_id=new_id,
    )
    for batch in _batched(rows):
        import_run.add_batch(batch)
    import_run.check_tiers()
    if import_run.errors:
        raise ValidationFailed(*import_run.errors)
    return import_run.finish()


def authorize_import(command: Command) -> Command:
    """Return the command with its actor resolved, if the actor may import history.

    Raises:
        Forbidden: the actor may not import history.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.IMPORT)
    return resolved


def _batched(rows: Iterable[RowOrError]) -> Iterator[list[RowOrError]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH_SIZE)):
        yield batch


class _ImportRun:
    """One import in progress. After the first invalid row, the other rows are only validated."""

    def __init__(
        self,
        uow: UnitOfWork,
        command: Command,
        *,
        create_missing: bool,
        on_conflict: OnConflict,
        tiers: Mapping[str, Tier],
        new_id: Callable[[], UUID],
    ) -> None:
        self.errors: list[FieldError] = []
        self._imports = uow.imports
        self._command = command
        self._create_missing = create_missing
        self._new_id = new_id
        self._on_conflict = on_conflict
        self._conflicts: list[ConflictingRow] = []
        self._catalog = ImportCatalog(uow, command, create_missing=create_missing, tiers=tiers)
        self._first = self._next = uow.deployments.next_number()
        self._lanes: set[LaneKey] = set()
        self._digest = ImportedRowsDigest()
        self._reported: set[tuple[str, ...]] = set()
        self._repeated_in_file = self._repeated_records = 0
        self._outcomes = {"failed": 0, "rolled_back": 0, "rollbacks": 0}
        self._repeated = self._differing = self._skipped = self._versions_created = 0
        self._shared = ImportContext(
            seq=uow.imports.next_event_seq(),
            at=command.at,
            requester=command.effective_actor_name,
            on_behalf_of=command.on_behalf_of,
            identities=command.identities,
        )

    def add_batch(self, batch: list[RowOrError]) -> None:
        """Store the next rows, unless there is an error in any row so far.

        Raises:
            ValidationFailed: `MAX_ERRORS` errors were found.
        """
        rows = [row for row in map(self._validate, batch) if row is not None]
        for environment in dict.fromkeys(row.environment for row in rows):
            self._catalog.ensure_environment(environment)  # also of rows that are known already
        resolved = [
            (row, self._find_environment_and_check_service(row)) for row in self._new_rows(rows)
        ]
        valid = [(row, environment) for row, environment in resolved if environment is not None]
        digests = self._ensure_versions([row for row, _ in valid])
        if valid and not self.errors:
            self._store(valid, digests)

    def check_tiers(self) -> None:
        """Add an error for each given tier that is not the tier of an environment of the file.

        Raises:
            ValidationFailed: `MAX_ERRORS` errors were found.
        """
        for error in self._catalog.tier_errors():
            self._add_error(error)

    def finish(self) -> ImportResult:
        """Append the import event, if anything was imported, and return the counts."""
        result = ImportResult(
            imported=self._next - self._first,
            repeated=self._repeated,
            repeated_in_file=self._repeated_in_file,
            repeated_records=self._repeated_records,
            differing=self._differing,
            conflicts=tuple(self._conflicts),
            skipped=self._skipped,
            services_created=len(self._catalog.created_services),
            environments_created=len(self._catalog.created_environments),
            versions_created=self._versions_created,
        )
        if result.imported:
            self._imports.finish(self._lanes, self._event(result))
        return result

    def _validate(self, row: RowOrError) -> HistoryRow | None:
        if isinstance(row, FieldError):
            self._add_error(row)
            return None
        if isinstance(row, SkippedRow):
            self._skipped += 1
            return None
        times = {"deployed_at": row.deployed_at}
        if row.outcome is not None and row.outcome.rolled_back_at is not None:
            times["rolled_back_at"] = row.outcome.rolled_back_at
        for name, at in times.items():
            if at > self._command.at:
                error = future_time_error(name, at)
                self._add_error(row_error(row.number, error.field, error.code, error.detail))
                return None
        return row

    def _new_rows(self, rows: list[HistoryRow]) -> list[HistoryRow]:
        """Return the rows that are not recorded yet. Count the others, and report conflicts."""
        keys = {key for row in rows if (key := external_key(row)) is not None}
        known = dict(self._imports.find_recorded(keys)) if keys else {}
        without_id = {history_key(row) for row in rows if row.external_id is None}
        equal = dict(self._imports.find_equal(without_id)) if without_id else {}
        new_rows: list[HistoryRow] = []
        for row in rows:
            key, facts = external_key(row), recorded_facts(row)
            if key is None:
                if self._is_new(row, facts, equal, self._next + len(new_rows)):
                    new_rows.append(row)
            elif (record := known.get(key)) is None:
                known[key] = KnownRecord(self._next + len(new_rows), facts)
                new_rows.append(row)
            elif record.facts == facts:
                self._repeated += 1
            else:
                self._report_conflict(row, key, record, facts)
        return new_rows

    def _is_new(
        self,
        row: HistoryRow,
        facts: RecordedFacts,
        known: dict[HistoryKey, Sequence[KnownRecord]],
        number: int,
    ) -> bool:
        """Return whether no record has the same facts as a row without an external id."""
        key = history_key(row)
        records = known.get(key, ())
        for record in records:
            if record.facts == facts:
                self._repeated += 1
                if record.number < self._first:
                    self._repeated_records += 1
                else:
                    self._repeated_in_file += 1
                return False
        known[key] = (*records, KnownRecord(number, facts))
        return True

    def _report_conflict(
        self, row: HistoryRow, key: ExternalKey, record: KnownRecord, facts: RecordedFacts
    ) -> None:
        """Refuse or list a row whose external id is taken by a record of other facts."""
        if self._on_conflict is OnConflict.SKIP:
            self._repeated += 1
            self._differing += 1
            if len(self._conflicts) < MAX_LISTED_CONFLICTS:
                differs = differing_facts(record.facts, facts)
                self._conflicts.append(ConflictingRow(row.number, key, record.number, differs))
            return
        is_stored = record.number < self._first
        where = describe_record(record.number) if is_stored else "an earlier row of this file"
        reason = describe_conflict(key, where, record, facts)
        self._add_error(row_error(row.number, "external_id", ExternalIdTaken.code, reason))

    def _find_environment_and_check_service(self, row: HistoryRow) -> ImportEnvironment | None:
        """Return a row's environment. Add an error if the environment or service is unknown."""
        environment = self._catalog.ensure_environment(row.environment)
        has_service = self._catalog.ensure_service(row.service)
        if not has_service:
            self._add_unknown(row, "service", row.service)
        if environment is None:
            self._add_missing_environment(row)
        return environment if has_service else None

    def _ensure_versions(self, rows: list[HistoryRow]) -> dict[VersionKey, str | None]:
        """Return the artifact digests of the rows' versions. Create or report missing versions."""
        keys = dict.fromkeys((row.service, row.version) for row in rows)
        digests = dict(self._imports.artifact_digests(keys)) if keys else {}
        missing = {key: None for key in keys if key not in digests}
        if missing and not self._create_missing:
            for row in rows:
                key = (row.service, row.version)
                if key in missing and self._is_first_report("version", *key):
                    message = foreign_version_message(row.version, row.service)
                    self._add_error(
                        row_error(row.number, "version", "version_not_of_service", message)
                    )
        elif missing and not self.errors:
            self._imports.add_versions([self._build_version(key) for key in missing])
            self._versions_created += len(missing)
            digests |= missing
        return digests

    def _build_version(self, key: VersionKey) -> Version:
        return Version(
            service=key[0],
            version=key[1],
            commit_sha=None,
            committed_at=None,
            artifact_digest=None,
            notes=None,
            created_at=self._command.at,
            created_by=self._command.actor.name,
        )

    def _store(
        self,
        rows: list[tuple[HistoryRow, ImportEnvironment]],
        digests: dict[VersionKey, str | None],
    ) -> None:
        imported = [
            ImportedRow(
                number,
                self._new_id(),
                row.service,
                row.environment,
                environment.tier,
                row.version,
                digests[row.service, row.version],
                environment.policy_version,
                None if is_failure(row) else row.deployed_at,
                row.deployed_by,
                row.notes,
                row.external_id,
                environment.unreviewed,
            )
            for number, (row, environment) in enumerate(rows, start=self._next)
        ]
        outcomes = {
            number: to_imported(row, row.outcome)
            for number, (row, _) in enumerate(rows, start=self._next)
            if row.outcome is not None
        }
        self._count_outcomes(outcomes.values())
        self._next += len(imported)
        self._lanes.update(
            (row.service, row.environment) for row in imported if row.deployed_at is not None
        )
        self._digest.update(imported, outcomes)
        self._imports.add_rows(imported, self._shared, outcomes)

    def _count_outcomes(self, outcomes: Iterable[ImportedOutcome]) -> None:
        for outcome in outcomes:
            self._outcomes["failed"] += outcome.status is Status.FAILED
            self._outcomes["rolled_back"] += outcome.status is Status.ROLLED_BACK
            self._outcomes["rollbacks"] += outcome.recorded_rollback is True

    def _is_first_report(self, *fault: str) -> bool:
        """Return whether a fault that many rows can have is reported for the first time."""
        is_first = fault not in self._reported
        self._reported.add(fault)
        return is_first

    def _add_unknown(self, row: HistoryRow, kind: str, name: str) -> None:
        if not self._is_first_report(kind, name):
            return
        error = NotFound(kind, name)
        self._add_error(row_error(row.number, kind, error.code, str(error)))

    def _add_missing_environment(self, row: HistoryRow) -> None:
        if not self._create_missing:
            self._add_unknown(row, "environment", row.environment)
            return
        if not self._is_first_report("environment", row.environment):
            return
        reason = tier_required_message(row.environment)
        self._add_error(row_error(row.number, "environment", "tier_required", reason))

    def _add_error(self, error: FieldError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MAX_ERRORS:
            raise ValidationFailed(*self.errors)

    def _event(self, result: ImportResult) -> Event:
        return Event(
            kind=EventKind.HISTORY_IMPORTED,
            actor=self._command.actor.name,
            on_behalf_of=self._command.on_behalf_of,
            at=self._command.at,
            note=self._command.note,
            data={
                "imported": result.imported,
                "repeated": result.repeated,
                "differing": result.differing,
                "first_number": self._first,
                "last_number": self._next - 1,
                "digest": self._digest.hexdigest(),
                "services": self._catalog.created_services,
                "environments": self._catalog.created_environments,
                "versions": result.versions_created,
                **({"outcomes": self._outcomes} if any(self._outcomes.values()) else {}),
            },
        )
