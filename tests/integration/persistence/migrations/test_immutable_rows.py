"""Triggers that prevent any program from changing events, deployments, policies and versions."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.status_transitions import Action
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS, DeploymentRow
from tests.support.builders import create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

EVENT_COLUMNS = (
    "seq, deployment_id, kind, actor, on_behalf_of, at, from_status, to_status, stage, note, data, "
    "prev_hash, deployment_prev_hash, hash"
)
HASH = "f" * 64
LAST_HASH = "(SELECT hash FROM deployment_events ORDER BY seq DESC LIMIT 1)"
NEXT_SEQ = "(SELECT max(seq) + 1 FROM deployment_events)"


def an_insert(verb: str, seq: str, prev_hash: str) -> str:
    return (
        f"{verb} INTO deployment_events ({EVENT_COLUMNS}) VALUES ({seq}, NULL, 'requested', 'eve', "
        f"NULL, '2026-11-21T12:00:00.000000Z', NULL, NULL, NULL, NULL, '{{}}', {prev_hash}, NULL, "
        f"'{HASH}')"
    )


def a_copy(table: str, verb: str, **changes: str) -> str:
    """Return a statement that copies one row, with some columns changed."""
    columns = {
        "deployments": [
            column.name for column in DeploymentRow.table().columns if column.computed is None
        ],
        "policies": ["environment", "version", "policy", "created_at", "created_by"],
        "versions": ["id", "service", "version", "notes", "created_at", "created_by"],
    }[table]
    values = ", ".join(changes.get(column, column) for column in columns)
    into = f"{verb} INTO {table} ({', '.join(columns)})"
    return f"{into} SELECT {values} FROM {table} LIMIT 1"


ATTACKS = {
    "change an event": "UPDATE deployment_events SET actor = 'eve' WHERE seq = 2",
    "change an event back to itself": "UPDATE deployment_events SET actor = actor",
    "renumber an event": "UPDATE OR REPLACE deployment_events SET seq = 1 WHERE seq = 2",
    "update or ignore an event": "UPDATE OR IGNORE deployment_events SET note = 'x'",
    "delete an event": "DELETE FROM deployment_events WHERE seq = 3",
    "delete the last events": "DELETE FROM deployment_events WHERE seq > 3",
    "delete all events": "DELETE FROM deployment_events",
    "replace an event": an_insert("REPLACE", "2", f"'{GENESIS_HASH}'"),
    "insert or replace an event": an_insert("INSERT OR REPLACE", "1", f"'{GENESIS_HASH}'"),
    "insert or ignore an event": an_insert("INSERT OR IGNORE", "2", f"'{GENESIS_HASH}'"),
    "upsert an event": an_insert("INSERT", "2", f"'{GENESIS_HASH}'")
    + " ON CONFLICT (seq) DO UPDATE SET actor = 'eve'",
    "insert an event before the first": an_insert("INSERT", "0", f"'{GENESIS_HASH}'"),
    "leave a gap behind the last event": an_insert("INSERT", f"{NEXT_SEQ} + 1", LAST_HASH),
    "insert an event without a number": an_insert("INSERT", "NULL", LAST_HASH),
    "start a second chain": an_insert("INSERT", NEXT_SEQ, f"'{GENESIS_HASH}'"),
    "insert an event with a wrong hash": an_insert("INSERT", NEXT_SEQ, f"'{HASH}'"),
    "insert an event without a previous hash": an_insert("INSERT", NEXT_SEQ, "NULL"),
    "remove a deployment": "DELETE FROM deployments WHERE number = 1",
    "replace a deployment": a_copy("deployments", "REPLACE", risk="'none'"),
    "replace a deployment by id": a_copy("deployments", "REPLACE", number="99", risk="'none'"),
    "replace a deployment by number": a_copy("deployments", "REPLACE", id="'other'"),
    "upsert a deployment": a_copy("deployments", "INSERT").replace("LIMIT 1", "WHERE true LIMIT 1")
    + " ON CONFLICT (number) DO UPDATE SET requester = 'eve'",
    "start a second deployment of the lane": "UPDATE OR REPLACE deployments SET status = 'started' "
    "WHERE number = 2",
    "replace the started deployment of the lane": a_copy(
        "deployments", "REPLACE", number="99", id="'other'", status="'started'"
    ),
    "change a policy": "UPDATE policies SET policy = '{}'",
    "remove a policy": "DELETE FROM policies",
    "replace a policy": a_copy("policies", "REPLACE", policy="'{}'"),
    "change a version": "UPDATE versions SET artifact_digest = 'sha256:eve'",
    "remove a version": "DELETE FROM versions",
    "replace a version": a_copy("versions", "REPLACE", notes="'x'"),
    "replace a version by its id": a_copy("versions", "REPLACE", version="'9.9.9'"),
    "replace a version by its name": a_copy("versions", "REPLACE", id="99"),
}
HARMLESS_WITHOUT_TRIGGERS = {
    "change an event back to itself",
    "insert or ignore an event",
    "insert an event without a previous hash",
}
"""Attacks that change nothing anyway, or that a constraint of the table refuses too."""


@pytest.fixture(scope="module")
def template(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with two approved deployments in one lane, the first of which has started."""
    path = Path(shutil.copyfile(empty_file, tmp_path_factory.mktemp("template") / "gatepost.db"))
    asyncio.run(fill(path))
    return path


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Path:
    """Return a copy of that file for each test."""
    return Path(shutil.copyfile(template, tmp_path / "gatepost.db"))


async def fill(path: Path) -> None:
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    for _ in range(2):
        deployment = await request_deployment(ledger)
        for action in (Action.APPROVE, Action.APPROVE):
            deployment = await perform_action(
                ledger, action, deployment.id, f"p{deployment.revision}"
            )
    await perform_action(ledger, Action.START, 1)
    await ledger.close()


@pytest.fixture
def eve(file: Path) -> Iterator[sqlite3.Connection]:
    """Return an attacker's plain SQLite connection, without Gatepost's settings."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def protected_rows(path: Path) -> list[list[tuple[object, ...]]]:
    """Return the rows of every protected table."""
    tables = ("deployment_events", "deployments", "policies", "versions")
    return [query_sqlite(path, f"SELECT * FROM {table}") for table in tables]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_protected_rows_cannot_be_changed_from_a_shell(
    eve: sqlite3.Connection, file: Path, attack: str
) -> None:
    """Every forbidden statement is refused, no row changes, and the event chain stays intact."""
    before = protected_rows(file)

    with pytest.raises(sqlite3.IntegrityError):
        eve.execute(attack)

    assert protected_rows(file) == before
    assert find_log_faults(file) == []


@pytest.mark.parametrize("name", sorted(ATTACKS.keys() - HARMLESS_WITHOUT_TRIGGERS))
def test_same_statement_changes_rows_without_the_triggers(
    eve: sqlite3.Connection, file: Path, name: str
) -> None:
    """The control: without the triggers, each of these statements has an effect."""
    triggers = eve.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (trigger,) in triggers:
        eve.execute(f"DROP TRIGGER {trigger}")
    eve.execute("DROP INDEX one_started_per_lane")
    before = protected_rows(file)

    eve.execute(ATTACKS[name])

    assert protected_rows(file) != before


@pytest.mark.parametrize("column", IMMUTABLE_DEPLOYMENT_COLUMNS)
def test_core_column_of_a_deployment_cannot_be_updated(
    eve: sqlite3.Connection, file: Path, column: str
) -> None:
    """Any update is refused, even one that sets the same value."""
    before = protected_rows(file)

    with pytest.raises(sqlite3.IntegrityError, match="what was asked for never changes"):
        eve.execute(f"UPDATE deployments SET {column} = {column}")

    assert protected_rows(file) == before


@pytest.mark.parametrize("pragma", ["recursive_triggers=ON", "foreign_keys=ON"])
def test_forged_event_is_detected_by_its_hash(
    eve: sqlite3.Connection, file: Path, pragma: str
) -> None:
    """The triggers accept an event at the end of the log, but its hash does not match."""
    eve.execute(f"PRAGMA {pragma}")

    eve.execute(an_insert("INSERT", NEXT_SEQ, LAST_HASH))

    assert [fault.code for fault in find_log_faults(file)] == ["event_changed"]


def test_second_started_deployment_of_a_lane_is_refused(
    eve: sqlite3.Connection, file: Path
) -> None:
    """The database refuses a second one even if the application does not check for it."""
    with pytest.raises(sqlite3.IntegrityError):
        eve.execute("UPDATE deployments SET status = 'started' WHERE number = 2")

    started = "SELECT number FROM deployments WHERE status = 'started'"
    assert query_sqlite(file, started) == [(1,)]


def test_unique_index_allows_one_started_deployment_per_lane(
    eve: sqlite3.Connection, file: Path
) -> None:
    """Without the triggers, the index still refuses a second started deployment of a lane."""
    triggers = eve.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (trigger,) in triggers:
        eve.execute(f"DROP TRIGGER {trigger}")

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        eve.execute("UPDATE deployments SET status = 'started' WHERE number = 2")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        eve.execute(a_copy("deployments", "INSERT", number="9", id="'other'", status="'started'"))

    eve.execute("UPDATE deployments SET status = 'failed' WHERE number = 1")
    eve.execute("UPDATE deployments SET status = 'started' WHERE number = 2")
    started = "SELECT number FROM deployments WHERE status = 'started'"
    assert query_sqlite(file, started) == [(2,)]


@pytest.mark.parametrize("verb", ["INSERT", "REPLACE"])
def test_second_promotion_to_an_environment_is_refused(
    eve: sqlite3.Connection, file: Path, verb: str
) -> None:
    """A second promotion can neither be added nor replace the first one."""
    first = a_promotion("INSERT", "98", "production")
    eve.execute(first)
    before = protected_rows(file)

    with pytest.raises(sqlite3.IntegrityError):
        eve.execute(a_promotion(verb, "99", "production"))

    assert protected_rows(file) == before


def test_unique_index_allows_one_promotion_per_environment(
    eve: sqlite3.Connection, file: Path
) -> None:
    """Without the triggers, the index still refuses a second promotion to the same environment."""
    triggers = eve.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (trigger,) in triggers:
        eve.execute(f"DROP TRIGGER {trigger}")
    eve.execute(a_promotion("INSERT", "98", "production"))
    eve.execute(a_promotion("INSERT", "99", "development"))

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        eve.execute(a_promotion("INSERT", "100", "production"))

    promotions = "SELECT number FROM deployments WHERE promoted_from = 'source' ORDER BY number"
    assert query_sqlite(file, promotions) == [(98,), (99,)]


def a_promotion(verb: str, number: str, environment: str) -> str:
    """Return a statement that adds a promotion of the same deployment."""
    return a_copy(
        "deployments",
        verb,
        number=number,
        id=f"'other-{number}'",
        environment=f"'{environment}'",
        status="'cancelled'",
        promoted_from="'source'",
    )


def test_core_columns_are_all_that_no_action_changes() -> None:
    """Every column that no action changes is immutable."""
    changing = {column.name for column in DeploymentRow.table().columns} - set(
        IMMUTABLE_DEPLOYMENT_COLUMNS
    )

    assert changing == {
        "revision",
        "status",
        "cancel_reason",
        "superseded_by",
        "auto_start",
        "approvals",
        "independence",
        "overrides",
        "break_glass",
        "after_review_state",
        "after_review_due_at",
        "after_review_verdict",
        "after_review_closed_by",
        "after_review_closed_at",
        "after_review_note",
        "promotion_blocked",
        "rolled_back_by",
        "expires_at",
        "reviewed_by",
        "reviewed_at",
        "build_id",
        "attempt",
        "started_in_production",
        "worker",
        "approved_at",
        "queued_at",
        "started_at",
        "finished_at",
        "deployed_at",
        "deployed_by",
        "rolled_back_at",
        "hidden_at",
        "hidden_by",
        "hidden_reason",
        "happened_at",
        "rollout_at",
        "approved_stage",
        "review_label",
        "work_references_start",
    }
