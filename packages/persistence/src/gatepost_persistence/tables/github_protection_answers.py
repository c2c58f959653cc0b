"""The table of answers to GitHub jobs that wait for a deployment protection rule."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row

WAITING_CONDITION: Final = "state = 'waiting'"
"""The condition of the index for finding answers that are due."""


class ProtectionAnswerRow(Row):
    """An answer to a waiting GitHub job. Only the delivery of the job is recorded as an event."""

    __tablename__ = "protection_answers"
    __table_args__ = (
        Index("one_answer_per_job", "external_id", unique=True),
        Index("one_answer_per_delivery", "delivery", unique=True),
        Index(
            "waiting_answers",
            "due_at",
            "id",
            sqlite_where=text(WAITING_CONDITION),
            postgresql_where=text(WAITING_CONDITION),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery: Mapped[str]
    deployment_id: Mapped[str]
    external_id: Mapped[str]
    environment_name: Mapped[str]
    callback_url: Mapped[str]
    installation: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[str]
    due_at: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    claim_count: Mapped[int]
    worker: Mapped[str | None]
    verdict: Mapped[str | None]
    attempted_at: Mapped[str | None]
    response_status: Mapped[int | None]
    detail: Mapped[str | None]
    ended_at: Mapped[str | None]
