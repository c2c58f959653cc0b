"""Repository of check runs, inside a transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, text

from gatepost_domain.check_runs.check_run import CheckRun, CheckRunState
from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_persistence.mapping.check_runs import (
    check_run_from_row,
    check_run_progress_values,
    check_run_to_row,
)
from gatepost_persistence.mapping.recorded_tables import CHECK_RUNS
from gatepost_persistence.mapping.values import RowValues, format_optional_instant
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.check_runs import OPEN_CONDITION, CheckRunRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import CheckRunRepository

_runs = CheckRunRow.table()
_OPEN = select(_runs).where(text(OPEN_CONDITION))

CHECK_RUN_BY_ID = PreparedStatement(select(_runs).where(_runs.c.id == bindparam("lookup_key")))
OPEN_CHECK_RUN_OF_TARGET = PreparedStatement(
    _OPEN.where(_runs.c.service == bindparam("in_service")).where(
        _runs.c.environment == bindparam("in_environment")
    )
)
CLAIMABLE_CHECK_RUNS = PreparedStatement(
    _OPEN.where(_runs.c.deadline_at > bindparam("at"))
    .where(
        (_runs.c.state == str.__str__(CheckRunState.QUEUED))
        | (_runs.c.leased_until <= bindparam("at"))
    )
    .order_by(_runs.c.number)
)
CHECK_RUNS_PAST_DEADLINE = PreparedStatement(
    _OPEN.where(_runs.c.deadline_at <= bindparam("at")).order_by(_runs.c.number)
)


class SqlCheckRuns:
    """The SQL repository for check runs."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._events = events

    def get(self, run: UUID) -> CheckRun:
        """Return the check run with this id.

        Raises:
            NotFound: there is no such check run.
        """
        row = CHECK_RUN_BY_ID.one_or_none(self._connection, {"lookup_key": str(run)})
        if row is None:
            raise NotFound("check_run", str(run))
        return check_run_from_row(row)

    def find_open(self, service: str, environment: str) -> CheckRun | None:
        """Return the unfinished check run of a target, or None."""
        target = {"in_service": service, "in_environment": environment}
        row = OPEN_CHECK_RUN_OF_TARGET.one_or_none(self._connection, target)
        return None if row is None else check_run_from_row(row)

    def list_claimable(self, at: datetime) -> tuple[CheckRun, ...]:
        """Return the runs that are queued or have an expired lease, earliest request first."""
        rows = CLAIMABLE_CHECK_RUNS.all(self._connection, {"at": to_rfc3339(at)})
        return tuple(map(check_run_from_row, rows))

    def list_past_deadline(self, at: datetime) -> tuple[CheckRun, ...]:
        """Return the unfinished runs that are past their deadline."""
        rows = CHECK_RUNS_PAST_DEADLINE.all(self._connection, {"at": to_rfc3339(at)})
        return tuple(map(check_run_from_row, rows))

    def add(self, run: CheckRun, event: Event) -> None:
        """Store a new check run; `event` records it."""
        values = check_run_to_row(run)
        self._session.add(CheckRunRepository, CheckRunRow(**values))
        self._events.append(event, CHECK_RUNS.item_for_new_row(values))

    def save(self, run: CheckRun, event: Event) -> None:
        """Store a check run that was claimed or has ended."""
        values: RowValues = {"id": str(run.id), **check_run_progress_values(run)}
        state = CHECK_RUNS.items_before_update(self._connection, values)
        self._session.update(CheckRunRepository, CheckRunRow(**values))
        self._events.append(event, *state)

    def save_lease(self, run: CheckRun) -> None:
        """Store the lease of a check run."""
        lease = CheckRunRow(id=str(run.id), leased_until=format_optional_instant(run.leased_until))
        self._session.update(CheckRunRepository, lease)
