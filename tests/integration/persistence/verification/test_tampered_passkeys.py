"""Verification names every change of a passkey that somebody makes with SQL."""

from __future__ import annotations

import pytest

from tests.support.storage.tampered_databases import (
    CompleteDatabase,
    NamedPlace,
    insert_ids,
    named_places,
)

STATEMENTS: dict[str, tuple[str, set[NamedPlace]]] = {
    "another key": (
        "UPDATE passkeys SET public_key = 'of-mallory' WHERE id = '$passkey'",
        {("passkeys", "passkey $passkey", "public_key")},
    ),
    "another credential": (
        "UPDATE passkeys SET credential_id = 'of-mallory' WHERE id = '$passkey'",
        {("passkeys", "passkey $passkey", "credential_id")},
    ),
    "another holder": (
        "UPDATE passkeys SET holder = 'dora' WHERE id = '$passkey'",
        {("passkeys", "passkey $passkey", "holder")},
    ),
    "nobody else behind it": (
        "UPDATE passkeys SET origin = NULL WHERE id = '$passkey'",
        {("passkeys", "passkey $passkey", "origin")},
    ),
    "valid again": (
        "UPDATE passkeys SET revoked_at = NULL WHERE id = '$removed_passkey'",
        {("passkeys", "passkey $removed_passkey", "revoked_at")},
    ),
    "added": (
        (
            "INSERT INTO passkeys (id, holder, credential_id, public_key, sign_count, created_at) "
            "SELECT 'forged', holder, 'forged', public_key, 0, created_at FROM passkeys "
            "WHERE id = '$passkey'"
        ),
        {("passkeys", "passkey forged", None)},
    ),
    "deleted": (
        "DELETE FROM passkeys WHERE id = '$passkey'",
        {("passkeys", "passkey $passkey", None)},
    ),
}


@pytest.mark.parametrize(("statement", "places"), STATEMENTS.values(), ids=STATEMENTS)
def test_change_of_a_passkey_is_named(
    database: CompleteDatabase, statement: str, places: set[NamedPlace]
) -> None:
    """The fault names the passkey and the column."""
    result = database.verify_copy(statement)

    expected = {
        (table, insert_ids([subject], database.ids)[0], column) for table, subject, column in places
    }
    assert named_places(result.faults) == expected


def test_use_of_a_passkey_is_not_recorded(database: CompleteDatabase) -> None:
    """The last use and the count change without an event."""
    statement = "UPDATE passkeys SET sign_count = 9, last_used_at = NULL WHERE id = '$passkey'"

    assert not database.verify_copy(statement).faults
