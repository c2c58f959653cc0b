"""Verification finds a change of any recorded column, with exactly its table and field."""

from __future__ import annotations

from base64 import b64decode

import pytest
from sqlalchemy import Integer

from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS, RECORDED_TABLES, RecordedTable
from tests.support.storage.tampered_databases import CompleteFile, named_places

KEYS = {"number", "id"}
"""A deployment with another number or id is another deployment."""


@pytest.mark.parametrize("table", RECORDED_TABLES, ids=[table.name for table in RECORDED_TABLES])
def test_change_of_any_column_is_named(complete_file: CompleteFile, table: RecordedTable) -> None:
    """A changed column is named; if it is part of the key, the row is another one."""
    before_ingest = " WHERE number <= 28" if table is DEPLOYMENTS else ""
    row = f"(SELECT max(rowid) FROM {table.name}{before_ingest})"
    for column in sorted(table.columns):
        value = f"CASE typeof({column}) WHEN 'integer' THEN NOT {column} ELSE 'other' END"
        result = complete_file.verify_copy(
            f"UPDATE {table.name} SET {column} = {value} WHERE rowid = {row}"
        )

        fields = {field for place, _, field in named_places(result.faults) if place == table.name}
        assert column in fields or None in fields, column


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
    """SQLite stores values of any type, and verification reads them without an error."""
    for column in sorted(table.columns - row_ids(table))[::2]:
        result = complete_file.verify_copy(
            f"UPDATE OR IGNORE {table.name} SET {column} = {value} "
            f"WHERE rowid = (SELECT min(rowid) FROM {table.name} WHERE {column} IS NOT {value})",
        )

        assert result.events > 100


def test_blob_is_found_that_would_be_encoded_as_the_recorded_text(
    complete_file: CompleteFile,
) -> None:
    """In JSON, msgspec writes the blob whose Base64 is `dora` like the text `dora`."""
    blob = b64decode("dora").hex()

    (fault,) = complete_file.verify_copy(
        f"UPDATE users SET human = x'{blob}' WHERE key = 'dora'"
    ).faults

    assert (fault.code, fault.subject, fault.field) == ("row_differs", "dora", "human")


def row_ids(table: RecordedTable) -> set[str]:
    """Return the columns that SQLite itself restricts to integers."""
    key = list(table.table.primary_key.columns)
    return {key[0].name} if len(key) == 1 and isinstance(key[0].type, Integer) else set()
