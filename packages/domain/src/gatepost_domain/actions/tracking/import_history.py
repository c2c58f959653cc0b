"""Importing recorded history: all of it or none, a part at a time, told by one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.tracking.import_catalog import ImportCatalog, Place
from gatepost_domain.actions.tracking.record import in_future, not_of_service
from gatepost_domain.catalog.service import Version
from gatepost_domain.errors import Fault, Invalid, Unknown
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.tracking.current_state import LanePlace
from gatepost_domain.tracking.history_import import (
    HistoryDigest,
    Import,
    Imported,
    ImportResult,
    Told,
)
from gatepost_domain.tracking.import_rows import HistoryRow, Read, row_fault

MOST_FAULTS: Final = 100
"""How many faults are told at once; behind the last one nothing more is read."""
ROWS_AT_ONCE: Final = 1000
"""How many rows are in hand at a time, whatever the length of the file."""


def import_history(
    work: Work,
    rows: Iterable[Read],
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
    with attempting(command) as wish:
        authorize(wish.actor, Right.IMPORT)
    run = _Run(work, wish, create_missing=create_missing, new_id=new_id)
    for part in _parts(rows):
        run.take(part)
    if run.faults:
        raise Invalid(*run.faults)
    return run.finish()


def _parts(rows: Iterable[Read]) -> Iterator[list[Read]]:
    left = iter(rows)
    while part := list(islice(left, ROWS_AT_ONCE)):
        yield part


class _Run:
    """One import under way. Once a row is at fault, the rest is only looked through for more."""

    def __init__(
        self,
        work: Work,
        command: Command,
        *,
        create_missing: bool,
        new_id: Callable[[], UUID],
    ) -> None:
        self.faults: list[Fault] = []
        self._imports = work.imports
        self._command = command
        self._create_missing = create_missing
        self._new_id = new_id
        self._catalog = ImportCatalog(work, command, create_missing=create_missing)
        self._first = self._next = work.deployments.next_number()
        self._lanes: set[LanePlace] = set()
        self._digest = HistoryDigest()
        self._repeated = self._differing = self._versions_created = 0
        self._shared = Import(
            seq=work.imports.next_seq(),
            at=command.at,
            requester=command.speaker,
            on_behalf_of=command.on_behalf_of,
            identities=command.identities,
        )

    def take(self, part: list[Read]) -> None:
        """Keep the next rows, unless something is at fault.

        Raises:
            Invalid: there are as many faults as are told at once.
        """
        rows = [row for row in map(self._checked, part) if row is not None]
        placed = [(row, self._place(row)) for row in self._fresh(rows)]
        fresh = [(row, place) for row, place in placed if place is not None]
        artifacts = self._artifacts([row for row, _ in fresh])
        if fresh and not self.faults:
            self._keep(fresh, artifacts)

    def finish(self) -> ImportResult:
        """Tell what was done in one event, if anything was."""
        result = ImportResult(
            imported=self._next - self._first,
            repeated=self._repeated,
            differing=self._differing,
            services_created=len(self._catalog.services_made),
            environments_created=len(self._catalog.environments_made),
            versions_created=self._versions_created,
        )
        if result.imported:
            self._imports.finish(self._lanes, self._event(result))
        return result

    def _checked(self, row: Read) -> HistoryRow | None:
        if isinstance(row, Fault):
            self._note(row)
            return None
        if row.deployed_at > self._command.at:
            fault = in_future("deployed_at", row.deployed_at, self._command.at)
            self._note(row_fault(row.number, fault.field, fault.code, fault.detail))
            return None
        return row

    def _fresh(self, rows: list[HistoryRow]) -> list[HistoryRow]:
        """The rows that are not known yet; the others are counted."""
        ids = {row.external_id for row in rows if row.external_id is not None}
        told = dict(self._imports.told(ids)) if ids else {}
        fresh: list[HistoryRow] = []
        for row in rows:
            facts = _told(row)
            known = None if row.external_id is None else told.setdefault(row.external_id, facts)
            if known is None or known is facts:
                fresh.append(row)
            else:
                self._repeated += 1
                self._differing += known != facts
        return fresh

    def _place(self, row: HistoryRow) -> Place | None:
        """Where it was deployed; none, and a fault, if that is not known."""
        place = self._catalog.place(row.environment)
        knows_service = self._catalog.knows(row.service)
        if not knows_service:
            self._note_unknown(row, "service", row.service)
        if place is None:
            self._note_unknown(row, "environment", row.environment)
        return place if knows_service else None

    def _artifacts(self, rows: list[HistoryRow]) -> dict[VersionKey, str | None]:
        """The versions of the rows; those that are missing are made, or are at fault."""
        wanted = dict.fromkeys((row.service, row.version) for row in rows)
        known = dict(self._imports.artifacts(wanted)) if wanted else {}
        missing = [key for key in wanted if key not in known]
        if missing and not self._create_missing:
            absent = set(missing)
            for row in rows:
                if (row.service, row.version) in absent:
                    sentence = not_of_service(row.version, row.service)
                    self._note(row_fault(row.number, "version", "version_not_of_service", sentence))
        elif missing and not self.faults:
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

    def _keep(
        self, rows: list[tuple[HistoryRow, Place]], artifacts: dict[VersionKey, str | None]
    ) -> None:
        kept = [
            Imported(
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
        self._digest.add(kept)
        self._imports.add(kept, self._shared)

    def _note_unknown(self, row: HistoryRow, kind: str, name: str) -> None:
        unknown = Unknown(kind, name)
        self._note(row_fault(row.number, kind, unknown.code, str(unknown)))

    def _note(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise Invalid(*self.faults)

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
                "digest": self._digest.text(),
                "services": made.services_made,
                "environments": made.environments_made,
                "versions": result.versions_created,
            },
        )


def _told(row: HistoryRow) -> Told:
    return Told(
        row.service,
        row.environment,
        row.version,
        row.deployed_at,
        row.deployed_by,
        row.notes,
    )
