"""How services are rolled out to environments and checked there, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from gatepost_domain.catalog.target import Target
from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import Event
from gatepost_persistence.mapping.catalog import target_from_row, target_to_row
from gatepost_persistence.tables.catalog import TargetSettingsRow
from gatepost_persistence.writes.events import SqlEvents

_targets = TargetSettingsRow.table()

TARGET_BY_LANE = (
    select(_targets)
    .where(_targets.c.service == bindparam("of"))
    .where(_targets.c.environment == bindparam("at"))
)
INSERT_TARGET = insert(_targets)
UPDATE_TARGET = (
    update(_targets)
    .where(_targets.c.service == bindparam("of"))
    .where(_targets.c.environment == bindparam("at"))
    .where(_targets.c.revision == bindparam("expected"))
)


class SqlTargetSettings:
    """See `ports.TargetSettings`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def find(self, service: str, environment: str) -> Target | None:
        """See `ports.TargetSettings`."""
        key = {"of": service, "at": environment}
        row = self._connection.execute(TARGET_BY_LANE, key).one_or_none()
        return None if row is None else target_from_row(row)

    def put(self, target: Target, event: Event) -> None:
        """See `ports.TargetSettings`."""
        if not self._save_if_next_revision(target):
            raise ConcurrentUpdate("target", f"{target.service} in {target.environment}")
        self._events.append(event)

    def _save_if_next_revision(self, target: Target) -> bool:
        """Keep a target if it is the revision after the one that stands."""
        values = target_to_row(target)
        if self.find(target.service, target.environment) is None:
            if target.revision == 1:
                self._connection.execute(INSERT_TARGET, values)
            return target.revision == 1
        key = {"of": target.service, "at": target.environment, "expected": target.revision - 1}
        return self._connection.execute(UPDATE_TARGET.values(values), key).rowcount == 1
