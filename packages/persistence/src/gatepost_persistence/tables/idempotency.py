"""The table of responses stored for idempotency keys."""

from __future__ import annotations

from sqlalchemy import (
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import RECORDED_AS_DIGEST


class IdempotencyRecordRow(Row):
    """A response stored for an idempotency key."""

    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_by_age", "created_at"),)

    caller: Mapped[str] = mapped_column(primary_key=True, info=RECORDED_AS_DIGEST)
    key: Mapped[str] = mapped_column(primary_key=True, info=RECORDED_AS_DIGEST)
    fingerprint: Mapped[str] = mapped_column(info=RECORDED_AS_DIGEST)
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(info=RECORDED_AS_DIGEST)
    body: Mapped[bytes] = mapped_column(info=RECORDED_AS_DIGEST)
    created_at: Mapped[str]
