"""What a store itself refuses, told once by a migration for SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import op


def is_postgresql() -> bool:
    """Whether the tables that are migrated are those of a PostgreSQL server."""
    return op.get_bind().dialect.name == "postgresql"


def create_guard(
    name: str, event: str, table: str, reason: str, *, when: str | None = None
) -> None:
    """Let the store itself refuse an event, such as `UPDATE OF name`, on any row of a table.

    `when` may ask for OLD, NEW and other rows; values that may be NULL differ by `IS DISTINCT
    FROM`. On PostgreSQL, what guards DELETE guards TRUNCATE as well.
    """
    if is_postgresql():
        _create_postgresql_guard(name, event, table, reason, when)
        return
    condition = "" if when is None else f"WHEN {when.replace('IS DISTINCT FROM', 'IS NOT')} "
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
    )


def create_replace_guard(name: str, table: str, reason: str, *, existing: str) -> None:
    """Let no row be put in the place of one that is `existing`.

    REPLACE does that in SQLite, unseen by what guards UPDATE and DELETE; PostgreSQL has no such
    statement, and its keys suffice.
    """
    if not is_postgresql():
        when = f"EXISTS (SELECT 1 FROM {table} WHERE {existing})"  # as migrations say it
        create_guard(name, "INSERT", table, reason, when=when)


def drop_guard(name: str, table: str) -> None:
    """Take a guard away, to put another in its place."""
    if is_postgresql():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    else:
        op.execute(f"DROP TRIGGER {name}")


def _create_postgresql_guard(
    name: str, event: str, table: str, reason: str, when: str | None
) -> None:
    """A function for each guard: the WHEN of a trigger may not ask for other rows."""
    refusal = f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation';"
    refused = refusal if when is None else f"IF {when} THEN {refusal} END IF;"
    row = "OLD" if event == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$guard$ BEGIN {refused} RETURN {row}; END $guard$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    if event == "DELETE":
        op.execute(
            f"CREATE TRIGGER {name}_all_at_once BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
