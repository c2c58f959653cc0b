"""Reading the chain of events, inside a transaction."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, union_all

from gatepost_domain.event import Entry
from gatepost_persistence.mapping.events import entry_of
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.events import LAST

_deployments = DeploymentRow.table()
_events = EventRow.table()

BEHIND: Final = _events.c.seq > bindparam("after")
_IMPORT_OF = select(_deployments.c.import_seq).where(_deployments.c.id == bindparam("of"))
_ALL_OF = union_all(
    select(_events).where(_events.c.deployment_id == bindparam("of"), BEHIND),
    select(_events).where(_events.c.seq == _IMPORT_OF.scalar_subquery(), BEHIND),
).order_by("seq")
ENTRIES_OF: Final = _ALL_OF.limit(bindparam("at_most"))


class SqlHistory:
    """See `evidence.History`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, deployment: UUID) -> tuple[Entry, ...]:
        """See `evidence.History`."""
        wanted = {"of": str(deployment), "after": 0}
        return tuple(map(entry_of, self._connection.execute(_ALL_OF, wanted)))

    def last(self) -> Entry | None:
        """See `evidence.History`."""
        row = self._connection.execute(LAST).one_or_none()
        return None if row is None else entry_of(row)
