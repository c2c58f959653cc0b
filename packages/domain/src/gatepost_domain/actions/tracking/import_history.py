"""Importing deployment history in batches. Either all rows are stored, with one event, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.tracking.import_catalog_lookup import (
    NO_TIERS,
    ImportCatalog,
    ImportEnvironment,
    tier_required_message,
)
from gatepost_domain.actions.tracking.record import foreign_version_message, future_time_error
from gatepost_domain.actions.tracking.repeated_rows import RepeatedRowFilter
from gatepost_domain.catalog.service import Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.tracking.external_ids import (
    OnConflict,
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
from gatepost_domain.tracking.import_row_values import (
    is_failure,
    to_imported_outcome,
)

MAX_ERRORS: Final = 100
"""The maximum number of reported errors; reading stops when it is reached."""
BATCH_SIZE: Final = 1000
"""The number of rows processed at a time, which bounds memory use for files of any length."""


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
    """Record the deployments in a file, either all rows or none, in one event.

    A row without an external id is left out if it equals a record or an earlier row. A row whose
    `external_id` is already recorded for its service and environment, or occurs earlier in the
    file, is left out if its other values are the same; if they differ, it is an error or, depending
    on `on_conflict`, left out and listed. With `create_missing`, unknown services, versions and
    environments are created; without it, they are errors.

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
        self._catalog = ImportCatalog(uow, command, create_missing=create_missing, tiers=tiers)
        self._first = self._next = uow.deployments.next_number()
        self._repeated = RepeatedRowFilter(uow.imports, self._first, on_conflict, self._add_error)
        self._lanes: set[LaneKey] = set()
        self._digest = ImportedRowsDigest()
        self._reported: set[tuple[str, ...]] = set()
        self._outcomes = {"failed": 0, "rolled_back": 0, "rollbacks": 0}
        self._skipped = self._versions_created = 0
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
            self._catalog.ensure_environment(environment)  # including those of repeated rows
        new_rows = self._repeated.filter_new_rows(rows, self._next)
        resolved = [(row, self._find_environment_and_check_service(row)) for row in new_rows]
        valid = [(row, environment) for row, environment in resolved if environment is not None]
        digests = self._ensure_versions([row for row, _ in valid])
        if valid and not self.errors:
            self._store(valid, digests)

    def check_tiers(self) -> None:
        """Add an error for each given tier that is unused or differs from its environment's.

        Raises:
            ValidationFailed: `MAX_ERRORS` errors were found.
        """
        for error in self._catalog.tier_errors():
            self._add_error(error)

    def finish(self) -> ImportResult:
        """Append the import event, if anything was imported, and return the counts."""
        result = ImportResult(
            imported=self._next - self._first,
            repeated=self._repeated.repeated,
            repeated_in_file=self._repeated.repeated_in_file,
            repeated_records=self._repeated.repeated_records,
            differing=self._repeated.differing,
            conflicts=tuple(self._repeated.conflicts),
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
        name, at = "deployed_at", row.deployed_at
        if row.outcome is not None and row.outcome.rolled_back_at is not None:
            name, at = "rolled_back_at", row.outcome.rolled_back_at  # the later of the two
        if at > self._command.at:
            error = future_time_error(name, at)
            self._add_error(row_error(row.number, error.field, error.code, error.detail))
            return None
        return row

    def _find_environment_and_check_service(self, row: HistoryRow) -> ImportEnvironment | None:
        """Return a row's environment. Add an error if the environment or service is unknown."""
        environment = self._catalog.ensure_environment(row.environment)
        has_service = self._catalog.ensure_service(row.service)
        if not has_service:
            self._report_unknown(row, "service", row.service)
        if environment is None:
            self._report_missing_environment(row)
        return environment if has_service else None

    def _ensure_versions(self, rows: list[HistoryRow]) -> dict[VersionKey, str | None]:
        """Return the artifact digests of the rows' versions. Create or report missing versions."""
        keys = dict.fromkeys((row.service, row.version) for row in rows)
        digests = dict(self._imports.find_artifact_digests(keys)) if keys else {}
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
                environment.records_are_unreviewed,
            )
            for number, (row, environment) in enumerate(rows, start=self._next)
        ]
        outcomes = {
            number: to_imported_outcome(row, row.outcome)
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
        """Return whether this is the first report of a fault that many rows can share."""
        is_first = fault not in self._reported
        self._reported.add(fault)
        return is_first

    def _report_unknown(self, row: HistoryRow, kind: str, name: str) -> None:
        if not self._is_first_report(kind, name):
            return
        error = NotFound(kind, name)
        self._add_error(row_error(row.number, kind, error.code, str(error)))

    def _report_missing_environment(self, row: HistoryRow) -> None:
        if not self._create_missing:
            self._report_unknown(row, "environment", row.environment)
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
