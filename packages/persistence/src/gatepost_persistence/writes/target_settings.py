"""Settings of targets, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from gatepost_domain.catalog.target import Target
from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import Event
from gatepost_persistence.mapping.catalog import target_from_row, target_to_row
from gatepost_persistence.tables.catalog import TargetSettingsRow
from gatepost_persistence.writes.events import SqlEventAppender

_targets = TargetSettingsRow.table()

TARGET_BY_LANE = (
    select(_targets)
    .where(_targets.c.service == bindparam("in_service"))
    .where(_targets.c.environment == bindparam("in_environment"))
)
INSERT_TARGET = insert(_targets)
UPDATE_TARGET = (
    update(_targets)
    .where(_targets.c.service == bindparam("in_service"))
    .where(_targets.c.environment == bindparam("in_environment"))
    .where(_targets.c.revision == bindparam("expected_revision"))
)


class SqlTargetSettings:
    """Settings of targets in SQL."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events

    def find(self, service: str, environment: str) -> Target | None:
        """Return the target, or None if it was never configured."""
        lane = {"in_service": service, "in_environment": environment}
        row = self._connection.execute(TARGET_BY_LANE, lane).one_or_none()
        return None if row is None else target_from_row(row)

    def put(self, target: Target, event: Event) -> None:
        """Store the next revision of a target. The first revision creates the target.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        values = target_to_row(target)
        is_new = self.find(target.service, target.environment) is None
        if is_new and target.revision == 1:
            self._connection.execute(INSERT_TARGET, values)
        else:
            key = {
                "in_service": target.service,
                "in_environment": target.environment,
                "expected_revision": target.revision - 1,
            }
            if self._connection.execute(UPDATE_TARGET.values(values), key).rowcount != 1:
                raise ConcurrentUpdate("target", f"{target.service} in {target.environment}")
        self._events.append(event)
