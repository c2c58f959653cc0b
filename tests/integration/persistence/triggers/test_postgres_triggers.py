"""Triggers of a PostgreSQL database that somebody dropped, altered, disabled or added."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import IntegrityError

from gatepost_persistence.postgres.ledger import PostgresLedger, prepare_database, query_database
from gatepost_persistence.triggers.expected_triggers import expected_triggers
from gatepost_persistence.triggers.stored_triggers import read_triggers
from gatepost_persistence.triggers.trigger import Trigger
from gatepost_persistence.verification.database import verify_database
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.postgres_cluster import execute_sql

TRIGGERS = expected_triggers("postgresql")
EVENTS = "SELECT kind, actor, data FROM deployment_events ORDER BY seq"
NOTHING = "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"


async def execute(database: URL, statements: Sequence[str]) -> None:
    """Execute statements in one round trip."""
    body = "; ".join(statements)
    await execute_sql(database, f"DO $attack$ BEGIN {body}; END $attack$")


async def trigger_faults(database: URL) -> list[tuple[str, str, str]]:
    """Return the code, the table and the trigger of each fault."""
    faults = (await query_database(database, verify_database)).faults
    return [(fault.code, fault.table, fault.subject) for fault in faults]


def dropped(trigger: Trigger) -> str:
    return f"DROP TRIGGER {trigger.name} ON {trigger.table}"


def dropped_with_function(trigger: Trigger) -> str:
    return f"DROP FUNCTION IF EXISTS {trigger.properties['function']}() CASCADE"


def emptied(trigger: Trigger) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {trigger.properties['function']}() RETURNS trigger {NOTHING}"
    )


def disabled(trigger: Trigger) -> str:
    return f"ALTER TABLE {trigger.table} DISABLE TRIGGER {trigger.name}"


def enabled_only_for_replication(trigger: Trigger) -> str:
    return f"ALTER TABLE {trigger.table} ENABLE REPLICA TRIGGER {trigger.name}"


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (dropped, "guard_missing"),
        (dropped_with_function, "guard_missing"),
        (emptied, "guard_altered"),
        (disabled, "guard_altered"),
        (enabled_only_for_replication, "guard_altered"),
    ],
)
async def test_changed_triggers_are_named_and_restored(
    database: URL, attack: Callable[[Trigger], str], code: str
) -> None:
    """Verification names every changed trigger; the next start restores each and its function."""
    before = await stored_triggers(database)
    await execute(database, list(map(attack, TRIGGERS)))

    found = await trigger_faults(database)
    await prepare_database(database)

    assert found == [(code, trigger.table, trigger.name) for trigger in TRIGGERS]
    assert await stored_triggers(database) == before
    assert await trigger_faults(database) == []
    assert [kind for kind, _, _ in await execute_sql(database, EVENTS)] == ["guards_restored"]


async def stored_triggers(database: URL) -> list[tuple[object, ...]]:
    """Return everything about the triggers but their conditions, which are only compared."""
    return sorted(
        (
            trigger.table,
            trigger.name,
            *(trigger.properties.get(name) for name in ("event", "rows", "body")),
        )
        for trigger in await query_database(database, read_triggers)
    )


def replaced(trigger: str, on: str, rest: str) -> str:
    """Return a statement that replaces a trigger. Releases before 14 cannot."""
    return f"DROP TRIGGER {trigger} ON {on}; CREATE TRIGGER {trigger} {rest}"


DIFFERENCES = {
    replaced(
        "events_never_go",
        "deployment_events",
        "BEFORE DELETE ON deployment_events FOR EACH ROW WHEN (false) "
        "EXECUTE FUNCTION events_never_go()",
    ): "condition",
    replaced(
        "deployments_insert_counts",
        "deployments",
        "AFTER INSERT ON deployments FOR EACH ROW WHEN (NEW.status IN ('started', 'queued')) "
        "EXECUTE FUNCTION count_change_of_current_state()",
    ): "condition",
    replaced(
        "events_never_go",
        "deployment_events",
        "AFTER DELETE ON deployment_events FOR EACH ROW EXECUTE FUNCTION events_never_go()",
    ): "event",
    replaced(
        "claims_are_only_renewed",
        "claims",
        "BEFORE UPDATE OF id ON claims FOR EACH ROW EXECUTE FUNCTION claims_are_only_renewed()",
    ): "event",
    replaced(
        "events_never_go",
        "deployment_events",
        "BEFORE DELETE ON deployment_events FOR EACH STATEMENT EXECUTE FUNCTION events_never_go()",
    ): "rows",
    replaced(
        "events_never_go",
        "deployment_events",
        "BEFORE DELETE ON deployment_events FOR EACH ROW EXECUTE FUNCTION claims_never_go()",
    ): "function and its function body",
    "ALTER FUNCTION freezes_never_go() SECURITY DEFINER": (
        "options (stored: function with the rights of its owner)"
    ),
    "ALTER FUNCTION freezes_never_go() SET work_mem = '1MB'": (
        "options (stored: function with settings of its own)"
    ),
    "ALTER TABLE claims DISABLE TRIGGER claims_never_go": "options (stored: disabled)",
}


@pytest.mark.parametrize(("statements", "difference"), DIFFERENCES.items())
async def test_difference_is_named_and_restored(
    database: URL, statements: str, difference: str
) -> None:
    """The fault says in what a trigger differs, and the next start restores it."""
    await execute(database, [statements])

    fault, *_ = (await query_database(database, verify_database)).faults
    await prepare_database(database)

    assert fault.code == "guard_altered"
    assert f"in its {difference}." in fault.detail
    assert await trigger_faults(database) == []


async def test_start_restores_all_triggers_in_one_event(
    database: URL, caplog: pytest.LogCaptureFixture
) -> None:
    """Attacks are refused again, the log warns with the names, and the record stays intact."""
    ledger = await PostgresLedger.open(database)
    await create_catalog(ledger)
    await request_deployment(ledger)
    await ledger.close()
    events = await execute_sql(database, EVENTS)
    await execute(database, list(map(dropped_with_function, TRIGGERS)))

    with caplog.at_level(logging.WARNING):
        ledger = await PostgresLedger.open(database)

    (warning,) = caplog.messages
    await request_deployment(ledger)  # the event chain goes on
    await ledger.close()
    for attack in (
        "UPDATE deployment_events SET actor = 'eve'",
        "DELETE FROM deployments",
        "TRUNCATE policies CASCADE",
    ):
        with pytest.raises(IntegrityError):
            await execute_sql(database, attack)
    restored, requested = (await execute_sql(database, EVENTS))[len(events) :]
    assert (restored[0], restored[1], requested[0]) == ("guards_restored", "system", "requested")
    assert all(f"'{trigger.name}'" in warning for trigger in TRIGGERS)
    assert await trigger_faults(database) == []


async def test_additional_trigger_is_named_and_removed(database: URL) -> None:
    """A trigger on our tables that we did not create is removed; its function stays."""
    await execute_sql(database, f"CREATE FUNCTION swallow() RETURNS trigger {NOTHING}")
    await execute_sql(
        database,
        'CREATE TRIGGER "Eve""s" BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION swallow()',
    )

    found = await trigger_faults(database)
    await prepare_database(database)

    assert found == [("guard_unknown", "users", 'Eve"s')]
    assert await trigger_faults(database) == []
    assert await execute_sql(database, "SELECT 1 FROM pg_proc WHERE proname = 'swallow'") == [(1,)]


async def test_trigger_that_always_runs_is_no_fault(database: URL) -> None:
    """`ENABLE ALWAYS` makes a trigger stricter, so it is left as it is."""
    await execute_sql(
        database, "ALTER TABLE deployment_events ENABLE ALWAYS TRIGGER events_never_go"
    )

    await prepare_database(database)

    assert await trigger_faults(database) == []
    assert await execute_sql(database, EVENTS) == []


async def test_start_with_all_triggers_writes_nothing(
    database: URL, caplog: pytest.LogCaptureFixture
) -> None:
    """The comparison takes no lock and no transaction id."""
    last = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
    before = await execute_sql(database, last)

    await prepare_database(database)

    assert await execute_sql(database, last) == before
    assert await execute_sql(database, EVENTS) == []
    assert caplog.messages == []


async def test_two_processes_restore_once(database: URL) -> None:
    """Of processes that start together, one restores and the others find nothing to do."""
    await execute(database, list(map(dropped, TRIGGERS)))

    await asyncio.gather(*(prepare_database(database) for _ in range(3)))

    assert [kind for kind, _, _ in await execute_sql(database, EVENTS)] == ["guards_restored"]
    assert await trigger_faults(database) == []


async def test_account_that_may_not_change_triggers_can_still_start(
    database: URL, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the triggers, and nothing is written."""
    await execute_sql(database, "ALTER TABLE deployment_events DISABLE TRIGGER events_never_go")
    name = f"server_of_{database.database}"
    await execute_sql(database, f"CREATE ROLE {name} LOGIN")
    await execute_sql(
        database, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
    )

    ledger = await PostgresLedger.open(database.set(username=name))
    await ledger.close()

    (message,) = caplog.messages
    assert "'events_never_go' on deployment_events (altered)" in message
    assert "as the owner of the tables" in message
    assert await execute_sql(database, EVENTS) == []
    await execute_sql(database, f"DROP OWNED BY {name}")
    await execute_sql(database, f"DROP ROLE {name}")
