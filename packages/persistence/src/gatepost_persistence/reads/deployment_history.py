"""Reads of the deployment history, newest first.

One statement per lane or environment reads a range of its index; the results are merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from heapq import merge
from itertools import islice, product
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select, tuple_

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.tracking.history_filters import HistoryFilter
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.statements.index_hinted_table import IndexHintedTable
from gatepost_persistence.tables.catalog import EnvironmentRow
from gatepost_persistence.tables.deployments import DeploymentRow

_deployments = DeploymentRow.table()
_of_lane = IndexHintedTable(_deployments, "history_of_lane")
_of_environment = IndexHintedTable(_deployments, "history_of_environment")

ENVIRONMENT_NAMES = select(EnvironmentRow.table().c.name)

MAX_SHORT_READS: Final = 10
"""The maximum number of statements, each for one page, that run on the event loop."""


class SqlHistoryReads(SqlReader):
    """The deployment history in SQL."""

    async def deployment_history(
        self, criteria: HistoryFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return a page of the history, newest first."""
        lanes = len(criteria.services) * max(len(criteria.environments), 1)
        run = self._reader.run if lanes <= MAX_SHORT_READS else self._reader.run_long
        row_lists = await run(
            partial(_read_history_row_lists, criteria=criteria, page_request=page_request)
        )
        rows = merge(*row_lists, key=lambda row: (row.happened_at, row.number), reverse=True)
        page_rows = list(islice(rows, page_request.limit + 1))
        keys = {row.number: f"{row.happened_at}/{row.number}" for row in page_rows}
        return build_page(
            page_rows,
            page_request,
            deployment_from_row,
            key=lambda deployment: keys[deployment.number],
        )


def _read_history_row_lists(
    connection: Connection, *, criteria: HistoryFilter, page_request: PageRequest
) -> list[Sequence[Row[*tuple[Any, ...]]]]:
    with snapshot(connection):
        # The index of a lane begins with the service and the environment: restrict both.
        if not criteria.environments:
            environments = tuple(connection.execute(ENVIRONMENT_NAMES).scalars())
            criteria = replace(criteria, environments=environments)
        return [
            connection.execute(statement).all()
            for statement in _history_statements(criteria, page_request)
        ]


def _history_statements(
    criteria: HistoryFilter, page_request: PageRequest
) -> Iterator[Select[Any]]:
    """Yield a statement for each lane or environment; each returns at most one page."""
    rows = _of_lane if criteria.services else _of_environment
    happened, number = rows.c.happened_at, rows.c.number
    statement = select(*rows.columns).order_by(happened.desc(), number.desc())
    if criteria.since is not None:
        statement = statement.where(happened >= to_rfc3339(criteria.since))
    if criteria.until is not None:
        statement = statement.where(happened < to_rfc3339(criteria.until))
    if page_request.after is not None:
        instant_text, _, last = page_request.after.partition("/")
        statement = statement.where(tuple_(happened, number) < tuple_(instant_text, int(last)))
    columns = [
        [column == value for value in dict.fromkeys(values)]
        for column, values in (
            (rows.c.environment, criteria.environments),
            (rows.c.service, criteria.services),
        )
        if values
    ]
    for conditions in product(*columns):
        yield statement.where(*conditions).limit(page_request.limit + 1)
