"""Reading a page of the list of deployments, at a cost independent of the length of the history.

The list is ordered by number, and every index for a filter contains the number after the filtered
column. With one filter, the page is read directly from that filter's index. With several filters, a
limited number of entries of one index are examined for a page: the index with the rarest values,
because the same number of its entries covers the longest part of the list. If too few of these
entries match, the page has fewer items than requested, and its next key is the last number
examined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, select, text

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_persistence.reads.deployment_list_conditions import build_query
from gatepost_persistence.reads.deployment_list_query import DrivingSearch, ListQuery
from gatepost_persistence.reads.deployment_numbers_by_time import find_number_range
from gatepost_persistence.reads.search_term_resolution import resolve_terms
from gatepost_persistence.statements.handwritten_sql import prepare_text
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import DeploymentRow

MAX_EXAMINED: Final = 512
"""The number of index entries examined for a page, in addition to the page size."""

_deployments = DeploymentRow.table()

_HAS_DEPLOYMENT: Final = (
    "EXISTS (SELECT 1 FROM deployments AS d WHERE d.environment = e.name AND d.tier IN ({tiers}))"
)
ENVIRONMENTS_OF_TIERS: Final = (
    "SELECT e.name, e.revision > 1 AND "
    f"{_HAS_DEPLOYMENT.format(tiers='{other_tiers}')} AS is_mixed "
    "FROM environments AS e WHERE CASE WHEN e.revision = 1 THEN e.tier IN ({tiers}) "
    f"ELSE {_HAS_DEPLOYMENT} END"
)
"""Selects the environments with deployments of certain tiers, and whether each environment also has
deployments of other tiers.

A deployment has the tier that its environment had when it was created, which is the present tier
unless the environment was changed. For changed environments, the index `tiers_of_environment` finds
the tiers.
"""

_Rows = Sequence[Any]


def read_deployments(
    connection: Connection,
    criteria: DeploymentFilter,
    page_request: PageRequest,
    *,
    with_content: bool = True,
) -> tuple[_Rows, str | None]:
    """Return the rows of a page and the key for the next page, within the caller's snapshot.

    Without `with_content`, a row has only the number and the revision.
    """
    resolved = _replace_tiers_by_environments(connection, criteria)
    if resolved is None:
        return (), None
    query = build_query(resolved, resolve_terms(connection, resolved))
    low, high = find_number_range(connection, resolved, page_request)
    parameters = {
        **query.parameters,
        "low": low,
        "high": high,
        "rows": page_request.limit + 1,
        "examined": MAX_EXAMINED + page_request.limit,
    }
    driving_search, reach = query.direct_driving_search(), None
    if driving_search is None:
        driving_search, reach = _choose_driving_search(connection, query, parameters)
    numbers = query.matching_numbers_statement(
        driving_search, connection.dialect.name, examine_all=reach is None
    )
    statement = _statement_for(numbers, query.oldest_first, with_content)
    rows = statement.all(connection, parameters)
    if len(rows) > page_request.limit:
        return rows[: page_request.limit], str(rows[page_request.limit - 1][0])
    return rows, None if reach is None else str(reach)


def _choose_driving_search(
    connection: Connection, query: ListQuery, parameters: Mapping[str, object]
) -> tuple[DrivingSearch, int | None]:
    """Return the search whose entries are examined, and the number of the last entry to examine.

    If the number is None, all entries of the search are examined.
    """
    examined = parameters["examined"]
    best: tuple[int, DrivingSearch] | None = None
    furthest: tuple[int, DrivingSearch] | None = None
    probe = prepare_text(query.driving_search_counts_statement(connection.dialect.name))
    for position, entries, reach in probe.all(connection, parameters):
        driving_search = query.driving_searches[position]
        if entries < examined:
            best = (entries, driving_search) if best is None or entries < best[0] else best
        elif driving_search.is_ordered:
            progress = reach if query.oldest_first else -reach
            if furthest is None or progress > furthest[0]:
                furthest = progress, driving_search
    if best is not None:
        return best[1], None
    if furthest is None:
        raise AssertionError(query)
    progress, driving_search = furthest
    return driving_search, abs(progress)


def _replace_tiers_by_environments(
    connection: Connection, criteria: DeploymentFilter
) -> DeploymentFilter | None:
    """Return the filter limited to environments that have deployments of its tiers.

    The tiers are removed unless one of these environments also has deployments of other tiers.
    Return None if the filter matches no such environment.
    """
    if not criteria.tiers:
        return criteria
    rows = prepare_text(environments_of_tiers_statement(criteria.tiers)).all(connection, {})
    is_mixed = {row.name: bool(row.is_mixed) for row in rows}
    found = is_mixed.keys() & set(criteria.environments or is_mixed)
    tiers = criteria.tiers if any(is_mixed[name] for name in found) else ()
    return replace(criteria, environments=tuple(sorted(found)), tiers=tiers) if found else None


def environments_of_tiers_statement(tiers: Collection[Tier]) -> str:
    """Return the statement for the environments that have deployments of these tiers."""
    others = [tier for tier in Tier if tier not in tiers]
    return ENVIRONMENTS_OF_TIERS.format(tiers=_listed(tiers), other_tiers=_listed(others))


def _listed(tiers: Iterable[Tier]) -> str:
    return ", ".join(f"'{tier}'" for tier in tiers) or "NULL"


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
    """Return a statement that selects the deployments whose numbers another statement returns."""
    number = _deployments.c.number
    return (
        select(_deployments)
        .where(text(f"deployments.number IN ({numbers})"))
        .order_by(number if oldest_first else number.desc())
    )
