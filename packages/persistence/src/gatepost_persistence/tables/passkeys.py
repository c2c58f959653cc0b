"""The table of passkeys."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import UNRECORDED


class PasskeyRow(Row):
    """A passkey of a person; `public_key` verifies the signatures of the authenticator."""

    __tablename__ = "passkeys"
    __table_args__ = (
        Index("passkeys_by_holder", "holder", "created_at"),
        Index("passkeys_by_parent", "parent"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(ForeignKey("users.key"))
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger, info=UNRECORDED)
    label: Mapped[str | None]
    created_at: Mapped[str]
    last_used_at: Mapped[str | None] = mapped_column(info=UNRECORDED)
    revoked_at: Mapped[str | None]
    parent: Mapped[str | None]
    origin: Mapped[str | None]
