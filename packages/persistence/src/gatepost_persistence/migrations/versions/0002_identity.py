"""Add users, tokens, and the human behind each request and approval.

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from gatepost_domain.access.actor import normalize_name
from gatepost_persistence.migrations.protective_triggers import create_guard, drop_guard
from gatepost_persistence.tables.columns import Serial, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; record the human of the same name in past requests and approvals."""
    _create_users()
    drop_guard("deployments_keep_their_core", "deployments")
    op.add_column("deployments", sa.Column("identities", Text, nullable=False, server_default="[]"))
    _add_identities()
    core = (
        "number, id, kind, service, environment, tier, version, artifact_digest, requester, "
        "on_behalf_of, identities, work_references, risk, rollback_plan, notes, policy_version, "
        "auto_start, created_at"
    )
    reason = "what was asked for never changes"
    create_guard("deployments_keep_their_core", f"UPDATE OF {core}", "deployments", reason)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)


def _create_users() -> None:
    op.create_table(
        "users",
        _text("key"),
        _text("name"),
        _text("kind"),
        _text("human"),
        _text("grants"),
        _text("groups"),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        _text("created_at"),
        _text("created_by"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_users"),
    )
    op.create_table(
        "tokens",
        sa.Column("number", Serial, nullable=False),
        _text("id"),
        _text("holder"),
        _text("issuer"),
        _text("digest"),
        _text("label", nullable=True),
        _text("scopes", nullable=True),
        _text("created_at"),
        _text("expires_at", nullable=True),
        _text("last_used_at", nullable=True),
        _text("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_tokens"),
        sa.UniqueConstraint("id", name="uq_tokens_id"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
        sa.ForeignKeyConstraint(["holder"], ["users.key"], name="fk_tokens_holder_users"),
    )
    op.create_index("tokens_by_holder", "tokens", ["holder", "number"])


def _add_identities() -> None:
    connection = op.get_bind()
    deployments = sa.table(
        "deployments",
        sa.column("number"),
        sa.column("requester"),
        sa.column("identities"),
        sa.column("approvals"),
    )
    rows = connection.execute(
        sa.select(deployments.c.number, deployments.c.requester, deployments.c.approvals)
    ).all()
    for number, requester, approvals in rows:
        approvals_with_identity = [
            {**approval, "identity": _identity(approval["actor"])}
            for approval in json.loads(approvals)
        ]
        connection.execute(
            sa.update(deployments)
            .where(deployments.c.number == number)
            .values(
                identities=json.dumps([_identity(requester)]),
                approvals=json.dumps(approvals_with_identity, ensure_ascii=False),
            )
        )


def _identity(name: str) -> dict[str, str | None]:
    return {"human": normalize_name(name), "issuer": None}
