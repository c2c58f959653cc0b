"""Verification of rows outside deployments against the state that events recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection

from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.recorded_rows import RecordedRow, find_row_faults
from gatepost_persistence.mapping.imported_rows_digest import digest_lines
from gatepost_persistence.mapping.recorded_tables import (
    RECORDED_TABLES,
    VERSIONS,
    RecordedTable,
    encode_canonical,
)
from gatepost_persistence.statements.table_batches import iter_batches
from gatepost_persistence.verification.adopted_rows import (
    find_digests_of_adopted_rows,
    iter_adopted_keys,
)
from gatepost_persistence.verification.expected_rows import (
    OF_DEPLOYMENTS,
    LogContents,
    RowHistory,
    digest_of_row,
    load_recorded_row,
)
from gatepost_persistence.verification.row_names import subject_of


def find_faults_in_tables(connection: Connection, log: LogContents) -> Iterator[Fault]:
    """Yield the faults in all recorded tables except those of deployments."""
    for table in RECORDED_TABLES:
        if table.name not in OF_DEPLOYMENTS:
            yield from _TableVerifier(connection, log, table).find_faults()


class _TableVerifier:
    """Compares the rows of one table with the log."""

    def __init__(self, connection: Connection, log: LogContents, table: RecordedTable) -> None:
        self._connection = connection
        self._log = log
        self._table = table
        self._missing = {
            key[1:]: history for key, history in log.rows.items() if key[0] == table.name
        }
        self._is_adopted = log.adopted is not None and table.name in log.adopted
        self._seen_adopted: set[str] = set()
        self._versions = {seq: sha256() for seq in log.imports}
        self._version_counts = dict.fromkeys(log.imports, 0)

    def find_faults(self) -> Iterator[Fault]:
        """Yield the faults of the stored rows and of missing ones."""
        for batch in iter_batches(self._connection, self._table.table):
            by_key = {tuple(self._table.key(values)): values for values in batch}
            adopted = self._find_digests_of_adopted_rows(by_key)
            for key, values in by_key.items():
                history = self._missing.pop(key, None)
                yield from self._row_faults(key, values, history, adopted.get(key))
        yield from self._missing_faults()
        if self._table is VERSIONS:
            yield from self._imported_version_faults()

    def _row_faults(
        self,
        key: tuple[str, ...],
        values: Mapping[str, Any],
        history: RowHistory | None,
        adopted: str | None,
    ) -> Iterator[Fault]:
        stored = self._table.recorded_columns(values)
        digest = digest_of_row(stored)
        if history is None and adopted is None and self._is_imported(values):
            yield from self._add_imported_version(values, stored)
            return
        if history is not None and history.digest == digest and len(history.seqs) == 1:
            return
        if history is not None:
            recorded = load_recorded_row(self._connection, (self._table.name, *key), history)
        else:
            recorded = RecordedRow(adopted)
        subject = subject_of(self._table.name, key)
        yield from find_row_faults(self._table.name, subject, stored, recorded, digest=digest)

    def _missing_faults(self) -> Iterator[Fault]:
        for key, history in self._missing.items():
            if history.digest is not None:
                detail = f"Event {history.seqs[-1]} recorded the row, but it is not stored."
                yield self._missing_row_fault(key, detail)
        if self._is_adopted:
            removed = {encode_canonical(list(key)).decode() for key in self._missing}
            for key_text in iter_adopted_keys(self._connection, self._table.name):
                if key_text not in self._seen_adopted and key_text not in removed:
                    detail = "The row was stored when row states were first recorded; it is gone."
                    yield self._missing_row_fault(tuple(msgspec.json.decode(key_text)), detail)

    def _missing_row_fault(self, key: tuple[str, ...], detail: str) -> Fault:
        table = self._table.name
        return Fault("row_missing", table, subject_of(table, key), None, detail)

    def _find_digests_of_adopted_rows(
        self, by_key: Mapping[tuple[str, ...], object]
    ) -> Mapping[tuple[str, ...], str]:
        if not self._is_adopted:
            return {}
        texts = {encode_canonical(list(key)).decode(): key for key in by_key}
        digests = find_digests_of_adopted_rows(self._connection, self._table.name, list(texts))
        self._seen_adopted.update(digests)
        return {texts[text]: digest for text, digest in digests.items()}

    def _is_imported(self, values: Mapping[str, Any]) -> bool:
        return self._table is VERSIONS and values["import_seq"] in self._log.imports

    def _add_imported_version(
        self, values: Mapping[str, Any], stored: Mapping[str, Any]
    ) -> Iterator[Fault]:
        seq = values["import_seq"]
        for line in digest_lines([values], ("service", "version")):
            self._versions[seq].update(line)
        self._version_counts[seq] += 1
        item = self._log.imports[seq].versions
        shared = {} if item is None else item["row"]
        subject = subject_of(VERSIONS.name, VERSIONS.key(values))
        for name in sorted((stored.keys() | shared.keys()) - {"service", "version"}):
            if stored.get(name) != shared.get(name):
                detail = (
                    f"{name} is stored as {stored.get(name)!r}, but was imported as "
                    f"{shared.get(name)!r}."
                )
                yield Fault("row_differs", VERSIONS.name, subject, name, detail)

    def _imported_version_faults(self) -> Iterator[Fault]:
        for seq, event in self._log.imports.items():
            count, item = self._version_counts[seq], event.versions
            expected = 0 if item is None else item["rows"]
            if count != expected:
                detail = f"Versions that the import created: {expected}; stored: {count}."
                yield Fault("row_missing", VERSIONS.name, f"import {seq}", None, detail)
            elif item is not None and self._versions[seq].hexdigest() != item["digest"]:
                detail = "The stored versions differ from those that the import created."
                yield Fault("row_differs", VERSIONS.name, f"import {seq}", "version", detail)
