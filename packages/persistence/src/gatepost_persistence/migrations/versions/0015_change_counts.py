"""Count the changes to the current state, and to users and tokens.

Revision: 0015
Follows: 0014
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import is_postgresql
from gatepost_persistence.tables.columns import Serial

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_IN_PROGRESS: Final = "('queued', 'started')"
_STARTS_OR_ENDS: Final = (
    f"NEW.status <> OLD.status AND (NEW.status IN {_IN_PROGRESS} OR OLD.status IN {_IN_PROGRESS})"
)
_TOKEN_CHANGES: Final = " OR ".join(
    f"NEW.{name} IS DISTINCT FROM OLD.{name}"
    for name in ("holder", "digest", "scopes", "expires_at", "revoked_at", "kind")
)

_TRIGGERS: Final[tuple[tuple[str, str, str, str | None], ...]] = (
    ("current_state", "INSERT", "current_cells", None),
    ("current_state", "UPDATE", "current_cells", None),
    ("current_state", "DELETE", "current_cells", None),
    ("current_state", "INSERT", "deployments", f"NEW.status IN {_IN_PROGRESS}"),
    ("current_state", "UPDATE", "deployments", _STARTS_OR_ENDS),
    ("access", "UPDATE", "users", None),
    ("access", "DELETE", "users", None),
    ("access", "UPDATE", "tokens", _TOKEN_CHANGES),
    ("access", "DELETE", "tokens", None),
)
"""The count, the event, the table and the condition. The last use of a token is not counted."""


def upgrade() -> None:
    """Create the counts and the triggers that increase them."""
    op.create_table(
        "change_counts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("current_state", Serial, nullable=False),
        sa.Column("access", Serial, nullable=False),
    )
    op.execute("INSERT INTO change_counts VALUES (1, 0, 0)")
    if is_postgresql():
        for counted in ("current_state", "access"):
            op.execute(
                f"CREATE FUNCTION count_change_of_{counted}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$count$ BEGIN {_increase_statement(counted)}; RETURN NULL; END $count$"
            )
    for counted, event, table, condition in _TRIGGERS:
        _create_trigger(counted, event, table, condition)


def _increase_statement(counted: str) -> str:
    first = ", ".join("1" if name == counted else "0" for name in ("current_state", "access"))
    return (
        f"INSERT INTO change_counts (id, current_state, access) VALUES (1, {first}) "
        f"ON CONFLICT (id) DO UPDATE SET {counted} = change_counts.{counted} + 1"
    )


def _create_trigger(counted: str, event: str, table: str, condition: str | None) -> None:
    name = f"{table}_{event.lower()}_counts"
    if is_postgresql():
        when = "" if condition is None else f"WHEN ({condition}) "
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
            f"EXECUTE FUNCTION count_change_of_{counted}()"
        )
        return
    when = "" if condition is None else f"WHEN {condition} ".replace("IS DISTINCT FROM", "IS NOT")
    op.execute(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} {when}"
        f"BEGIN {_increase_statement(counted)}; END"
    )
