"""Reading the triggers that exist on our tables in a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, text

from gatepost_persistence.triggers.trigger import GUARDED_TABLES, Trigger

_TABLES: Final = ", ".join(f"'{table}'" for table in GUARDED_TABLES)

SQLITE_TRIGGERS: Final = text(
    "SELECT tbl_name, name, sql FROM sqlite_schema "  # noqa: S608  # only our names are inserted
    f"WHERE type = 'trigger' AND tbl_name IN ({_TABLES})"
)

POSTGRESQL_TRIGGERS: Final = text(
    "SELECT c.relname::text AS of_table, t.tgname::text AS name, "  # noqa: S608  # only our names
    "t.tgtype::integer AS bits, "
    "t.tgenabled::text AS enabled, t.tgnewtable::text AS new_rows, t.tgoldtable::text AS old_rows, "
    "t.tgconstraint <> 0 AS is_constraint, t.tgnargs > 0 AS has_arguments, "
    "array(SELECT a.attname::text FROM unnest(t.tgattr::smallint[]) WITH ORDINALITY AS k (n, at) "
    "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY k.at) AS columns, "
    "CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END AS definition, "
    "p.proname::text AS function, p.prosrc AS body, l.lanname::text AS language, "
    "p.prosecdef AS is_definer, p.proconfig IS NOT NULL AS has_settings, "
    "p.pronamespace <> c.relnamespace AS is_elsewhere "
    "FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
    "JOIN pg_proc AS p ON p.oid = t.tgfoid JOIN pg_language AS l ON l.oid = p.prolang "
    "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid) "
    f"AND c.relname IN ({_TABLES})"
)
"""Reads triggers from the system catalog. Its columns have kept their meaning since version 13."""

_FOR_EACH_ROW: Final = 1
_BEFORE: Final = 2
_INSTEAD_OF: Final = 64
_EVENTS: Final[Mapping[int, str]] = {4: "INSERT", 8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}
_CONDITION: Final = re.compile(r" WHEN \((.*)\) EXECUTE FUNCTION ", re.DOTALL)
_CAST: Final = re.compile(r"::(text|character varying)(\[\])?")
"""A cast between text types, which PostgreSQL adds when it parses a condition."""
_ENABLED: Final = frozenset({"O", "A"})
"""The states in which a trigger runs in ordinary sessions."""


def read_triggers(connection: Connection) -> Sequence[Trigger]:
    """Return all triggers on our tables."""
    if connection.dialect.name == "sqlite":
        return [
            Trigger(table=table, name=name, properties={"sql": sql})
            for table, name, sql in connection.execute(SQLITE_TRIGGERS)
        ]
    return [
        Trigger(table=row.of_table, name=row.name, properties=dict(_postgresql_properties(row)))
        for row in connection.execute(POSTGRESQL_TRIGGERS)
    ]


def _postgresql_properties(row: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # a row
    yield "event", f"{_timing(row.bits)} {_events(row.bits, row.columns)}"
    yield "rows", _granularity(row)
    if row.definition is not None:
        found = _CONDITION.search(row.definition)
        yield "condition", _CAST.sub("", row.definition if found is None else found[1])
    yield "function", row.function
    yield "body", row.body
    if options := ", ".join(_unexpected_options(row)):
        yield "options", options


def _timing(bits: int) -> str:
    if bits & _INSTEAD_OF:
        return "INSTEAD OF"
    return "BEFORE" if bits & _BEFORE else "AFTER"


def _events(bits: int, columns: Sequence[str]) -> str:
    events = [event for bit, event in _EVENTS.items() if bits & bit]
    of_columns = f" OF {', '.join(columns)}" if columns else ""
    return " OR ".join(f"UPDATE{of_columns}" if event == "UPDATE" else event for event in events)


def _granularity(row: Any) -> str:  # noqa: ANN401  # a row
    tables = [
        f"{kind} TABLE AS {name}"
        for kind, name in (("OLD", row.old_rows), ("NEW", row.new_rows))
        if name is not None
    ]
    referencing = f"REFERENCING {' '.join(tables)} " if tables else ""
    return f"{referencing}FOR EACH {'ROW' if row.bits & _FOR_EACH_ROW else 'STATEMENT'}"


def _unexpected_options(row: Any) -> Iterator[str]:  # noqa: ANN401  # a row
    """Yield those options of a trigger that our triggers never have."""
    if row.enabled not in _ENABLED:
        yield "disabled"
    for option, is_present in (
        ("constraint", row.is_constraint),
        ("arguments", row.has_arguments),
        ("function in another schema", row.is_elsewhere),
        ("function with the rights of its owner", row.is_definer),
        ("function with settings of its own", row.has_settings),
    ):
        if is_present:
            yield option
    if row.language != "plpgsql":
        yield f"function in {row.language}"
