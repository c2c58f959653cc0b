"""Find deployments by commit, reviewer, work reference, external id and the words of their texts.

Revision: 0029
Follows: 0028
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import is_postgresql
from gatepost_persistence.migrations.search_term_expressions import (
    POSTGRESQL_REVIEWERS,
    POSTGRESQL_TERMS,
    SQLITE_REVIEWERS,
    SQLITE_TERMS,
    select_terms,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INSERT: Final = "INSERT INTO deployment_search_terms (field, term, number)"


def _create_on_sqlite() -> None:
    new = " UNION ".join(select_terms(terms, "NEW") for terms in SQLITE_TERMS)
    reviewers = " UNION ".join(select_terms(terms, "NEW") for terms in SQLITE_REVIEWERS)
    op.execute(
        "CREATE TRIGGER terms_include_new AFTER INSERT ON deployments\n"
        f"BEGIN\n{_INSERT}\n{new};\nEND"
    )
    op.execute(
        "CREATE TRIGGER terms_follow_reviews "
        "AFTER UPDATE OF approvals, reviewed_by ON deployments\n"
        "WHEN NEW.approvals IS NOT OLD.approvals OR NEW.reviewed_by IS NOT OLD.reviewed_by\n"
        "BEGIN\n"
        "DELETE FROM deployment_search_terms WHERE field = 'reviewer' AND number = NEW.number "
        "AND term IN (SELECT json_extract(a.value, '$.actor') FROM json_each(OLD.approvals) AS a "
        f"UNION SELECT OLD.reviewed_by);\n{_INSERT}\n{reviewers};\nEND"
    )


def _create_on_postgresql() -> None:
    new = " UNION ".join(select_terms(terms, "d", "inserted AS d") for terms in POSTGRESQL_TERMS)
    reviewers = " UNION ".join(select_terms(terms, "NEW") for terms in POSTGRESQL_REVIEWERS)
    old = " UNION ".join(
        select_terms(terms, "OLD")
        .replace("SELECT 'reviewer', ", "SELECT ")
        .replace(", OLD.number", "")
        for terms in POSTGRESQL_REVIEWERS
    )
    for name, body in (
        ("terms_include_new", f"  {_INSERT}\n  {new};\n  RETURN NULL;"),
        (
            "terms_follow_reviews",
            (
                "  DELETE FROM deployment_search_terms WHERE field = 'reviewer' "
                f"AND number = NEW.number AND term IN ({old});\n"
                f"  {_INSERT}\n  {reviewers};\n  RETURN NULL;"
            ),
        ),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $terms$\nBEGIN\n"
            f"{body}\nEND $terms$"
        )
    op.execute(
        "CREATE TRIGGER terms_include_new AFTER INSERT ON deployments "
        "REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION terms_include_new()"
    )
    op.execute(
        "CREATE TRIGGER terms_follow_reviews AFTER UPDATE ON deployments FOR EACH ROW "
        "WHEN (NEW.approvals IS DISTINCT FROM OLD.approvals "
        "OR NEW.reviewed_by IS DISTINCT FROM OLD.reviewed_by) "
        "EXECUTE FUNCTION terms_follow_reviews()"
    )


def upgrade() -> None:
    """Add the index of external ids, and the terms, which triggers keep up to date."""
    where = sa.text("external_id IS NOT NULL")
    op.create_index(
        "deployments_by_external_id",
        "deployments",
        ["external_id", "number"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "deployment_search_terms",
        sa.Column("field", Text, primary_key=True),
        sa.Column("term", Text, primary_key=True),
        sa.Column("number", Serial, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    on_postgresql = is_postgresql()
    all_terms = POSTGRESQL_TERMS if on_postgresql else SQLITE_TERMS
    existing = " UNION ".join(select_terms(terms, "d", "deployments AS d") for terms in all_terms)
    op.execute(f"{_INSERT} {existing}")
    (_create_on_postgresql if on_postgresql else _create_on_sqlite)()
