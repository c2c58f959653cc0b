"""The tables of webhooks and their deliveries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import RECORDED_AS_DIGEST, UNRECORDED, Serial

ENABLED_CONDITION: Final = "disabled_reason IS NULL AND removed_at IS NULL"
"""Matches webhooks to which events are sent."""

PENDING_CONDITION: Final = "state = 'pending'"
"""The condition of the index for finding the next delivery of a webhook."""

ENDED_CONDITION: Final = "ended_at IS NOT NULL"
"""The condition of the index that finds the deliveries that are no longer to be kept."""


class WebhookRow(Row):
    """A webhook; `number` gives the order of creation.

    The secret is not stored, because the server derives it from its own key. Events contain only a
    digest of the URL, because all users can read events and a URL may contain a key. The delivery
    state changes without events.
    """

    __tablename__ = "webhooks"

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str] = mapped_column(info=RECORDED_AS_DIGEST)
    format: Mapped[str]
    kinds: Mapped[str]
    service_names: Mapped[str]
    environment_names: Mapped[str]
    tiers: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[str]
    secret_number: Mapped[int]
    rotated_at: Mapped[str | None]
    disabled_reason: Mapped[str | None]
    disabled_at: Mapped[str | None]
    removed_at: Mapped[str | None]
    revision: Mapped[int]
    position: Mapped[int] = mapped_column(Serial, info=UNRECORDED)
    failing_since: Mapped[str | None] = mapped_column(info=UNRECORDED)
    next_request_at: Mapped[str] = mapped_column(info=UNRECORDED)


class WebhookDeliveryRow(Row):
    """The delivery of one event to one webhook; not part of the history, so no event records it."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("one_delivery_per_event", "webhook", "seq", unique=True),
        Index(
            "pending_deliveries",
            "webhook",
            "due_at",
            "seq",
            sqlite_where=text(PENDING_CONDITION),
            postgresql_where=text(PENDING_CONDITION),
        ),
        Index(
            "ended_deliveries",
            "ended_at",
            sqlite_where=text(ENDED_CONDITION),
            postgresql_where=text(ENDED_CONDITION),
        ),
        Index("deliveries_by_state", "webhook", "state", "seq"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    webhook: Mapped[str] = mapped_column(ForeignKey("webhooks.id"))
    seq: Mapped[int] = mapped_column(Serial)
    kind: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[str]
    due_at: Mapped[str]
    attempts: Mapped[int]
    claim_count: Mapped[int]
    worker: Mapped[str | None]
    attempted_at: Mapped[str | None]
    response_status: Mapped[int | None]
    detail: Mapped[str | None]
    took_ms: Mapped[int | None]
    ended_at: Mapped[str | None]
