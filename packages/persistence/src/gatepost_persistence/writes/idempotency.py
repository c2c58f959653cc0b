"""Repository of responses stored for idempotency keys, inside a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_persistence.mapping.idempotency import (
    idempotency_record_from_row,
    idempotency_record_to_row,
)
from gatepost_persistence.mapping.recorded_tables import IDEMPOTENCY_RECORDS
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.idempotency import IdempotencyRecordRow
from gatepost_persistence.writes.events import SqlEventAppender

_records = IdempotencyRecordRow.table()

RECORD_BY_KEY = PreparedStatement(
    select(_records)
    .where(_records.c.caller == bindparam("lookup_key"))
    .where(_records.c.key == bindparam("idempotency_key"))
    .where(_records.c.created_at >= bindparam("since"))
)
DELETE_OLDER = PreparedStatement(
    delete(_records).where(_records.c.created_at < bindparam("before"))
)
INSERT_RECORD = PreparedStatement(insert(_records))


class SqlIdempotencyRecords:
    """The SQL repository for responses stored for idempotency keys."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events

    def find(self, caller: str, key: str, *, since: datetime) -> IdempotencyRecord | None:
        """Return the response stored for a caller and key, unless it is older than `since`."""
        parameters = {"lookup_key": caller, "idempotency_key": key, "since": to_rfc3339(since)}
        row = RECORD_BY_KEY.one_or_none(self._connection, parameters)
        return None if row is None else idempotency_record_from_row(row)

    def save(self, record: IdempotencyRecord, *, expire_before: datetime) -> None:
        """Store a response and delete those older than `expire_before`."""
        DELETE_OLDER.run(self._connection, {"before": to_rfc3339(expire_before)})
        values = idempotency_record_to_row(record)
        INSERT_RECORD.run(self._connection, values)
        item = IDEMPOTENCY_RECORDS.item_for_new_row(values)
        if self._events.is_pending:
            self._events.record(item)
        else:
            event = Event(kind=EventKind.RESPONSE_STORED, actor=record.caller, at=record.created_at)
            self._events.append(event, item)
