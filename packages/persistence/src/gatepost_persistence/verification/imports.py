"""Verification of imported deployments against the digest in the event of their import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.tracking.import_result import ImportedRow
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.import_column_checksums import ColumnChecksums
from gatepost_persistence.mapping.imported_outcomes import OUTCOME_COLUMNS, outcome_deviations
from gatepost_persistence.mapping.recorded_tables import encode_canonical
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.statements.table_batches import ROWS_PER_BATCH
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.verification.expected_rows import ImportEvent

_DIGESTED = ImportedRow._fields
_COLUMNS = (*_DIGESTED, *OUTCOME_COLUMNS)
_deployments = DeploymentRow.table()

ROWS_OF_IMPORT = PreparedStatement(
    select(*(_deployments.c[name] for name in _COLUMNS))
    .where(_deployments.c.import_seq == bindparam("import_seq"))
    .where(_deployments.c.number > bindparam("after"))
    .order_by(_deployments.c.number)
    .limit(ROWS_PER_BATCH)
)


class ImportVerifier:
    """Computes the digests of imports while their rows are read in order of number."""

    def __init__(self, imports: Mapping[int, ImportEvent], section: tuple[int, int]) -> None:
        """Verify the imports whose first number is in a section of the deployments."""
        after, last = section
        self._imports = imports
        self._digests = {
            seq: sha256(b"[")
            for seq, event in imports.items()
            if after < event.first_number <= last
        }
        self._counts = dict.fromkeys(self._digests, 0)

    def add(self, values: Mapping[str, Any]) -> Iterator[Fault]:
        """Add an imported row, and yield a fault if it does not belong to its import."""
        seq, number = values["import_seq"], values["number"]
        event = self._imports[seq]
        facts = [values[name] for name in _DIGESTED]
        facts[-1] = bool(facts[-1])
        if event.has_outcomes:
            *outcome, is_rollback = (values[name] for name in OUTCOME_COLUMNS)
            outcome.append(None if is_rollback is None else bool(is_rollback))
            facts += outcome if outcome_deviations(outcome) else ()
        if seq in self._digests:
            separator = b"," if self._counts[seq] else b""
            self._digests[seq].update(separator + encode_canonical(facts))
            self._counts[seq] += 1
        if not event.first_number <= number <= event.last_number:
            detail = (
                f"Event {seq} imported DEP-{event.first_number} to DEP-{event.last_number}, not "
                "this deployment."
            )
            yield Fault("import_of_others", "deployments", f"DEP-{number}", "import_seq", detail)

    def find_faults(self, connection: Connection) -> Iterator[Fault]:
        """Yield the faults of all imports. All imported rows must have been added."""
        for seq, digest in self._digests.items():
            event = self._imports[seq]
            digest.update(b"]")
            subject = f"import {seq} (DEP-{event.first_number} to DEP-{event.last_number})"
            if self._counts[seq] != event.imported:
                detail = f"Imported deployments: {event.imported}; stored: {self._counts[seq]}."
                yield Fault("row_missing", "deployments", subject, None, detail)
            elif digest.hexdigest() != event.digest:
                yield from _find_changes(connection, event, subject)


def _find_changes(connection: Connection, event: ImportEvent, subject: str) -> Iterator[Fault]:
    """Yield a fault for each changed column, or just one if the columns cannot be determined."""
    detail = "The stored deployments differ from the imported ones."
    if event.sums is None:
        yield Fault("row_differs", "deployments", subject, None, detail)
        return
    sums, after, is_located = ColumnChecksums(_COLUMNS), 0, False
    while rows := ROWS_OF_IMPORT.all(connection, {"import_seq": event.seq, "after": after}):
        sums.add((*row[: len(_DIGESTED) - 1], int(row.unreviewed)) for row in rows)
        if event.has_outcomes:
            for row in rows:
                position = 1 + row.number - event.first_number
                sums.add_deviations(position, outcome_deviations(row[len(_DIGESTED) :]))
        after = rows[-1].number
    for name, position in sums.locate_changes(event.sums):
        is_located = True
        if position is None:
            yield Fault("row_differs", "deployments", subject, name, f"{detail[:-1]} in {name}.")
        else:
            number = event.first_number + position - 1
            located = f"{name} is not what event {event.seq} imported, according to its sums."
            yield Fault("row_differs", "deployments", f"DEP-{number}", name, located)
    if not is_located:
        yield Fault("row_differs", "deployments", subject, None, detail)
