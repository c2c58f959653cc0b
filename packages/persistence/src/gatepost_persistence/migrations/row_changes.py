"""Changing rows in recorded tables during a migration, with one event for all changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, text, update

from gatepost_domain.event import Event, EventKind
from gatepost_persistence.mapping.recorded_tables import RecordedTable, encode_canonical
from gatepost_persistence.statements.table_batches import iter_batches
from gatepost_persistence.writes.events import SqlEventAppender


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """New values for one row."""

    table: RecordedTable
    row: Mapping[str, Any]
    """The stored row, with the columns that exist in the database."""
    values: Mapping[str, object]
    """The new values by column. The columns must exist in the database."""


def iter_rows(connection: Connection, table: RecordedTable) -> Iterable[Mapping[str, Any]]:
    """Yield all rows of a table in primary-key order, with the columns that the database has."""
    for rows in iter_batches(connection, table.table):
        yield from rows


def record_changes(
    connection: Connection,
    changes: Iterable[RowChange],
    *,
    revision: str,
    note: str,
    report: Mapping[str, object] | None = None,
) -> None:
    """Store the changes and append one event about all of them; do nothing if there are none.

    `note` explains in plain words what was changed and why; `report` is added to the event's data.
    """
    state = [item for change in changes if (item := _store_change(connection, change)) is not None]
    if not state:
        return
    events = SqlEventAppender(connection)
    event = Event(
        kind=EventKind.DATABASE_UPGRADED,
        actor="system",
        at=datetime.now(UTC),  # noqa: TID251  # migrations have no clock
        note=note,
        data={"revision": revision, **(report or {})},
    )
    events.append(event, *state)
    events.store()


def _store_change(connection: Connection, change: RowChange) -> str | None:
    table, values = change.table, dict(change.values)
    if all(change.row.get(name) == value for name, value in values.items()):
        return None
    key = [column == change.row[column.name] for column in table.table.primary_key.columns]
    connection.execute(update(table.table).where(*key).values(values))
    stored = select(text("*")).select_from(table.table).where(*key)
    after = dict(connection.execute(stored).mappings().one())
    return _item_for_update(table, change.row, after)


def _item_for_update(
    table: RecordedTable, before: Mapping[str, Any], after: Mapping[str, Any]
) -> str:
    """Return the item for an update of a row, covering all columns that the database has."""
    old, new = _recorded_columns(table, before), _recorded_columns(table, after)
    changes = {name: new.get(name) for name in after if new.get(name) != old.get(name)}
    item = {
        "changes": changes,
        "digest": sha256(encode_canonical(new)).hexdigest(),
        "key": table.key(before),
        "table": table.name,
    }
    return encode_canonical(item).decode()


def _recorded_columns(table: RecordedTable, row: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns as events record them, including those that a later migration removes."""
    known = table.table.columns.keys()
    former = {name: value for name, value in row.items() if name not in known and value is not None}
    return {**table.recorded_columns(row), **former}
