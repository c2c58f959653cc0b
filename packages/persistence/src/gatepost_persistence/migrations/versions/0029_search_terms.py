"""Find deployments by commit, reviewer, work reference, external id and the words of their texts.

Revision: 0029
Follows: 0028
"""

from __future__ import annotations

from typing import Final, NamedTuple

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.triggers import is_postgresql
from gatepost_persistence.tables.columns import Serial, Text

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INSERT: Final = "INSERT INTO deployment_search_terms (field, term, number)"
_LENGTH: Final = 200
"""How many characters of a term are compared."""
_NOTES_LENGTH: Final = 2000
"""How many characters of the notes are searched."""
_SEPARATORS: Final = "\t\n\r,;/#()[]<>\"'"
"""The characters between words besides the blank."""
_PUNCTUATION: Final = "'.:!?*-'"
"""The characters that are removed from both ends of a word, as SQL."""


class _Terms(NamedTuple):
    """The terms of one kind: their field, the term as SQL, and the rows that contain them.

    All are formatted with the name of a row of deployments.
    """

    field: str
    term: str
    source: str
    condition: str = "1 = 1"


def _replace_separators(text: str) -> str:
    """Return the SQL for a text with blanks instead of the separators, on SQLite."""
    for separator in _SEPARATORS:
        text = f"replace({text}, char({ord(separator)}), ' ')"
    return text


_VERSION: Final = "v.service = {row}.service AND v.version = {row}.version"
_COMMITS: Final = _Terms(
    "commit",
    f"substr(v.commit_sha, 1, {_LENGTH})",
    "versions AS v",
    f"{_VERSION} AND v.commit_sha IS NOT NULL",
)
_SQLITE_TEXT: Final = _replace_separators(
    "coalesce((SELECT group_concat(each.value, ' ') FROM json_each({row}.work_references) AS each),"
    f" '') || ' ' || coalesce(substr({{row}}.notes, 1, {_NOTES_LENGTH}), '')"
)
_SQLITE_WORDS: Final = f"""'[' || replace(json_quote({_SQLITE_TEXT}), ' ', '","') || ']'"""
_SQLITE_WORD: Final = f"substr(trim(w.value, {_PUNCTUATION}), 1, {_LENGTH})"
_SQLITE_REVIEWERS: Final = (
    _Terms("reviewer", "json_extract(a.value, '$.actor')", "json_each({row}.approvals) AS a"),
    _Terms(
        "reviewer",
        "{row}.reviewed_by",
        "(SELECT 1 AS one) AS one_row",
        "{row}.reviewed_by IS NOT NULL",
    ),
)
_SQLITE_TERMS: Final = (
    _COMMITS,
    _Terms(
        "work_reference",
        f"lower(substr(r.value, 1, {_LENGTH}))",
        "json_each({row}.work_references) AS r",
    ),
    _Terms(
        "word",
        f"lower({_SQLITE_WORD})",
        f"json_each({_SQLITE_WORDS}) AS w",
        f"{_SQLITE_WORD} <> ''",
    ),
    *_SQLITE_REVIEWERS,
)

_POSTGRESQL_REFERENCES: Final = (
    # PostgreSQL cannot read the character NUL, which earlier releases accepted.
    "json_array_elements_text(CASE WHEN strpos({row}.work_references, '\\u0000') = 0 "
    "THEN {row}.work_references ELSE '[]' END::json)"
)
_POSTGRESQL_APPROVALS: Final = (
    "json_array_elements(CASE WHEN strpos({row}.approvals, '\\u0000') = 0 "
    "THEN {row}.approvals ELSE '[]' END::json)"
)
_POSTGRESQL_TEXT: Final = (
    "coalesce((SELECT string_agg(r, ' ') FROM "
    f"{_POSTGRESQL_REFERENCES} AS r), '') || ' ' || "
    f"coalesce(left({{row}}.notes, {_NOTES_LENGTH}), '')"
)
_POSTGRESQL_SEPARATORS: Final = " || ".join(f"chr({ord(each)})" for each in _SEPARATORS)
_POSTGRESQL_WORDS: Final = (
    f"unnest(string_to_array(translate({_POSTGRESQL_TEXT}, {_POSTGRESQL_SEPARATORS}, "
    f"repeat(' ', {len(_SEPARATORS)})), ' '))"
)
_POSTGRESQL_WORD: Final = f"left(btrim(w, {_PUNCTUATION}), {_LENGTH})"
_POSTGRESQL_REVIEWERS: Final = (
    _Terms("reviewer", "(a ->> 'actor') COLLATE \"C\"", f"{_POSTGRESQL_APPROVALS} AS a"),
    _Terms(
        "reviewer",
        '{row}.reviewed_by COLLATE "C"',
        "(SELECT 1 AS one) AS one_row",
        "{row}.reviewed_by IS NOT NULL",
    ),
)
_POSTGRESQL_TERMS: Final = (
    _COMMITS._replace(term=f'{_COMMITS.term} COLLATE "C"'),
    _Terms(
        "work_reference",
        f'lower(left(r, {_LENGTH}) COLLATE "C")',
        f"{_POSTGRESQL_REFERENCES} AS r",
    ),
    _Terms(
        "word",
        f'lower({_POSTGRESQL_WORD} COLLATE "C")',
        f"{_POSTGRESQL_WORDS} AS w",
        f"{_POSTGRESQL_WORD} <> ''",
    ),
    *_POSTGRESQL_REVIEWERS,
)


def _select(terms: _Terms, row: str, rows: str = "") -> str:
    """Return the query for the terms of a row, or of all rows of a table that has its name."""
    return (
        f"SELECT '{terms.field}', {terms.term}, {{row}}.number "
        f"FROM {rows and f'{rows} CROSS JOIN '}{terms.source} WHERE {terms.condition}"
    ).replace("{row}", row)


def _create_on_sqlite() -> None:
    new = " UNION ".join(_select(terms, "NEW") for terms in _SQLITE_TERMS)
    reviewers = " UNION ".join(_select(terms, "NEW") for terms in _SQLITE_REVIEWERS)
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
    new = " UNION ".join(_select(terms, "d", "inserted AS d") for terms in _POSTGRESQL_TERMS)
    reviewers = " UNION ".join(_select(terms, "NEW") for terms in _POSTGRESQL_REVIEWERS)
    old = " UNION ".join(
        _select(terms, "OLD").replace("SELECT 'reviewer', ", "SELECT ").replace(", OLD.number", "")
        for terms in _POSTGRESQL_REVIEWERS
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
    all_terms = _POSTGRESQL_TERMS if on_postgresql else _SQLITE_TERMS
    existing = " UNION ".join(_select(terms, "d", "deployments AS d") for terms in all_terms)
    op.execute(f"{_INSERT} {existing}")
    (_create_on_postgresql if on_postgresql else _create_on_sqlite)()


def downgrade() -> None:
    """Not supported: there is no way back to an older release."""
    raise RuntimeError(downgrade.__doc__)
