"""The list of deployments as SQL: its conditions, and the indexes that can drive it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_persistence.statements.text_statements import index_hint
from gatepost_persistence.tables.search_terms import SearchTermRow

MAX_SEARCHES: Final = 64
"""How many searches of an index are merged. With more combinations of values, a less specific index
is used."""
TERMS: Final = SearchTermRow.table_name()

_NUMBERS: Final = "number > :low AND number < :high"


@dataclass(frozen=True, slots=True)
class Search:
    """A range of an index whose entries are in the order of their numbers."""

    index: str
    condition: str
    is_of_terms: bool = False
    """Whether it is a range of the terms of deployments instead of an index of deployments."""


@dataclass(frozen=True, slots=True)
class Driver:
    """The searches of an index that together find everything that some filters match."""

    filters: frozenset[str]
    searches: tuple[Search, ...]
    is_ordered: bool = True
    has_duplicates: bool = False
    """Whether several searches may find the same deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """A filter as SQL: its condition per filter, the drivers, and the parameters."""

    conditions: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    """The columns that each condition uses."""
    drivers: tuple[Driver, ...]
    parameters: Mapping[str, object]
    oldest_first: bool

    @property
    def _order(self) -> str:
        return "ORDER BY number" if self.oldest_first else "ORDER BY number DESC"

    def direct_driver(self) -> Driver | None:
        """Return the driver that finds exactly what the filter matches, if there is one."""
        return next(
            (
                driver
                for driver in self.drivers
                if driver.is_ordered
                and not driver.has_duplicates
                and driver.filters == frozenset(self.conditions)
            ),
            None,
        )

    def probe(self, dialect: str) -> str:
        """Return the statement that counts the entries of each driver, up to `:examined`."""
        return " UNION ALL ".join(
            f"SELECT {position} AS driver, count(*) AS entries, "
            f"{'max' if self.oldest_first else 'min'}(number) AS reach "
            f"FROM ({self._entries(driver, dialect, 'number', is_probe=True)} LIMIT :examined) "
            f"AS entries_{position}"
            for position, driver in enumerate(self.drivers)
        )

    def matching_numbers(self, driver: Driver, dialect: str, *, examine_all: bool) -> str:
        """Return the statement for the first `:rows` matching numbers of a driver."""
        rest = self.conditions.keys() - driver.filters
        columns = ", ".join(
            ["number", *sorted({column for name in rest for column in self.columns[name]})]
        )
        limit = "" if examine_all else " LIMIT :examined"
        conditions = " AND ".join(self.conditions[name] for name in sorted(rest)) or "1 = 1"
        entries = self._entries(driver, dialect, columns, is_probe=False)
        is_sorted = driver.is_ordered and not driver.has_duplicates and dialect == "sqlite"
        order = "" if is_sorted else f" {self._order}"
        distinct = "DISTINCT " if driver.has_duplicates else ""
        return (
            f"SELECT {distinct}number FROM ({entries}{limit}) AS examined "
            f"WHERE {conditions}{order} LIMIT :rows"
        )

    def _entries(self, driver: Driver, dialect: str, columns: str, *, is_probe: bool) -> str:
        """Return the entries of a driver, in order, unless it has none.

        A probe of an index that does not contain the number counts the entries of all numbers.
        """
        numbers = f" AND {_NUMBERS}" if driver.is_ordered or not is_probe else ""
        searches = [
            f"SELECT {columns} FROM deployments{index_hint(search.index, dialect)} "
            f"WHERE {search.condition}{numbers}"
            if not search.is_of_terms
            else _entries_of_term(search, columns)
            for search in driver.searches
        ]
        return " UNION ALL ".join(searches) + (f" {self._order}" if driver.is_ordered else "")


def _entries_of_term(search: Search, columns: str) -> str:
    """Return the entries of a term, with the deployments only if columns of them are needed."""
    terms = f"FROM {TERMS} AS t"
    conditions = f"{search.condition} AND t.number > :low AND t.number < :high"
    if columns == "number":
        return f"SELECT t.number AS number {terms} WHERE {conditions}"  # our names
    selected = columns.removeprefix("number")
    # In SQLite, CROSS JOIN keeps the order of the tables.
    return (
        f"SELECT t.number AS number{selected} {terms} CROSS JOIN deployments AS d "  # our names
        f"WHERE {conditions} AND d.number = t.number"
    )
