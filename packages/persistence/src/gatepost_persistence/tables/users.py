"""The tables of users and their tokens."""

from __future__ import annotations

from sqlalchemy import (
    ForeignKey,
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row, optimistic_lock_on
from gatepost_persistence.tables.columns import RECORDED_AS_DIGEST, UNRECORDED, Serial


class UserRow(Row):
    """A user, who can hold tokens. Lists are JSON; in `logins`, removed logins are marked.

    `key` is the normalised name with which the user was added, and never changes. `name` differs
    from it if that name was not a valid handle.
    """

    __tablename__ = "users"
    __table_args__ = (Index("users_by_name", "name", unique=True),)

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    human: Mapped[str]
    grants: Mapped[str]
    groups: Mapped[str]
    disabled: Mapped[bool]
    created_at: Mapped[str]
    created_by: Mapped[str]
    revision: Mapped[int] = mapped_column()
    logins: Mapped[str | None]
    display_name: Mapped[str | None]
    former_name: Mapped[str | None]
    origin: Mapped[str | None]

    __mapper_args__ = optimistic_lock_on(revision)


class UserAccountRow(Row):
    """A user's external account: a projection of the current items in `logins`.

    The primary key keeps two users from having the same account.
    """

    __tablename__ = "user_accounts"
    __table_args__ = (Index("accounts_of_users", "holder"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(ForeignKey("users.key"))


class TokenRow(Row):
    """A token, identified by the digest of its secret; `number` gives the order of creation."""

    __tablename__ = "tokens"
    __table_args__ = (
        Index("tokens_by_holder", "holder", "number"),
        Index("tokens_by_parent", "parent"),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str] = mapped_column(ForeignKey("users.key"))
    issuer: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True, info=RECORDED_AS_DIGEST)
    label: Mapped[str | None]
    scopes: Mapped[str | None]
    created_at: Mapped[str]
    expires_at: Mapped[str | None]
    last_used_at: Mapped[str | None] = mapped_column(info=UNRECORDED)
    revoked_at: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default="api")
    parent: Mapped[str | None]
    origin: Mapped[str | None]
    proved_at: Mapped[str | None]
    pipeline_trigger: Mapped[str | None]
