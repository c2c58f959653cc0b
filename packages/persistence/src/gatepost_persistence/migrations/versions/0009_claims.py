"""Add claims of workers and the steps that they report.

Revision: 0009
Follows: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FIXED = (
    "fencing_token, id, deployment_id, number, attempt, worker, claimed_at, lease_s, deadline_at"
)
_QUEUED = "status = 'queued'"


def upgrade() -> None:
    """Create the tables and the index of the queue; nothing has been claimed so far."""
    _create_claims()
    _create_steps()
    op.create_index(
        "deployments_queued",
        "deployments",
        ["status", "queued_at", "number"],
        sqlite_where=sa.text(_QUEUED),
        postgresql_where=sa.text(_QUEUED),
    )
    _create_guards()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("fencing_token", Serial, autoincrement=False, nullable=False),
        _text("id"),
        _text("deployment_id"),
        sa.Column("number", Serial, nullable=False),
        _number("attempt"),
        _text("worker"),
        _text("claimed_at"),
        _text("leased_until"),
        _number("lease_s"),
        _text("deadline_at"),
        sa.PrimaryKeyConstraint("fencing_token", name="pk_claims"),
        sa.UniqueConstraint("id", name="uq_claims_id"),
        sa.UniqueConstraint("deployment_id", "attempt", name="one_claim_per_attempt"),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name="fk_claims_deployment_id_deployments"
        ),
    )


def _create_steps() -> None:
    op.create_table(
        "deployment_steps",
        sa.Column("number", Serial, nullable=False),
        _text("deployment_id"),
        _number("attempt"),
        _text("kind"),
        _text("name"),
        _text("state"),
        _number("tried"),
        _text("detail"),
        _text("at"),
        sa.Column("took_ms", Serial, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_deployment_steps"),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name="fk_deployment_steps_deployment_id_deployments",
        ),
    )
    op.create_index("steps_by_deployment", "deployment_steps", ["deployment_id", "number"])


def _create_guards() -> None:
    """Allow only renewals of claims, and no changes to steps."""
    for name, event, table, reason in (
        ("claims_are_only_renewed", f"UPDATE OF {_FIXED}", "claims", "a claim is only renewed"),
        ("claims_never_go", "DELETE", "claims", "claims are kept for ever"),
        ("steps_never_change", "UPDATE", "deployment_steps", "what was told never changes"),
        ("steps_never_go", "DELETE", "deployment_steps", "what was told is kept for ever"),
    ):
        create_guard(name, event, table, reason)
    create_guard_against_replace(
        "claims_stay_in_place",
        "claims",
        "claims are kept for ever",
        existing="fencing_token = NEW.fencing_token OR id = NEW.id "
        "OR deployment_id = NEW.deployment_id AND attempt = NEW.attempt",
    )
    create_guard_against_replace(
        "steps_stay_in_place",
        "deployment_steps",
        "what was told is kept for ever",
        existing="number = NEW.number",
    )
