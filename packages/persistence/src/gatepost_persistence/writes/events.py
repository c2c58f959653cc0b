"""Appending events, with the state of the changed rows, at the end of each action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select

from gatepost_domain.event import REQUEST_ID, Event, to_rfc3339
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import event_hash
from gatepost_persistence.mapping.recorded_tables import StateItem, encode_data
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.event_tree import extend_tree

_events = EventRow.table()

LAST_SEQ_AND_HASH = PreparedStatement(
    select(_events.c.seq, _events.c.hash).order_by(_events.c.seq.desc()).limit(1), named=False
)
LAST_HASH_OF_DEPLOYMENT = PreparedStatement(
    select(_events.c.hash)
    .where(_events.c.deployment_id == bindparam("deployment_id"))
    .order_by(_events.c.seq.desc())
    .limit(1)
)
INSERT_EVENT = PreparedStatement(insert(_events))


class _AppendedEvent(NamedTuple):
    """An event that is not stored yet, with the state of the rows that it records."""

    event: Event
    state: list[StateItem]
    is_first: bool


class SqlEventAppender:
    """Appends events to the event log.

    Events are stored at the end of the action, with the state of all rows that the action stored.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._appended: list[_AppendedEvent] = []
        self._last: tuple[int, str] | None = None
        self._hashes: dict[UUID, str] = {}
        self.request_id: str | None = None
        """The id of the request that the current action carries out; None without a request."""

    def append(self, event: Event, *state: StateItem, is_first: bool = False) -> int:
        """Append an event and return its `seq`.

        `is_first` means that the event is the first one of its deployment.
        """
        self._appended.append(_AppendedEvent(event, list(state), is_first))
        return self.last_seq

    @property
    def is_pending(self) -> bool:
        """Whether an appended event is not stored yet."""
        return bool(self._appended)

    def record(self, item: StateItem) -> None:
        """Add the state of a row to the last appended event.

        Raises:
            RuntimeError: every appended event is already stored, so none would record the row.
        """
        if not self._appended:
            raise RuntimeError("A row was stored without an appended event that could record it.")
        self._appended[-1].state.append(item)

    @property
    def last_seq(self) -> int:
        """The `seq` of the last event, whether or not it is already stored; 0 if there is none."""
        return self._last_stored()[0] + len(self._appended)

    def store(self) -> None:
        """Store the appended events. Call this at the end of every action."""
        for event, state, is_first in self._appended:
            seq, prev_hash = self._last_stored()
            row = self._to_row(event, state, seq + 1, prev_hash, is_first=is_first)
            INSERT_EVENT.insert(self._connection, row)
            entry_hash = str(row["hash"])
            self._last = seq + 1, entry_hash
            extend_tree(self._connection, seq + 1)
            if event.deployment_id is not None:
                self._hashes[event.deployment_id] = entry_hash
        self._appended.clear()

    def forget(self) -> None:
        """Forget appended events, because the transaction has ended or some were rolled back."""
        self._appended.clear()
        self._last = None
        self.forget_last_hashes()

    @property
    def known_seq(self) -> int | None:
        """The `seq` of the last stored event, or None if it must be read."""
        return None if self._last is None else self._last[0]

    def continue_after(self, seq: int, last_hash: str) -> None:
        """Continue after the last event of another process, which has this `seq` and hash."""
        self.forget()
        self._last = seq, last_hash

    def forget_last_hashes(self) -> None:
        """Forget the hash of the last event of each deployment."""
        self._hashes.clear()

    def _data_with_request_id(self, event: Event) -> Mapping[str, object]:
        if self.request_id is None:
            return event.data
        return {**event.data, REQUEST_ID: self.request_id}

    def _last_stored(self) -> tuple[int, str]:
        """Return the `seq` and hash of the last stored event."""
        if self._last is None:
            row = LAST_SEQ_AND_HASH.one_or_none(self._connection)
            self._last = (0, GENESIS_HASH) if row is None else (row[0], row[1])
        return self._last

    def _to_row(
        self, event: Event, state: list[StateItem], seq: int, prev_hash: str, *, is_first: bool
    ) -> RowValues:
        deployment_id = None if event.deployment_id is None else str(event.deployment_id)
        row: dict[str, Any] = {
            "seq": seq,
            "deployment_id": deployment_id,
            "kind": str.__str__(event.kind),
            "actor": event.actor,
            "on_behalf_of": event.on_behalf_of,
            "at": to_rfc3339(event.at),
            "from_status": None if event.from_status is None else str.__str__(event.from_status),
            "to_status": None if event.to_status is None else str.__str__(event.to_status),
            "stage": event.stage,
            "note": event.note,
            "data": encode_data(self._data_with_request_id(event), state),
            "prev_hash": prev_hash,
            "deployment_prev_hash": GENESIS_HASH
            if is_first
            else self._last_hash_of_deployment(event),
        }
        row["hash"] = event_hash(**row)
        return row

    def _last_hash_of_deployment(self, event: Event) -> str | None:
        if event.deployment_id is None:
            return None
        stored = self._hashes.get(event.deployment_id)
        if stored is not None:
            return stored
        parameters = {"deployment_id": str(event.deployment_id)}
        previous_hash: str | None = LAST_HASH_OF_DEPLOYMENT.scalar(self._connection, parameters)
        return GENESIS_HASH if previous_hash is None else previous_hash
