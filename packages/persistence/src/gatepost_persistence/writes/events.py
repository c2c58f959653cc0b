"""Appending to the event log."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select

from gatepost_domain.event import GENESIS_HASH, Event, LedgerEntry, next_entry
from gatepost_persistence.mapping.events import entry_from_row, entry_to_row
from gatepost_persistence.tables.events import EventRow

_events = EventRow.table()

LAST_EVENT = select(_events).order_by(_events.c.seq.desc()).limit(1)
LAST_HASH_OF_DEPLOYMENT = (
    select(_events.c.hash)
    .where(_events.c.deployment_id == bindparam("deployment_id"))
    .order_by(_events.c.seq.desc())
    .limit(1)
)
INSERT_EVENT = insert(_events)


class SqlEventAppender:
    """The event log, for appending."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, event: Event) -> LedgerEntry:
        """Append an event and return its entry."""
        last = self._connection.execute(LAST_EVENT).one_or_none()
        entry = next_entry(
            event,
            after=None if last is None else entry_from_row(last),
            deployment_prev_hash=self._last_hash_of_deployment(event),
        )
        self._connection.execute(INSERT_EVENT, entry_to_row(entry))
        return entry

    def _last_hash_of_deployment(self, event: Event) -> str | None:
        if event.deployment_id is None:
            return None
        parameters = {"deployment_id": str(event.deployment_id)}
        previous_hash: str | None = self._connection.execute(
            LAST_HASH_OF_DEPLOYMENT, parameters
        ).scalar()
        return GENESIS_HASH if previous_hash is None else previous_hash
