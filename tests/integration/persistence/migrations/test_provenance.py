"""Migration 0018, which records who else can have used existing accounts and tokens."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.users import Token, User, UserKind, identity_of
from gatepost_domain.ports.paging import PageRequest
from gatepost_persistence.mapping.users import token_to_row, user_to_row
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.builders import a_token, a_user
from tests.support.storage.empty_databases import create_empty_file
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_faults_in_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

OLD_USER = ("key", "name", "kind", "human", "grants", "groups", "disabled", "created_at")
OLD_TOKEN = ("id", "holder", "issuer", "digest", "created_at")

USERS = (
    a_user("owner", created_by="system"),
    a_user("Ada", created_by="owner"),
    a_user("bo", created_by="ada"),
    a_user("robot", kind=UserKind.SERVICE, human="bo", created_by="bo"),
    a_user("carl", created_by="robot"),
    a_user("terminal", created_by="system"),
    a_user("ci", kind=UserKind.SERVICE, human="ci", created_by="system"),
)
TOKENS = (
    a_token("bo", issuer="bo"),
    a_token("terminal", issuer="system"),
    a_token("terminal", issuer="ada"),
    a_token("ci", issuer="bo"),
)


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """Create a file of revision 0002 with these users and tokens."""
    path = tmp_path / "old.db"
    create_empty_file(path, "0002")
    with closing(sqlite3.connect(path)) as file:
        for user in USERS:
            insert(file, "users", user_to_row(user), (*OLD_USER, "created_by", "revision"))
        for token in TOKENS:
            row = {"holder": normalize_name(token.user), **token_to_row(token)}
            insert(file, "tokens", row, OLD_TOKEN)
        file.commit()
    return path


def insert(file: Any, table: str, row: dict[str, object], columns: tuple[str, ...]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f":{name}" for name in columns)
    row = {name: row[name] for name in columns}
    file.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)


async def load(path: Path, name: str) -> tuple[User, tuple[Token, ...]]:
    ledger = await SqliteLedger.open(path)
    user = await ledger.reads.user(name)
    tokens = (await ledger.reads.tokens(name, PageRequest(limit=9))).items
    await ledger.close()
    return user, tokens


@pytest.mark.parametrize(
    ("name", "humans", "others"),
    [
        ("owner", ("owner",), ()),
        ("ada", ("ada",), ("owner",)),
        ("bo", ("bo",), ("ada", "owner")),
        ("robot", ("bo",), ("ada", "owner")),
        ("carl", ("carl",), ("ada", "bo", "owner")),
        ("terminal", ("terminal",), ()),
        ("ci", ("ci",), ()),
    ],
)
async def test_users_get_everybody_who_created_them(
    old_file: Path, name: str, humans: tuple[str, ...], others: tuple[str, ...]
) -> None:
    """The chain of creators is followed to its end; the server's terminal adds nobody."""
    user, _ = await load(old_file, name)

    provenance = dict.fromkeys(others, Means.ACCOUNT)
    assert identity_of(user) == Identity(humans=humans, provenance=provenance)


async def test_tokens_get_everybody_behind_their_issuer(old_file: Path) -> None:
    """A token of one's own and one of the terminal add nobody; every token stays valid."""
    terminal, (issued, own) = await load(old_file, "terminal")
    ci, (of_robot,) = await load(old_file, "ci")

    by_account = dict.fromkeys(("ada", "owner"), Means.ACCOUNT)
    assert identity_of(terminal, issued) == Identity(humans=("terminal",), provenance=by_account)
    assert identity_of(terminal, own) == Identity(humans=("terminal",))
    assert identity_of(ci, of_robot) == Identity(humans=("bo", "ci"), provenance=by_account)


async def test_one_event_records_the_changes(old_file: Path) -> None:
    """The event says in words what happened, and the verification finds no fault."""
    migrate_file(old_file)

    query = (
        "SELECT actor, note FROM deployment_events "
        "WHERE kind = 'database_upgraded' AND data ->> 'revision' = '0018'"
    )
    ((actor, note),) = query_sqlite(old_file, query)
    assert (actor, "who else can have used them" in note) == ("system", True)
    assert find_faults_in_file(old_file) == []


async def test_empty_database_needs_no_event(tmp_path: Path) -> None:
    """Nothing was changed, so nothing is recorded."""
    migrate_file(tmp_path / "new.db")

    query = "SELECT count(*) FROM deployment_events"
    assert query_sqlite(tmp_path / "new.db", query) == [(0,)]
