"""Answers kept for idempotency keys, inside a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from gatepost_domain.event import utc_text
from gatepost_domain.ports.idempotency import Receipt
from gatepost_persistence.mapping.idempotency import receipt_of, receipt_values
from gatepost_persistence.tables.idempotency import ReceiptRow

_receipts = ReceiptRow.table()

ONE = (
    select(_receipts)
    .where(_receipts.c.caller == bindparam("of"))
    .where(_receipts.c.key == bindparam("known_as"))
    .where(_receipts.c.created_at >= bindparam("since"))
)
FORGET = delete(_receipts).where(_receipts.c.created_at < bindparam("before"))
KEEP = insert(_receipts)


class SqlReceipts:
    """See `ports.Receipts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, caller: str, key: str, *, since: datetime) -> Receipt | None:
        """See `ports.Receipts`."""
        wanted = {"of": caller, "known_as": key, "since": utc_text(since)}
        row = self._connection.execute(ONE, wanted).one_or_none()
        return None if row is None else receipt_of(row)

    def keep(self, receipt: Receipt, *, forget_before: datetime) -> None:
        """See `ports.Receipts`."""
        self._connection.execute(FORGET, {"before": utc_text(forget_before)})
        self._connection.execute(KEEP, receipt_values(receipt))
