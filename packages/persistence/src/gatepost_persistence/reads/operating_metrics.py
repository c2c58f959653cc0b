"""Reads of operating metrics: open deployments, check runs, deliveries and workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, text

from gatepost_domain.check_runs.check_run import CheckRunState
from gatepost_domain.deployments.worker import WorkerOverview, build_overviews
from gatepost_domain.ports.message_backlog import MessageBacklogs
from gatepost_domain.ports.monitoring import MAX_OPEN, OPEN_STATUSES, OperatingFigures
from gatepost_domain.status_transitions import Status
from gatepost_persistence.mapping.claims import claim_from_row, worker_from_row
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.message_backlog import (
    read_delivery_backlog,
    read_notification_backlog,
)
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.check_runs import OPEN_CONDITION, CheckRunRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.workers import WorkerRow
from gatepost_persistence.writes.claims import ACTIVE_CLAIMS
from gatepost_persistence.writes.events import LAST_SEQ_AND_HASH

_deployments = DeploymentRow.table()
_workers = WorkerRow.table()
_check_runs = CheckRunRow.table()

ALL_WORKERS = PreparedStatement(select(_workers).order_by(_workers.c.name))
OLDEST_IN_STATUS = PreparedStatement(
    select(_deployments.c.created_at)
    .where(_deployments.c.status == bindparam("in_status"))
    .order_by(_deployments.c.number)
    .limit(MAX_OPEN)
)
"""Reads the deployments in the order of the index `deployments_by_status`."""

OPEN_CHECK_RUNS = PreparedStatement(
    select(_check_runs.c.state, func.count())
    .where(text(OPEN_CONDITION))
    .group_by(_check_runs.c.state)
)


class SqlOperationsReads(SqlReader):
    """Reads of workers and operating metrics in SQL."""

    async def workers(self) -> tuple[WorkerOverview, ...]:
        """Return the workers seen recently, and all others with a claim, sorted by name."""
        return await self._reader.run(_read_workers)

    async def message_backlogs(self) -> MessageBacklogs:
        """Return the backlogs of unsent messages; the limits of the counts also limit the cost."""
        return await self._reader.run_long(_read_backlogs)

    async def operating_figures(self) -> OperatingFigures:
        """Return the operating metrics, at a cost independent of the length of the history."""
        return await self._reader.run_long(_read_figures)


def _read_workers(connection: Connection) -> tuple[WorkerOverview, ...]:
    with snapshot(connection):
        return _build_worker_overviews(connection)


def _read_figures(connection: Connection) -> OperatingFigures:
    with snapshot(connection):
        return OperatingFigures(
            last_seq=_last_seq(connection),
            open_creation_times=_read_open_creation_times(connection),
            open_check_runs={
                CheckRunState(state): count for state, count in OPEN_CHECK_RUNS.all(connection)
            },
            deliveries=read_delivery_backlog(connection),
            notifications=read_notification_backlog(connection),
            workers=_build_worker_overviews(connection),
        )


def _read_backlogs(connection: Connection) -> MessageBacklogs:
    with snapshot(connection):
        return MessageBacklogs(
            last_seq=_last_seq(connection),
            deliveries=read_delivery_backlog(connection),
            notifications=read_notification_backlog(connection),
        )


def _last_seq(connection: Connection) -> int:
    last = LAST_SEQ_AND_HASH.one_or_none(connection)
    return 0 if last is None else last[0]


def _read_open_creation_times(connection: Connection) -> Mapping[Status, tuple[datetime, ...]]:
    return {
        status: tuple(
            parse_instant(row.created_at)
            for row in OLDEST_IN_STATUS.all(connection, {"in_status": status.value})
        )
        for status in OPEN_STATUSES
    }


def _build_worker_overviews(connection: Connection) -> tuple[WorkerOverview, ...]:
    return build_overviews(
        map(worker_from_row, ALL_WORKERS.all(connection)),
        map(claim_from_row, ACTIVE_CLAIMS.all(connection)),
    )
