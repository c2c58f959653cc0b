"""Verification names every change of users and tokens that somebody makes with SQL."""

from __future__ import annotations

import pytest

from tests.support.builders import an_account
from tests.support.storage.tampered_databases import (
    CompleteDatabase,
    NamedPlace,
    insert_ids,
    named_places,
)

ADMIN = '\'[{"role":"admin","service":null,"environment":null}]\''
ISSUER = an_account("q-1").issuer
LATER = "'2036-01-01T00:00:00.000000Z'"

CHANGES: dict[str, tuple[str, str, str, str, set[str]]] = {
    "grants are widened": ("users", "quinn", f"grants = {ADMIN}", "key = 'quinn'", {"grants"}),
    "a group is added": ("users", "dora", """groups = '["qa"]'""", "key = 'dora'", {"groups"}),
    "a login is said never to have been one": (
        "users",
        "dora",
        "logins = NULL",
        "key = 'dora'",
        {"logins"},
    ),
    "a user is enabled": ("users", "zed", "disabled = NOT disabled", "key = 'zed'", {"disabled"}),
    "a name is shown differently": ("users", "zed", "name = 'Zed'", "key = 'zed'", {"name"}),
    "the human behind a user": ("users", "zed", "human = 'bo'", "key = 'zed'", {"human"}),
    "a secret is another one": (
        "tokens",
        "token $token",
        "digest = 'known'",
        "id = '$token'",
        {"digest"},
    ),
    "a token is for another user": (
        "tokens",
        "token $token",
        "holder = 'dora'",
        "id = '$token'",
        {"holder"},
    ),
    "the issuer is another one": (
        "tokens",
        "token $token",
        "issuer = 'dora'",
        "id = '$token'",
        {"issuer"},
    ),
    "somebody else behind a user is hidden": (
        "users",
        "mia",
        "origin = NULL",
        "key = 'mia'",
        {"origin"},
    ),
    "somebody else behind a token is hidden": (
        "tokens",
        "token $session_of_mia",
        'origin = \'{"humans":[],"provenance":{}}\', proved_at = NULL',
        "id = '$session_of_mia'",
        {"origin", "proved_at"},
    ),
    "a revocation is undone": (
        "tokens",
        "token $revoked",
        "revoked_at = NULL",
        "id = '$revoked'",
        {"revoked_at"},
    ),
    "a token is valid longer": (
        "tokens",
        "token $token",
        f"expires_at = {LATER}",
        "id = '$token'",
        {"expires_at"},
    ),
    "scopes are removed": (
        "tokens",
        "token $token",
        "scopes = NULL",
        "id = '$token'",
        {"scopes"},
    ),
    "a session is opened again": (
        "tokens",
        "token $closed_session",
        f"revoked_at = NULL, expires_at = {LATER}",
        "id = '$closed_session'",
        {"revoked_at", "expires_at"},
    ),
    "a session loses its token": (
        "tokens",
        "token $session_of_token",
        "parent = NULL",
        "id = '$session_of_token'",
        {"parent"},
    ),
}
"""The table, the subject, what is changed where, and the columns that are named."""

OTHERS: dict[str, tuple[str, set[NamedPlace]]] = {
    "a user is added": (
        (
            "INSERT INTO users (key, name, kind, human, grants, groups, disabled, created_at, "
            f"created_by, revision) SELECT 'eve', 'eve', kind, 'eve', {ADMIN}, groups, disabled, "
            "created_at, created_by, 1 FROM users WHERE key = 'quinn'"
        ),
        {("users", "eve", None)},
    ),
    "a user is deleted": ("DELETE FROM users WHERE key = 'zed'", {("users", "zed", None)}),
    "a user is renamed": (
        "UPDATE users SET key = 'zoe' WHERE key = 'zed'",
        {("users", "zed", None), ("users", "zoe", None)},
    ),
    "a login is another one": (
        "UPDATE users SET logins = replace(logins, 'q-1', 'mallory') WHERE key = 'quinn'",
        {
            ("users", "quinn", "logins"),
            ("user_accounts", f"mallory of {ISSUER}", None),
            ("user_accounts", f"q-1 of {ISSUER}", None),
        },
    ),
    "a login is added": (
        (
            "UPDATE users SET logins = (SELECT replace(logins, 'q-1', 'z') FROM users "
            "WHERE key = 'quinn') WHERE key = 'zed'"
        ),
        {("users", "zed", "logins"), ("user_accounts", f"z of {ISSUER}", None)},
    ),
    "an account is for another user": (
        "UPDATE user_accounts SET holder = 'zed' WHERE account = 'q-1'",
        {("user_accounts", f"q-1 of {ISSUER}", "holder")},
    ),
    "an account is added": (
        (
            "INSERT INTO user_accounts (issuer, kind, account, holder) "
            "SELECT issuer, kind, 'z', holder FROM user_accounts WHERE account = 'q-1'"
        ),
        {("user_accounts", f"z of {ISSUER}", None)},
    ),
    "an account is deleted": (
        "DELETE FROM user_accounts WHERE account = 'q-1'",
        {("user_accounts", f"q-1 of {ISSUER}", None)},
    ),
    "logins cannot be read": (
        "UPDATE users SET logins = '[1]' WHERE key = 'quinn'",
        {("users", "quinn", "logins"), ("user_accounts", f"q-1 of {ISSUER}", None)},
    ),
    "a token is added": (
        (
            "INSERT INTO tokens (number, id, holder, issuer, digest, created_at, kind) "
            "SELECT 99, 'forged', holder, issuer, 'known', created_at, kind FROM tokens "
            "WHERE id = '$token'"
        ),
        {("tokens", "token forged", None)},
    ),
    "a token is deleted": (
        "DELETE FROM tokens WHERE id = '$revoked'",
        {("tokens", "token $revoked", None)},
    ),
}
"""What is changed, by which statement, and what is named."""


@pytest.mark.parametrize(
    ("table", "subject", "change", "where", "fields"), CHANGES.values(), ids=CHANGES
)
def test_change_of_a_user_or_token_is_named(
    database: CompleteDatabase, table: str, subject: str, change: str, where: str, fields: set[str]
) -> None:
    """Each changed column is named, and nothing else."""
    result = database.verify_copy(f"UPDATE {table} SET {change} WHERE {where}")

    (name,) = insert_ids([subject], database.ids)
    assert named_places(result.faults) == {(table, name, field) for field in fields}


@pytest.mark.parametrize(("statement", "places"), OTHERS.values(), ids=OTHERS)
def test_added_and_deleted_users_and_tokens_are_named(
    database: CompleteDatabase, statement: str, places: set[NamedPlace]
) -> None:
    """Rows that are missing, and rows that no event recorded, are named."""
    result = database.verify_copy(statement)

    expected = {
        (table, *insert_ids([subject], database.ids), field) for table, subject, field in places
    }
    assert named_places(result.faults) == expected
