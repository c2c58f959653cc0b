"""The table of responses stored for idempotency keys."""

from __future__ import annotations

from sqlalchemy import (
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row


class IdempotencyRecordRow(Row):
    """A response stored for an idempotency key."""

    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_by_age", "created_at"),)

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[str]
    body: Mapped[bytes]
    created_at: Mapped[str]
