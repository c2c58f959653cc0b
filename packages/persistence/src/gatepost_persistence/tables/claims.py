"""The tables of claims and the steps that workers report."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import UNRECORDED, Serial


class ClaimRow(Row):
    """A worker's claim on one attempt. A trigger allows only the lease to change."""

    __tablename__ = "claims"
    __table_args__ = (UniqueConstraint("deployment_id", "attempt", name="one_claim_per_attempt"),)

    fencing_token: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(unique=True)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployments.id"))
    number: Mapped[int] = mapped_column(Serial)
    attempt: Mapped[int]
    worker: Mapped[str]
    claimed_at: Mapped[str]
    leased_until: Mapped[str] = mapped_column(info=UNRECORDED)
    lease_s: Mapped[int]
    deadline_at: Mapped[str]


class StepRow(Row):
    """A reported step of a rollout, in the order of `number`; triggers reject any change."""

    __tablename__ = "deployment_steps"
    __table_args__ = (Index("steps_by_deployment", "deployment_id", "number"),)

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployments.id"))
    attempt: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]
    tried: Mapped[int]
    detail: Mapped[str]
    at: Mapped[str]
    took_ms: Mapped[int | None] = mapped_column(Serial)


IMMUTABLE_CLAIM_COLUMNS: Final = tuple(
    column.name for column in ClaimRow.table().columns if column.name != "leased_until"
)
"""The columns that the trigger `claims_are_only_renewed` protects from updates."""
