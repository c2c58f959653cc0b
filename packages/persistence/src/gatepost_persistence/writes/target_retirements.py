"""Repository of target retirements, inside a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.tracking.current_state import TargetRetirement
from gatepost_persistence.mapping.recorded_tables import RETIREMENTS
from gatepost_persistence.mapping.values import RowValues, parse_instant
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.lanes_and_current_state import EverDeployedLaneRow, RetirementRow
from gatepost_persistence.writes.current_state import refresh_current_state
from gatepost_persistence.writes.events import SqlEventAppender

_targets = EverDeployedLaneRow.table()
_retirements = RetirementRow.table()

TARGET_KNOWN_SINCE = PreparedStatement(
    select(_targets.c.known_since)
    .where(_targets.c.service == bindparam("of_service"))
    .where(_targets.c.environment == bindparam("of_environment"))
)
RETIREMENTS_OF_LANE = PreparedStatement(
    select(_retirements.c.retired_at)
    .where(_retirements.c.service == bindparam("of_service"))
    .where(_retirements.c.environment == bindparam("of_environment"))
    .order_by(_retirements.c.seq)
)
INSERT_RETIREMENT = PreparedStatement(insert(_retirements))


class SqlRetirements:
    """The SQL repository for retirements of targets."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events

    def was_deployed(self, service: str, environment: str) -> bool:
        """Return whether the service was ever deployed to the environment."""
        lane = {"of_service": service, "of_environment": environment}
        return TARGET_KNOWN_SINCE.one_or_none(self._connection, lane) is not None

    def list_retirement_times(self, service: str, environment: str) -> tuple[datetime, ...]:
        """Return the times at which the target was retired, oldest first."""
        lane = {"of_service": service, "of_environment": environment}
        times = RETIREMENTS_OF_LANE.scalars(self._connection, lane)
        return tuple(map(parse_instant, times))

    def add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        """Store a retirement and update the current state."""
        values: RowValues = {
            "seq": self._events.append(event),
            "service": retirement.service,
            "environment": retirement.environment,
            "retired_at": to_rfc3339(retirement.retired_at),
        }
        self._events.record(RETIREMENTS.item_for_new_row(values))
        self._events.store()  # the row refers to the event
        INSERT_RETIREMENT.run(self._connection, values)
        lane = retirement.service, retirement.environment
        refresh_current_state(self._connection, [lane], at=event.at)
