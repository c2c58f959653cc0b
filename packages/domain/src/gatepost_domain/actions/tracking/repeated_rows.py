"""Finding import rows that are already recorded, or that repeat an earlier row in the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatepost_domain.deployments.errors.records import ExternalIdTaken
from gatepost_domain.errors import FieldError
from gatepost_domain.ports.tracking import ImportRepository
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
from gatepost_domain.tracking.history_files.rows import HistoryRow, row_error
from gatepost_domain.tracking.import_row_values import external_key, history_key, recorded_facts


class RepeatedRowFilter:
    """Finds the rows in an import that are already recorded, and counts them.

    A row with an external id is compared with the record that has this id; a row without one is
    compared with all records in its lane at the same instant.
    """

    def __init__(
        self,
        imports: ImportRepository,
        first_number: int,
        on_conflict: OnConflict,
        add_error: Callable[[FieldError], None],
    ) -> None:
        self.repeated = self.repeated_in_file = self.repeated_records = self.differing = 0
        self.conflicts: list[ConflictingRow] = []
        self._imports = imports
        self._first = first_number
        self._on_conflict = on_conflict
        self._add_error = add_error

    def filter_new_rows(self, rows: list[HistoryRow], next_number: int) -> list[HistoryRow]:
        """Return the rows that are not yet recorded. Count the others, and report conflicts.

        `next_number` is the number that the first new row will have.
        """
        keys = {key for row in rows if (key := external_key(row)) is not None}
        known = dict(self._imports.find_recorded(keys)) if keys else {}
        without_id = {history_key(row) for row in rows if row.external_id is None}
        equal = dict(self._imports.find_by_lane_and_time(without_id)) if without_id else {}
        new_rows: list[HistoryRow] = []
        for row in rows:
            key, facts = external_key(row), recorded_facts(row)
            if key is None:
                if self._is_new(row, facts, equal, next_number + len(new_rows)):
                    new_rows.append(row)
            elif (record := known.get(key)) is None:
                known[key] = new = KnownRecord(next_number + len(new_rows), facts)
                if without_id and (place := history_key(row)) in without_id:
                    equal[place] = (*equal.get(place, ()), new)
                new_rows.append(row)
            elif record.facts == facts:
                self.repeated += 1
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
        """Return whether no record has the same values as a row without an external id."""
        key = history_key(row)
        records = known.get(key, ())
        for record in records:
            if record.facts == facts:
                self.repeated += 1
                if record.number < self._first:
                    self.repeated_records += 1
                else:
                    self.repeated_in_file += 1
                return False
        known[key] = (*records, KnownRecord(number, facts))
        return True

    def _report_conflict(
        self, row: HistoryRow, key: ExternalKey, record: KnownRecord, facts: RecordedFacts
    ) -> None:
        """Refuse or list a row whose external id is taken by a record with different values."""
        if self._on_conflict is OnConflict.SKIP:
            self.repeated += 1
            self.differing += 1
            if len(self.conflicts) < MAX_LISTED_CONFLICTS:
                differs = differing_facts(record.facts, facts)
                self.conflicts.append(ConflictingRow(row.number, key, record.number, differs))
            return
        is_stored = record.number < self._first
        where = describe_record(record.number) if is_stored else "an earlier row of this file"
        reason = describe_conflict(key, where, record, facts)
        self._add_error(row_error(row.number, "external_id", ExternalIdTaken.code, reason))
