"""Add passkeys.

Revision: 0021
Follows: 0020
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
)
from gatepost_persistence.tables.columns import Text

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_REASON: Final = "passkeys never change"
_CORE: Final = "id, holder, credential_id, public_key, label, created_at, parent, origin"


def upgrade() -> None:
    """Add the table. A passkey is never changed or deleted; it can only be revoked, once."""
    op.create_table(
        "passkeys",
        sa.Column("id", Text, primary_key=True),
        sa.Column("holder", Text, sa.ForeignKey("users.key"), nullable=False),
        sa.Column("credential_id", Text, nullable=False, unique=True),
        sa.Column("public_key", Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("label", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("last_used_at", Text),
        sa.Column("revoked_at", Text),
        sa.Column("parent", Text),
        sa.Column("origin", Text),
    )
    op.create_index("passkeys_by_holder", "passkeys", ["holder", "created_at"])
    op.create_index("passkeys_by_parent", "passkeys", ["parent"])
    create_guard("passkeys_keep_their_core", f"UPDATE OF {_CORE}", "passkeys", _REASON)
    create_guard(
        "passkeys_stay_revoked",
        "UPDATE OF revoked_at",
        "passkeys",
        "a revoked passkey stays revoked",
        when="OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at",
    )
    create_guard("passkeys_never_go", "DELETE", "passkeys", "passkeys are never deleted")
    create_guard_against_replace(
        "passkeys_stay_in_place",
        "passkeys",
        _REASON,
        existing="id = NEW.id OR credential_id = NEW.credential_id",
    )
