"""Recording the state of rows that were stored before events contained row states."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection, func, insert, inspect, select

from gatepost_domain.event import Event, EventKind
from gatepost_persistence.mapping.recorded_tables import (
    RECORDED_TABLES,
    RecordedTable,
    encode_canonical,
)
from gatepost_persistence.statements.table_batches import iter_batches
from gatepost_persistence.tables.adopted_rows import AdoptedRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.event_tree import EVENTS_PER_NODE, extend_tree
from gatepost_persistence.writes.events import SqlEventAppender

NOTE: Final = (
    "This release records the state of every row from here on, and this event the state in which "
    "it found the rows. Whether they were changed before, only the event chain can tell."
)

_adopted = AdoptedRow.table()
_events = EventRow.table()


def adopt_existing_rows(connection: Connection) -> None:
    """Store a digest of every row in the recorded tables, and append one event about all of them.

    A new database has no rows, and needs no event.
    """
    existing = set(inspect(connection).get_table_names())
    for table in RECORDED_TABLES:
        if table.name in existing:
            _adopt_rows(connection, table)
    summary = summarize_adopted_rows(connection)
    if summary:
        events = SqlEventAppender(connection)
        at = datetime.now(UTC)  # noqa: TID251  # migrations have no clock
        data = {"tables": summary}
        events.append(
            Event(kind=EventKind.STATE_ADOPTED, actor="system", at=at, note=NOTE, data=data)
        )
        events.store()


def build_event_tree(connection: Connection) -> None:
    """Store the subtrees that the events so far have completed."""
    last: int = connection.execute(select(func.coalesce(func.max(_events.c.seq), 0))).scalar_one()
    for size in range(EVENTS_PER_NODE, last + 1, EVENTS_PER_NODE):
        extend_tree(connection, size)


def summarize_adopted_rows(connection: Connection) -> dict[str, dict[str, object]]:
    """Return the number and the digest of the adopted rows, by table.

    The digest is the SHA-256 of one line per row, sorted by key: the key, a space and the row's
    digest.
    """
    rows = chain.from_iterable(iter_batches(connection, _adopted))
    summary: dict[str, dict[str, object]] = {}
    for name, rows_of_table in groupby(rows, key=itemgetter("of_table")):
        count, digest = 0, sha256()
        for row in rows_of_table:
            digest.update(f"{row['key']} {row['digest']}\n".encode())
            count += 1
        summary[name] = {"rows": count, "digest": digest.hexdigest()}
    return summary


def _adopt_rows(connection: Connection, table: RecordedTable) -> None:
    for rows in iter_batches(connection, table.table):
        connection.execute(
            insert(_adopted),
            [
                {
                    "of_table": table.name,
                    "key": encode_canonical(table.key(row)).decode(),
                    "digest": sha256(encode_canonical(table.recorded_columns(row))).hexdigest(),
                }
                for row in rows
            ],
        )
