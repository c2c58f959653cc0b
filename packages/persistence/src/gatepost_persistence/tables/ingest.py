"""The tables of ingest sources and their deliveries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import RECORDED_AS_DIGEST, UNRECORDED, Serial

KEPT_CONDITION: Final = "payload IS NOT NULL"
"""The condition of the index for finding the payloads that are still stored."""


class IngestSourceRow(Row):
    """A configured source of deliveries.

    `secret` is random text, a colon and the secret, so the recorded digest reveals nothing.
    """

    __tablename__ = "ingest_sources"

    kind: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(info=RECORDED_AS_DIGEST)
    settings: Mapped[str]
    identity: Mapped[str]
    revision: Mapped[int]
    changed_at: Mapped[str]
    changed_by: Mapped[str]


class IngestDeliveryRow(Row):
    """A delivery; `number` gives the order of receipt.

    Triggers reject changes to what was received. The payload is later removed without an event;
    its digest is kept.
    """

    __tablename__ = "ingest_deliveries"
    __table_args__ = (
        UniqueConstraint("source", "delivery_id", name="ingest_deliveries_once"),
        Index("ingest_deliveries_by_payload", "source", "payload_digest", "number"),
        Index("ingest_deliveries_by_state", "state", "number"),
        Index("ingest_deliveries_by_source", "source", "number"),
        Index(
            "ingest_payloads_by_age",
            "keep_until",
            sqlite_where=text(KEPT_CONDITION),
            postgresql_where=text(KEPT_CONDITION),
        ),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    delivery_id: Mapped[str]
    event: Mapped[str]
    content_type: Mapped[str]
    received_at: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    payload_digest: Mapped[str]
    payload_size: Mapped[int]
    payload: Mapped[bytes | None] = mapped_column(info=UNRECORDED)
    keep_until: Mapped[str]
    deployment_id: Mapped[str | None]
    deployment_number: Mapped[int | None] = mapped_column(Serial)
    attempts: Mapped[int]
    replayed_at: Mapped[str | None]
    replayed_by: Mapped[str | None]
