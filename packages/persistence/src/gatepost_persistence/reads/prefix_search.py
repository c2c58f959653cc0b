"""Searches by prefix. Every statement reads one range of an index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, select

from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.prefix_search import MAX_REFERENCE_START
from gatepost_persistence.mapping.catalog import version_from_row
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.values import encode_json
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.search_term_resolution import LAST_CHARACTER
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.deployments import WORK_REFERENCES_START, DeploymentRow

_deployments = DeploymentRow.table()
_versions = VersionRow.table()

_FIRST: Final = "\x01"
"""A character that sorts before all others and occurs in no name."""


def _rows_in_range(text: Column[Any], order: Column[Any]) -> PreparedStatement:
    """Return a statement for the rows in a range of an index, in descending order."""
    return PreparedStatement(
        select(text.table)
        .where(text >= bindparam("low"))
        .where(text < bindparam("high"))
        .order_by(text.desc(), order.desc())
        .limit(bindparam("row_limit"))
    )


VERSIONS_BY_NAME: Final = _rows_in_range(_versions.c.version, _versions.c.id)
VERSIONS_BY_COMMIT: Final = _rows_in_range(_versions.c.commit_sha, _versions.c.id)
DEPLOYMENTS_BY_WORK_REFERENCE: Final = _rows_in_range(
    _deployments.c.work_references_start, _deployments.c.number
)


class SqlSearchReads(SqlReader):
    """Searches by prefix in SQL."""

    async def versions_by_name(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return versions of any service whose names start with the given text."""
        return tuple(map(version_from_row, await self._search(VERSIONS_BY_NAME, start, limit)))

    async def versions_by_commit(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return versions of any service whose commits start with the given text."""
        return tuple(map(version_from_row, await self._search(VERSIONS_BY_COMMIT, start, limit)))

    async def deployments_by_work_reference(
        self, start: str, *, limit: int
    ) -> tuple[Deployment, ...]:
        """Return deployments whose first work reference starts with the given text."""
        exact = encode_json([start[:MAX_REFERENCE_START]]).removesuffix("]")[:WORK_REFERENCES_START]
        rows = await self._reader.run(
            partial(
                _read_ranges,
                statement=DEPLOYMENTS_BY_WORK_REFERENCE,
                ranges=((exact, exact + LAST_CHARACTER), (exact[:-1], exact[:-1] + LAST_CHARACTER)),
                limit=limit,
            )
        )
        return tuple(map(deployment_from_row, rows))

    async def _search(self, statement: PreparedStatement, start: str, limit: int) -> Sequence[Any]:
        ranges = ((start, start + _FIRST), (start, start + LAST_CHARACTER))
        return await self._reader.run(
            partial(_read_ranges, statement=statement, ranges=ranges, limit=limit)
        )


def _read_ranges(
    connection: Connection,
    *,
    statement: PreparedStatement,
    ranges: tuple[tuple[str, str], tuple[str, str]],
    limit: int,
) -> Sequence[Any]:
    """Return up to `limit` rows: those in the first range, then any others in the second."""
    rows: list[Any] = []
    with snapshot(connection):
        for low, high in ranges:
            parameters = {"low": low, "high": high, "row_limit": limit}
            rows += (row for row in statement.all(connection, parameters) if row not in rows)
    return rows[:limit]
