"""Resolving commit prefixes and words in a search to values that exist in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from gatepost_domain.deployments.search_terms import fold, spellings
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_persistence.statements.handwritten_sql import prepare_text

LAST_CHARACTER: Final = "\U0010ffff"
"""A character that sorts after all others."""
MAX_RESOLVED: Final = 32
"""The maximum number of values that a text may resolve to; with more, their index is not used."""

SERVICE_NAMES: Final = "SELECT name FROM services ORDER BY name"


def select_distinct_values(column: str) -> str:
    """Return a statement for the distinct values in a range of a column of versions.

    It reads one index entry per value, no matter how many versions have that value.
    """
    return (
        f"WITH RECURSIVE found(value) AS (SELECT min({column}) FROM versions "
        f"WHERE {column} >= :low AND {column} < :high UNION ALL SELECT (SELECT min({column}) "
        f"FROM versions WHERE {column} > found.value AND {column} < :high) FROM found "
        "WHERE found.value IS NOT NULL) "
        "SELECT value FROM found WHERE value IS NOT NULL LIMIT :row_limit"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTerms:
    """The values that the texts in a filter resolve to; None if there are too many."""

    commits: Mapping[str, Sequence[str] | None] = field(
        default_factory=dict[str, Sequence[str] | None]
    )
    """For each text, the commits that start with it."""
    versions: Mapping[str, Sequence[str] | None] = field(
        default_factory=dict[str, Sequence[str] | None]
    )
    """For each word, the versions that start with it, as written or in lower case."""
    services: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """For each word, the services whose names contain it."""


UNRESOLVED_TERMS: Final = ResolvedTerms()


def resolve_terms(connection: Connection, criteria: DeploymentFilter) -> ResolvedTerms:
    """Return the values that the texts in a filter resolve to."""
    if not criteria.commits and not criteria.words:
        return UNRESOLVED_TERMS
    names = prepare_text(SERVICE_NAMES).scalars(connection) if criteria.words else ()
    return ResolvedTerms(
        commits={
            start: _find_values(connection, "commit_sha", (start,)) for start in criteria.commits
        },
        versions={
            word: _find_values(connection, "version", spellings(word)) for word in criteria.words
        },
        services={word: [name for name in names if fold(word) in name] for word in criteria.words},
    )


def _find_values(
    connection: Connection, column: str, starts: Sequence[str]
) -> Sequence[str] | None:
    statement = prepare_text(select_distinct_values(column))
    values: dict[str, None] = {}
    for start in starts:
        parameters = {"low": start, "high": start + LAST_CHARACTER, "row_limit": MAX_RESOLVED + 1}
        values |= dict.fromkeys(statement.scalars(connection, parameters))
    return None if len(values) > MAX_RESOLVED else list(values)
