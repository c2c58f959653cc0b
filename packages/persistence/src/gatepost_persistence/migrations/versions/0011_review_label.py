"""Add the review label of each deployment, and its index.

Revision: 0011
Follows: 0010
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from alembic import op

from gatepost_domain.catalog.policy import ApprovalStage
from gatepost_domain.deployments.deployment import Approval
from gatepost_domain.deployments.review import find_last_satisfied_stage
from gatepost_persistence.migrations.protective_triggers import create_guard, is_postgresql
from gatepost_persistence.tables.columns import Text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LABEL: Final = (
    "CASE WHEN status = 'rejected' THEN 'rejected' WHEN deployed_at IS NOT NULL THEN 'executed' "
    "WHEN break_glass IS NOT NULL THEN 'break_glass' "
    "WHEN approved_stage IS NOT NULL THEN 'approved_by_' || approved_stage "
    "WHEN approved_at IS NOT NULL THEN 'approved_by_policy' ELSE 'requested' END"
)
_BATCH_SIZE: Final = 1000
_APPROVED: Final = sa.text(
    "SELECT number, environment, policy_version, approvals FROM deployments "
    "WHERE number > :after AND approvals <> '[]' ORDER BY number LIMIT :limit"
)
_POLICIES: Final = sa.text("SELECT environment, version, policy FROM policies")
_SET_STAGE: Final = sa.text("UPDATE deployments SET approved_stage = :stage WHERE number = :number")
_approvals_decoder: Final = msgspec.json.Decoder(tuple[Approval, ...])


def upgrade() -> None:
    """Add the last satisfied stage, and the label, which the database computes from it."""
    op.add_column("deployments", sa.Column("approved_stage", Text, nullable=True))
    _fill_approved_stages()
    kind, stored = ('VARCHAR COLLATE "C"', "STORED") if is_postgresql() else ("VARCHAR", "")
    # SQLAlchemy reads a generated column of SQLite up to the end of its line.
    op.execute(
        f"ALTER TABLE deployments ADD COLUMN review_label {kind}\n"
        f"GENERATED ALWAYS AS ({_LABEL}) {stored}"
    )
    op.create_index("deployments_by_review_label", "deployments", ["review_label", "number"])
    create_guard(
        "records_have_no_review",
        "UPDATE OF approved_stage",
        "deployments",
        "a record never changes",
        when="OLD.kind = 'record' AND NEW.approved_stage IS DISTINCT FROM OLD.approved_stage",
    )


def _fill_approved_stages() -> None:
    connection = op.get_bind()
    stages = {
        (environment, version): msgspec.convert(
            msgspec.json.decode(policy)["approval_stages"], tuple[ApprovalStage, ...]
        )
        for environment, version, policy in connection.execute(_POLICIES)
    }
    for batch in _approved_batches(connection):
        found = (
            {
                "number": row.number,
                "stage": find_last_satisfied_stage(
                    stages[row.environment, row.policy_version],
                    _approvals_decoder.decode(row.approvals),
                ),
            }
            for row in batch
        )
        if values := [value for value in found if value["stage"] is not None]:
            connection.execute(_SET_STAGE, values)


def _approved_batches(connection: sa.Connection) -> Iterator[list[Any]]:
    after = 0
    while rows := connection.execute(_APPROVED, {"after": after, "limit": _BATCH_SIZE}).all():
        yield list(rows)
        after = rows[-1].number
