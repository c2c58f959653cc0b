"""The search terms of deployments as SQL.

The triggers of migration 0029 contain this SQL, and verification computes the terms again with it.
A change to the terms needs a migration that replaces the triggers and fills the table again.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_LENGTH: Final = 200
"""How many characters of a term are compared."""
_NOTES_LENGTH: Final = 2000
"""How many characters of the notes are searched."""
_SEPARATORS: Final = "\t\n\r,;/#()[]<>\"'"
"""The characters that separate words, in addition to the space."""
_PUNCTUATION: Final = "'.:!?*-'"
"""The characters that are removed from both ends of a word, as text within an SQL literal."""


class SearchTermSql(NamedTuple):
    """Search terms of one kind: their field, and the SQL for the terms and for their source.

    In the SQL, `{row}` stands for the name of a row of deployments.
    """

    field: str
    term: str
    source: str
    condition: str = "1 = 1"


def _replace_separators(text: str) -> str:
    """Return SQL for SQLite that replaces the separators in a text by spaces."""
    for separator in _SEPARATORS:
        text = f"replace({text}, char({ord(separator)}), ' ')"
    return text


_VERSION: Final = "v.service = {row}.service AND v.version = {row}.version"
_COMMITS: Final = SearchTermSql(
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
SQLITE_REVIEWERS: Final = (
    SearchTermSql(
        "reviewer", "json_extract(a.value, '$.actor')", "json_each({row}.approvals) AS a"
    ),
    SearchTermSql(
        "reviewer",
        "{row}.reviewed_by",
        "(SELECT 1 AS one) AS one_row",
        "{row}.reviewed_by IS NOT NULL",
    ),
)
SQLITE_TERMS: Final = (
    _COMMITS,
    SearchTermSql(
        "work_reference",
        f"lower(substr(r.value, 1, {_LENGTH}))",
        "json_each({row}.work_references) AS r",
    ),
    SearchTermSql(
        "word",
        f"lower({_SQLITE_WORD})",
        f"json_each({_SQLITE_WORDS}) AS w",
        f"{_SQLITE_WORD} <> ''",
    ),
    *SQLITE_REVIEWERS,
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
POSTGRESQL_REVIEWERS: Final = (
    SearchTermSql("reviewer", "(a ->> 'actor') COLLATE \"C\"", f"{_POSTGRESQL_APPROVALS} AS a"),
    SearchTermSql(
        "reviewer",
        '{row}.reviewed_by COLLATE "C"',
        "(SELECT 1 AS one) AS one_row",
        "{row}.reviewed_by IS NOT NULL",
    ),
)
POSTGRESQL_TERMS: Final = (
    _COMMITS._replace(term=f'{_COMMITS.term} COLLATE "C"'),
    SearchTermSql(
        "work_reference",
        f'lower(left(r, {_LENGTH}) COLLATE "C")',
        f"{_POSTGRESQL_REFERENCES} AS r",
    ),
    SearchTermSql(
        "word",
        f'lower({_POSTGRESQL_WORD} COLLATE "C")',
        f"{_POSTGRESQL_WORDS} AS w",
        f"{_POSTGRESQL_WORD} <> ''",
    ),
    *POSTGRESQL_REVIEWERS,
)


def select_terms(terms: SearchTermSql, row: str, rows: str = "") -> str:
    """Return the query for the terms of the deployment `row`, or of all deployments in `rows`."""
    return (
        f"SELECT '{terms.field}', {terms.term}, {{row}}.number "
        f"FROM {rows and f'{rows} CROSS JOIN '}{terms.source} WHERE {terms.condition}"
    ).replace("{row}", row)
