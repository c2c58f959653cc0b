"""The list of deployments, whose cost does not depend on the length of the history.

The order is that of the numbers, and every index of a filter contains the number after the
filtered column. A list with one filter reads its page directly from the index of the filter. With
several filters, at most `MAX_EXAMINED` entries of one index are examined for a page: of the index
whose entries reach furthest, which is the one of the rarest values. If too few of them match, the
page has fewer items than requested, and its next key is the last number that was examined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, Final

from sqlalchemy import Connection, Select, select, text

from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status
from gatepost_persistence.reads.number_ranges import number_range
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.statements.text_statements import index_hint, prepare_text
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED, DeploymentRow

MAX_EXAMINED: Final = 512
"""How many entries of an index are examined for a page."""
MAX_SEARCHES: Final = 64
"""How many searches of an index are merged. With more combinations of values, a less specific index
is used."""

_deployments = DeploymentRow.table()

_NUMBERS: Final = "number > :low AND number < :high"

ENVIRONMENTS_OF_TIERS: Final = "SELECT name FROM environments WHERE tier IN ({tiers})"

_Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Search:
    """A range of an index whose entries are in the order of their numbers."""

    index: str
    condition: str


@dataclass(frozen=True, slots=True)
class Driver:
    """The searches of an index that together find everything that some filters match."""

    filters: frozenset[str]
    searches: tuple[Search, ...]
    is_ordered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """A filter as SQL: its condition per filter, the drivers, and the parameters."""

    conditions: Mapping[str, str]
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
                if driver.is_ordered and driver.filters == frozenset(self.conditions)
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
        columns = ", ".join(["number", *sorted({c for f in rest for c in _COLUMNS_OF[f]})])
        limit = "" if examine_all else " LIMIT :examined"
        conditions = " AND ".join(self.conditions[name] for name in sorted(rest)) or "1 = 1"
        entries = self._entries(driver, dialect, columns, is_probe=False)
        is_sorted = driver.is_ordered and dialect == "sqlite"
        order = "" if is_sorted else f" {self._order}"
        return (
            f"SELECT number FROM ({entries}{limit}) AS examined WHERE {conditions}{order} "
            "LIMIT :rows"
        )

    def _entries(self, driver: Driver, dialect: str, columns: str, *, is_probe: bool) -> str:
        """Return the entries of a driver, in order, unless it has none.

        A probe of an index that does not contain the number counts the entries of all numbers.
        """
        numbers = f" AND {_NUMBERS}" if driver.is_ordered or not is_probe else ""
        searches = [
            f"SELECT {columns} FROM deployments{index_hint(search.index, dialect)} "
            f"WHERE {search.condition}{numbers}"
            for search in driver.searches
        ]
        return " UNION ALL ".join(searches) + (f" {self._order}" if driver.is_ordered else "")


_COLUMNS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "service": ("service",),
    "environment": ("environment",),
    "status": ("status",),
    "review_label": ("review_label",),
    "kind": ("kind",),
    "requester": ("requester",),
    "version": ("version",),
    "created": ("created_at",),
    "deployed": ("deployed_at",),
    "awaiting_review": ("status", "after_review_state"),
    "visible": ("hidden_at",),
}
_INDEX_OF: Final = {
    "version": "deployments_by_version",
    "requester": "deployments_by_requester",
    "review_label": "deployments_by_review_label",
    "status": "deployments_by_status",
    "kind": "deployments_by_kind",
    "service": "deployments_by_service",
    "environment": "deployments_by_environment",
}
_PENDING: Final = f"status = '{Status.PENDING_APPROVAL}'"
_AWAITING_REVIEW: Final = Driver(
    frozenset({"awaiting_review"}),
    (
        Search("deployments_by_status", _PENDING),
        Search(
            "after_reviews_by_number",
            f"{AFTER_REVIEW_OWED} AND status <> '{Status.PENDING_APPROVAL}'",
        ),
    ),
)
_ALL_NUMBERS: Final = Driver(frozenset(), (Search("", "1 = 1"),))


def read_deployments(
    connection: Connection,
    criteria: DeploymentFilter,
    page_request: PageRequest,
    *,
    with_content: bool = True,
) -> tuple[_Rows, str | None]:
    """Return the rows of a page, and the key of the next page. The caller has begun a snapshot.

    Without content, a row has only the number and the revision.
    """
    resolved = _with_environments_of_tiers(connection, criteria)
    if resolved is None:
        return (), None
    query = build_query(resolved)
    low, high = number_range(connection, resolved, page_request)
    parameters = {
        **query.parameters,
        "low": low,
        "high": high,
        "rows": page_request.limit + 1,
        "examined": MAX_EXAMINED + page_request.limit,
    }
    driver, reach = query.direct_driver(), None
    if driver is None:
        driver, reach = _rarest_driver(connection, query, parameters)
    numbers = query.matching_numbers(driver, connection.dialect.name, examine_all=reach is None)
    statement = _statement_for(numbers, query.oldest_first, with_content)
    rows = statement.all(connection, parameters)
    if len(rows) > page_request.limit:
        return rows[: page_request.limit], str(rows[page_request.limit - 1][0])
    return rows, None if reach is None else str(reach)


def build_query(criteria: DeploymentFilter) -> ListQuery:
    """Return the query of a filter whose tiers have been replaced by their environments."""
    builder = _Builder()
    for name, values in (
        ("service", criteria.services),
        ("environment", criteria.environments),
        ("status", criteria.statuses),
        ("review_label", criteria.review_labels),
        ("kind", criteria.kinds),
        ("requester", criteria.requesters),
        ("version", criteria.versions),
    ):
        if values:
            builder.add_values(name, dict.fromkeys(values))
    builder.add_range("created", "created_at", criteria.since, criteria.until)
    builder.add_range("deployed", "deployed_at", criteria.deployed_since, criteria.deployed_until)
    if criteria.awaiting_review:
        builder.conditions["awaiting_review"] = f"({_PENDING} OR {AFTER_REVIEW_OWED})"
    if criteria.only_visible:
        builder.conditions["visible"] = "hidden_at IS NULL"
    return ListQuery(
        conditions=builder.conditions,
        drivers=tuple(builder.drivers()),
        parameters=builder.parameters,
        oldest_first=criteria.oldest_first,
    )


@dataclass(slots=True)
class _Builder:
    """Collects the conditions of a filter and their parameters."""

    conditions: dict[str, str] = field(default_factory=dict[str, str])
    parameters: dict[str, object] = field(default_factory=dict[str, object])
    _values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def add_values(self, name: str, values: Mapping[str, object]) -> None:
        """Match any of these values."""
        names = [f"{name}_{position}" for position in range(len(values))]
        self.parameters |= dict(zip(names, map(str, values), strict=True))
        self._values[name] = [f"{name} = :{parameter}" for parameter in names]
        alternatives = ", ".join(f":{parameter}" for parameter in names)
        self.conditions[name] = f"{name} IN ({alternatives})"

    def add_range(
        self, name: str, column: str, since: datetime | None, until: datetime | None
    ) -> None:
        """Match times from `since` until `until`."""
        bounds = {">=": since, "<": until}
        for operator, instant in bounds.items():
            if instant is not None:
                parameter = f"{name}_{'since' if operator == '>=' else 'until'}"
                self.parameters[parameter] = to_rfc3339(instant)
                condition = f"{column} {operator} :{parameter}"
                known = self.conditions.get(name)
                self.conditions[name] = condition if known is None else f"{known} AND {condition}"

    def drivers(self) -> Iterator[Driver]:
        """Yield the drivers of the conditions. There is always an ordered one."""
        if "awaiting_review" in self.conditions:
            yield _AWAITING_REVIEW
        has_ordered = "awaiting_review" in self.conditions
        for driver in self._value_drivers():
            has_ordered = True
            yield driver
        if not has_ordered:
            yield _ALL_NUMBERS
        if "deployed" in self.conditions:
            search = Search("deployments_by_deployment", self.conditions["deployed"])
            yield Driver(frozenset({"deployed"}), (search,), is_ordered=False)

    def _value_drivers(self) -> Iterator[Driver]:
        lane = ("service", "environment")
        covered: frozenset[str] = frozenset()
        if all(name in self._values for name in lane):
            statuses = self._values.get("status", _EVERY_STATUS)
            if prod(len(self._values[name]) for name in lane) * len(statuses) <= MAX_SEARCHES:
                covered = frozenset({*lane, "status"} & self._values.keys())
                combinations = product(*(self._values[name] for name in lane), statuses)
                yield Driver(
                    covered,
                    tuple(
                        Search("deployments_by_lane", " AND ".join(combination))
                        for combination in combinations
                    ),
                )
        for name, index in _INDEX_OF.items():
            searches = self._values.get(name, ())
            if name not in covered and 0 < len(searches) <= MAX_SEARCHES:
                yield Driver(frozenset({name}), tuple(Search(index, search) for search in searches))


_EVERY_STATUS: Final = [f"status = '{status}'" for status in Status]


def _rarest_driver(
    connection: Connection, query: ListQuery, parameters: Mapping[str, object]
) -> tuple[Driver, int | None]:
    """Return the driver to examine, and the last number if its entries are not all examined."""
    examined = parameters["examined"]
    best: tuple[int, Driver] | None = None
    furthest: tuple[int, Driver] | None = None
    probe = prepare_text(query.probe(connection.dialect.name))
    for position, entries, reach in probe.all(connection, parameters):
        driver = query.drivers[position]
        if entries < examined:
            best = (entries, driver) if best is None or entries < best[0] else best
        elif driver.is_ordered:
            progress = reach if query.oldest_first else -reach
            if furthest is None or progress > furthest[0]:
                furthest = progress, driver
    if best is not None:
        return best[1], None
    if furthest is None:
        raise AssertionError(query)
    progress, driver = furthest
    return driver, abs(progress)


def _with_environments_of_tiers(
    connection: Connection, criteria: DeploymentFilter
) -> DeploymentFilter | None:
    """Return the filter with the environments of its tiers, or None if there are none.

    The tier of an environment never changes.
    """
    if not criteria.tiers:
        return criteria
    parameters = {f"tier_{position}": str(tier) for position, tier in enumerate(criteria.tiers)}
    tiers = ", ".join(f":{name}" for name in parameters)
    statement = prepare_text(ENVIRONMENTS_OF_TIERS.format(tiers=tiers))
    found = set(statement.scalars(connection, parameters))
    environments = found & set(criteria.environments) if criteria.environments else found
    return replace(criteria, environments=tuple(sorted(environments))) if environments else None


@lru_cache(maxsize=1024)
def _statement_for(
    numbers: str,
    oldest_first: bool,  # noqa: FBT001  # part of the key
    with_content: bool,  # noqa: FBT001  # part of the key
) -> PreparedStatement:
    statement = select_by_numbers(numbers, oldest_first=oldest_first)
    if not with_content:
        statement = statement.with_only_columns(_deployments.c.number, _deployments.c.revision)
    return PreparedStatement(statement, named=False)


def select_by_numbers(numbers: str, *, oldest_first: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement for the deployments whose numbers another statement returns."""
    number = _deployments.c.number
    return (
        select(_deployments)
        .where(text(f"deployments.number IN ({numbers})"))
        .order_by(number if oldest_first else number.desc())
    )
