"""Importing recorded history: all of it or none, a part at a time, told by one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.tracking.import_catalog import ImportCatalog, ImportEnvironment
from gatepost_domain.actions.tracking.record import future_time_error, version_mismatch_message
from gatepost_domain.catalog.service import Version
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.tracking.history_import import (
    HistoryDigest,
    ImportContext,
    ImportedRow,
    ImportResult,
    RecordedFacts,
)
from gatepost_domain.tracking.import_rows import HistoryRow, RowOrError, row_error

MAX_ERRORS: Final = 100
"""How many faults are told at once; behind the last one nothing more is read."""
BATCH_SIZE: Final = 1000
"""How many rows are in hand at a time, whatever the length of the file."""


def import_history(
    uow: UnitOfWork,
    rows: Iterable[RowOrError],
    command: Command,
    *,
    create_missing: bool,
    new_id: Callable[[], UUID],
) -> ImportResult:
    """Record what happened elsewhere, row by row as `history_rows` reads it: all rows or none.

    A row whose `external_id` is known, from the file or from before, is one record with that: the
    first stays. With `create_missing`, services, versions and environments that are unknown are
    made; without it they are faults.

    Raises:
        Forbidden: the actor imports nothing.
        Invalid: rows are at fault; the first hundred faults are told, by row and column.
    """
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.IMPORT)
    run = _ImportRun(uow, wish, create_missing=create_missing, new_id=new_id)
    for part in _batched(rows):
        run.add_batch(part)
    if run.errors:
        raise ValidationFailed(*run.errors)
    return run.finish()


def _batched(rows: Iterable[RowOrError]) -> Iterator[list[RowOrError]]:
    left = iter(rows)
    while part := list(islice(left, BATCH_SIZE)):
        yield part


class _ImportRun:
    """One import under way. Once a row is at fault, the rest is only looked through for more."""

    def __init__(
        self,
        uow: UnitOfWork,
        command: Command,
        *,
        create_missing: bool,
        new_id: Callable[[], UUID],
    ) -> None:
        self.errors: list[FieldError] = []
        self._imports = uow.imports
        self._command = command
        self._create_missing = create_missing
        self._new_id = new_id
        self._catalog = ImportCatalog(uow, command, create_missing=create_missing)
        self._first = self._next = uow.deployments.next_number()
        self._lanes: set[LaneKey] = set()
        self._digest = HistoryDigest()
        self._repeated = self._differing = self._versions_created = 0
        self._shared = ImportContext(
            seq=uow.imports.next_event_seq(),
            at=command.at,
            requester=command.effective_actor_name,
            on_behalf_of=command.on_behalf_of,
            identities=command.identities,
        )

    def add_batch(self, part: list[RowOrError]) -> None:
        """Keep the next rows, unless something is at fault.

        Raises:
            Invalid: there are as many faults as are told at once.
        """
        rows = [row for row in map(self._validate, part) if row is not None]
        placed = [(row, self._resolve_environment(row)) for row in self._new_rows(rows)]
        fresh = [(row, place) for row, place in placed if place is not None]
        artifacts = self._resolve_versions([row for row, _ in fresh])
        if fresh and not self.errors:
            self._store(fresh, artifacts)

    def finish(self) -> ImportResult:
        """Tell what was done in one event, if anything was."""
        result = ImportResult(
            imported=self._next - self._first,
            repeated=self._repeated,
            differing=self._differing,
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
        if row.deployed_at > self._command.at:
            fault = future_time_error("deployed_at", row.deployed_at, self._command.at)
            self._add_error(row_error(row.number, fault.field, fault.code, fault.detail))
            return None
        return row

    def _new_rows(self, rows: list[HistoryRow]) -> list[HistoryRow]:
        """The rows that are not known yet; the others are counted."""
        ids = {row.external_id for row in rows if row.external_id is not None}
        told = dict(self._imports.find_recorded(ids)) if ids else {}
        fresh: list[HistoryRow] = []
        for row in rows:
            facts = _recorded_facts(row)
            known = None if row.external_id is None else told.setdefault(row.external_id, facts)
            if known is None or known is facts:
                fresh.append(row)
            else:
                self._repeated += 1
                self._differing += known != facts
        return fresh

    def _resolve_environment(self, row: HistoryRow) -> ImportEnvironment | None:
        """Where it was deployed; none, and a fault, if that is not known."""
        place = self._catalog.ensure_environment(row.environment)
        knows_service = self._catalog.ensure_service(row.service)
        if not knows_service:
            self._add_unknown(row, "service", row.service)
        if place is None:
            self._add_unknown(row, "environment", row.environment)
        return place if knows_service else None

    def _resolve_versions(self, rows: list[HistoryRow]) -> dict[VersionKey, str | None]:
        """The versions of the rows; those that are missing are made, or are at fault."""
        wanted = dict.fromkeys((row.service, row.version) for row in rows)
        known = dict(self._imports.artifact_digests(wanted)) if wanted else {}
        missing = [key for key in wanted if key not in known]
        if missing and not self._create_missing:
            absent = set(missing)
            for row in rows:
                if (row.service, row.version) in absent:
                    sentence = version_mismatch_message(row.version, row.service)
                    self._add_error(
                        row_error(row.number, "version", "version_not_of_service", sentence)
                    )
        elif missing and not self.errors:
            self._imports.add_versions([self._version(key) for key in missing])
            self._versions_created += len(missing)
            known |= dict.fromkeys(missing)
        return known

    def _version(self, key: VersionKey) -> Version:
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
        artifacts: dict[VersionKey, str | None],
    ) -> None:
        kept = [
            ImportedRow(
                number,
                self._new_id(),
                row.service,
                row.environment,
                place.tier,
                row.version,
                artifacts[row.service, row.version],
                place.policy_version,
                row.deployed_at,
                row.deployed_by,
                row.notes,
                row.external_id,
                place.unreviewed,
            )
            for number, (row, place) in enumerate(rows, start=self._next)
        ]
        self._next += len(kept)
        self._lanes.update((row.service, row.environment) for row in kept)
        self._digest.update(kept)
        self._imports.add_rows(kept, self._shared)

    def _add_unknown(self, row: HistoryRow, kind: str, name: str) -> None:
        unknown = NotFound(kind, name)
        self._add_error(row_error(row.number, kind, unknown.code, str(unknown)))

    def _add_error(self, fault: FieldError) -> None:
        self.errors.append(fault)
        if len(self.errors) >= MAX_ERRORS:
            raise ValidationFailed(*self.errors)

    def _event(self, result: ImportResult) -> Event:
        made = self._catalog
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
                "services": made.created_services,
                "environments": made.created_environments,
                "versions": result.versions_created,
            },
        )


def _recorded_facts(row: HistoryRow) -> RecordedFacts:
    return RecordedFacts(
        row.service,
        row.environment,
        row.version,
        row.deployed_at,
        row.deployed_by,
        row.notes,
    )
