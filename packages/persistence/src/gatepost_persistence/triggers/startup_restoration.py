"""Restoring the triggers of a database when the server starts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatepost_domain.event import Event, EventKind
from gatepost_persistence.migrations.runner import exclusive_transaction, migrate_if_needed
from gatepost_persistence.statements.prepared_statement import run_sql
from gatepost_persistence.triggers.stored_triggers import read_triggers
from gatepost_persistence.triggers.trigger import Trigger
from gatepost_persistence.triggers.trigger_differences import TriggerDifference, compare_triggers
from gatepost_persistence.writes.events import SqlEventAppender

NOTE: Final = (
    "Triggers that protect recorded data were missing, altered or unknown. Whether anything was "
    "changed without them, only verification can tell."
)

_INSUFFICIENT_PRIVILEGE: Final = "42501"

_log = logging.getLogger("gatepost")


class _NothingRestored(Exception):  # raised only to roll back
    """Creating the triggers again made no difference."""


def migrate_and_restore_triggers(connection: Connection) -> None:
    """Migrate a database to this release, and restore its triggers.

    Raises:
        UnknownRevision: a newer release has written the database.
    """
    migrate_if_needed(connection)
    restore_triggers(connection)


def restore_triggers(connection: Connection) -> Sequence[TriggerDifference]:
    """Restore the triggers of this release, record that in one event, and return what differed.

    An unknown trigger on our tables is removed. If the database account may not change triggers,
    this logs an error and changes nothing. If nothing differs, nothing is written, and the write
    lock is not taken. The connection must be in autocommit mode.
    """
    differences = compare_triggers(connection)
    if not differences:
        return ()
    try:
        with exclusive_transaction(connection):
            restored = _restore(connection)  # unless another process has just done so
    except _NothingRestored as error:
        _log.error("triggers that protect recorded data cannot be restored: %s", error)
        return ()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
            raise
        _log.error(
            "triggers that protect recorded data differ, and the database account cannot restore "
            "them; run `gatepost-server migrate` as the owner of the tables: %s",
            "; ".join(map(_describe, differences)),
        )
        return ()
    if restored:
        _log.warning(
            "triggers that protect recorded data were restored (run `gatepost-server verify`): %s",
            "; ".join(map(_describe, restored)),
        )
    return restored


def _restore(connection: Connection) -> Sequence[TriggerDifference]:
    differences = compare_triggers(connection)
    if not differences:
        return ()
    for difference in differences:
        if difference.found is not None:
            run_sql(connection, _drop_statement(difference.found, connection.dialect.name))
    for statement in _create_statements(differences, connection.dialect.name):
        run_sql(connection, statement)
    remaining = compare_triggers(connection)
    restored = [difference for difference in differences if difference not in remaining]
    if not restored:
        raise _NothingRestored("; ".join(map(_describe, remaining)))
    _append_event(connection, restored)
    return restored


def drop_triggers(connection: Connection) -> None:
    """Drop all triggers on our tables, so that rows can be copied. The caller owns the transaction.

    Create them again with `create_missing_triggers` in the same transaction.
    """
    for trigger in read_triggers(connection):
        run_sql(connection, _drop_statement(trigger, connection.dialect.name))


def create_missing_triggers(connection: Connection) -> None:
    """Create missing triggers without recording an event. The caller owns the transaction."""
    for statement in _create_statements(compare_triggers(connection), connection.dialect.name):
        run_sql(connection, statement)


def _append_event(connection: Connection, restored: Sequence[TriggerDifference]) -> None:
    names_by_code: dict[str, list[str]] = {"missing": [], "altered": [], "unknown": []}
    for difference in restored:
        names_by_code[difference.code.removeprefix("guard_")].append(difference.trigger.name)
    data = {"guards": [difference.trigger.name for difference in restored], **names_by_code}
    events = SqlEventAppender(connection)
    at = datetime.now(UTC)  # noqa: TID251  # storage has no clock
    events.append(
        Event(kind=EventKind.GUARDS_RESTORED, actor="system", at=at, note=NOTE, data=data)
    )
    events.store()


def _describe(difference: TriggerDifference) -> str:
    state = "removed" if difference.expected is None else difference.code.removeprefix("guard_")
    return f"{difference.trigger.name!r} on {difference.trigger.table} ({state})"


def _drop_statement(trigger: Trigger, dialect: str) -> str:
    of_table = "" if dialect == "sqlite" else f" ON {_quoted(trigger.table)}"
    return f"DROP TRIGGER {_quoted(trigger.name)}{of_table}"


def _create_statements(differences: Sequence[TriggerDifference], dialect: str) -> Iterator[str]:
    triggers = [
        difference.expected for difference in differences if difference.expected is not None
    ]
    if dialect == "sqlite":
        yield from (trigger.properties["sql"] for trigger in triggers)
        return
    functions = {trigger.properties["function"]: trigger.properties["body"] for trigger in triggers}
    for name, body in functions.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $guard${body}$guard$"
        )
    for trigger in triggers:
        properties = trigger.properties
        when = f" WHEN ({properties['condition']})" if "condition" in properties else ""
        yield (
            f"CREATE TRIGGER {trigger.name} {properties['event']} ON {trigger.table} "
            f"{properties['rows']}{when} "
            f"EXECUTE FUNCTION {properties['function']}()"
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
