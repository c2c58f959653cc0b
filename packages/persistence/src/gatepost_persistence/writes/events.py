"""Appending to the event log."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select

from gatepost_domain.event import GENESIS_HASH, Event, LedgerEntry, next_entry
from gatepost_persistence.mapping.events import entry_from_row, entry_to_row
from gatepost_persistence.statements.prepared_statement import PreparedStatement
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
        self._last: LedgerEntry | None = None
        self._hashes: dict[UUID, str] = {}

    def append(self, event: Event, *, is_first: bool = False) -> LedgerEntry:
        """Append an event and return its entry.

        `is_first` says that its deployment is new.
        """
        entry = next_entry(
            event,
            after=self._last or self._load_last(),
            deployment_prev_hash=GENESIS_HASH if is_first else self._last_hash_of_deployment(event),
        )
        INSERT_EVENT.insert(self._connection, entry_to_row(entry))
        self._last = entry
        if event.deployment_id is not None:
            self._hashes[event.deployment_id] = entry.hash
        return entry

    def forget(self) -> None:
        """Forget the appended events, because the transaction ended or some were rolled back."""
        self._last = None
        self.forget_deployments()

    def forget_deployments(self) -> None:
        """Forget the last event of each deployment."""
        self._hashes.clear()

    def _load_last(self) -> LedgerEntry | None:
        last = LAST_EVENT.one_or_none(self._connection)
        return None if last is None else entry_from_row(last)

    def _last_hash_of_deployment(self, event: Event) -> str | None:
        if event.deployment_id is None:
            return None
        appended = self._hashes.get(event.deployment_id)
        if appended is not None:
            return appended
        parameters = {"deployment_id": str(event.deployment_id)}
        previous_hash: str | None = LAST_HASH_OF_DEPLOYMENT.scalar(self._connection, parameters)
        return GENESIS_HASH if previous_hash is None else previous_hash
