"""Answers kept for idempotency keys, inside a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_persistence.mapping.idempotency import record_from_row, record_to_row
from gatepost_persistence.tables.idempotency import IdempotencyRecordRow

_receipts = IdempotencyRecordRow.table()

RECORD_BY_KEY = (
    select(_receipts)
    .where(_receipts.c.caller == bindparam("of"))
    .where(_receipts.c.key == bindparam("known_as"))
    .where(_receipts.c.created_at >= bindparam("since"))
)
DELETE_OLDER = delete(_receipts).where(_receipts.c.created_at < bindparam("before"))
INSERT_RECORD = insert(_receipts)


class SqlIdempotencyRecords:
    """See `ports.IdempotencyRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, caller: str, key: str, *, since: datetime) -> IdempotencyRecord | None:
        """See `ports.IdempotencyRepository`."""
        wanted = {"of": caller, "known_as": key, "since": to_rfc3339(since)}
        row = self._connection.execute(RECORD_BY_KEY, wanted).one_or_none()
        return None if row is None else record_from_row(row)

    def save(self, record: IdempotencyRecord, *, expire_before: datetime) -> None:
        """See `ports.IdempotencyRepository`."""
        self._connection.execute(DELETE_OLDER, {"before": to_rfc3339(expire_before)})
        self._connection.execute(INSERT_RECORD, record_to_row(record))
