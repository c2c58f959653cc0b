"""Migration from revisions whose users have names of any kind, to 0019 with handles."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Account, to_actor
from gatepost_domain.deployments.errors.reviews import AlreadyReviewed, SelfReview
from gatepost_domain.event import EventKind, to_rfc3339
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action, Status
from gatepost_persistence.mapping import catalog
from gatepost_persistence.mapping.deployments import deployment_to_row
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.recorded_tables import encode_canonical
from gatepost_persistence.mapping.users import token_to_row
from gatepost_persistence.mapping.values import RowValues, encode_json
from gatepost_persistence.migrations.user_handles import choose_handles
from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.verification.database import verify_database
from gatepost_persistence.writes.events import SqlEventAppender
from tests.support.builders import NOON, a_token, an_event, create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.empty_databases import create_empty_file, create_tables
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.postgres_cluster import PostgresCluster
from tests.support.storage.sqlite_files import find_faults_in_file

ALL: Final = PageRequest(limit=100)
EVENTS: Final = "SELECT * FROM deployment_events ORDER BY seq"
ISSUER: Final = "https://id.example"
HANDLES: Final = {
    "Ada": "ada",
    "CORP/alice": "corp-alice",
    "ada\u200b": "ada-",
    "ada-": "ada--2",
    "corp-alice": "corp-alice-2",
    "system.": "system.",
    "vic": "vic",
    "vic/": "vic-",
    "zoë": "zo-",
    "日本": "user",
    "@system": "system-2",
}
"""The users of the old database, and what they are called afterwards."""
OLD_NAMES: Final = ("CORP/alice", "vic/", "vic", "zoë", "Ada", "ada\u200b", "@system", "日本")
TOKENS: Final = {name: a_token(name, issuer="system") for name in OLD_NAMES}
LINKED: Final = "zoë"
"""The user who has a login."""


def old_user(name: str) -> RowValues:
    """Return the row of a user as revision 0015 stores it."""
    is_linked = name == LINKED
    return {
        "key": normalize_name(name),
        "name": name,
        "kind": "human",
        "human": normalize_name(name),
        "grants": encode_json(tuple(Grant(role=role) for role in Role)),
        "groups": '["qa","devops"]',
        "disabled": False,
        "created_at": to_rfc3339(NOON),
        "created_by": "system",
        "revision": 1,
        "login_issuer": ISSUER if is_linked else None,
        "login_subject": "s-1" if is_linked else None,
        "login_linked_by": "Ada" if is_linked else None,
    }


def old_token(name: str) -> RowValues:
    row = token_to_row(TOKENS[name])
    del row["pipeline_trigger"]
    return {"holder": normalize_name(name), **row}


async def history() -> dict[str, list[RowValues]]:
    """Return the rows of two requests: one half approved, and one that nobody approved yet."""
    ledger = InMemoryLedger()
    await create_catalog(ledger)
    await request_deployment(ledger, requester="vic/")
    await perform_action(ledger, Action.APPROVE, 1, "CORP/alice")
    await request_deployment(ledger, requester="zoë")
    environments = (await ledger.environments(ALL)).items
    return {
        "services": [catalog.service_to_row(await ledger.service("shop"))],
        "versions": [catalog.version_to_row(await ledger.version("shop", "1.0.0"))],
        "environments": [catalog.environment_to_row(item) for item in environments],
        "policies": [
            catalog.policy_to_row(await ledger.policy(item.name, 1)) for item in environments
        ],
        "deployments": [deployment_to_row(await ledger.reads.deployment(n)) for n in (1, 2)],
        "deployment_events": [entry_to_row(item) for item in await all_entries(ledger)],
        "users": [old_user(name) for name in OLD_NAMES],
        "tokens": [old_token(name) for name in OLD_NAMES],
    }


def insert_row(connection: Connection, table: str, complete: RowValues) -> None:
    columns = {column["name"] for column in inspect(connection).get_columns(table)}
    row = {name: value for name, value in complete.items() if name in columns}
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


def write_0013(connection: Connection, tables: dict[str, list[RowValues]]) -> None:
    """Write rows as the release of revision 0013 wrote them, before the state was recorded."""
    connection.exec_driver_sql("BEGIN")
    for table, rows in tables.items():
        for row in rows:
            insert_row(connection, table, row)
    connection.exec_driver_sql("COMMIT")


def write_0015(connection: Connection, tables: dict[str, list[RowValues]]) -> None:
    """Write users and tokens as the release of revision 0015 wrote them, with recorded state."""
    connection.exec_driver_sql("BEGIN")
    events = SqlEventAppender(connection)
    for table, key in (("users", "key"), ("tokens", "id")):
        for row in tables[table]:
            insert_row(connection, table, row)
            events.append(an_event(EventKind.USER_ADDED), stored_state(table, key, row))
    events.store()
    connection.exec_driver_sql("COMMIT")


def stored_state(table: str, key: str, row: RowValues) -> str:
    recorded: dict[str, Any] = {name: value for name, value in row.items() if value is not None}
    if table == "users":
        recorded["disabled"] = int(recorded["disabled"])
    else:
        recorded["digest"] = f"sha256:{sha256(recorded['digest'].encode()).hexdigest()}"
    encoded = encode_canonical(recorded)
    item = {
        "digest": sha256(encoded).hexdigest(),
        "key": [row[key]],
        "row": json.loads(encoded),
        "table": table,
    }
    return encode_canonical(item).decode()


Write = Callable[[Connection, dict[str, list[RowValues]]], None]


async def old_file(path: Path, revision: str, write: Write) -> Path:
    create_empty_file(path, revision)
    tables, engine = await history(), create_write_engine(path)
    with engine.connect() as connection:
        write(connection, tables)
    engine.dispose()
    return path


@pytest.fixture
async def old_database(cluster: PostgresCluster) -> AsyncIterator[URL]:
    """Return a PostgreSQL database of revision 0013."""
    with cluster.temporary_database(template="template0") as database_url:
        url, tables = parse_url(database_url), await history()
        engine = postgres_engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(create_tables, "0013")
            await connection.run_sync(write_0013, tables)
        await engine.dispose()
        yield url


def test_names_become_unique_handles() -> None:
    """Names that fit keep theirs, whatever the order."""
    names = {name: HANDLES[name] for name in HANDLES if name not in {"corp-alice", "ada-"}}

    assert choose_handles(names) == names
    assert choose_handles(reversed(names)) == names
    assert choose_handles(["CORP/alice", "corp-alice", "corp-alice-2", "ada\u200b", "ada-"]) == {
        "CORP/alice": "corp-alice-3",
        "corp-alice": "corp-alice",
        "corp-alice-2": "corp-alice-2",
        "ada\u200b": "ada--2",
        "ada-": "ada-",
    }


async def assert_everybody_is_the_same(ledger: SqliteLedger | PostgresLedger) -> None:
    """Everybody can sign in, own requests are own requests, and approvals count once."""
    actors = {}
    for name, token in TOKENS.items():
        found = await ledger.reads.find_token_holder(token.digest)
        assert found is not None
        user, stored = found
        assert (user.name, user.human) == (HANDLES[name], normalize_name(name))
        assert user.former_name == (None if user.name == name else name)
        assert (await ledger.reads.tokens(user.name, ALL)).items == (stored,)
        actors[name] = to_actor(user, stored)
    linked = await ledger.perform(
        lambda uow: uow.users.find_by_account(Account.of_subject(ISSUER, "s-1"))
    )
    assert linked is not None
    assert (linked.name, linked.display_name, linked.logins[0].linked_by) == ("zo-", "zoë", "Ada")

    act = partial(perform_action, ledger)
    for name, number in (("vic/", 1), ("zoë", 2)):
        with pytest.raises(SelfReview):
            await act(Action.APPROVE, number, actors[name])
    with pytest.raises(AlreadyReviewed):
        await act(Action.APPROVE, 1, actors["CORP/alice"])
    approved = await act(Action.APPROVE, 1, actors["vic"])
    assert approved.status is Status.APPROVED
    own = Role.REQUESTER
    canceller = actors["zoë"]
    limited = type(canceller)(
        name=canceller.name, identity=canceller.identity, grants=(Grant(role=own),)
    )
    cancelled = await act(Action.CANCEL, 2, limited)
    assert cancelled.status is Status.CANCELLED


async def upgraded_event(ledger: SqliteLedger | PostgresLedger) -> dict[str, Any]:
    (event,) = [
        entry.event
        for entry in await all_entries(ledger.reads)
        if entry.event.kind is EventKind.DATABASE_UPGRADED
        and entry.event.data["revision"] == "0019"
    ]
    return dict(event.data)


async def test_upgraded_file_keeps_everybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Odd names become handles, one event and the log say so, and nothing else is changed."""
    path = await old_file(tmp_path / "old.db", "0013", write_0013)
    before = query_sqlite(path, EVENTS)

    ledger = await SqliteLedger.open(path)

    await assert_everybody_is_the_same(ledger)
    renamed = (await upgraded_event(ledger))["renamed_users"]
    assert {change["from"]: change["to"] for change in renamed} == {
        name: HANDLES[name] for name in OLD_NAMES if name != HANDLES[name]
    }
    assert "The user 'CORP/alice' is now called corp-alice." in caplog.text
    await ledger.close()
    assert query_sqlite(path, EVENTS)[: len(before)] == before
    assert find_faults_in_file(path) == []


async def test_upgraded_file_with_recorded_state_has_no_faults(tmp_path: Path) -> None:
    """The columns of logins go, and the event records that they did."""
    path = await old_file(tmp_path / "old.db", "0015", write_0015)

    ledger = await SqliteLedger.open(path)
    users = {user.name for user in (await ledger.reads.users(ALL)).items}
    await ledger.close()

    assert users == {HANDLES[name] for name in OLD_NAMES}
    assert find_faults_in_file(path) == []


async def test_upgraded_database_keeps_everybody(old_database: URL) -> None:
    """An upgraded PostgreSQL database behaves like an upgraded SQLite file."""
    ledger = await PostgresLedger.open(old_database)

    await assert_everybody_is_the_same(ledger)
    await upgraded_event(ledger)
    await ledger.close()

    assert list((await query_database(old_database, verify_database)).faults) == []
