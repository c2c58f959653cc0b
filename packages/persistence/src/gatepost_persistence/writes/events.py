"""Appending to the event log."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select

from gatepost_domain.event import GENESIS_HASH, Event, LedgerEntry, next_entry
from gatepost_persistence.mapping.events import entry_from_row, entry_to_row
from gatepost_persistence.prepared_statement import PreparedStatement
from gatepost_persistence.tables.events import EventRow

_events = EventRow.table()

LAST_EVENT = PreparedStatement(select(_events).order_by(_events.c.seq.desc()).limit(1))
LAST_HASH_OF_DEPLOYMENT = PreparedStatement(
    select(_events.c.hash)
    .where(_events.c.deployment_id == bindparam("deployment_id"))
    .order_by(_events.c.seq.desc())
    .limit(1)
)
INSERT_EVENT = PreparedStatement(insert(_events))


class SqlEventAppender:
    """The event log, for appending."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, event: Event) -> LedgerEntry:
        """Append an event and return its entry."""
        last = LAST_EVENT.one_or_none(self._connection)
        entry = next_entry(
            event,
            after=None if last is None else entry_from_row(last),
            deployment_prev_hash=self._last_hash_of_deployment(event),
        )
        INSERT_EVENT.run(self._connection, entry_to_row(entry))
        return entry

    def _last_hash_of_deployment(self, event: Event) -> str | None:
        if event.deployment_id is None:
            return None
        parameters = {"deployment_id": str(event.deployment_id)}
        previous_hash: str | None = LAST_HASH_OF_DEPLOYMENT.scalar(self._connection, parameters)
        return GENESIS_HASH if previous_hash is None else previous_hash
