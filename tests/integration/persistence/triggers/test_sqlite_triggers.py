"""Triggers of a SQLite file that somebody dropped, altered or added."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, prepare_file
from gatepost_persistence.triggers.expected_triggers import expected_triggers
from gatepost_persistence.triggers.startup_restoration import restore_triggers
from gatepost_persistence.triggers.trigger import Trigger
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_faults_in_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

TRIGGERS = expected_triggers("sqlite")
EVENTS = "SELECT kind, actor, data FROM deployment_events ORDER BY seq"
STORED_TRIGGERS = (
    "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
)


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def dropped(trigger: Trigger) -> list[str]:
    return [f"DROP TRIGGER {trigger.name}"]


def emptied(trigger: Trigger) -> list[str]:
    """Return statements that replace the body by one that does nothing."""
    event, _, _ = trigger.properties["sql"].partition("BEGIN")
    return [*dropped(trigger), f"{event} BEGIN SELECT 1; END"]


def never_true(trigger: Trigger) -> list[str]:
    """Return statements that add a condition that is never true, and keep the body."""
    head, _, body = trigger.properties["sql"].partition("BEGIN")
    event, _, _ = head.partition("WHEN")
    return [*dropped(trigger), f"{event} WHEN false BEGIN {body}"]


def trigger_faults(path: Path) -> list[tuple[str, str, str]]:
    """Return the code, the table and the trigger of each fault. There must be no others."""
    return [(fault.code, fault.table, fault.subject) for fault in find_faults_in_file(path)]


@pytest.mark.parametrize(
    ("attack", "code"),
    [(dropped, "guard_missing"), (emptied, "guard_altered"), (never_true, "guard_altered")],
)
def test_changed_triggers_are_named_and_restored(
    path: Path, attack: Callable[[Trigger], list[str]], code: str
) -> None:
    """Verification names every changed trigger; the next start restores each exactly."""
    before = query_sqlite(path, STORED_TRIGGERS)
    execute(path, *(statement for trigger in TRIGGERS for statement in attack(trigger)))

    found = trigger_faults(path)
    prepare_file(path)

    assert found == [(code, trigger.table, trigger.name) for trigger in TRIGGERS]
    assert query_sqlite(path, STORED_TRIGGERS) == before
    assert trigger_faults(path) == []


def test_restoration_is_recorded_in_one_event(path: Path) -> None:
    """The event says which triggers differed, and how."""
    execute(
        path,
        "DROP TRIGGER events_never_go",
        *emptied(next(trigger for trigger in TRIGGERS if trigger.name == "claims_never_go")),
    )

    prepare_file(path)
    prepare_file(path)

    ((kind, actor, data),) = query_sqlite(path, EVENTS)
    assert (kind, actor) == ("guards_restored", "system")
    assert json.loads(data) == {
        "guards": ["claims_never_go", "events_never_go"],
        "missing": ["events_never_go"],
        "altered": ["claims_never_go"],
        "unknown": [],
    }


async def test_start_restores_all_triggers_in_one_event(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Attacks are refused again, the log warns with the names, and the record stays intact."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    await request_deployment(ledger)
    await ledger.close()
    events = query_sqlite(path, EVENTS)
    execute(path, *(statement for trigger in TRIGGERS for statement in dropped(trigger)))

    with caplog.at_level(logging.WARNING):
        ledger = await SqliteLedger.open(path)

    (warning,) = caplog.messages
    await request_deployment(ledger)  # the event chain goes on
    await ledger.close()
    for attack in (
        "UPDATE deployment_events SET actor = 'eve'",
        "DELETE FROM deployments",
        "UPDATE policies SET policy = '{}'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            execute(path, attack)
    restored, requested = query_sqlite(path, EVENTS)[len(events) :]
    assert (restored[0], requested[0]) == ("guards_restored", "requested")
    assert all(f"'{trigger.name}'" in warning for trigger in TRIGGERS)
    assert json.loads(restored[2])["missing"] == [trigger.name for trigger in TRIGGERS]
    assert find_faults_in_file(path) == []


def test_additional_trigger_is_named_and_removed(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A trigger on our tables that we did not create is removed, whatever its name is."""
    name = 'a "strange" name; --'
    quoted = name.replace('"', '""')
    execute(
        path,
        f'CREATE TRIGGER "{quoted}" AFTER INSERT ON users BEGIN DELETE FROM users; END',
        "CREATE TABLE others (id INTEGER)",
        "CREATE TRIGGER of_others AFTER INSERT ON others BEGIN DELETE FROM others; END",
    )

    found = trigger_faults(path)
    prepare_file(path)

    assert found == [("guard_unknown", "users", name)]
    assert trigger_faults(path) == []
    ((_, _, data),) = query_sqlite(path, EVENTS)
    assert json.loads(data)["unknown"] == [name]
    assert "(removed)" in caplog.text
    assert ("of_others",) in query_sqlite(path, "SELECT name FROM sqlite_schema")


def test_trigger_moved_to_another_table_is_restored(path: Path) -> None:
    """A trigger with the name of ours on another table does not hide that ours is missing."""
    execute(
        path,
        "DROP TRIGGER events_never_go",
        "CREATE TRIGGER events_never_go BEFORE DELETE ON holds BEGIN SELECT 1; END",
    )

    found = trigger_faults(path)
    prepare_file(path)

    assert found == [
        ("guard_missing", "deployment_events", "events_never_go"),
        ("guard_unknown", "holds", "events_never_go"),
    ]
    assert trigger_faults(path) == []


def test_start_with_all_triggers_writes_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The comparison takes no lock and changes no byte of the file."""
    before = path.read_bytes()

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        prepare_file(path)
        other.execute("ROLLBACK")

    assert path.read_bytes() == before
    assert query_sqlite(path, EVENTS) == []
    assert caplog.messages == []


def test_two_processes_restore_once(path: Path) -> None:
    """Of two processes that start together, one restores and the other finds nothing to do."""
    execute(path, "DROP TRIGGER events_never_go", "DROP TRIGGER claims_never_go")

    with ProcessPoolExecutor(2) as processes:
        list(processes.map(restore_patiently, [path, path]))

    assert [kind for kind, _, _ in query_sqlite(path, EVENTS)] == ["guards_restored"]
    assert trigger_faults(path) == []


def restore_patiently(path: Path) -> None:
    """Restore the triggers, waiting for the lock instead of failing at once."""
    with create_write_engine(path).connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 10000")
        restore_triggers(connection)


def test_failed_restoration_changes_nothing(path: Path) -> None:
    """If a trigger cannot be created, neither the others nor the event remain."""
    execute(path, "DROP TRIGGER events_never_go", "DROP TRIGGER versions_never_go")
    before = query_sqlite(path, STORED_TRIGGERS)

    with create_write_engine(path).connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_authorizer(
            lambda action, name, *_: (
                sqlite3.SQLITE_DENY
                if action == sqlite3.SQLITE_CREATE_TRIGGER and name == "versions_never_go"
                else sqlite3.SQLITE_OK
            )
        )
        with pytest.raises(Exception, match="not authorized"):
            restore_triggers(connection)

    assert query_sqlite(path, STORED_TRIGGERS) == before
    assert query_sqlite(path, EVENTS) == []
