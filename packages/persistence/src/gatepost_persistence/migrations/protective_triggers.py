"""Triggers that refuse changes to recorded data, for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS

_IMMUTABLE_BEFORE_TARGETS: Final = "auto_start"
"""A column that was immutable only before revision 0020."""

_DEPLOYMENT_GUARD: Final = ("deployments_keep_their_core", "deployments")


def is_postgresql() -> bool:
    """Return whether the migrated database is PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


@contextmanager
def immutable_deployment_columns_unlocked() -> Generator[None]:
    """Drop the guard on the immutable deployment columns, and recreate it after the block.

    Use this to add a column to `IMMUTABLE_DEPLOYMENT_COLUMNS` and to fill it in existing rows. The
    new guard covers the listed columns that exist at this revision. A migration that makes an
    existing column immutable must not use this function, because earlier revisions would then
    guard that column, too; it must list the columns itself.

    If the block fails, the guard is not recreated: the transaction is rolled back.
    """
    drop_guard(*_DEPLOYMENT_GUARD)
    yield
    existing = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("deployments")}
    guarded = list(IMMUTABLE_DEPLOYMENT_COLUMNS)
    if "target_version" not in existing:
        guarded.insert(guarded.index("created_at"), _IMMUTABLE_BEFORE_TARGETS)
    columns = ", ".join(name for name in guarded if name in existing)
    name, table = _DEPLOYMENT_GUARD
    create_guard(name, f"UPDATE OF {columns}", table, "what was asked for never changes")


def create_guard(
    name: str, event: str, table: str, reason: str, *, when: str | None = None
) -> None:
    """Create a trigger that refuses an event, such as `UPDATE OF name`, on every row of a table.

    `when` may refer to OLD, NEW and other rows; it must compare nullable values with
    `IS DISTINCT FROM`.
    On PostgreSQL, a guard against DELETE also refuses TRUNCATE.
    """
    if is_postgresql():
        _create_postgresql_guard(name, event, table, reason, when)
        return
    condition = "" if when is None else f"WHEN {when.replace('IS DISTINCT FROM', 'IS NOT')} "
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
    )


def create_guard_against_replace(name: str, table: str, reason: str, *, existing: str) -> None:
    """Create a trigger that refuses to replace a row that matches `existing`.

    SQLite's REPLACE deletes a row without firing UPDATE or DELETE triggers. PostgreSQL has no such
    statement; its unique constraints are sufficient.
    """
    if not is_postgresql():
        when = f"EXISTS (SELECT 1 FROM {table} WHERE {existing})"
        create_guard(name, "INSERT", table, reason, when=when)


def drop_guard(name: str, table: str) -> None:
    """Drop a guard so that it can be replaced."""
    if is_postgresql():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    else:
        op.execute(f"DROP TRIGGER {name}")


def _create_postgresql_guard(
    name: str, event: str, table: str, reason: str, when: str | None
) -> None:
    """Create a trigger and its function, because a WHEN clause cannot query other rows."""
    raise_statement = (
        f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation';"
    )
    body = raise_statement if when is None else f"IF {when} THEN {raise_statement} END IF;"
    row = "OLD" if event == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$guard$ BEGIN {body} RETURN {row}; END $guard$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    if event == "DELETE":
        op.execute(
            f"CREATE TRIGGER {name}_all_at_once BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
