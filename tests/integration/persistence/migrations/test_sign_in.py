"""Migration from revision 0002, which has only API tokens, to 0003 with logins and sessions."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.users import TokenKind
from gatepost_domain.actions.access.users import change_user, revoke_token
from gatepost_persistence.mapping.users import token_to_row, user_to_row
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_command, a_token, a_user
from tests.support.storage.empty_databases import create_empty_file
from tests.support.storage.sqlite_files import find_faults_in_file
from tests.support.storage.tampered_databases import named_places, tamper_with_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

USER, TOKEN = a_user(groups=("qa",)), a_token(label="laptop")
ADDED = {
    "kind",
    "parent",
    "pipeline_trigger",
    "logins",
    "display_name",
    "former_name",
    "origin",
    "proved_at",
}


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """Create a file of revision 0002 with a user and a token."""
    path = tmp_path / "old.db"
    create_empty_file(path, "0002")
    user = user_to_row(USER)
    token = {"holder": USER.key, **token_to_row(TOKEN)}
    with closing(sqlite3.connect(path)) as sqlite_connection:
        for table, values, added in (
            ("users", user, ADDED - {"kind"}),
            ("tokens", token, ADDED),
        ):
            row = {name: value for name, value in values.items() if name not in added}
            placeholders = ", ".join(f":{column}" for column in row)
            columns = ", ".join(f'"{column}"' for column in row)
            sqlite_connection.execute(
                f"INSERT INTO {table} ({columns}) VALUES ({placeholders})", row
            )
        sqlite_connection.commit()
    return path


async def test_existing_tokens_become_api_tokens(old_file: Path) -> None:
    """A token of revision 0002 becomes an API token without a parent; its user has no login."""
    ledger = await SqliteLedger.open(old_file)

    holder = await ledger.reads.find_token_holder(TOKEN.digest)
    await ledger.close()

    maker = Identity(provenance={"owner": Means.ACCOUNT})
    assert holder == (replace(USER, origin=maker), TOKEN)
    assert (TOKEN.kind, USER.logins) == (TokenKind.API, ())


async def test_upgraded_users_and_tokens_have_no_faults(old_file: Path) -> None:
    """Rows that are older than the recorded state are verified, also after later changes."""
    await upgrade_and_change(old_file)

    assert find_faults_in_file(old_file) == []


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE users SET name = 'Ada'", ("users", "ada", None)),
        ("UPDATE users SET groups = '[]'", ("users", "ada", "groups")),
        ("UPDATE users SET key = 'bo'", ("users", "bo", None)),
        ("UPDATE tokens SET label = 'phone'", ("tokens", f"token {TOKEN.id}", None)),
        ("UPDATE tokens SET revoked_at = NULL", ("tokens", f"token {TOKEN.id}", "revoked_at")),
        ("DELETE FROM tokens", ("tokens", f"token {TOKEN.id}", None)),
        ("DELETE FROM adopted_rows", ("adopted_rows", "users", "digest")),
    ],
)
async def test_change_of_an_upgraded_row_is_named(
    old_file: Path, statement: str, place: tuple[str, str, str | None]
) -> None:
    """Only a digest of the row was recorded, and the columns that were changed after it."""
    await upgrade_and_change(old_file)

    tamper_with_file(old_file, [statement])

    assert place in named_places(find_faults_in_file(old_file))


async def upgrade_and_change(path: Path) -> None:
    """Upgrade the file, add the user to a group, and revoke the token."""
    ledger = await SqliteLedger.open(path)
    changes = partial(change_user, grants=None, disabled=None, revision=None, groups=("devops",))
    await ledger.perform(partial(changes, name="ada", command=a_command("root")))
    revoke = partial(revoke_token, name="ada", token=TOKEN.id, command=a_command("root"))
    await ledger.perform(revoke)
    await ledger.close()
