"""Verification finds a change of any recorded column, with exactly its table and field."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable

import pytest
from sqlalchemy import Integer

from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS, RECORDED_TABLES, RecordedTable
from gatepost_persistence.verification.database import MAX_FAULTS
from tests.support.storage.tampered_databases import CompleteFile, named_places

KEYS = {"number", "id"}
"""A deployment with another number or id is another deployment."""


@pytest.mark.parametrize("table", RECORDED_TABLES, ids=[table.name for table in RECORDED_TABLES])
def test_change_of_any_column_is_named(complete_file: CompleteFile, table: RecordedTable) -> None:
    """All changed columns are named; a row whose key was changed is another row."""
    before_ingest = " WHERE number <= 28" if table is DEPLOYMENTS else ""
    row = f"(SELECT max(rowid) FROM {table.name}{before_ingest})"

    def changed_fields(columns: Iterable[str]) -> set[str | None]:
        changes = ", ".join(
            f"{column} = CASE typeof({column}) WHEN 'integer' THEN NOT {column} ELSE 'other' END"
            for column in columns
        )
        faults = complete_file.verify_copy(
            f"UPDATE {table.name} SET {changes} WHERE rowid = {row}"
        ).faults
        return {field for place, _, field in named_places(faults) if place == table.name}

    key = key_columns(table)
    assert changed_fields(sorted(table.columns - key)) >= table.columns - key
    for column in sorted(key):
        assert changed_fields([column]) & {column, None}, column


@pytest.mark.parametrize("column", sorted(DEPLOYMENTS.columns - KEYS))
def test_change_of_any_column_of_a_deployment_is_named(
    complete_file: CompleteFile, column: str
) -> None:
    """No column of a deployment is left out."""
    value = f"CASE typeof({column}) WHEN 'integer' THEN NOT {column} ELSE 'other' END"

    result = complete_file.verify_copy(
        f"UPDATE deployments SET {column} = {value} WHERE number = 19"
    )

    assert ("deployments", "DEP-19", column) in named_places(result.faults)


@pytest.mark.parametrize("value", ["x'00ff'", "'nonsense'", "'{}'", "-5"])
@pytest.mark.parametrize("table", RECORDED_TABLES, ids=[table.name for table in RECORDED_TABLES])
def test_value_of_another_type_is_found(
    complete_file: CompleteFile, table: RecordedTable, value: str
) -> None:
    """SQLite stores values of any type, and verification reads them without an error.

    One verification reads as many changed columns as the table has rows: one in each row.
    """
    columns = sorted(table.columns - row_ids(table))
    while columns:
        rows: dict[int, str] = {}
        for column in columns:
            candidates = complete_file.row_ids(table.name, f"{column} IS NOT {value}")
            row = next((row for row in candidates if row not in rows), None)
            if row is not None:
                rows[row] = column
            elif not candidates:
                rows.setdefault(-1, column)
        result = complete_file.verify_copy(
            *(
                f"UPDATE OR IGNORE {table.name} SET {column} = {value} WHERE rowid = {row}"
                for row, column in rows.items()
            )
        )

        assert result.events > 100
        assert len(result.faults) < MAX_FAULTS  # it read everything
        columns = [column for column in columns if column not in rows.values()]


def test_blob_is_found_that_would_be_encoded_as_the_recorded_text(
    complete_file: CompleteFile,
) -> None:
    """In JSON, msgspec writes the blob whose Base64 is `dora` like the text `dora`."""
    blob = b64decode("dora").hex()

    (fault,) = complete_file.verify_copy(
        f"UPDATE users SET human = x'{blob}' WHERE key = 'dora'"
    ).faults

    assert (fault.code, fault.subject, fault.field) == ("row_differs", "dora", "human")


def key_columns(table: RecordedTable) -> set[str]:
    """Return the columns by which the database or events identify a row.

    A claim with another deployment is another claim.
    """
    in_events = table.key({name: name for name in table.columns})
    primary_key = table.table.primary_key.columns.keys()
    return set(table.columns) & {*primary_key, *in_events, *KEYS, "deployment_id"}


def row_ids(table: RecordedTable) -> set[str]:
    """Return the columns that SQLite itself restricts to integers."""
    key = list(table.table.primary_key.columns)
    return {key[0].name} if len(key) == 1 and isinstance(key[0].type, Integer) else set()
