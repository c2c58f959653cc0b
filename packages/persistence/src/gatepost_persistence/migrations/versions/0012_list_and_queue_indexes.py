"""Add the indexes of lists and of queue heads, and record how numbers follow time.

Revision: 0012
Follows: 0011
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import is_postgresql
from gatepost_persistence.tables.columns import Serial, Text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_QUEUED: Final = "status = 'queued'"
_AUTO_START: Final = "status = 'approved' AND auto_start"
_EXEMPT: Final = "(kind = 'rollback' OR overrides <> '[]')"
_LANE: Final = ("service", "environment")

_INDEXES: Final[tuple[tuple[str, tuple[str, ...], str | None], ...]] = (
    ("deployments_by_creation", ("created_at", "number"), None),
    ("deployments_by_service", ("service", "number"), None),
    ("deployments_by_kind", ("kind", "number"), None),
    ("deployments_by_version", ("version", "number"), None),
    ("after_reviews_by_number", ("number",), "after_review_state IN ('open', 'overdue')"),
    ("queue_of_lane", (*_LANE, "queued_at", "number"), _QUEUED),
    ("exempt_in_queue", (*_LANE, "queued_at", "number"), f"{_QUEUED} AND {_EXEMPT}"),
    ("auto_starts_of_lane", (*_LANE, "number"), _AUTO_START),
    ("exempt_auto_starts", (*_LANE, "number"), f"{_AUTO_START} AND {_EXEMPT}"),
)

_SQLITE_LAG: Final = """
CREATE TRIGGER creation_lag_grows AFTER INSERT ON deployments
WHEN NEW.created_at < (SELECT max(created_at) FROM deployments)
BEGIN
  INSERT INTO creation_lag VALUES (1, 2 + CAST(86400 * (julianday(
    (SELECT max(created_at) FROM deployments)) - julianday(NEW.created_at)) AS INTEGER))
  ON CONFLICT (id) DO UPDATE SET seconds = max(seconds, excluded.seconds);
END
"""
_POSTGRESQL_LAG: Final = (
    """
CREATE FUNCTION creation_lag_grows() RETURNS trigger LANGUAGE plpgsql AS $lag$
DECLARE
  latest text;
  earliest text;
  lag bigint;
BEGIN
  SELECT max(created_at) INTO latest FROM deployments;
  SELECT min(created_at) INTO earliest FROM inserted;
  IF earliest < latest THEN
    lag := 2 + extract(epoch FROM latest::timestamptz - earliest::timestamptz)::bigint;
    INSERT INTO creation_lag AS l VALUES (1, lag)
    ON CONFLICT (id) DO UPDATE SET seconds = excluded.seconds WHERE l.seconds < excluded.seconds;
  END IF;
  RETURN NULL;
END $lag$
""",
    """
CREATE TRIGGER creation_lag_grows AFTER INSERT ON deployments REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION creation_lag_grows()
""",
)
_SQLITE_BLOCKS: Final = tuple(
    f"""
CREATE TRIGGER {name} AFTER {event} ON deployments WHEN {condition}
BEGIN
  INSERT INTO deployment_blocks VALUES (NEW.number / 512, NEW.deployed_at, NEW.deployed_at)
  ON CONFLICT (block) DO UPDATE SET earliest = min(earliest, excluded.earliest),
    latest = max(latest, excluded.latest);
END
"""
    for name, event, condition in (
        ("blocks_include_new", "INSERT", "NEW.deployed_at IS NOT NULL"),
        (
            "blocks_include_deployed",
            "UPDATE OF deployed_at",
            "NEW.deployed_at IS NOT NULL AND NEW.deployed_at IS NOT OLD.deployed_at",
        ),
    )
)
_POSTGRESQL_BLOCKS: Final = (
    """
CREATE FUNCTION blocks_include_new() RETURNS trigger LANGUAGE plpgsql AS $blocks$
BEGIN
  INSERT INTO deployment_blocks AS b
  SELECT number / 512, min(deployed_at), max(deployed_at) FROM inserted
  WHERE deployed_at IS NOT NULL GROUP BY number / 512
  ON CONFLICT (block) DO UPDATE SET earliest = least(b.earliest, excluded.earliest),
    latest = greatest(b.latest, excluded.latest);
  RETURN NULL;
END $blocks$
""",
    """
CREATE TRIGGER blocks_include_new AFTER INSERT ON deployments REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION blocks_include_new()
""",
    """
CREATE FUNCTION blocks_include_deployed() RETURNS trigger LANGUAGE plpgsql AS $blocks$
BEGIN
  INSERT INTO deployment_blocks AS b VALUES (NEW.number / 512, NEW.deployed_at, NEW.deployed_at)
  ON CONFLICT (block) DO UPDATE SET earliest = least(b.earliest, excluded.earliest),
    latest = greatest(b.latest, excluded.latest);
  RETURN NULL;
END $blocks$
""",
    """
CREATE TRIGGER blocks_include_deployed AFTER UPDATE ON deployments FOR EACH ROW
WHEN (NEW.deployed_at IS NOT NULL AND NEW.deployed_at IS DISTINCT FROM OLD.deployed_at)
EXECUTE FUNCTION blocks_include_deployed()
""",
)
_INITIAL_BLOCKS: Final = (
    "INSERT INTO deployment_blocks SELECT number / 512, min(deployed_at), max(deployed_at) "
    "FROM deployments WHERE deployed_at IS NOT NULL GROUP BY number / 512"
)
_LATEST_BEFORE: Final = (
    "SELECT created_at, max(created_at) OVER (ORDER BY number) AS latest FROM deployments"
)
_SQLITE_INITIAL_LAG: Final = (
    "SELECT 2 + CAST(86400 * max(julianday(latest) - julianday(created_at)) AS INTEGER) "
    f"FROM ({_LATEST_BEFORE}) WHERE created_at < latest"
)
_POSTGRESQL_INITIAL_LAG: Final = (
    "SELECT 2 + extract(epoch FROM max(latest::timestamptz - created_at::timestamptz))::bigint "
    f"FROM ({_LATEST_BEFORE}) AS ordered WHERE created_at < latest"
)


def upgrade() -> None:
    """Replace the queue's index, add the others, and record how existing numbers follow time."""
    op.drop_index("deployments_by_creation", "deployments")
    op.drop_index("deployments_queued", "deployments")
    for name, columns, condition in _INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(
            name, "deployments", list(columns), sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "creation_lag",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seconds", Serial, nullable=False),
    )
    initial = _POSTGRESQL_INITIAL_LAG if is_postgresql() else _SQLITE_INITIAL_LAG
    op.execute(f"INSERT INTO creation_lag VALUES (1, coalesce(({initial}), 0))")
    op.create_table(
        "deployment_blocks",
        sa.Column("block", Serial, primary_key=True, autoincrement=False),
        sa.Column("earliest", Text, nullable=False),
        sa.Column("latest", Text, nullable=False),
    )
    op.execute(_INITIAL_BLOCKS)
    on_sqlite, on_postgresql = (_SQLITE_LAG, *_SQLITE_BLOCKS), _POSTGRESQL_LAG + _POSTGRESQL_BLOCKS
    for statement in on_postgresql if is_postgresql() else on_sqlite:
        op.execute(statement)
