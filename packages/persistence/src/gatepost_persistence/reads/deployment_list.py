"""Reading a page of the list of deployments, at a cost independent of the length of the history.

The list is ordered by number, and every index for a filter contains the number after the filtered
column. With one filter, the page is read directly from that filter's index. With several filters, a
limited number of entries of one index are examined for a page: the index whose entries reach
furthest, because its values are the rarest. If too few of these entries match, the page has fewer
items than requested, and its next key is the last number examined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, select, text

from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_persistence.reads.deployment_list_conditions import build_query
from gatepost_persistence.reads.deployment_list_query import Driver, ListQuery
from gatepost_persistence.reads.number_ranges import number_range
from gatepost_persistence.reads.resolved_terms import resolve_terms
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.statements.text_statements import prepare_text
from gatepost_persistence.tables.deployments import DeploymentRow

MAX_EXAMINED: Final = 512
"""The number of index entries examined for a page, in addition to the page size."""

_deployments = DeploymentRow.table()

ENVIRONMENTS_OF_TIERS: Final = "SELECT name FROM environments WHERE tier IN ({tiers})"

_Rows = Sequence[Any]


def read_deployments(
    connection: Connection,
    criteria: DeploymentFilter,
    page_request: PageRequest,
    *,
    with_content: bool = True,
) -> tuple[_Rows, str | None]:
    """Return the rows of a page and the key for the next page, within the caller's snapshot.

    Without content, a row has only the number and the revision.
    """
    resolved = _replace_tiers_by_environments(connection, criteria)
    if resolved is None:
        return (), None
    query = build_query(resolved, resolve_terms(connection, resolved))
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
        driver, reach = _choose_driver(connection, query, parameters)
    numbers = query.matching_numbers(driver, connection.dialect.name, examine_all=reach is None)
    statement = _statement_for(numbers, query.oldest_first, with_content)
    rows = statement.all(connection, parameters)
    if len(rows) > page_request.limit:
        return rows[: page_request.limit], str(rows[page_request.limit - 1][0])
    return rows, None if reach is None else str(reach)


def _choose_driver(
    connection: Connection, query: ListQuery, parameters: Mapping[str, object]
) -> tuple[Driver, int | None]:
    """Return the driver whose entries to examine, and the last number; None to examine all."""
    examined = parameters["examined"]
    best: tuple[int, Driver] | None = None
    furthest: tuple[int, Driver] | None = None
    probe = prepare_text(query.count_entries_statement(connection.dialect.name))
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


def _replace_tiers_by_environments(
    connection: Connection, criteria: DeploymentFilter
) -> DeploymentFilter | None:
    """Return the filter with its tiers replaced by the environments that have these tiers now.

    Return None if no such environment remains.
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
    """Return a statement that selects the deployments whose numbers another statement returns."""
    number = _deployments.c.number
    return (
        select(_deployments)
        .where(text(f"deployments.number IN ({numbers})"))
        .order_by(number if oldest_first else number.desc())
    )
