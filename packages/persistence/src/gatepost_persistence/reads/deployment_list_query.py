"""The SQL of a deployment list, built from its conditions and index searches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_persistence.statements.handwritten_sql import index_hint
from gatepost_persistence.tables.search_terms import SearchTermRow

MAX_SEARCHES: Final = 64
"""The maximum number of index searches that are merged. For more combinations of values, a less
specific index is used."""
TERMS: Final = SearchTermRow.table_name()

_NUMBERS: Final = "number > :low AND number < :high"


@dataclass(frozen=True, slots=True)
class IndexSearch:
    """A search of one index range."""

    index: str
    condition: str
    is_of_terms: bool = False
    """Whether this is a range of the table of search terms instead of an index on deployments."""


@dataclass(frozen=True, slots=True)
class DrivingSearch:
    """The index searches that together find every deployment that certain filters match.

    The list query examines the entries that one driving search finds, and applies the other
    filters to each entry.
    """

    filters: frozenset[str]
    searches: tuple[IndexSearch, ...]
    is_ordered: bool = True
    """Whether the entries of each search are in the order of deployment numbers."""
    has_duplicates: bool = False
    """Whether several searches may find the same deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """A filter as SQL: the condition for each field, the driving searches and the parameters."""

    conditions: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    """The columns that each condition uses."""
    driving_searches: tuple[DrivingSearch, ...]
    parameters: Mapping[str, object]
    oldest_first: bool

    @property
    def _order(self) -> str:
        return "ORDER BY number" if self.oldest_first else "ORDER BY number DESC"

    def direct_driving_search(self) -> DrivingSearch | None:
        """Return the ordered driving search that finds exactly what the filter matches, or None."""
        return next(
            (
                driving_search
                for driving_search in self.driving_searches
                if driving_search.is_ordered
                and not driving_search.has_duplicates
                and driving_search.filters == frozenset(self.conditions)
            ),
            None,
        )

    def driving_search_counts_statement(self, dialect: str) -> str:
        """Return the statement that counts the index entries of each driving search.

        At most `:examined` entries are counted. `reach` is the last number among them.
        """
        return " UNION ALL ".join(
            f"SELECT {position} AS driver, count(*) AS entries, "
            f"{'max' if self.oldest_first else 'min'}(number) AS reach "
            f"FROM ({self._entries(driving, dialect, 'number', is_probe=True)} LIMIT :examined) "
            f"AS entries_{position}"
            for position, driving in enumerate(self.driving_searches)
        )

    def matching_numbers_statement(
        self, driving_search: DrivingSearch, dialect: str, *, examine_all: bool
    ) -> str:
        """Return the statement for the first `:rows` matching numbers found by a driving search."""
        rest = self.conditions.keys() - driving_search.filters
        columns = ", ".join(
            ["number", *sorted({column for name in rest for column in self.columns[name]})]
        )
        limit = "" if examine_all else " LIMIT :examined"
        conditions = " AND ".join(self.conditions[name] for name in sorted(rest)) or "1 = 1"
        entries = self._entries(driving_search, dialect, columns, is_probe=False)
        is_sorted = (
            driving_search.is_ordered and not driving_search.has_duplicates and dialect == "sqlite"
        )
        order = "" if is_sorted else f" {self._order}"
        distinct = "DISTINCT " if driving_search.has_duplicates else ""
        return (
            f"SELECT {distinct}number FROM ({entries}{limit}) AS examined "
            f"WHERE {conditions}{order} LIMIT :rows"
        )

    def _entries(
        self, driving_search: DrivingSearch, dialect: str, columns: str, *, is_probe: bool
    ) -> str:
        """Return the statement for the entries of a driving search, in order if it is ordered.

        With `is_probe`, the entries of an unordered search are not limited to a range of numbers.
        """
        numbers = f" AND {_NUMBERS}" if driving_search.is_ordered or not is_probe else ""
        searches = [
            f"SELECT {columns} FROM deployments{index_hint(search.index, dialect)} "
            f"WHERE {search.condition}{numbers}"
            if not search.is_of_terms
            else _entries_of_term(search, columns)
            for search in driving_search.searches
        ]
        return " UNION ALL ".join(searches) + (
            f" {self._order}" if driving_search.is_ordered else ""
        )


def _entries_of_term(search: IndexSearch, columns: str) -> str:
    """Return the statement for a search term's entries; join the deployments only if needed."""
    terms = f"FROM {TERMS} AS t"
    conditions = f"{search.condition} AND t.number > :low AND t.number < :high"
    if columns == "number":
        return f"SELECT t.number AS number {terms} WHERE {conditions}"  # our names
    selected = columns.removeprefix("number")
    # In SQLite, CROSS JOIN keeps the tables in this order.
    return (
        f"SELECT t.number AS number{selected} {terms} CROSS JOIN deployments AS d "  # our names
        f"WHERE {conditions} AND d.number = t.number"
    )
